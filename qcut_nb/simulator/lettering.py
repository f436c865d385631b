"""Text for simulated videos, drawn once a video with Pillow and pasted into every frame."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .frame_numbers import BLACK, NEUTRAL, WHITE, Plane

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def text_plate(
    lines: tuple[str, ...], width_px: int, text_height_px: int, max_lines: int
) -> NDArray[np.uint8]:
    """A luma plate (even sides) with white text on black, wrapped and cut to fit.

    Args:
        lines: The text; each item starts a new line.
        width_px: Greatest width of the plate.
        text_height_px: Height of a line of text.
        max_lines: Lines beyond this are cut, with an ellipsis.
    """
    font = _font(max(8, text_height_px))
    pad = max(2, text_height_px // 3)
    room = width_px - 2 * pad
    wrapped = [part for line in lines for part in _wrap(line, font, room)]
    if len(wrapped) > max_lines:
        wrapped = [*wrapped[: max_lines - 1], wrapped[max_lines - 1].rstrip() + "…"]
    line_px = round(text_height_px * 1.3)
    text_px = max((font.getlength(line) for line in wrapped), default=0)
    width = _even(min(width_px, text_px + 2 * pad))
    image = Image.new("L", (width, _even(line_px * len(wrapped) + 2 * pad)), 0)
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(wrapped):
        draw.text((pad, pad + index * line_px), line, fill=255, font=font)
    mask = np.asarray(image, np.uint16)
    return (BLACK + mask * (WHITE - BLACK) // 255).astype(np.uint8)


@lru_cache(maxsize=32)
def digit_plates(text_height_px: int) -> tuple[NDArray[np.uint8], ...]:
    """Luma plates of equal size for the digits 0 to 9."""
    font = _font(max(8, text_height_px))
    width = _even(max(font.getlength(d) for d in "0123456789") + 2)
    plates = []
    for digit in "0123456789":
        image = Image.new("L", (width, _even(text_height_px * 1.25)), 0)
        ImageDraw.Draw(image).text((1, 0), digit, fill=255, font=font)
        mask = np.asarray(image, np.uint16)
        plates.append((BLACK + mask * (WHITE - BLACK) // 255).astype(np.uint8))
    return tuple(plates)


def paste(planes: tuple[Plane, Plane, Plane], plate: Plane, left_px: int, top_px: int) -> None:
    """Put a plate into a frame; both positions must be even. What hangs over is cut."""
    luma, blue, red = planes
    target = luma[top_px : top_px + plate.shape[0], left_px : left_px + plate.shape[1]]
    height, width = target.shape
    target[:] = plate[:height, :width]
    top, left = top_px // 2, left_px // 2
    for chroma in (blue, red):
        chroma[top : top + height // 2, left : left + width // 2] = NEUTRAL


@lru_cache(maxsize=32)
def _font(size_px: int) -> Font:
    return ImageFont.load_default(size_px)


def _wrap(text: str, font: Font, room_px: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        while font.getlength(word) > room_px and len(word) > 1:
            keep = max(1, int(len(word) * room_px / font.getlength(word)))
            lines.extend([line, word[:keep]] if line else [word[:keep]])
            line, word = "", word[keep:]
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room_px:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _even(length_px: float) -> int:
    return max(2, 2 * round(length_px / 2))
