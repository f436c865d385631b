"""Frame numbers burnt into every simulated video, so that a test can prove which frame it sees.

Two rows of 16 blocks in the top left corner: the number in binary, most significant bit first,
white for one; below it the same with black and white exchanged, so that
a picture is not taken for a number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BITS = 16
BLACK, WHITE = 16, 235
NEUTRAL = 128

Plane = NDArray[np.uint8]


def block_px(width_px: int, height_px: int) -> int:
    """Side of one block, in pixels: even, and in proportion to the shorter side."""
    return max(2, 2 * round(min(width_px, height_px) / 90))


def burn_frame_number(planes: Sequence[Plane], number: int) -> None:
    """Draw a number into a YUV 4:2:0 frame.

    Args:
        planes: The Y, U and V planes (height x width, and half of both), changed in place.
        number: 0 to 65535; higher numbers wrap.
    """
    luma, blue, red = planes
    side = block_px(luma.shape[1], luma.shape[0])
    bits = np.array([(number >> (BITS - 1 - bit)) & 1 for bit in range(BITS)], np.uint8)
    row = np.repeat(BLACK + bits * np.uint8(WHITE - BLACK), side)
    luma[:side, : row.size] = row
    luma[side : 2 * side, : row.size] = BLACK + WHITE - row
    for chroma in (blue, red):
        chroma[:side, : row.size // 2] = NEUTRAL


def read_frame_number(frame: NDArray[np.uint8]) -> int | None:
    """The frame number in a decoded frame of a simulated video.

    Args:
        frame: RGB (height x width x 3) or grey (height x width), uint8, at the video's own size.

    Returns:
        The number, counted from 0, or `None` where no number is burnt in.
    """
    grey = frame if frame.ndim == 2 else frame[..., :3].mean(axis=2)
    side = block_px(grey.shape[1], grey.shape[0])
    if grey.shape[0] < 2 * side or grey.shape[1] < BITS * side:
        return None
    rows = grey[: 2 * side, : BITS * side].reshape(2, side, BITS, side)
    margin = side // 4
    means = rows[:, margin : side - margin, :, margin : side - margin].mean(axis=(1, 3))
    number_row, inverse_row = means > 128
    if not np.array_equal(number_row, ~inverse_row) or np.abs(means[0] - means[1]).min() < 96:
        return None
    return int(number_row @ (1 << np.arange(BITS - 1, -1, -1)))
