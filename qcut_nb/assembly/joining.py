"""From a plan and its pieces to the tracks of the result."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from ..errors import RenderError
from ..media import ParameterSets, mp4_box, read_boxes
from .footage import ENTRY_BOXES_AT, Footage
from .join import OutputTrack, Samples
from .layout import Layout
from .pieces import piece_sets, video_table
from .plan import CopiedFrames, Plan, Stretch

LEAST_TIMESCALE = 12_000


def video_track(plan: Plan, layout: Layout, pieces: Mapping[Stretch, Path]) -> OutputTrack:
    """The picture: copied samples and pieces, one after the other.

    Args:
        plan: What goes where.
        layout: The frame grid.
        pieces: The file of each stretch that is encoded.

    Raises:
        RenderError: Pieces came out in different forms.
    """
    parts = [
        _copied(stretch.copied) if stretch.copied is not None else _piece(pieces[stretch])
        for stretch in plan.stretches
    ]
    for part, stretch in zip(parts, plan.stretches, strict=True):
        if len(part.sizes) != stretch.frames:
            raise RenderError(
                f"{stretch.strategy} made {len(part.sizes)} of {stretch.frames} frames at "
                f"{stretch.start_s:.2f} s.",
                remedy="Please report this with timeline.plan().",
            )
    timescale, step = _ticks(layout.fps, plan.host)
    reorder = max(int((np.arange(len(part.rank)) - part.rank).max()) for part in parts)
    return OutputTrack(
        kind="video",
        entry=_entry(plan.host, list(dict.fromkeys(pieces.values()))),
        timescale=timescale,
        pieces=parts,
        steps=np.diff(plan.numbers, append=layout.frames) * step,
        skip=reorder * step,
        size_px=(layout.width_px, layout.height_px),
    )


def _copied(copied: CopiedFrames) -> Samples:
    footage = copied.footage
    first = footage.sample_of(copied.first)
    chosen = np.arange(first, first + copied.end - copied.first)
    return Samples.of(footage.path, footage.table, chosen)


def _piece(path: Path) -> Samples:
    table = video_table(path)
    return Samples.of(path, table, np.arange(len(table.sizes)))


def _ticks(fps: Fraction, host: Footage | None) -> tuple[int, int]:
    """Ticks a second, and ticks a frame, exactly."""
    if host is not None and (host.table.timescale / fps).denominator == 1:
        return host.table.timescale, int(host.table.timescale / fps)
    factor = -(-LEAST_TIMESCALE // fps.numerator)
    return fps.numerator * factor, fps.denominator * factor


def _entry(host: Footage | None, pieces: list[Path]) -> bytes:
    """The sample entry: the host's, with the parameter sets of the pieces beside its own."""
    entry = host.table.entry if host is not None else video_table(pieces[0]).entry
    if not pieces:
        return entry
    sets = [piece_sets(path) for path in pieces]
    for path, other in zip(pieces, sets, strict=True):
        if (other.sps, other.pps) != (sets[0].sps, sets[0].pps):
            raise RenderError(f"Pieces came out in different forms: {path.name}.")
    if host is None:
        return entry
    assert host.sets is not None
    return _with_sets(entry, host.sets.merged(sets[0]))


def _with_sets(entry: bytes, sets: ParameterSets) -> bytes:
    boxes = [
        mp4_box(kind, sets.to_bytes() if kind == b"avcC" else content)
        for kind, content in read_boxes(entry[ENTRY_BOXES_AT:])
        if kind != b"btrt"
    ]
    body = entry[4:ENTRY_BOXES_AT] + b"".join(boxes)
    return struct.pack(">I", len(body) + 4) + body
