"""A timeline for other editors: EDL (CMX 3600) and OpenTimelineIO."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..clip import Clip
from ..errors import ConfigError
from .layout import Layout, Slot
from .times import grace_s

WIPE = "W001"


def to_edl(layout: Layout, title: str) -> str:
    """The track as a CMX 3600 edit decision list.

    Stills, colours and text are black in it, as EDLs know no other sources; speed is a note.

    Source:
        SMPTE 258M, as editors read it: event, reel, track, kind, source in and out, record in and
        out; time codes count frames without drops.
    """
    lines = [f"TITLE: {title}", "FCM: NON-DROP FRAME", ""]
    for number, slot in enumerate(layout.slots, 1):
        reel = "AX" if slot.item.clip is not None else "BL"
        source_first = _source_first(slot, layout)
        end = slot.frames - slot.out_of
        times = _codes(layout, source_first, source_first + end, slot.first, slot.first + end)
        if slot.into:
            before = layout.slots[number - 2]
            at = _source_first(before, layout) + before.frames - before.out_of
            cut = _codes(layout, at, at, slot.first, slot.first)
            was = "AX" if before.item.clip is not None else "BL"
            transition = slot.item.transition
            kind = "D   " if transition and transition.kind == "dissolve" else WIPE
            lines.append(f"{number:03}  {was:8} V     C        {cut}")
            lines.append(f"{number:03}  {reel:8} V     {kind} {slot.into:03} {times}")
            lines.append(f"* FROM CLIP NAME: {before.item.name}")
            lines.append(f"* TO CLIP NAME: {slot.item.name}")
        else:
            lines.append(f"{number:03}  {reel:8} V     C        {times}")
            lines.append(f"* FROM CLIP NAME: {slot.item.name}")
        if slot.item.speed != 1 or slot.item.is_reversed:
            rate = float(layout.fps) * slot.item.speed * (-1 if slot.item.is_reversed else 1)
            start = _code(layout, source_first)
            lines.append(f"M2   {reel:8} {rate:9.1f}                {start}")
        lines.append("")
    return "\n".join(lines)


def to_otio(layout: Layout, title: str) -> Any:
    """The track as an `opentimelineio.schema.Timeline`.

    Raises:
        ConfigError: OpenTimelineIO is not installed.
    """
    try:
        import opentimelineio as otio
    except ImportError as error:
        raise ConfigError(
            "OpenTimelineIO is not installed.", remedy='Run `pip install "qcut-nb[otio]"`.'
        ) from error

    fps = float(layout.fps)

    def span(first: int, frames: int) -> Any:
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(first, fps), otio.opentime.RationalTime(frames, fps)
        )

    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    for slot in layout.slots:
        # OTIO lets clips meet in the middle of a transition; each brings half as a handle.
        head, tail = slot.into - slot.into // 2, slot.out_of // 2
        if slot.into:
            transition = slot.item.transition
            dissolve = transition is not None and transition.kind == "dissolve"
            track.append(
                otio.schema.Transition(
                    name=transition.kind if transition else "",
                    transition_type="SMPTE_Dissolve" if dissolve else "Custom_Transition",
                    in_offset=otio.opentime.RationalTime(head, fps),
                    out_offset=otio.opentime.RationalTime(slot.into // 2, fps),
                )
            )
        first, frames = _source_first(slot, layout) + head, slot.frames - head - tail
        source = slot.item.source
        if not isinstance(source, Clip):
            track.append(otio.schema.Gap(name=slot.item.name, source_range=span(0, frames)))
            continue
        whole = round((source.facts.duration_s or 0) * layout.fps)
        clip = otio.schema.Clip(
            name=source.name,
            media_reference=otio.schema.ExternalReference(
                source.path.as_uri(), available_range=span(0, whole)
            ),
            source_range=span(first, frames),
        )
        factor = slot.item.speed * (-1 if slot.item.is_reversed else 1)
        if factor != 1:
            clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=factor))
        if source.recipe is not None:
            clip.metadata["qcut_nb"] = source.recipe.model_dump(mode="json")
        track.append(clip)
    timeline = otio.schema.Timeline(title)
    timeline.tracks.append(track)
    return timeline


def _source_first(slot: Slot, layout: Layout) -> int:
    clip = slot.item.clip
    if clip is None:
        return 0
    return int((Fraction(clip.start_s) + grace_s(layout.fps)) * layout.fps)


def _codes(layout: Layout, *frames: int) -> str:
    return " ".join(_code(layout, number) for number in frames)


def _code(layout: Layout, number: int) -> str:
    base = round(layout.fps)
    total, frame = divmod(number, base)
    return f"{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}:{frame:02}"
