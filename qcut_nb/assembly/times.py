"""Times and rates as people write them."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from ..errors import InputError

Time = float | int | str
"""Seconds, `"1:02.5"`, `"1:00:02.5"`, or frames of the result, `"48f"`."""
_CLOCK = re.compile(r"(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d*)?)")


def seconds(given: Time, fps: Fraction, what: str = "A time") -> float:
    """A time in seconds.

    Args:
        given: Seconds, a clock time, or a number of frames with an "f".
        fps: What frames are counted in.
        what: How an error calls it.

    Raises:
        InputError: It is none of these, negative, or not finite.
    """
    value = math.nan
    if isinstance(given, str):
        text = given.strip()
        if text.endswith("f") and text[:-1].isdigit():
            value = float(int(text[:-1]) / fps)
        elif match := _CLOCK.fullmatch(text):
            parts = [part for part in match.groups() if part is not None]
            value = sum(float(part) * 60**power for power, part in enumerate(reversed(parts)))
    elif isinstance(given, int | float) and not isinstance(given, bool):
        value = float(given)
    if not (math.isfinite(value) and value >= 0):
        raise InputError(
            f"{what} of {given!r} is not possible.",
            money="",
            remedy='Take 0 or more: seconds (2.5), "1:02.5", or frames ("48f").',
        )
    return value


def exact_rate(fps: float | Fraction) -> Fraction:
    """The exact rate behind a rounded one: 29.97 is 30000/1001."""
    if isinstance(fps, Fraction):
        return fps.limit_denominator(1001)
    whole = round(fps * 1001 / 1000)
    ntsc = Fraction(whole * 1000, 1001)
    if abs(fps - whole) > 0.002 and abs(fps - ntsc) < 0.005:
        return ntsc
    return Fraction(fps).limit_denominator(1001)


def clock(t_s: float, mark: str = ".") -> str:
    """A time as `01:02:03.456`."""
    total_ms = round(t_s * 1000)
    rest, ms = divmod(total_ms, 1000)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{mark}{ms:03}"
