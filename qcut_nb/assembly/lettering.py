"""Text as a picture. FFmpeg's own text filter is not in the wheels, Pillow is."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

from ..errors import InputError
from .fonts import Run, runs
from .model import Card, Position

MARGIN = 0.06
"""Space to the edges, as a part of the height."""
LONGEST_LINE = 0.9
"""As a part of the width; longer lines are broken."""
LINE_STEP, BASELINE = 1.25, 0.95
"""From one line to the next, and from a line's top to where letters stand, as parts of its size."""
SMALLEST_PX = 8
_WORDS = re.compile(
    r"\s*[\u2e80-\u9fff\uff00-\uffef][\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*"
    r"|\s*[^\s\u2e80-\u9fff\uff00-\uffef]+"
)
"""Chinese and Japanese lines break between any two characters, but not in front of a full stop."""


def draw_card(card: Card, width_px: int, height_px: int) -> Image.Image:
    """A card as RGBA, transparent where it has no background.

    Text that is too high for the picture is made smaller.

    Raises:
        InputError: No font shows the text.
    """
    ground = (0, 0, 0, 0) if card.background is None else colour(card.background)
    image = Image.new("RGBA", (width_px, height_px), ground)
    if not card.text.strip():
        return image
    size_px = card.size * height_px
    while True:
        lines = _broken(card.text, card.font, size_px, width_px * LONGEST_LINE)
        step_px = round(size_px * LINE_STEP)
        if len(lines) * step_px <= height_px * (1 - 2 * MARGIN) or size_px <= SMALLEST_PX:
            break
        size_px *= 0.9
    widths = [sum(run.width_px for run in line) for line in lines]
    block = round(max(widths)), len(lines) * step_px
    margin_px = round(MARGIN * height_px)
    x, y = anchored(card.position, block, (width_px, height_px), margin_px)
    draw = ImageDraw.Draw(image)
    if card.box:
        pad = round(size_px * 0.3)
        draw.rectangle(
            (x - pad, y - pad // 2, x + block[0] + pad, y + block[1] + pad // 2),
            fill=colour(card.box),
        )
    edge = 0 if card.box or card.background is not None else max(1, round(height_px / 360))
    for number, (line, line_px) in enumerate(zip(lines, widths, strict=True)):
        spare = block[0] - line_px
        share = 0.0 if "left" in card.position else 1.0 if "right" in card.position else 0.5
        baseline = y + number * step_px + round(size_px * BASELINE)
        _draw_line(image, line, (x + spare * share, baseline), colour(card.colour), edge)
    return image


def _draw_line(
    image: Image.Image,
    line: list[Run],
    at: tuple[float, float],
    fill: tuple[int, int, int, int],
    edge: int,
) -> None:
    x, baseline = at
    for run in line:
        if run.scale == 1:
            ImageDraw.Draw(image).text(
                (x, baseline),
                run.text,
                font=run.font,
                fill=fill,
                anchor="ls",
                stroke_width=edge,
                stroke_fill=(0, 0, 0, 200),
                embedded_color=True,
            )
        else:
            _draw_scaled(image, run, (round(x), round(baseline)), fill)
        x += run.width_px


def _draw_scaled(
    image: Image.Image, run: Run, at: tuple[int, int], fill: tuple[int, int, int, int]
) -> None:
    """Coloured bitmaps have one size only."""
    left, top, right, bottom = run.font.getbbox(run.text, anchor="ls")
    whole = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))))
    ImageDraw.Draw(whole).text(
        (-left, -top), run.text, font=run.font, fill=fill, anchor="ls", embedded_color=True
    )
    size = (max(1, round(whole.width * run.scale)), max(1, round(whole.height * run.scale)))
    place = at[0] + round(left * run.scale), at[1] + round(top * run.scale)
    over = Image.new("RGBA", image.size)
    over.paste(whole.resize(size, Image.Resampling.LANCZOS), place)
    image.alpha_composite(over)


def colour(name: str) -> tuple[int, int, int, int]:
    """A colour as CSS writes it.

    Raises:
        InputError: Nothing is called so.
    """
    try:
        red, green, blue, alpha = (*ImageColor.getrgb(name), 255)[:4]
    except ValueError as error:
        raise InputError(
            f"{name!r} is no colour.",
            money="",
            remedy='Write it as CSS does: "white", "#204080", "#20408080".',
        ) from error
    return red, green, blue, alpha


def anchored(
    position: Position, inner: tuple[int, int], outer: tuple[int, int], margin_px: int
) -> tuple[int, int]:
    """Where the top left corner of something stands in something larger, pixels."""
    x, y = (
        _anchor(spare, margin_px, at_start=start in position, at_end=end in position)
        for spare, start, end in (
            (outer[0] - inner[0], "left", "right"),
            (outer[1] - inner[1], "top", "bottom"),
        )
    )
    return x, y


def _anchor(spare: int, margin_px: int, *, at_start: bool, at_end: bool) -> int:
    margin_px = max(0, min(margin_px, spare // 2))  # what has hardly room keeps to the picture
    if at_start:
        return margin_px
    return spare - margin_px if at_end else spare // 2


def _broken(text: str, font: Path | None, size_px: float, longest_px: float) -> list[list[Run]]:
    """Lines that fit, broken between words, and inside those that are too long by themselves."""

    def width(line: str) -> float:
        return sum(run.width_px for run in runs(line, font, size_px))

    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in _WORDS.findall(paragraph):
            if line and width((line + word).rstrip()) > longest_px:
                lines.append(line.rstrip())
                line = ""
            line += word if line else word.lstrip()
            while len(line) > 1 and width(line.rstrip()) > longest_px:
                lengths = range(1, len(line))
                most = max(1, bisect_right(lengths, longest_px, key=lambda n: width(line[:n])))
                lines.append(line[:most])
                line = line[most:]
        lines.append(line.rstrip())
    return [runs(line, font, size_px) for line in lines]
