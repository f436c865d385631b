"""Frames near the moments that a quick look asks for: those that are soon decoded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..media import Group, cheap_groups, decode_group, decoder_of
from .footage import Footage, footage_of
from .model import Item
from .moments import moments_of

if TYPE_CHECKING:
    import av

DECODED_BYTES_PER_S = 15e6
SEEN_PX_PER_S = 1e9
"""One core, H.264; half of the pixels' time is scaling."""


def near_groups(
    item: Item, fps: Fraction, every: int, first: int, end: int
) -> tuple[Footage, list[Group]] | None:
    """What of an item's file is decoded to show some of its frames.

    Each frame may be one up to half a step away, but none that the item leaves out.

    Args:
        item: A clip that is only shown faster or slower.
        fps: Of the timeline.
        every: From one number to the next.
        first: The first number that is wanted, counted from the item's start.
        end: The one behind the last.

    Returns:
        `None` where its file has to be opened.
    """
    if item.clip is None or item.is_movie or item.is_reversed:
        return None
    footage = footage_of(item.clip.path)
    if isinstance(footage, str) or decoder_of(footage.table) is None:
        return None
    rate, moments = footage.form.fps, moments_of(item, fps)
    start, step = (moments.first_s + moments.into_s) * rate, moments.step_s * rate
    times = np.sort(footage.table.pts)[footage.shown[0] : footage.shown[1]]
    low, high = (min(int(start + n * step), len(times) - 1) for n in (0, moments.count - 1))
    wanted = []
    for number in range(first, end, every):
        at, half = start + number * step, every * step / 2
        early = min(max(low, int(at - half)), high)
        late = max(early, min(high, int(at + half) - 1))
        wanted.append((int(times[early]), int(times[late])))
    return footage, cheap_groups(footage.table, wanted)


def near_cost_s(item: Item, fps: Fraction, every: int, end: int) -> float:
    """Roughly how long one core takes to decode what is shown of an item; 0 is not known."""
    found = near_groups(item, fps, every, 0, end)
    if found is None:
        return 0.0
    footage, groups = found
    table, (width_px, height_px) = footage.table, footage.form.size_px
    size_bytes = frames = 0
    for first, wanted in groups:
        last = first + int(np.argmax(table.pts[first:] >= wanted[-1][0]))
        times = table.pts[first : last + 1]
        is_needed = times == np.maximum.accumulate(times)  # B-frames are mostly passed over
        size_bytes += int(table.sizes[first : last + 1][is_needed].sum())
        frames += int(is_needed.sum()) + len(wanted)
    return size_bytes / DECODED_BYTES_PER_S + frames * width_px * height_px / SEEN_PX_PER_S


class NearFrames:
    """Frames near the moments of some numbers, asked for in that order.

    Attributes:
        aspect: Width of a pixel by its height.
    """

    aspect = Fraction(1)

    def __init__(self, footage: Footage, groups: list[Group]) -> None:
        self._frames = (
            frame
            for group in groups
            for frame in decode_group(footage.path, footage.table, group, 1)
        )

    def at(self, number: int) -> av.VideoFrame | None:
        """The next frame.

        Returns:
            `None` where the samples do not give it: the file may tell more when it is opened.
        """
        import av

        try:
            return next(self._frames, None)
        except (av.FFmpegError, OSError):
            return None

    def close(self) -> None:
        """Give everything back."""
        self._frames.close()
