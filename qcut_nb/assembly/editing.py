"""Edits of the track: cuts, order, speed, transitions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from ..clip import Clip
from ..errors import InputError
from .items import as_item, check_fades, lasting, number
from .layout import Layout, lay_out
from .model import Edit, FadeColour, Item, MoviePyClip, Transition, TransitionKind
from .slicing import joined, part
from .times import Time, seconds

if TYPE_CHECKING:
    from .timeline import Timeline

SLOWEST, FASTEST = 0.05, 20.0
KEPT = (
    "transition",
    "volume",
    "effects",
    "fade_in_s",
    "fade_in_colour",
    "fade_out_s",
    "fade_out_colour",
)
"""What stays when another clip takes the place of one."""


class Editing:
    """Edits of the track. Each gives a new timeline.

    Times are seconds, clock times such as `"1:02.5"`, or frames of the result such as `"48f"`.
    Items are counted from 0, from the end with negative numbers.
    """

    edit: Edit

    def _new(self, edit: Edit) -> Self:
        raise NotImplementedError

    @property
    def layout(self) -> Layout:
        """Where everything is on the result's frame grid."""
        return lay_out(self.edit)

    @property
    def duration_s(self) -> float:
        """Length of the result, seconds: a whole number of frames."""
        return float(self.layout.duration_s)

    @property
    def fps(self) -> Fraction:
        """Frames a second of the result."""
        return self.layout.fps

    def trim(self, start: Time = 0.0, end: Time | None = None) -> Self:
        """Keep a part of the timeline, with all that lies over and under it.

        What lasted to the end, such as music that fades out there, lasts to the new end; other
        fades whose end is cut off go with it.

        Raises:
            InputError: It is empty, outside the timeline, or cuts through a transition.
        """
        first, last = self._place(start), self._place(end)
        if first >= last:
            raise InputError(
                f"From {start!r} to {end!r} nothing is left.",
                money="",
                remedy=f"Take times from 0 to {self.duration_s:g} s, the smaller one first.",
            )
        return self._new(part(self.edit, first, last, is_whole=True))

    def cut(self, start: Time, end: Time) -> Self:
        """Take a part out; what is behind it moves up.

        Raises:
            InputError: Nothing would be left, or a cut falls into a transition.
        """
        first, last = self._place(start), self._place(end)
        if first >= last or (first == 0 and last == self.layout.frames):
            raise InputError(
                f"The part from {start!r} to {end!r} cannot be taken out.",
                money="",
                remedy=f"Take times from 0 to {self.duration_s:g} s that leave something.",
            )
        if first == 0:
            return self._new(part(self.edit, last, self.layout.frames))
        before = part(self.edit, 0, first)
        if last == self.layout.frames:
            return self._new(before)
        return self._new(joined(before, part(self.edit, last, self.layout.frames)))

    def split(self, at: Time) -> tuple[Self, Self]:
        """Two timelines: up to a time, and from it on.

        Raises:
            InputError: The time is not inside the timeline, or in a transition.
        """
        place = self._place(at)
        if not 0 < place < self.layout.frames:
            raise InputError(
                f"At {at!r} there is nothing to split.",
                money="",
                remedy=f"Take a time between 0 and {self.duration_s:g} s.",
            )
        halves = part(self.edit, 0, place), part(self.edit, place, self.layout.frames)
        return self._new(halves[0]), self._new(halves[1])

    def insert(self, at: Time, other: Timeline | Clip | MoviePyClip | str | Path) -> Self:
        """Put something in at a time; what is behind it moves back.

        Raises:
            InputError: The time is outside the timeline, or in a transition.
        """
        edit = as_edit(other)
        place = self._place(at)
        if place == 0:
            return self._new(replace(joined(edit, self.edit), look=self.edit.look))
        before = part(self.edit, 0, place) if place < self.layout.frames else self.edit
        result = joined(before, edit)
        if place < self.layout.frames:
            result = joined(result, part(self.edit, place, self.layout.frames))
        return self._new(result)

    def replace(self, index: int, other: Clip | MoviePyClip | str | Path) -> Self:
        """Another clip in the place of one, at its own speed.

        The transition, fades, volume and MoviePy effects stay.

        Raises:
            InputError: There is no such item, it is no clip, or it is too short for a fade.
        """
        new = as_item(other, self._index(index) + 1)

        def changed(item: Item) -> Item:
            kept = {name: getattr(item, name) for name in KEPT}
            return lasting(replace(new, **kept))

        return self._change(index, changed)

    def remove(self, index: int) -> Self:
        """Leave an item out.

        Raises:
            InputError: There is no such item, it is the only one, or a transition no longer fits.
        """
        place = self._index(index)
        items = list(self.edit.items)
        del items[place]
        if not items:
            raise InputError(
                "A timeline needs at least one clip.",
                money="",
                remedy="Put another in its place: timeline.replace(0, clip).",
            )
        if place == 0:
            items[0] = replace(items[0], transition=None)
        return self._fitting(items)

    def speed(self, factor: float, index: int | None = None) -> Self:
        """Run one item or all faster or slower; sound keeps its pitch.

        Args:
            factor: 2 is twice as fast; 0.05 to 20.
            index: Which item; `None` is all.

        Raises:
            InputError: The factor is out of range.
        """
        if not (math.isfinite(factor) and SLOWEST <= factor <= FASTEST):
            raise InputError(
                f"A speed of {factor} is not possible.",
                money="",
                remedy=f"Take {SLOWEST:g} to {FASTEST:g}; 2 is twice as fast.",
            )
        return self._change(index, lambda item: replace(item, speed=item.speed * factor))

    def reverse(self, index: int | None = None) -> Self:
        """Run one item, or each of them, backwards, with its sound."""
        return self._change(index, lambda item: replace(item, is_reversed=not item.is_reversed))

    def volume(self, factor: float, index: int | None = None) -> Self:
        """Make the sound of one item or all louder or softer; 0 is silence.

        Raises:
            InputError: The factor is negative.
        """
        value = number(factor, "A volume")
        return self._change(index, lambda item: replace(item, volume=value))

    def crossfade(self, duration: Time, at: int | None = None) -> Self:
        """Let clips dissolve into each other, pictures and sound.

        Args:
            duration: How long both are seen; 0 is a hard cut.
            at: The joint in front of which item; `None` is every joint.

        Raises:
            InputError: A clip is too short for it.
        """
        return self.transition("dissolve", duration, at)

    def transition(self, kind: TransitionKind, duration: Time = 0.5, at: int | None = None) -> Self:
        """Set how items follow each other; sound dissolves meanwhile.

        Args:
            kind: "dissolve", "fade_black", "fade_white", "wipe_..." or "slide_..." with left,
                right, up, down.
            duration: How long both are seen; 0 is a hard cut.
            at: The joint in front of which item; `None` is every joint.

        Raises:
            InputError: The kind is unknown, or a clip is too short.
        """
        duration_s = seconds(duration, self.fps, "A transition")
        made = Transition(kind, duration_s) if duration_s else None
        places = range(1, len(self.edit.items)) if at is None else [self._joint(at)]
        items = list(self.edit.items)
        for place in places:
            items[place] = replace(items[place], transition=made)
        return self._fitting(items)

    def fade_in(self, duration: Time, colour: FadeColour = "black", index: int = 0) -> Self:
        """Fade an item's picture and sound in; the first one's by default."""
        return self._fade(duration, colour, index, "in")

    def fade_out(self, duration: Time, colour: FadeColour = "black", index: int = -1) -> Self:
        """Fade an item's picture and sound out; the last one's by default."""
        return self._fade(duration, colour, index, "out")

    def _fade(self, duration: Time, colour: str, index: int, end: Literal["in", "out"]) -> Self:
        duration_s = seconds(duration, self.fps, "A fade")
        changes: Any = {f"fade_{end}_s": duration_s, f"fade_{end}_colour": colour}
        return self._change(index, lambda item: replace(item, **changes))

    def with_effects(self, effects: Sequence[Any], index: int | None = None) -> Self:
        """Apply MoviePy effects to one item or to each; Python makes their frames then.

        Args:
            effects: Such as `[moviepy.vfx.MirrorX()]`.
            index: Which item; `None` is all.

        Raises:
            InputError: The item is neither a clip nor a MoviePy clip.
            FfmpegMissingError: MoviePy has no ffmpeg.
        """

        def changed(item: Item) -> Item:
            if item.speed != 1 or item.is_reversed or item.begin_s:
                raise InputError(
                    f"{item.name} was cut after its effects, or runs at another speed: MoviePy "
                    "effects come before that.",
                    money="",
                    remedy="Apply them first, or take moviepy.vfx.MultiplySpeed or TimeMirror.",
                )
            return lasting(replace(item, effects=(*item.effects, *effects)))

        return self._change(index, changed)

    def _change(self, index: int | None, change: Callable[[Item], Item]) -> Self:
        items = list(self.edit.items)
        for place in range(len(items)) if index is None else [self._index(index)]:
            items[place] = change(items[place])
            check_fades(items[place])
        return self._fitting(items)

    def _fitting(self, items: list[Item]) -> Self:
        """With other items; transitions that do not fit them are refused now, not when shown."""
        new = self._new(replace(self.edit, items=tuple(items)))
        lay_out(new.edit)
        return new

    def _index(self, index: int) -> int:
        count = len(self.edit.items)
        if not isinstance(index, int) or not -count <= index < count:
            raise InputError(
                f"There is no item {index!r}.", money="", remedy=f"Items go from 0 to {count - 1}."
            )
        return index % count

    def _joint(self, at: int) -> int:
        place = self._index(at)
        if place == 0:
            raise InputError(
                "In front of item 0 there is nothing to come from.",
                money="",
                remedy="Take fade_in(seconds), or a joint from 1 on.",
            )
        return place

    def _place(self, given: Time | None) -> int:
        """A time as a place on the frame grid."""
        layout = self.layout
        if given is None:
            return layout.frames
        t_s = seconds(given, layout.fps)
        if t_s > float(layout.duration_s) + 0.1:
            raise InputError(
                f"{given!r} is outside the timeline.",
                money="",
                remedy=f"Take times from 0 to {float(layout.duration_s):g} s.",
            )
        return min(layout.frames, round(t_s * layout.fps))


def as_edit(given: Any) -> Edit:
    """The edit of a timeline, or of one clip."""
    if isinstance(given, Editing):
        return given.edit
    return Edit((as_item(given, 1),))
