"""What can be put on the track."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..clip import Clip
from ..errors import InputError, MediaError, QcutError
from .footage import even_rate
from .item_movie import shown_movie
from .model import Item, Movie, MoviePyClip
from .sources import movie_files, stamp_of


def as_item(given: Any, place: int) -> Item:
    """An item of a clip, a range, a path, or a MoviePy clip.

    Raises:
        InputError: It is something else.
        MediaError: The file is missing or has no video.
    """
    if isinstance(given, str | Path):
        given = Clip.from_file(given)
    if isinstance(given, Clip):
        clip = _on_frames(given)
        return Item(clip, clip.duration_s, stamp=stamp_of(clip))
    if isinstance(given, MoviePyClip):
        if not getattr(given, "size", None):
            raise InputError(
                f"Item {place} of the timeline is a MoviePy clip without a picture "
                f"({type(given).__name__}).",
                money="",
                remedy="Put sound under the timeline: write_audiofile(path), then music(path).",
            )
        if not given.duration:
            raise InputError(
                f"Item {place} of the timeline is a MoviePy clip without an end.",
                money="",
                remedy="Give it one: clip.with_duration(seconds).",
            )
        return Item(Movie(given, movie_files(given)), float(given.duration))
    raise InputError(
        f"Item {place} of the timeline is {type(given).__name__}, not a clip.",
        money="",
        remedy="Give clips, ranges such as clip[1.5:4], paths of video files, or MoviePy clips.",
    )


def _on_frames(clip: Clip) -> Clip:
    """A range from a frame to a frame, the nearest ones; as it is where frames are not even."""
    whole_s = clip.facts.duration_s
    try:
        fps = None if clip.is_whole or not whole_s else even_rate(clip)
    except (MediaError, OSError):
        return clip  # planning and rendering say so
    if not fps or not whole_s:
        return clip
    # Halves always go up: `round` takes every second one down, and short ranges would overlap.
    frames, first, end = (int(t_s * fps + 0.5) for t_s in (whole_s, clip.start_s, clip.end_s))
    first = max(0, min(first, frames - 1))
    end = max(first + 1, end)
    end_s = whole_s if end >= frames else float(end / fps)
    return replace(clip, start_s=float(first / fps), end_s=end_s)


def lasting(item: Item) -> Item:
    """An item as long and as large as its effects make it.

    Raises:
        InputError: Effects do not apply to it.
        FfmpegMissingError: MoviePy has no ffmpeg.
    """
    if not item.effects:
        return item
    try:
        movie = shown_movie(item)
        length_s = float(movie.duration)
        size_px = int(movie.size[0]), int(movie.size[1])
    except QcutError:
        raise
    except Exception as error:
        raise InputError(
            f"MoviePy cannot apply {', '.join(map(repr, item.effects))} to {item.name}: {error}",
            money="",
            remedy="Take effects such as [moviepy.vfx.MirrorX()].",
        ) from error
    if item.clip is not None:
        movie.close()
    return replace(item, length_s=length_s, size_px=size_px)


def check_fades(item: Item) -> None:
    """Refuse fades that do not fit an item.

    Raises:
        InputError: One is longer.
    """
    for fade_s in (item.fade_in_s, item.fade_out_s):
        if fade_s > item.duration_s:
            raise InputError(
                f"A fade of {fade_s:g} s is longer than {item.name}, which lasts "
                f"{item.duration_s:.2f} s.",
                money="",
                remedy=f"Take at most {item.duration_s:.2f} s.",
            )


def number(value: float, what: str) -> float:
    """A finite number from 0 on.

    Raises:
        InputError: It is not.
    """
    if not (math.isfinite(value) and value >= 0):
        raise InputError(
            f"{what} of {value!r} is not possible.",
            money="",
            remedy="Take 0 or more; 1 leaves it as it is.",
        )
    return float(value)
