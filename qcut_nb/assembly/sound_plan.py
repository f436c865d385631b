"""Whether the sound can be copied packet by packet, and which packets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from ..media import SampleTable, sample_tables
from .join import OutputTrack, Samples
from .layout import Layout, Slot
from .model import Edit

MOST_MISSING = 2
"""So many packets (some 20 ms each) may be missing at a joint before sound is mixed instead."""
MOST_OFF_S = 0.02
"""By how much sound may be off the picture."""
AAC_LC = 2


@dataclass(frozen=True, eq=False)
class SoundFootage:
    """The AAC packets of one file.

    Attributes:
        path: The file.
        table: Its sound samples.
        packet: Ticks in a packet.
        config: The decoder's configuration; equal for what can be joined.
        zero: When the file's first picture is shown, ticks of the sound.
    """

    path: Path
    table: SampleTable
    packet: int
    config: bytes
    zero: int


def plan_sound(edit: Edit, layout: Layout) -> tuple[Literal["copy", "encode", "none"], str]:
    """What happens to the sound, and why."""
    if not edit.sounds and not any(item.has_sound for item in edit.items):
        return "none", "No source has sound."
    reason = _change(edit) or _mismatch(layout)
    if not reason and copied_sound(layout) is None:
        reason = "The sound of a clip is shorter than its picture."
    if reason:
        return "encode", reason
    off_ms = max(_off_s(slot) for slot in layout.slots) * 1000
    return "copy", f"Packets fit within {off_ms:.0f} ms at each joint."


def _off_s(slot: Slot) -> float:
    """By how much sound may be off where it is copied: half a packet."""
    assert slot.item.clip is not None
    found = sound_footage(slot.item.clip.path)
    assert isinstance(found, SoundFootage)
    return found.packet / found.table.timescale / 2


def _change(edit: Edit) -> str:
    if edit.sounds:
        return "Music or a voice is mixed in."
    if edit.look.loudness_lufs is not None:
        return "The loudness is set."
    for item in edit.items:
        if not item.has_sound:
            return f"{item.name} has no sound, unlike others."
        if not item.is_plain:
            return f"The sound of {item.name} changes."
        if item.volume != 1 or item.fade_in_s or item.fade_out_s:
            return f"The volume of {item.name} changes."
        if item.transition is not None and item.transition.duration_s:
            return "A transition mixes sound."
    return ""


def _mismatch(layout: Layout) -> str:
    first: SoundFootage | None = None
    for slot in layout.slots:
        assert slot.item.clip is not None
        found = sound_footage(slot.item.clip.path)
        if isinstance(found, str):
            return f"The sound of {slot.item.name} {found}."
        if first is not None and (found.config, found.packet, found.table.timescale) != (
            first.config,
            first.packet,
            first.table.timescale,
        ):
            return f"The sound of {slot.item.name} has another format than the first."
        first = first or found
    return ""


def sound_footage(path: Path) -> SoundFootage | str:
    """The packets of a file's sound, or why they cannot be copied.

    Raises:
        MediaError: It is damaged.
    """
    tables = [table for table in sample_tables(path) if table.kind == "audio"]
    if len(tables) != 1:
        return "is not one track of an MP4"
    table = tables[0]
    config = table.descriptor(5)
    if table.codec != "mp4a" or table.obstacle:
        return table.obstacle or "is not AAC"
    if not config or config[0] >> 3 != AAC_LC:
        return "is not plain AAC (AAC-LC)"
    steps = np.diff(table.dts)
    if len(steps) < 2 or (steps[:-1] != steps[0]).any():
        return "has packets of different lengths"
    if steps[0] / table.timescale / 2 > MOST_OFF_S:
        return "has packets that are too long to stay in step"
    return SoundFootage(path, table, int(steps[0]), config, _zero(path, table))


def _zero(path: Path, sound: SampleTable) -> int:
    late_s = -sound.delay
    for video in sample_tables(path):
        if video.kind == "video" and video.is_shown.any():
            first = int(video.pts[video.is_shown].min()) - video.zero
            late_s += video.delay + Fraction(first, video.timescale)
            break
    return sound.zero + round(late_s * sound.timescale)


def copied_sound(layout: Layout) -> OutputTrack | None:
    """The sound track made of untouched packets; `None` where a clip has too few.

    A packet is put into the place on the result's own grid of packets that is next to its time, so
    that a clip's sound is off by half a packet at most. The packet before a clip's first one goes
    along where it can: a decoder needs it to start cleanly.
    """
    pieces: list[Samples] = []
    steps: list[int] = []
    first_of_all: SoundFootage | None = None
    skip: int | None = None
    place = 0  # 0 is the lead-in; the result's sound starts at place 1
    for number, slot in enumerate(layout.slots):
        assert slot.item.clip is not None
        found = sound_footage(slot.item.clip.path)
        assert isinstance(found, SoundFootage)
        first_of_all = first_of_all or found
        until = _place(Fraction(slot.end) / layout.fps, found)
        last = number + 1 == len(layout.slots)
        # The last place before the next clip belongs to that clip's lead-in.
        end = until + 1 if last else until - 1
        chosen, gap = _packets(slot, found, layout, place, end)
        missing = gap + (end - place - gap - len(chosen))
        if gap and steps:
            steps[-1] += gap * found.packet
        elif gap:  # a file without a lead-in: the result has none either
            skip = 0
            missing -= 1
            if gap > 1:
                return None
        if missing > MOST_MISSING or not len(chosen):
            return None
        pieces.append(Samples.of(found.path, found.table, chosen))
        steps += [found.packet] * len(chosen)
        short = end - place - gap - len(chosen)
        steps[-1] += 0 if last else short * found.packet
        place = end
    assert first_of_all is not None
    return OutputTrack(
        kind="audio",
        entry=first_of_all.table.entry,
        timescale=first_of_all.table.timescale,
        pieces=pieces,
        steps=np.asarray(steps, np.int64),
        skip=first_of_all.packet if skip is None else skip,
    )


def off_s(layout: Layout, sound: OutputTrack) -> float:
    """By how much copied sound is late, where it is worst; early is negative, mixed sound 0."""
    times = np.cumsum(sound.steps) - sound.steps - sound.skip
    worst, base = 0.0, 0
    for slot, piece in zip(layout.slots, sound.pieces, strict=False):
        if slot.item.clip is None or slot.item.clip.path != piece.path:
            return 0.0
        found = sound_footage(piece.path)
        assert isinstance(found, SoundFootage)
        order = np.argsort(found.table.offsets)
        chosen = order[np.searchsorted(found.table.offsets, piece.offsets, sorter=order)]
        source = (found.table.dts[chosen] - found.zero) / sound.timescale
        heard = times[base : base + len(chosen)] / sound.timescale
        late = heard - float(slot.first / layout.fps) - source + float(slot.moments.first_s)
        worst = max(worst, float(late.max()), float(late.min()), key=abs)
        base += len(chosen)
    return worst


def _place(t_s: Fraction, found: SoundFootage) -> int:
    """The place on the result's grid of packets that is next to a moment."""
    return _nearest(t_s * found.table.timescale / found.packet) + 1


def _nearest(value: Fraction) -> int:
    """Halves always go up: `round` takes every second one down, and places would not meet."""
    return math.floor(value + Fraction(1, 2))


def _packets(
    slot: Slot, found: SoundFootage, layout: Layout, place: int, end: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], int]:
    """The packets for places from `place` to before `end`, and how many are missing in front."""
    assert slot.item.clip is not None
    table = found.table
    # Ticks of the result at which the file's first packet is heard.
    begins = (
        (Fraction(slot.first) / layout.fps - slot.moments.first_s) * table.timescale
        + int(table.dts[0])
        - found.zero
    )
    offset = _nearest(begins / found.packet) + 1
    numbers = np.arange(place, end, dtype=np.int64) - offset
    chosen = numbers[(numbers >= 0) & (numbers < len(table.sizes))]
    gap = int(max(0, min(len(numbers), -numbers[0]))) if len(numbers) else 0
    return chosen, gap
