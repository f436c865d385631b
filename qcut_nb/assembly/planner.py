"""The least work that gives the right frames."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

from .colours import Colours, colours_of, common_colours
from .footage import UNEVEN, Footage, Form, footage_of, source_frame
from .layout import Layout, Slot, lay_out
from .model import Edit
from .movie_pace import Pace
from .plan import EFFORT, CopiedFrames, Plan, Strategy, Stretch
from .sound_plan import plan_sound

Known = dict[Path, Footage | str]
SHORTEST_COPY_FRAMES = 4
"""A copied run shorter than this is not worth an interruption of the encoder."""
LONGEST_PIECE_S = 30
"""Longer encoded stretches are split, so that they render in parallel and are kept in parts."""
NEAR_PIECE_S = 8
"""Shorter ones of few frames cost more than they help."""
ENCODED_PX_PER_S = 60e6
COPIED_FRAMES_PER_S = 20_000
MIXED_S_PER_S = 30.0
"""Measured on two cores, 1080p, H.264 at "veryfast"; good for an order of magnitude."""


def plan_edit(edit: Edit, *, may_copy: bool = True, pace: Pace | None = None) -> Plan:
    """Decide how an edit is rendered.

    Args:
        edit: The edit.
        may_copy: Whether samples may be copied; other codecs and settings forbid it.
        pace: How long frames take that MoviePy makes; `None` leaves that unknown.

    Raises:
        MediaError: A source is damaged.
        InputError: A transition is longer than its items.
    """
    layout = lay_out(edit)
    clips = [slot.item.clip for slot in _plain(layout) if slot.item.clip is not None]
    known: Known = {clip.path: footage_of(clip.path) for clip in clips}
    host = _host(layout, known) if may_copy else None
    stretches = _stretches(layout, known, host)
    needs_encoder = any(each.copied is None for each in stretches)
    obstacle = host.smart_obstacle if host is not None and needs_encoder else ""
    if host is not None and (obstacle or not any(each.copied for each in stretches)):
        host = None
        stretches = _stretches(layout, known, None, _why_not(obstacle))
        needs_encoder = True
    sound, sound_reason = plan_sound(edit, layout)
    return Plan(
        stretches=tuple(stretches),
        sound=sound,
        sound_reason=sound_reason,
        host=host,
        colours=_result_colours(edit, layout, host) if needs_encoder else Colours(),
        fps=layout.fps,
        estimate_s=_estimate(stretches, layout, pace, mixes=sound == "encode"),
    )


def _why_not(obstacle: str) -> str:
    return f"Nothing is copied: {obstacle}." if obstacle else ""


def _plain(layout: Layout) -> list[Slot]:
    return [slot for slot in layout.slots if slot.item.is_plain]


def _host(layout: Layout, known: Known) -> Footage | None:
    """The footage of the form that most plain frames have, where it fits the layout."""
    frames: Counter[Form] = Counter()
    found: dict[Form, Footage] = {}
    for slot in _plain(layout):
        assert slot.item.clip is not None
        footage = known[slot.item.clip.path]
        if isinstance(footage, str) or footage.form.fps != layout.fps:
            continue
        if footage.form.size_px == (layout.width_px, layout.height_px):
            found.setdefault(footage.form, footage)
            frames[footage.form] += slot.frames - slot.into - slot.out_of
    return found[frames.most_common(1)[0][0]] if frames else None


def _stretches(layout: Layout, known: Known, host: Footage | None, note: str = "") -> list[Stretch]:
    cuts = {0, layout.frames}
    for slot in layout.slots:
        cuts |= {slot.first, slot.end, slot.first + slot.into, slot.end - slot.out_of}
        cuts |= {
            slot.first + _faded(slot.item.fade_in_s, layout),
            slot.end - _faded(slot.item.fade_out_s, layout),
        }
    for over in layout.overlays:
        cuts |= {over.first, over.end}
    edges = sorted(cut for cut in cuts if 0 <= cut <= layout.frames)
    stretches: list[Stretch] = []
    for low, high in itertools.pairwise(edges):
        slots = [slot for slot in layout.slots if slot.first <= low < slot.end]
        strategy, reason = _change(slots, low, layout)
        if reason:
            stretches += _split(low, high, strategy, reason, layout)
            continue
        slot = slots[0]
        assert slot.item.clip is not None
        footage = known[slot.item.clip.path]
        reason = _mismatch(slot, footage, host, layout)
        if reason or host is None or isinstance(footage, str):
            stretches += _split(low, high, "filter", note or reason, layout)
        else:
            stretches += _copied(slot, footage, low, high, layout)
    merged = _merged(stretches, layout)
    return _runs(merged, layout) if layout.is_preview else merged


def _faded(length_s: float, layout: Layout) -> int:
    return -(-round(length_s * layout.fps * 1000) // 1000)


def _change(slots: list[Slot], at: int, layout: Layout) -> tuple[Strategy, str]:
    """Why frames at a place are not their source's own; an empty reason where they are."""
    strategy: Strategy = "filter"
    if any(slot.item.is_movie for slot in slots):
        strategy = "moviepy"
    if len(slots) == 2:
        transition = slots[1].item.transition
        assert transition is not None
        kind = "crossfade" if transition.kind == "dissolve" else transition.kind.replace("_", " ")
        return strategy, f"A {kind} mixes {slots[0].item.name} and {slots[1].item.name}."
    item = slots[0].item
    if strategy == "moviepy":
        what = "MoviePy makes its frames" if not item.effects else "MoviePy effects change it"
        return strategy, f"{item.name}: {what}."
    over = [each for each in layout.overlays if each.first <= at < each.end]
    if over:
        return strategy, f"Something lies over {item.name}."
    if item.clip is None:
        return strategy, f"{item.name} is made into frames."
    if item.speed != 1 or item.is_reversed:
        return (
            strategy,
            f"{item.name} runs {'backwards' if item.is_reversed else 'faster or slower'}.",
        )
    fades_in = at - slots[0].first < _faded(item.fade_in_s, layout)
    fades_out = slots[0].end - at <= _faded(item.fade_out_s, layout)
    if fades_in or fades_out:
        return strategy, f"{item.name} fades."
    return strategy, ""


