"""An item as a MoviePy clip."""

from __future__ import annotations

from typing import Any

from ..errors import InputError
from .model import Edit, Item, Movie


def shown_movie(item: Item) -> Any:
    """An item as a MoviePy clip with its effects; speed and direction are the caller's.

    A clip's frames are decoded in this process: MoviePy's own reader takes half as long again, as
    it has a program decode and sends each frame through a pipe.

    Raises:
        InputError: It is neither a clip nor a MoviePy clip.
        FfmpegMissingError: MoviePy has no ffmpeg.
    """
    # A timeline's frames may come from MoviePy, and MoviePy's from a timeline.
    from .moviepy_bridge import timeline_movie

    if isinstance(item.source, Movie):
        movie = item.source.clip
    elif item.clip is not None:
        movie = timeline_movie(Edit((Item(item.clip, item.clip.duration_s),)))
    else:
        raise InputError(
            f"MoviePy effects do not apply to {item.name}.",
            money="",
            remedy="Put them on clips, or hand in a MoviePy clip.",
        )
    return movie.with_effects(list(item.effects)) if item.effects else movie
