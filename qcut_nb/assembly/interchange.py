"""A timeline for other editors: EDL (CMX 3600) and OpenTimelineIO.

Both carry which part of which file is seen when, at what speed, and how parts follow each other.
OpenTimelineIO carries music and voices, too, each on a track of its own. Neither carries titles,
overlays, captions, fades, MoviePy effects, volumes, or loudness.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..clip import Clip
from ..errors import ConfigError
from .layout import Layout, Slot
from .model import Sound

WIPE = "W001"


def to_edl(layout: Layout, title: str) -> str:
    """The track as a CMX 3600 edit decision list.

    Stills, colours and text are black in it, as EDLs know no other sources. Of a clip at another
    speed the source times say how much of it is used, and a note (M2) says the speed.

    Source:
        SMPTE 258M, as editors read it: event, reel, track, kind, source in and out, record in and
        out; time codes count frames without drops.
    """
    lines = [f"TITLE: {title}", "FCM: NON-DROP FRAME", ""]
    for number, slot in enumerate(layout.slots, 1):
        reel = "AX" if slot.item.clip is not None else "BL"
        end = slot.frames - slot.out_of
        source = _source(slot, layout, 0, end)
        times = _codes(layout, *source, slot.first, slot.first + end)
        if slot.into:
            before = layout.slots[number - 2]
            last = before.frames - before.out_of
            at, _ = _source(before, layout, last, last)
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
            start = _code(layout, source[0])
            lines.append(f"M2   {reel:8} {rate:9.1f}                {start}")
        lines.append("")
    return "\n".join(lines)


def to_otio(layout: Layout, sounds: Sequence[Sound], title: str) -> Any:
    """The track, and what is heard under it, as an `opentimelineio.schema.Timeline`.

    A clip at another speed lasts as long as it is seen, as OpenTimelineIO's own adapters take it:
    of its file, `LinearTimeWarp.time_scalar` times as much is used.

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
        frames = slot.frames - head - tail
        first, _ = _source(slot, layout, head, slot.frames - tail)
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
    for number, sound in enumerate(sounds, 1):
        at = round(sound.at_s * layout.fps)
        frames = round(sound.until_s(float(layout.duration_s)) * layout.fps) - at
        track = otio.schema.Track(f"A{number} {sound.role}", kind=otio.schema.TrackKind.Audio)
        if at:
            track.append(otio.schema.Gap(source_range=span(0, at)))
        track.append(
            otio.schema.Clip(
                name=sound.path.name,
                media_reference=otio.schema.ExternalReference(sound.path.as_uri()),
                source_range=span(round(sound.start_s * layout.fps), frames),
            )
        )
        timeline.tracks.append(track)
    return timeline


def _source(slot: Slot, layout: Layout, low: int, high: int) -> tuple[int, int]:
    """From where to where in its source an item's frames are, in frames of the result's rate."""
    item, moments = slot.item, slot.moments
    if item.is_reversed:
        low, high = slot.frames - high, slot.frames - low
    # What effects make of a range counts from its start.
    start_s = item.clip.start_s if item.clip is not None and item.is_movie else 0
    first, end = (round((start_s + moments.at(place)) * layout.fps) for place in (low, high))
    return first, end


def _codes(layout: Layout, *frames: int) -> str:
    return " ".join(_code(layout, number) for number in frames)


def _code(layout: Layout, number: int) -> str:
    base = round(layout.fps)
    total, frame = divmod(number, base)
    return f"{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}:{frame:02}"
