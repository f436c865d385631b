"""The way to MoviePy, with its failures in our words."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import FfmpegMissingError, MediaError


def moviepy_module() -> ModuleType:
    """MoviePy, loaded when first needed (about half a second).

    Raises:
        FfmpegMissingError: It finds no ffmpeg binary.
    """
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is not there.")  # noqa: TRY301 - one way to say it
        import moviepy
    except RuntimeError as error:
        raise FfmpegMissingError(
            "MoviePy found no ffmpeg binary.",
            remedy="Run `pip install --force-reinstall imageio-ffmpeg`, whose wheels carry one, "
            "or set IMAGEIO_FFMPEG_EXE to the path of an ffmpeg.",
        ) from error
    module: ModuleType = moviepy
    return module


def open_video(
    path: Path, size_px: tuple[int, int] | None, span_s: tuple[float, float] | None
) -> Any:
    """A MoviePy `VideoFileClip`.

    Args:
        path: The video.
        size_px: Width and height as displayed.
        span_s: Start and end in seconds; `None` is the whole file.

    Raises:
        FfmpegMissingError: MoviePy finds no ffmpeg binary.
        MediaError: The file is missing or cannot be read.
    """
    moviepy = moviepy_module()
    if not path.is_file():
        raise MediaError(f"There is no file {path}.")
    try:
        video = moviepy.VideoFileClip(str(path))
        if size_px is not None and tuple(video.size) != size_px:
            # MoviePy 2.2.1 does not see that ffmpeg turns the picture, and mixes up its rows.
            video.close()
            video = moviepy.VideoFileClip(str(path), target_resolution=size_px)
    except (OSError, ValueError, KeyError) as error:
        raise MediaError(f"MoviePy cannot read {path.name}: {error}") from error
    # Parts of it are copies that share this.
    video.close = partial(_close, video)
    if span_s is None:
        return video
    # MoviePy's length is rounded to 10 ms, so an exact end may lie just behind it.
    return video.subclipped(span_s[0], min(span_s[1], video.duration))


def _close(video: Any) -> None:
    """Close a MoviePy clip and its pipes: MoviePy 2.2.1 leaves those of an ended ffmpeg open."""
    readers = (video.reader, getattr(video.audio, "reader", None))
    programs = [reader.proc for reader in readers if reader is not None and reader.proc is not None]
    type(video).close(video)
    for program in programs:
        for pipe in (program.stdin, program.stdout, program.stderr):
            if pipe is not None:
                pipe.close()
        program.wait()
