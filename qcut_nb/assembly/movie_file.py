"""A MoviePy clip as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .timeline import Timeline


def write_movie(movie: Any, path: Path) -> Path:
    """Write a MoviePy clip as H.264 and AAC in MP4: even sides, its exact rate, whole or not.

    Raises:
        InputError: It is no MoviePy video clip, or has no end.
        RenderError: It cannot be written.
    """
    return Timeline.from_moviepy(movie).render(path, overwrite=True, show=False).path
