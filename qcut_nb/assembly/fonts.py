"""Which font shows which text: the one asked for, else Pillow's own, else one of this machine's."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from ..errors import InputError

Font = ImageFont.FreeTypeFont
BITMAP_SIZE_PX = 109
"""The one size in which fonts of coloured bitmaps, as for emoji, can be opened."""
MISSING = "\U0010fffd"
"""A character that no font has: what it looks like is what missing ones look like."""
JOINERS = frozenset("\u200d\ufe0e\ufe0f")
SKIN_TONES = range(0x1F3FB, 0x1F400)
UNFIT = (
    *("lastresort", "adobeblank"),
    *("math", "light", "thin", "black", "heavy", "bold", "italic", "oblique"),
    *("mono", "condensed", "narrow", "serif"),
)
"""Words in names of fonts that are taken last, or, the first two, that show nothing."""


@dataclass(frozen=True)
class Run:
    """Text that one font shows.

    Attributes:
        text: The text.
        font: What shows it.
        scale: By which factor, where the font has only one size.
    """

    text: str
    font: Font
    scale: float

    @property
    def width_px(self) -> float:
        """How far it reaches."""
        return float(self.font.getlength(self.text)) * self.scale


def check_text(text: str, font: str | Path | None) -> Path | None:
    """Refuse text that cannot be shown before anything is rendered; the font's whole path.

    Raises:
        InputError: The font is none, no font has a character, or the text runs from right to left
            and this installation of Pillow cannot set that.
    """
    path = None if font is None else Path(font).absolute()
    for line in text.splitlines():
        runs(line, path, 20)
    needs_raqm = any(_direction(char) == "R" for char in text)
    if needs_raqm and not (features.check("raqm") and features.check("fribidi")):
        raise InputError(
            f"{text[:40]!r} runs from right to left, which Pillow cannot set here.",
            money="",
            remedy="Install FriBiDi (libfribidi), or use captions(..., burn=False).",
        )
    return path


def runs(line: str, font: Path | None, size_px: float) -> list[Run]:
    """A line as runs of text, from left to right as they are shown.

    Raises:
        InputError: The font is none, or no font has a character.
    """
    clusters = list(_clusters(line))
    bases = "".join(dict.fromkeys(each[0] for each in clusters if not each.isspace()))
    one = _font_for(bases, font)
    if one is not None:
        return [_run(line, one, size_px)] if line else []
    chosen = {char: _font_for(char, font) for char in bases}
    if missing := [char for char, found in chosen.items() if found is None]:
        raise InputError(
            f"No font here shows {' '.join(missing)} (in {line[:40]!r}).",
            money="",
            remedy='Install one that does, or name a file: font="NotoSansCJK-Regular.ttc".',
        )
    names: list[str] = []
    for cluster in clusters:
        before = names[-1] if names else ""
        # Spaces go with the word in front of them, but those of fonts for emoji are too wide.
        space = before if _run(" ", before, size_px).scale == 1 else ""
        names.append(space if cluster.isspace() else chosen[cluster[0]] or "")
    found = [
        _run("".join(cluster for cluster, _ in group), name, size_px)
        for name, group in groupby(zip(clusters, names, strict=True), lambda pair: pair[1])
    ]
    first = next((side for side in map(_direction, line) if side), "L")
    return found[::-1] if first == "R" else found


def _direction(char: str) -> str:
    """Which way a character runs: L, R, or nothing where it follows others."""
    return {"L": "L", "R": "R", "AL": "R"}.get(unicodedata.bidirectional(char), "")


def _clusters(line: str) -> Iterator[str]:
    """Characters with the marks, joiners and skin tones that belong to them."""
    held = ""
    for char in line:
        belongs = unicodedata.combining(char) or char in JOINERS or ord(char) in SKIN_TONES
        if held and not belongs and held[-1] != "\u200d":
            yield held
            held = ""
        held += char
    if held:
        yield held


def _run(text: str, name: str, size_px: float) -> Run:
    font = open_font(name, max(8.0, size_px))
    return Run(text, font, max(8.0, size_px) / font.size)


@lru_cache(maxsize=512)
def _font_for(chars: str, font: Path | None) -> str | None:
    """The first font that has all of some characters: a path, or "" for Pillow's own."""
    if font is not None and not _is_font(font):
        raise InputError(
            f"{font} is no font that can be read.", money="", remedy="Give a .ttf, .otf or .ttc."
        )
    first = [""] if font is None else [str(font), ""]
    for name in (*first, *_installed()):
        try:
            if all(_shows(open_font(name, 20), char) for char in chars):
                return name
        except OSError:
            continue
    return None


def _is_font(path: Path) -> bool:
    try:
        open_font(str(path), 20)
    except OSError:
        return False
    return True


@lru_cache(maxsize=64)
def open_font(name: str, size_px: float) -> Font:
    """A font by its path, or Pillow's own; in its one size where it has only one.

    Raises:
        OSError: It is none.
    """
    if not name:
        own = ImageFont.load_default(size_px)
        assert isinstance(own, Font)
        return own
    try:
        return ImageFont.truetype(name, size_px)
    except OSError:
        return ImageFont.truetype(name, BITMAP_SIZE_PX)


def _shows(font: Font, char: str) -> bool:
    seen = _picture(font, char)
    return seen.getbbox() is not None and seen != _picture(font, MISSING)


def _picture(font: Font, char: str) -> Image.Image:
    """A character in its own colours: letters of some fonts, as for emoji, have no other form."""
    side = round(font.size * 2)
    image = Image.new("RGBA", (side, side))
    ImageDraw.Draw(image).text(
        (side // 4, side * 3 // 4), char, font=font, anchor="ls", embedded_color=True
    )
    return image


@lru_cache(maxsize=1)
def _installed() -> tuple[str, ...]:
    """The fonts of this machine, plain ones first."""
    found = {
        path
        for folder in _folders()
        for path in folder.rglob("*")
        if path.suffix.lower() in (".ttf", ".otf", ".ttc") and _rank(path) > 1 - len(UNFIT)
    }
    return tuple(str(path) for path in sorted(found, key=lambda path: (-_rank(path), path.name)))


def _rank(path: Path) -> int:
    """0 for plain fonts, below for those that are less fit to be read in a video."""
    name = path.name.lower()
    return -next((len(UNFIT) - place for place, word in enumerate(UNFIT) if word in name), 0)


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    if sys.platform == "darwin":
        system = [Path("/System/Library/Fonts"), Path("/Library/Fonts")]
        return [home / "Library/Fonts", *system]
    own = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / "fonts" for folder in (own, *shared.split(":"))]
