"""Naming, rating, deleting and listing a project's clips, and telling everyone who shows them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, must_be
from ..store import Shelf

if TYPE_CHECKING:
    from ..assembly import Timeline
    from .core import Core

Listener = Callable[[Sequence[str]], None]
TIMELINE = "timeline"
MAX_TITLE_CHARS = 200


class ClipNews:
    """Who wants to know when a person changes something about a project's clips.

    Studios of the same project share one in this process, in whatever mode they are.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of the clips that changed; none at all: the list for a timeline did.

        Returns:
            What ends it.
        """
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def tell(self, clip_ids: Sequence[str]) -> None:
        """Tell everyone."""
        for listener in list(self._listeners):
            listener(clip_ids)


_news: dict[Path, ClipNews] = {}
_lock = threading.Lock()


def news_of(core: Core) -> ClipNews:
    """The news of a project."""
    with _lock:
        return _news.setdefault(core.project.folder.resolve(), ClipNews())


def rename(core: Core, clip_id: str, title: str | None) -> None:
    """Give a clip a title, or take it away.

    Raises:
        InputError: There is no such clip, or the title is too long.
    """
    if title is not None:
        must_be("title", title, str, "a text", "Pass a title, or None to take it away.")
    title = (title or "").strip() or None
    if title is not None and len(title) > MAX_TITLE_CHARS:
        raise InputError(
            f"A title has at most {MAX_TITLE_CHARS} characters; this one has {len(title)}."
        )
    core.clip(clip_id)
    Shelf(core.project.store).rename(clip_id, title)
    news_of(core).tell([clip_id])


def rate(core: Core, clip_id: str, rating: int | None) -> None:
    """Rate a clip from 1 to 5, or take the rating away.

    Raises:
        InputError: There is no such clip, or no such rating.
    """
    if rating is not None and (isinstance(rating, bool) or rating not in range(1, 6)):
        raise InputError(
            f"rating={rating!r} is not offered.", remedy="Pass 1 to 5, or None to take it away."
        )
    core.clip(clip_id)
    Shelf(core.project.store).rate(clip_id, rating)
    news_of(core).tell([clip_id])


def delete(core: Core, clip_ids: Sequence[str]) -> None:
    """Put clips among the deleted. Their files stay: what was paid for is never lost.

    Raises:
        InputError: There is no such clip.
    """
    for clip_id in clip_ids:
        core.clip(clip_id)
    Shelf(core.project.store).delete(clip_ids)
    news_of(core).tell(clip_ids)


def restore(core: Core, clip_ids: Sequence[str]) -> None:
    """Bring deleted clips back.

    Raises:
        InputError: There is no such clip.
    """
    for clip_id in clip_ids:
        core.clip(clip_id)
    Shelf(core.project.store).restore(clip_ids)
    news_of(core).tell(clip_ids)


def timeline_ids(core: Core) -> list[str]:
    """The project's list of clips for a timeline, in order; deleted ones are left out."""
    kept: list[str] = json.loads(core.project.store.preference(TIMELINE) or "[]")
    rows = Shelf(core.project.store).rows(list(dict.fromkeys(kept)))
    there = {row.id for row in rows if row.deleted_at is None}
    return [clip_id for clip_id in kept if clip_id in there]


def set_timeline(core: Core, clip_ids: Sequence[str]) -> None:
    """Keep a list of clips for a timeline; a clip may be on it more than once.

    Raises:
        InputError: There is no such clip.
    """
    for clip_id in clip_ids:
        core.clip(clip_id)
    core.project.store.remember(TIMELINE, json.dumps(list(clip_ids)))
    news_of(core).tell([])


def listed_timeline(core: Core) -> Timeline:
    """A timeline of the project's list.

    Raises:
        InputError: The list is empty.
    """
    from ..assembly import Timeline

    clips = [core.clip(clip_id) for clip_id in timeline_ids(core)]
    if not clips:
        raise InputError(
            "No clip is on the list for a timeline.",
            remedy="Add clips in the panel, or write qcut_nb.Timeline(studio.clips).",
        )
    return Timeline(clips)
