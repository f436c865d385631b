"""Text as a picture. FFmpeg's own text filter is not in the wheels, Pillow is."""

from __future__ import annotations

from PIL import Image, ImageColor, ImageDraw, ImageFont

from ..errors import InputError
from .model import Card, Position

MARGIN = 0.06
"""Space to the edges, as a part of the height."""
LONGEST_LINE = 0.9
"""As a part of the width; longer lines are broken."""


def draw_card(card: Card, width_px: int, height_px: int) -> Image.Image:
    """A card as RGBA, transparent where it has no background."""
    ground = (0, 0, 0, 0) if card.background is None else colour(card.background)
    image = Image.new("RGBA", (width_px, height_px), ground)
    if not card.text:
        return image
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(8.0, card.size * height_px))
    lines = _broken(card.text, font, width_px * LONGEST_LINE)
    text = "\n".join(lines)
    left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font=font)
    x, y = anchored(
        card.position,
        (round(right - left), round(bottom - top)),
        (width_px, height_px),
        round(MARGIN * height_px),
    )
    if card.box:
        pad = round(card.size * height_px * 0.35)
        draw.rectangle(
            (x - pad, y - pad, x + right - left + pad, y + bottom - top + pad),
            fill=colour(card.box),
        )
    edge = 0 if card.box or card.background is not None else max(1, round(height_px / 360))
    draw.multiline_text(
        (x - left, y - top),
        text,
        font=font,
        fill=colour(card.colour),
        align="center" if card.position in ("top", "centre", "bottom") else "left",
        stroke_width=edge,
        stroke_fill=(0, 0, 0, 200),
    )
    return image


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
    spare = outer[0] - inner[0], outer[1] - inner[1]
    x = margin_px if "left" in position else spare[0] // 2
    x = spare[0] - margin_px if "right" in position else x
    y = margin_px if "top" in position else spare[1] // 2
    y = spare[1] - margin_px if "bottom" in position else y
    return x, y


def _broken(
    text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, longest_px: float
) -> list[str]:
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > longest_px:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
