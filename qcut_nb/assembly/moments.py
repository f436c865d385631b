"""Which moments of its source an item shows; the one rule for pictures, sound, and other editors.

A range is from a frame to a frame of its file: the nearest ones to the times that were given. So
ranges that touch share no frame and leave none out, and sound starts with the frame that is seen.
Where the result has more places for frames than the file has frames, an item's places are those
that its part of the whole clip would have: then too each frame is in one of two ranges that touch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from .model import Item
from .times import exact_rate

HALF = Fraction(11, 20)
"""A little more than half, so that halves fall on one side however their times were rounded."""


@dataclass(frozen=True)
class Moments:
    """Moments of a source in even steps.

    Attributes:
        first_s: The first, seconds from the source's start; its sound is heard from there.
        step_s: From one to the next.
        count: How many there are: one for each frame of the result.
        into_s: How far behind each its picture is looked for: in the middle, where nothing rounds.
    """

    first_s: Fraction
    step_s: Fraction
    count: int
    into_s: Fraction

    @property
    def length_s(self) -> Fraction:
        """How much of the source they cover."""
        return self.count * self.step_s

    def at(self, number: int) -> Fraction:
        """The moment of a frame of the result, counted from the item's first."""
        return self.first_s + number * self.step_s


def moments_of(item: Item, fps: Fraction) -> Moments:
    """The moments that an item shows, in the order of its source.

    Args:
        item: The item.
        fps: The result's rate.
    """
    clip = None if item.is_movie else item.clip
    start_s = item.begin_s if clip is None else clip.start_s
    own_fps = None if clip is None else clip.facts.fps or float(fps)
    return _moments(start_s, item.length_s, item.speed, own_fps, fps)


@lru_cache(maxsize=4096)
def _moments(
    begin_s: float, length_s: float, speed: float, own_fps: float | None, fps: Fraction
) -> Moments:
    """As `moments_of`; a timeline is laid out anew for each edit of it, and most items stay."""
    step_s, start_s = Fraction(speed).limit_denominator(1_000_000) / fps, Fraction(begin_s)
    frame_s = step_s if own_fps is None else 1 / exact_rate(own_fps)
    origin_s = start_s if own_fps is None or step_s > frame_s else Fraction(0)

    def place(t_s: Fraction) -> int:
        return math.ceil((t_s - origin_s) / step_s - HALF)

    low = place(start_s)
    count = max(1, place(start_s + Fraction(length_s)) - low)
    return Moments(origin_s + low * step_s, step_s, count, HALF * min(step_s, frame_s))
