"""Timelines and their items as MoviePy clips, with the frames and the sound of rendering."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..clip import moviepy_module
from .colours import matrix_name
from .frames import rgb_pixels
from .layout import lay_out
from .model import Edit
from .picture_stream import PictureStream
from .planner import plan_edit
from .sound_reader import CHANNELS, SAMPLE_RATE, Samples
from .sound_track import mixed_sound
from .sources import files_of

if TYPE_CHECKING:
    import av

READ_ON_FRAMES = 48
"""A jump this far ahead is read through; a longer one starts anew."""


class _Pictures:
    """Frames by number; read mostly forwards."""

    def __init__(self, edit: Edit) -> None:
        plan = plan_edit(edit, may_copy=False)
        self._layout = lay_out(edit)
        self._stream = PictureStream(self._layout, plan.colours)
        named = plan.colours.is_named
        self._matrix = matrix_name(plan.colours.matrix, self._layout.height_px)
        self._space = None if named else "ITU601"
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._number = -READ_ON_FRAMES - 1
        self._picture: NDArray[np.uint8] | None = None

    def at(self, t_s: float) -> NDArray[np.uint8]:
        number = min(
            int((Fraction(t_s) + Fraction(1, 10**6)) * self._layout.fps), self._layout.frames - 1
        )
        if number == self._number and self._picture is not None:
            return self._picture
        if not self._number < number <= self._number + READ_ON_FRAMES:
            self._stream.close()
            self._frames = self._stream.frames(number, self._layout.frames)
            self._number = number - 1
        frame = None
        while self._number < number:
            frame = next(self._frames)
            self._number += 1
        assert frame is not None
        self._picture = self._rgb(frame)
        return self._picture

    def _rgb(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        # FFmpeg's fast way, as MoviePy's own readers take it: half a level darker, 20 ms sooner.
        return rgb_pixels(frame.reformat(format="rgb24", src_colorspace=self._space))

    def close(self) -> None:
        self._stream.close()


class _Sound:
    """Samples by time; read mostly forwards, some seconds are held."""

    HELD = 4 * SAMPLE_RATE

    def __init__(self, edit: Edit) -> None:
        self._edit, self._layout = edit, lay_out(edit)
        self._restart()

    def _restart(self) -> None:
        self._blocks = mixed_sound(self._edit, self._layout)
        self._first = 0
        self._window: Samples = np.zeros((0, CHANNELS), np.float32)

    def at(self, t: Any) -> Any:
        moments = np.atleast_1d(np.asarray(t, np.float64))
        places = np.rint(moments * SAMPLE_RATE).astype(np.int64)
        low, high = int(places.min()), int(places.max()) + 1
        if low < self._first:
            self._restart()
        parts = [self._window]
        end = self._first + len(self._window)
        for block in self._blocks if end < high else ():
            parts.append(block)
            end += len(block)
            if end >= high:
                break
        self._window = np.concatenate(parts)
        out = np.zeros((len(places), CHANNELS), np.float32)
        inside = (places >= self._first) & (places < end)
        out[inside] = self._window[places[inside] - self._first]
        spare = low - self._first - self.HELD
        if spare > 0:
            self._window, self._first = self._window[spare:].copy(), self._first + spare
        return out if np.ndim(t) else out[0]


def timeline_movie(edit: Edit) -> Any:
    """The timeline as a MoviePy clip.

    Raises:
        FfmpegMissingError: MoviePy has no ffmpeg.
    """
    moviepy = moviepy_module()
    layout = lay_out(edit)
    pictures = _Pictures(edit)
    movie = moviepy.VideoClip(duration=float(layout.duration_s))
    # Handed in above, a function is asked for a frame at once: that opens and decodes the file.
    movie.frame_function = lambda t: pictures.at(float(t))
    movie.size = (layout.width_px, layout.height_px)
    movie = movie.with_fps(float(layout.fps))
    movie.close = pictures.close
    movie.reads = tuple(files_of(edit))  # so that a timeline of it is never written over them
    if edit.sounds or any(item.has_sound for item in edit.items):
        sound = moviepy.AudioClip(
            frame_function=_Sound(edit).at, duration=float(layout.duration_s), fps=SAMPLE_RATE
        )
        movie = movie.with_audio(sound)
    return movie
