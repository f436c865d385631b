"""What `studio.compare` takes, and what the project knows about compared clips."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..clip import Clip
from ..errors import InputError, MediaError, QcutError
from ..notebook import ClipStory, CompareItem, MetricText
from .clip_keys import clip_key
from .comparing_matrix import matrix, on_axes
from .leaderboard_votes import keep_ballot
from .metrics import stored_metrics
from .movie_files import is_movie, movie_file

if TYPE_CHECKING:
    from ..notebook import Compare
    from .core import Core

FOLDER = "previews"


def compare(
    core: Core,
    clips: Any,
    *,
    rows: str | None,
    columns: str | None,
    labels: Sequence[str] | None,
    sync_s: Sequence[float] | None,
    blind: bool,
    voter: str,
) -> Compare:
    """The comparison of some clips; see `Studio.compare`."""
    from ..notebook import Compare

    sources = _sources(clips)
    _check_length("labels", labels, len(sources))
    _check_length("sync_s", sync_s, len(sources))
    folder = core.project.folder / FOLDER
    items = []
    for place, source in enumerate(sources):
        item = _item(source, folder)
        if labels is not None:
            item = replace(item, label=str(labels[place]))
        if sync_s is not None:
            item = replace(item, sync_s=_sync(item, place, sync_s[place]))
        items.append(item)
    row_names: list[str] = []
    column_names: list[str] = []
    if (rows or columns) and items:
        items = on_axes(clips, sources, items, rows, columns)
        items, row_names, column_names = matrix(items, with_columns=columns is not None)
    return Compare(
        CompareDesk(core), items, rows=row_names, columns=column_names, blind=blind, voter=voter
    )


class CompareDesk:
    """What `notebook.CompareHost` asks for, answered by a project's core."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def previews_folder(self) -> Path:
        """Where preview copies are kept."""
        return self._core.project.folder / FOLDER

    def story(self, clip: Clip) -> ClipStory:
        """What the project knows about a clip."""
        return ClipStory(self._time_to_result(clip), self._metrics(clip))

    def record_ballot(
        self, ranking: Sequence[Sequence[Clip]], *, voter: str | None, blind: bool
    ) -> None:
        """Keep a vote."""
        keep_ballot(self._core, ranking, voter, blind=blind)

    def _metrics(self, clip: Clip) -> tuple[MetricText, ...]:
        try:
            key = clip_key(clip)
        except OSError:
            return ()  # the file is gone, which the comparison says itself
        return tuple(
            MetricText(name=metric.name, label=metric.label, value=value, unit=metric.unit)
            for metric, value in stored_metrics(self._core, [key])[key]
        )

    def _time_to_result(self, clip: Clip) -> float | None:
        job_id = clip.recipe.job_id if clip.recipe is not None else None
        if job_id is None:
            return None
        try:
            view = self._core.engine.view(job_id)
        except QcutError:
            return None  # made in another project, whose times are not known here
        if view.submitted_at is None or view.ended_at is None:
            return None
        return view.ended_at - view.submitted_at


def _sources(clips: Any) -> list[Any]:
    if isinstance(clips, Clip | str | PathLike) or is_movie(clips):
        return [clips]
    # A batch iterates over clips as they finish; its jobs are there now.
    for name in ("cells", "jobs"):
        several = getattr(clips, name, None)
        if isinstance(several, Iterable):
            return list(several)
    if hasattr(clips, "clip"):
        return [clips]
    if isinstance(clips, Iterable) and not isinstance(clips, Mapping):
        return list(clips)
    raise InputError(
        f"clips={clips!r} is nothing to compare.",
        money="",
        remedy="Pass clips, a batch, a sweep, paths of video files, or MoviePy clips.",
    )


def _item(source: Any, folder: Path) -> CompareItem:
    if isinstance(source, Clip):
        return CompareItem(label="", clip=source)
    if isinstance(source, str | PathLike):
        return _from_file(Path(source))
    if is_movie(source):
        try:
            return CompareItem(label="MoviePy clip", clip=movie_file(source, folder))
        except QcutError as error:
            return CompareItem(label="MoviePy clip", problem=error)
    if hasattr(source, "clip"):
        return _from_job(source)
    raise InputError(
        f"{source!r} is no clip.",
        money="",
        remedy="Pass clips, paths of video files, or MoviePy clips.",
    )


def _from_file(path: Path) -> CompareItem:
    try:
        return CompareItem(label="", clip=Clip.from_file(path))
    except QcutError as error:
        return CompareItem(label=path.name, problem=error)
    except OSError as error:
        problem = MediaError(f"{path.name} cannot be read: {error.strerror or error}")
        return CompareItem(label=path.name, problem=problem)


def _from_job(source: Any) -> CompareItem:
    """A job of a batch or a cell of a sweep: its clip, or why there is none yet."""
    label = str(getattr(source, "label", "") or getattr(source, "model_id", "") or "")
    clip = source.clip
    if clip is not None:
        return CompareItem(label=str(getattr(source, "label", "") or ""), clip=clip)
    error = getattr(source, "error", None)
    if error is not None:
        problem = QcutError(error.what, money=error.money, remedy=error.remedy)
        return CompareItem(label=label, problem=problem)
    state = getattr(source, "state", None)
    what = f"Not finished: {state}." if state else "There is no clip yet."
    if state == "missing":
        what = "Not run yet."
    return CompareItem(label=label, problem=QcutError(what))


def _check_length(name: str, given: Sequence[Any] | None, count: int) -> None:
    if given is not None and len(given) != count:
        raise InputError(
            f"{name} has {len(given)} values for {count} clips.",
            money="",
            remedy=f"Pass one for each clip, or leave {name} out.",
        )


def _sync(item: CompareItem, place: int, given: float) -> float:
    length_s = item.clip.duration_s if item.clip is not None else math.inf
    try:
        t_s = float(given)
    except (TypeError, ValueError):
        t_s = math.nan
    if not 0 <= t_s <= length_s:
        raise InputError(
            f"sync_s[{place}]={given!r} is no moment of {item.label or 'its clip'}.",
            money="",
            remedy=f"Take seconds from 0 to {length_s:g}.",
        )
    return t_s
