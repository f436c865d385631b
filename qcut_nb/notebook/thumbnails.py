"""An input file, for people: a small picture and its facts."""

from __future__ import annotations

from pathlib import Path

from qcut_nb.catalog import InputFile

from .messages import FileKind

SIDE_PX = 160


def thumbnail(kind: FileKind, file: InputFile) -> bytes | None:
    """A small JPEG of a picture or video on this machine; `None` for sounds and URLs."""
    if kind == "audio" or file.path is None:
        return None
    from qcut_nb.media import poster

    return poster(Path(file.path), max_side_px=SIDE_PX)


def facts_text(file: InputFile) -> str:
    """What a file is: "1280x720, 5.0 s, MP4, 2.1 MB"; what is unknown is left out."""
    facts = file.facts
    if facts is None:
        return "not read: fal fetches it from the URL"
    parts = []
    if facts.width_px and facts.height_px:
        parts.append(f"{facts.width_px}x{facts.height_px}")
    if facts.duration_s is not None:
        parts.append(f"{facts.duration_s:.1f} s")
    parts.append(facts.format.upper())
    parts.append(_size(facts.size_bytes))
    return ", ".join(parts)


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
