"""Parts of an edit, and edits one after the other."""

from __future__ import annotations

from dataclasses import replace

from ..clip import Clip
from ..errors import InputError
from .layout import Slot, lay_out
from .model import Caption, Edit, Item, Movie, Overlay, Sound
from .times import clock


def part(edit: Edit, first: int, end: int) -> Edit:
    """The frames of an edit from one place on its grid up to another.

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
        items.append(_sub_item(slot, low - slot.first, high - slot.first, float(fps)))
    if items:
        items[0] = replace(items[0], transition=None)
    start_s, end_s = float(first / fps), float(end / fps)
    return replace(
        edit,
        items=tuple(items),
        overlays=tuple(o for each in edit.overlays if (o := _sub_overlay(each, start_s, end_s))),
        sounds=tuple(s for each in edit.sounds if (s := _sub_sound(each, start_s, end_s))),
        captions=tuple(
            Caption(max(0.0, c.start_s - start_s), min(c.end_s, end_s) - start_s, c.text)
            for c in edit.captions
            if c.start_s < end_s and c.end_s > start_s
        ),
    )


def _sub_item(slot: Slot, low: int, high: int, fps: float) -> Item:
    item = slot.item
    if (low, high) == (0, slot.frames):
        return item
    before_s, length_s = low / fps * item.speed, (high - low) / fps * item.speed
    if item.is_reversed:
        before_s = (slot.frames - high) / fps * item.speed
    source = item.source
    if isinstance(source, Clip):
        start_s = source.start_s + before_s
        source = replace(source, start_s=start_s, end_s=min(start_s + length_s, source.end_s))
    elif isinstance(source, Movie):
        end_s = min(before_s + length_s, source.clip.duration)
        source = Movie(source.clip.subclipped(before_s, end_s))
    return replace(
        item,
        source=source,
        length_s=length_s,
        fade_in_s=item.fade_in_s if low == 0 else 0.0,
        fade_out_s=item.fade_out_s if high == slot.frames else 0.0,
    )


def _sub_overlay(overlay: Overlay, start_s: float, end_s: float) -> Overlay | None:
    stop_s = end_s if overlay.end_s is None else min(end_s, overlay.end_s)
    if overlay.start_s >= stop_s or stop_s <= start_s:
        return None
    source = overlay.source
    if isinstance(source, Clip) and overlay.start_s < start_s:
        source = replace(source, start_s=source.start_s + start_s - overlay.start_s)
    return replace(
        overlay,
        source=source,
        start_s=max(0.0, overlay.start_s - start_s),
        end_s=stop_s - start_s,
    )


def _sub_sound(sound: Sound, start_s: float, end_s: float) -> Sound | None:
    stop_s = end_s if sound.end_s is None else min(end_s, sound.end_s)
    if sound.at_s >= stop_s or stop_s <= start_s:
        return None
    late_s = max(0.0, start_s - sound.at_s)
    return replace(
        sound,
        start_s=sound.start_s + late_s,
        at_s=max(0.0, sound.at_s - start_s),
        end_s=stop_s - start_s,
        fade_in_s=sound.fade_in_s if not late_s else 0.0,
    )


def joined(first: Edit, second: Edit) -> Edit:
    """One edit after another; the first one says what the result looks like."""
    offset_s = float(lay_out(first).duration_s)

    def later(end_s: float | None) -> float | None:
        return None if end_s is None else end_s + offset_s

    ended = tuple(replace(s, end_s=min(s.end_s or offset_s, offset_s)) for s in first.sounds)
    over = tuple(replace(o, end_s=min(o.end_s or offset_s, offset_s)) for o in first.overlays)
    return replace(
        first,
        items=first.items + second.items,
        overlays=over
        + tuple(
            replace(o, start_s=o.start_s + offset_s, end_s=later(o.end_s)) for o in second.overlays
        ),
        sounds=ended
        + tuple(replace(s, at_s=s.at_s + offset_s, end_s=later(s.end_s)) for s in second.sounds),
        captions=first.captions
        + tuple(Caption(c.start_s + offset_s, c.end_s + offset_s, c.text) for c in second.captions),
    )
