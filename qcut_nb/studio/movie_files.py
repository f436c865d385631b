"""MoviePy clips as files, so that a browser can play them."""

from __future__ import annotations

import secrets
import weakref
from pathlib import Path
from typing import Any

from ..clip import Clip
from ..errors import InputError
from ..media import sha256_file

_written: dict[tuple[int, Path], tuple[weakref.ref[Any], Path]] = {}


def is_movie(source: object) -> bool:
    """Whether something is a MoviePy video clip, or behaves like one."""
    return all(hasattr(source, name) for name in ("get_frame", "duration", "size"))


def movie_file(movie: Any, folder: Path) -> Clip:
    """A MoviePy clip as a file, written once: the same pictures give the same file.

    Args:
        movie: A MoviePy video clip.
        folder: Where it goes.

    Raises:
        InputError: It has no length.
        RenderError: It cannot be written.
    """
    from ..assembly import write_movie

    if not movie.duration:
        raise InputError(
            "A MoviePy clip without a length cannot be compared.",
            money="",
            remedy="Give it one: clip.with_duration(5).",
        )
    key = (id(movie), folder)
    known = _written.get(key)
    if known is not None and known[0]() is movie and known[1].is_file():
        return Clip.from_file(known[1])
    folder.mkdir(parents=True, exist_ok=True)
    fresh = write_movie(movie, folder / f"moviepy-{secrets.token_hex(8)}.mp4")
    path = folder / f"moviepy-{sha256_file(fresh)[:16]}.mp4"
    fresh.replace(path)
    _written[key] = (weakref.ref(movie), path)
    return Clip.from_file(path)
