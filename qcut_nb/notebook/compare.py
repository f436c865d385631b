"""Several clips on one clock, in a cell."""

from __future__ import annotations

import html
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcut_nb.errors import InputError, QcutError

from . import messages as m
from .answering import Answer, Buffers
from .bundle import bundle
from .compare_items import CompareHost, CompareItem
from .compare_previews import PreviewCopies
from .compare_rows import compare_clip, gone
from .server_root import server_root
from .static_html import static_html
from .widget import Action, CellWidget, clip_chunk, clip_poster

if TYPE_CHECKING:
    from qcut_nb.clip import Clip

STATIC_CLIPS = 32
"""How many clips the static HTML shows."""


class Compare(CellWidget):
    """A comparison: play, step, wipe, subtract, vote.

    Args:
        host: The studio.
        items: What is compared, in order; of a matrix every cell, row by row.
        rows: The matrix's rows; empty without a matrix.
        columns: The matrix's columns.
        blind: Whether names start out hidden.
        voter: Who votes.

    Raises:
        PanelNotBuiltError: The JavaScript is not part of this installation.
    """

    def __init__(
        self,
        host: CompareHost,
        items: Sequence[CompareItem],
        *,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
        blind: bool = False,
        voter: str = "",
    ) -> None:
        self.host = host
        self.items = tuple(items)
        self._rows, self._columns = tuple(rows), tuple(columns)
        self._blind, self._voter = blind, voter
        self._previews = PreviewCopies(host.previews_folder)
        super().__init__(bundle("compare.js"))

    def snapshot(self) -> m.CompareState:
        """Everything a fresh view needs to show."""
        return m.CompareState(
            clips=tuple(self._shown(place) for place in range(len(self.items))),
            rows=self._rows,
            columns=self._columns,
            blind=self._blind,
            voter=self._voter,
            static_class=self.static_class,
        )

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return super().actions() | {
            m.ReadComparison: lambda c, _: (m.Comparison(id=c.id, state=self.snapshot()), []),
            m.ReadPoster: self._read_poster,
            m.ReadClip: self._read_clip,
            m.MakePreview: self._make_preview,
            m.RecordBallot: self._record_ballot,
        }

    def close(self) -> None:
        """End it: views disappear, threads stop, a copy under way is given up."""
        if self._alive:
            self._previews.close()
        super().close()

    def static_html(self) -> str:
        """Posters and facts of the clips, as plain HTML; a blind vote's posters only."""
        shown = self.items[:STATIC_CLIPS]
        with ThreadPoolExecutor(4) as pool:  # decoding a poster leaves the interpreter free
            if self._blind:
                previews = list(pool.map(_nameless, range(1, len(shown) + 1), shown))
            else:
                previews = list(pool.map(_preview, shown))
        count = len(self.items)
        heading = f"Comparison of {'1 clip' if count == 1 else f'{count} clips'}"
        if count > len(shown):
            heading += f", the first {len(shown)} of them"
        hint = "Run this cell to play them." if count else "There are no clips to compare."
        return static_html(heading, hint, previews, self.static_class)

    # -- from the browser

    def _read_poster(self, command: m.ReadPoster, _: Buffers) -> Answer:
        return clip_poster(command, self._clip(command.clip_id))

    def _read_clip(self, command: m.ReadClip, _: Buffers) -> Answer:
        return clip_chunk(command, self._media(self._clip(command.clip_id)))

    def _make_preview(self, command: m.MakePreview, _: Buffers) -> Answer:
        fraction = self._previews.ask(self._clip(command.clip_id).path)
        place = self._place(command.clip_id)
        clip = self._shown(place) if fraction == 1 else None
        return m.PreviewState(id=command.id, fraction=fraction, clip=clip), []

    def _record_ballot(self, command: m.RecordBallot, _: Buffers) -> Answer:
        ids = [clip_id for level in command.ranking for clip_id in level]
        if len(set(ids)) != len(ids) or len(ids) < 2:
            raise InputError("A vote ranks two clips or more, each once.")
        ranking = [[self._clip(clip_id) for clip_id in level] for level in command.ranking]
        self.host.record_ballot(ranking, voter=command.voter or None, blind=command.blind)
        return m.Done(id=command.id), []

    def _place(self, clip_id: str) -> int:
        places = {f"c{place}": place for place in range(len(self.items))}
        if clip_id not in places:
            raise InputError(f"The comparison has no clip {clip_id!r}.")
        return places[clip_id]

    def _clip(self, clip_id: str) -> Clip:
        item = self.items[self._place(clip_id)]
        if item.clip is None:
            raise InputError(f"{item.label} has no clip.")
        if not item.clip.path.is_file():
            raise gone(item.clip)
        return item.clip

    def _media(self, clip: Clip) -> Path:
        return self._previews.existing(clip.path) or clip.path

    def _shown(self, place: int) -> m.CompareClip:
        item = self.items[place]
        if item.clip is None:
            return compare_clip(place, item, None, None, None)
        copy = self._previews.existing(item.clip.path)
        return compare_clip(place, item, self.host.story(item.clip), copy, server_root())


def _preview(item: CompareItem) -> str:
    from qcut_nb.clip import preview_html

    if item.clip is not None:
        try:
            return preview_html(item.clip)
        except (QcutError, OSError) as error:
            return _note(item.clip.path.name, str(error))
    return _note(item.label, item.problem.what if item.problem else "There is no clip.")


def _nameless(number: int, item: CompareItem) -> str:
    from qcut_nb.clip import poster_html

    title = f"Clip {number}"
    if item.clip is not None and item.clip.path.is_file():
        return poster_html(item.clip, title)
    return _note(title, "There is no clip.")


def _note(title: str, text: str) -> str:
    return f"<div><b>{html.escape(title)}</b><div>{html.escape(text)}</div></div>"
