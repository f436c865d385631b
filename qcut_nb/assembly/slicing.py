"""Parts of an edit, and edits one after the other."""

from __future__ import annotations

from dataclasses import replace

from ..clip import Clip
from ..errors import InputError
from .layout import Slot, lay_out
from .model import Edit, Item, Movie, Overlay, Sound
from .times import clock


def part(edit: Edit, first: int, end: int, *, is_whole: bool = False) -> Edit:
    """The frames of an edit from one place on its grid up to another.

    Fades whose end of an item, an overlay or a sound is cut off go with it.

    Args:
        edit: The edit.
        first: The first frame that stays.
        end: The frame behind the last that stays.
        is_whole: Whether the part stands alone: what lasted to the edit's end, such as music that
            fades out there, lasts to the part's.

    Raises:
        InputError: A cut falls into a transition.
    """
    layout = lay_out(edit)
    fps = layout.fps
    items = []
    for slot in layout.slots:
        low, high = max(first, slot.first), min(end, slot.end)
        if low >= high:
            continue
        for cut in (first, end):
            for start, stop in (
                (slot.first, slot.first + slot.into),
                (slot.end - slot.out_of, slot.end),
            ):
                if start < cut < stop:
                    raise InputError(
                        f"A cut at {clock(float(cut / fps))} falls into a transition.",
                        money="",
                        remedy="Cut beside it, or cut first and add the transition then.",
                    )
        if low >= slot.end - slot.out_of and slot.out_of and first >= slot.end - slot.out_of:
            continue  # only what fades out would be left; the next item shows all of it
        items.append(_sub_item(slot, low - slot.first, high - slot.first))
    if items:
        items[0] = replace(items[0], transition=None)
    start_s, end_s = float(first / fps), float(end / fps)
    span = start_s, end_s, float(layout.duration_s)
    overlays = [_sub_overlay(each, span, is_whole=is_whole) for each in edit.overlays]
    sounds = [_sub_sound(each, span, is_whole=is_whole) for each in edit.sounds]
    return replace(
        edit,
        items=tuple(items),
        overlays=tuple(each for each in overlays if each is not None),
        sounds=tuple(each for each in sounds if each is not None),
        captions=tuple(
            replace(c, start_s=max(0.0, c.start_s - start_s), end_s=min(c.end_s, end_s) - start_s)
            for c in edit.captions
            if c.start_s < end_s and c.end_s > start_s
        ),
    )


def _sub_item(slot: Slot, low: int, high: int) -> Item:
    item, moments = slot.item, slot.moments
    if (low, high) == (0, slot.frames):
        return item
    start_s = float(moments.at(slot.frames - high if item.is_reversed else low))
    length_s = float((high - low) * moments.step_s)
    source, begin_s = item.source, item.begin_s
    if item.effects:
        begin_s = start_s
    elif isinstance(source, Movie):
        end_s = min(start_s + length_s, source.clip.duration)
        source = replace(source, clip=source.clip.subclipped(start_s, end_s))
    elif isinstance(source, Clip):
        source = replace(source, start_s=start_s, end_s=min(start_s + length_s, source.end_s))
    return replace(
        item,
        source=source,
        begin_s=begin_s,
        length_s=length_s,
        fade_in_s=min(item.fade_in_s, length_s / item.speed) if low == 0 else 0.0,
        fade_out_s=min(item.fade_out_s, length_s / item.speed) if high == slot.frames else 0.0,
    )


Span = tuple[float, float, float]
"""Where a part starts, where it ends, and where the whole edit ends; seconds."""


def _sub_overlay(overlay: Overlay, span: Span, *, is_whole: bool) -> Overlay | None:
    start_s, end_s, until_s = span
    last_s = until_s if overlay.end_s is None else min(overlay.end_s, until_s)
    stop_s = min(end_s, last_s)
    if overlay.start_s >= stop_s or stop_s <= start_s:
        return None
    source = overlay.source
    late_s = max(0.0, start_s - overlay.start_s)
    if isinstance(source, Clip):
        source = replace(source, start_s=source.start_s + late_s)
    ends = stop_s == last_s or (is_whole and last_s == until_s)
    return replace(
        overlay,
        source=source,
        start_s=max(0.0, overlay.start_s - start_s),
        end_s=stop_s - start_s,
        fade_in_s=0.0 if late_s else overlay.fade_in_s,
        fade_out_s=overlay.fade_out_s if ends else 0.0,
    )


def _sub_sound(sound: Sound, span: Span, *, is_whole: bool) -> Sound | None:
    start_s, end_s, until_s = span
    last_s = sound.until_s(until_s)
    stop_s = min(end_s, last_s)
    if sound.at_s >= stop_s or stop_s <= start_s:
        return None
    late_s = max(0.0, start_s - sound.at_s)
    ends = stop_s == last_s or (is_whole and last_s == until_s)
    return replace(
        sound,
        start_s=sound.start_s + late_s,
        lasts_s=sound.lasts_s - late_s,
        at_s=max(0.0, sound.at_s - start_s),
        end_s=stop_s - start_s,
        fade_in_s=0.0 if late_s else sound.fade_in_s,
        fade_out_s=sound.fade_out_s if ends else 0.0,
    )


def joined(first: Edit, second: Edit) -> Edit:
    """One edit after another; the first one says what the result looks like."""
    items = first.items + second.items
    grid = lay_out(replace(first, items=items))
    offset_s = float(grid.slots[len(first.items)].first / grid.fps)

    def until(end_s: float | None) -> float:
        return offset_s if end_s is None else min(end_s, offset_s)

    def later(end_s: float | None) -> float | None:
        return None if end_s is None else end_s + offset_s

    return replace(
        first,
        items=items,
        overlays=tuple(replace(o, end_s=until(o.end_s)) for o in first.overlays)
        + tuple(
            replace(o, start_s=o.start_s + offset_s, end_s=later(o.end_s)) for o in second.overlays
        ),
        sounds=tuple(replace(s, end_s=until(s.end_s)) for s in first.sounds)
        + tuple(replace(s, at_s=s.at_s + offset_s, end_s=later(s.end_s)) for s in second.sounds),
        captions=first.captions
        + tuple(
            replace(c, start_s=c.start_s + offset_s, end_s=c.end_s + offset_s)
            for c in second.captions
        ),
    )