def _mismatch(slot: Slot, footage: Footage | str, host: Footage | None, layout: Layout) -> str:
    """Why plain frames cannot be copied; empty where they can."""
    if footage == UNEVEN:
        return (
            f"{slot.item.name} {footage}: at an even {float(layout.fps):.5g} frames a second some "
            "of its frames may be left out or seen twice."
        )
    if isinstance(footage, str):
        return f"{slot.item.name} {footage}."
    size = layout.width_px, layout.height_px
    if footage.form.size_px != size:
        return f"{slot.item.name} has another size than {size[0]}x{size[1]}."
    if footage.form.fps != layout.fps:
        return f"{slot.item.name} has another frame rate than {float(layout.fps):.5g}."
    if host is None:
        return f"Nothing in this timeline can be copied as it is, so {slot.item.name} is encoded."
    if difference := footage.form.difference(host.form):
        return f"{slot.item.name} has {difference} than {host.path.name}."
    return ""


def _copied(slot: Slot, footage: Footage, low: int, high: int, layout: Layout) -> list[Stretch]:
    """A plain part: encoded up to where copying can start, copied, encoded behind its last run."""
    offset = source_frame(slot, footage) - slot.first
    shown = footage.shown[1] - footage.shown[0]
    first, end = low + offset, high + offset
    start = footage.first_start(first, min(end, shown))
    stop = footage.last_end(start, min(end, shown)) if start is not None else first
    name = slot.item.name
    # A few frames are not worth it, unless there is nothing else.
    few = start is not None and stop - start < min(SHORTEST_COPY_FRAMES, end - first)
    if start is None or stop == start or few:
        t_s = float(first / layout.fps)
        return _split(
            low,
            high,
            "smart",
            f"{name} has no keyframe to start copying at after {t_s:.2f} s, "
            "so it is encoded to the end of this part.",
            layout,
        )
    found: list[Stretch] = []
    if start > first:
        found += _split(
            low,
            start - offset,
            "smart",
            f"{name} is cut in before a keyframe: encoded up to it.",
            layout,
        )
    whole = first == 0 and stop == shown
    found.append(
        _stretch(
            start - offset,
            stop - offset,
            "copy",
            f"{name} is whole and unchanged."
            if whole
            else f"{name} is unchanged from a keyframe on.",
            layout,
            CopiedFrames(footage, start, stop),
        )
    )
    if stop < end:
        found += _split(
            stop - offset,
            high,
            "smart",
            f"{name}: the cut falls between frames that lean on each other.",
            layout,
        )
    return found


