"""Are the sources still what they were when the timeline was made?

The rule: when a file becomes part of a timeline, its stamp is taken (size, inode, when it was
written, when the system last changed it). Before planning and rendering the stamps are compared.
The system sets the last of these times itself, so a file is noticed that was replaced by another
of the same size with the same modification time. A clip from a studio has a recorded digest, and
this decides: when its stamp has changed, and before each render, its content is hashed; equal
content is the same clip, whatever its stamp says. Other files whose stamp differs have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..clip import Clip
from ..errors import InputError
from .model import Card, Edit, Movie, Source, Stamp, Still
from .pieces import digest


def stamp_of(source: Clip | Path) -> Stamp | None:
    """The stamp of a file; `None` where it is not there, which rendering says."""
    path = source.path if isinstance(source, Clip) else source
    try:
        found = path.stat()
    except OSError:
        return None
    sha256 = None
    if isinstance(source, Clip) and source.owner is not None:
        sha256 = source.owner.digest_of(source)
    return Stamp(found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, sha256)


def movie_files(movie: Any) -> tuple[tuple[Path, Stamp], ...]:
    """The files that a MoviePy clip reads, itself or in the clips that it is made of."""
    found: dict[Path, Stamp] = {}
    for name in (getattr(movie, "filename", None), *getattr(movie, "reads", ())):
        path = Path(name).absolute() if isinstance(name, str | Path) else None
        if path is not None and (stamp := stamp_of(path)) is not None:
            found[path] = stamp
    parts = (getattr(movie, "audio", None), getattr(movie, "mask", None))
    for part in (*parts, *(getattr(movie, "clips", None) or ())):
        if part is not None:
            found.update(movie_files(part))
    return tuple(found.items())


def files_of(edit: Edit) -> Iterator[Path]:
    """Every file that a timeline reads."""
    for source in _shown(edit):
        if isinstance(source, Clip | Still):
            yield source.path
        elif isinstance(source, Movie):
            yield from (path for path, _ in source.files)
    yield from (sound.path for sound in edit.sounds)
    yield from (each.origin.path for each in edit.captions if each.origin is not None)
    yield from _fonts(edit)


def _shown(edit: Edit) -> list[Source]:
    return [*(item.source for item in edit.items), *(over.source for over in edit.overlays)]


def _fonts(edit: Edit) -> Iterator[Path]:
    fonts = [source.font for source in _shown(edit) if isinstance(source, Card)]
    fonts += [caption.font for caption in edit.captions]
    yield from (font for font in fonts if font is not None)


def check_sources(edit: Edit, *, thoroughly: bool = False) -> None:
    """Every source must still be the file it was; see this module for the rule.

    Args:
        edit: The edit.
        thoroughly: Whether clips from a studio are compared with their recorded digests even
            where nothing looks changed. Provenance needs these digests anyway.

    Raises:
        InputError: One is missing, or was changed since the timeline was made.
    """
    for number, item in enumerate(edit.items, 1):
        if isinstance(item.source, Clip | Still):
            kind = "Clip" if isinstance(item.source, Clip) else "Item"
            _check(item.source, f"{kind} {number}, {item.source.path}", item.stamp, thoroughly)
        elif isinstance(item.source, Movie):
            for path, stamp in item.source.files:
                _check_stamp(path, f"Item {number}, {path}", stamp)
    for number, over in enumerate(edit.overlays, 1):
        if isinstance(over.source, Clip | Still):
            _check(over.source, f"Overlay {number}, {over.source.path}", over.stamp, thoroughly)
    for number, sound in enumerate(edit.sounds, 1):
        _check_stamp(sound.path, f"Sound {number}, {sound.path}", sound.stamp)
    for font in _fonts(edit):
        _check_stamp(font, f"A font, {font}", None)


def _check(source: Clip | Still, name: str, was: Stamp | None, thoroughly: bool) -> None:
    now = stamp_of(source.path)
    recorded = was.sha256 if was is not None else None
    if now is not None and recorded is not None and (thoroughly or now != was):
        if digest(source.path) != recorded:
            raise _changed(name)
        return
    _check_stamp(source.path, name, was)
    if isinstance(source, Clip) and now is not None and now.size_bytes != source.facts.size_bytes:
        raise _changed(name)  # between reading the clip and making the timeline


def _check_stamp(path: Path, name: str, was: Stamp | None) -> None:
    now = stamp_of(path)
    if now is None:
        raise InputError(
            f"{name}, is not there.",
            money="",
            remedy="Put it back, or build the timeline from a file that is there.",
        )
    if was not in (None, now):
        raise _changed(name)


def _changed(name: str) -> InputError:
    return InputError(
        f"{name}, has changed since the timeline was made.",
        money="",
        remedy="Build the timeline again from the file as it is now: Clip.from_file(path), "
        "or put the old file back.",
    )
