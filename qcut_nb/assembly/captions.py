"""Captions: read from and written to SubRip and WebVTT files."""

from __future__ import annotations

import hashlib
import html
import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from ..errors import InputError
from .model import Caption, CaptionFile, Card, Overlay
from .times import clock

_TIMES = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
)
_MARKUP = re.compile(r"<[^>]*>|\{\\[^}]*\}")
CAPTION_SIZE = 0.055
"""Height of a line as a part of the picture's height."""


def read_captions(path: str | Path) -> tuple[Caption, ...]:
    """The captions in an SRT or VTT file, by what is in it; markup is left out.

    Raises:
        InputError: It is missing, not text, or holds no captions.
    """
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read as captions: {error}",
            money="",
            remedy="Give an SRT or VTT file in UTF-8, or a list of (start, end, text).",
        ) from error
    origin = CaptionFile(Path(path).absolute(), hashlib.sha256(data).hexdigest())
    is_vtt = text.startswith("WEBVTT")
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip().split("\n")
        for number, line in enumerate(lines):
            match = _TIMES.search(line)
            if match:
                words = _MARKUP.sub("", "\n".join(lines[number + 1 :])).strip()
                words = html.unescape(words) if is_vtt else words
                start_s, end_s = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
                if words and end_s > start_s:
                    found.append(Caption(start_s, end_s, words, origin=origin))
                break
    if not found:
        raise InputError(
            f"{Path(path).name} holds no captions.", money="", remedy="Give an SRT or VTT file."
        )
    return tuple(sorted(found, key=lambda caption: caption.start_s))


def caption_file(captions: Iterable[Caption], ending: str) -> str:
    """Captions as the text of a file: SubRip for `.srt`, WebVTT for `.vtt`."""
    vtt = ending == ".vtt"
    mark = "." if vtt else ","
    blocks = ["WEBVTT"] if vtt else []
    for number, each in enumerate(sorted(captions, key=lambda caption: caption.start_s), 1):
        times = f"{clock(each.start_s, mark)} --> {clock(each.end_s, mark)}"
        head = times if vtt else f"{number}\n{times}"
        # An empty line would end the caption.
        text = "\n".join(line for line in each.text.splitlines() if line.strip())
        blocks.append(f"{head}\n{html.escape(text, quote=False) if vtt else text}")
    return "\n\n".join(blocks) + "\n"


def burnt(captions: Iterable[Caption]) -> tuple[Overlay, ...]:
    """Captions as text over the picture; those that are said at once stand below each other."""
    drawn = [each for each in captions if not each.file]
    edges = sorted({each.start_s for each in drawn} | {each.end_s for each in drawn})
    found = []
    for start_s, end_s in itertools.pairwise(edges):
        said = [each for each in drawn if each.start_s <= start_s and end_s <= each.end_s]
        if said:
            text, font = "\n".join(each.text for each in said), said[0].font
            card = Card(text, CAPTION_SIZE, position="bottom", box="#000000a0", font=font)
            found.append(Overlay(card, start_s, end_s))
    return tuple(found)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + ms / 1000