def _stretch(
    first: int,
    end: int,
    strategy: Strategy,
    reason: str,
    layout: Layout,
    copied: CopiedFrames | None = None,
) -> Stretch:
    start_s, end_s = float(first / layout.fps), float(end / layout.fps)
    return Stretch(first, end, start_s, end_s, strategy, reason, copied, layout.every)


def _split(first: int, end: int, strategy: Strategy, reason: str, layout: Layout) -> list[Stretch]:
    parts = max(1, round((end - first) / layout.fps / LONGEST_PIECE_S))
    edges = [first + (end - first) * part // parts for part in range(parts + 1)]
    return [
        _stretch(low, high, strategy, reason, layout)
        for low, high in itertools.pairwise(edges)
        if low < high
    ]


def _merged(stretches: list[Stretch], layout: Layout) -> list[Stretch]:
    """Encoded neighbours of a few frames join what they touch; a piece has a price of its own."""
    merged: list[Stretch] = []
    for each in stretches:
        before = merged[-1] if merged else None
        same = before is not None and before.copied is None and each.copied is None
        if before is not None and same and min(before.frames, each.frames) < SHORTEST_COPY_FRAMES:
            more = max(before, each, key=lambda part: EFFORT.index(part.strategy))
            merged[-1] = _stretch(before.first, each.end, more.strategy, more.reason, layout)
        else:
            merged.append(each)
    return merged


def _runs(stretches: list[Stretch], layout: Layout) -> list[Stretch]:
    """Fewer and longer pieces: each opens its sources, and decodes from the keyframe before it.

    They end where an item begins to be seen alone: little of it was decoded before.
    """
    cuts = {slot.first + slot.into for slot in layout.slots}
    shortest = NEAR_PIECE_S * layout.fps if layout.is_near else 0
    runs: list[Stretch] = []
    for each in stretches:
        before = runs[-1] if runs else None
        long = before is not None and before.end - before.first > LONGEST_PIECE_S * layout.fps
        ends = each.first in cuts and before is not None and each.first - before.first >= shortest
        if before is None or long or ends or before.strategy != each.strategy:
            runs.append(each)
        else:
            runs[-1] = _stretch(before.first, each.end, each.strategy, before.reason, layout)
    return runs


def _result_colours(edit: Edit, layout: Layout, host: Footage | None) -> Colours:
    """What encoded parts say about their colours: what the copied ones say, where there are any."""
    if host is not None:
        return host.colours
    files: dict[Path | Form, Path] = {}  # those of one form say the same
    for path in {item.clip.path for item in edit.items if item.clip is not None}:
        footage = footage_of(path)
        files[path if isinstance(footage, str) else footage.form] = path
    return common_colours(map(colours_of, files.values()), layout.height_px)


def _estimate(
    stretches: list[Stretch], layout: Layout, pace: Pace | None, *, mixes: bool
) -> float | None:
    movies_s = 0.0
    for slot in layout.slots:
        if slot.item.is_movie:
            frame_s = pace and pace(slot.item, layout.fps)
            if frame_s is None:
                return None
            movies_s += frame_s * slot.frames
    encoded = sum(each.frames for each in stretches if each.copied is None)
    copied = layout.frames - encoded
    pixels = layout.width_px * layout.height_px
    picture_s = encoded * pixels / ENCODED_PX_PER_S + copied / COPIED_FRAMES_PER_S
    sound_s = float(layout.duration_s) / MIXED_S_PER_S if mixes else 0.0
    return picture_s + movies_s + sound_s
