"""Which picture and which sound a timeline has at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..clip import Clip, moviepy_module
from .frame_reader import Fit, FrameReader, names_colours
from .sound_reader import CHANNELS, SAMPLE_RATE, Samples, SoundReader


@dataclass(frozen=True)
class Music:
    """A sound file under the whole timeline.

    Attributes:
        path: The file.
        volume: Factor; 1 leaves it as it is.
        start_s: From where in the file, seconds.
        fade_out_s: Fade at the timeline's end, seconds.
    """

    path: Path
    volume: float = 1.0
    start_s: float = 0.0
    fade_out_s: float = 0.0


@dataclass(frozen=True)
class Piece:
    """A clip in its place; times in seconds.

    Attributes:
        fade_in_s: Crossfade with the piece before.
        fade_out_s: Crossfade with the piece after.
    """

    clip: Clip
    start_s: float
    end_s: float
    fade_in_s: float
    fade_out_s: float


@dataclass(frozen=True)
class Shape:
    """What a result looks like."""

    width_px: int
    height_px: int
    fps: Fraction
    fit: Fit


def pieces_of(clips: Sequence[Clip], crossfade_s: float) -> tuple[Piece, ...]:
    """Clips in their places, each overlapping the one before by the crossfade."""
    pieces, at = [], 0.0
    for number, clip in enumerate(clips):
        fade_in_s = crossfade_s if number else 0.0
        fade_out_s = crossfade_s if number + 1 < len(clips) else 0.0
        at -= fade_in_s
        pieces.append(Piece(clip, at, at + clip.duration_s, fade_in_s, fade_out_s))
        at += clip.duration_s
    return tuple(pieces)


class Composition:
    """Pictures and sound by time. Reads its sources lazily, and each from front to back.

    Attributes:
        duration_s: Length, seconds.
        has_sound: Whether any source has sound.
        names_colours: Whether any source says which colours its numbers mean. Where none does, the
            numbers pass as they are, so that every player shows result and source alike.
    """

    def __init__(self, pieces: Sequence[Piece], music: Sequence[Music], shape: Shape) -> None:
        self._pieces = tuple(pieces)
        self._music = tuple(music)
        self._shape = shape
        self._readers: dict[int, FrameReader] = {}
        self._sounds: dict[int | Path, SoundReader] = {}
        self.duration_s = self._pieces[-1].end_s
        self.names_colours = any(
            names_colours(path) for path in {piece.clip.path for piece in pieces}
        )
        self.has_sound = bool(music) or any(p.clip.facts.has_audio for p in pieces)

    def close(self) -> None:
        """Give all files back; asking again opens them again."""
        for reader in self._readers.values():
            reader.close()
        for sound in self._sounds.values():
            sound.close()
        self._readers.clear()
        self._sounds.clear()

    def picture(self, t_s: float) -> NDArray[np.uint8]:
        """The picture at a moment: shape (height, width, 3), RGB.

        Raises:
            RenderError: A source does not decode.
        """
        t_s += 1e-6  # a time computed in floats must not fall before its own frame
        playing = [n for n, piece in enumerate(self._pieces) if piece.start_s <= t_s < piece.end_s]
        if not playing:
            playing = [len(self._pieces) - 1]
        for number in [n for n in self._readers if n < playing[0]]:
            self._readers.pop(number).close()
        below = self._frame(playing[0], t_s)
        if len(playing) == 1:
            return below
        piece = self._pieces[playing[1]]
        share = round(256 * (t_s - piece.start_s) / piece.fade_in_s)
        above = self._frame(playing[1], t_s)
        mixed = below.astype(np.uint16) * (256 - share) + above.astype(np.uint16) * share
        return (mixed >> 8).astype(np.uint8)

    def sound(self, t_s: NDArray[np.float64]) -> Samples:
        """The sound at rising moments, mixed: shape (n, 2), -1 to 1.

        Raises:
            RenderError: A source does not decode.
        """
        mixed = np.zeros((len(t_s), CHANNELS), np.float32)
        if not len(t_s):
            return mixed
        for number, piece in enumerate(self._pieces):
            if not piece.clip.facts.has_audio:
                continue
            if piece.end_s <= t_s[0] or piece.start_s > t_s[-1]:
                if piece.end_s <= t_s[0] - 1 and number in self._sounds:
                    self._sounds.pop(number).close()
                continue
            inside = (t_s >= piece.start_s) & (t_s < piece.end_s)
            local_s = t_s[inside] - piece.start_s
            mixed[inside] += self._samples(
                number, piece.clip.path, piece.clip.start_s + local_s
            ) * _gain(local_s, piece.end_s - piece.start_s, piece.fade_in_s, piece.fade_out_s)
        for music in self._music:
            samples = self._samples(music.path, music.path, music.start_s + t_s)
            gain = _gain(t_s, self.duration_s, 0.0, music.fade_out_s)
            mixed += samples * gain * np.float32(music.volume)
        return np.clip(mixed, -1, 1)

    def to_moviepy(self) -> Any:
        """This as a MoviePy clip.

        Raises:
            FfmpegMissingError: MoviePy has no ffmpeg.
        """
        moviepy = moviepy_module()
        movie = moviepy.VideoClip(
            frame_function=lambda t: self.picture(float(t)), duration=self.duration_s
        ).with_fps(float(self._shape.fps))
        if self.has_sound:
            sound = moviepy.AudioClip(
                frame_function=self._moviepy_sound, duration=self.duration_s, fps=SAMPLE_RATE
            )
            movie = movie.with_audio(sound)
        return movie

    def _moviepy_sound(self, t: Any) -> Any:
        """MoviePy asks for one moment (a number) or for many (an array)."""
        samples = self.sound(np.atleast_1d(np.asarray(t, np.float64)))
        return samples if np.ndim(t) else samples[0]

    def _frame(self, number: int, t_s: float) -> NDArray[np.uint8]:
        piece, shape = self._pieces[number], self._shape
        if number not in self._readers:
            self._readers[number] = FrameReader(
                piece.clip.path,
                shape.width_px,
                shape.height_px,
                shape.fit,
                guess_colours=self.names_colours,
            )
        return self._readers[number].at(piece.clip.start_s + max(0.0, t_s - piece.start_s))

    def _samples(self, key: int | Path, path: Path, t_s: NDArray[np.float64]) -> Samples:
        if key not in self._sounds:
            self._sounds[key] = SoundReader(path)
        return self._sounds[key].at(np.rint(t_s * SAMPLE_RATE).astype(np.int64))


def _gain(
    local_s: NDArray[np.float64], length_s: float, fade_in_s: float, fade_out_s: float
) -> Samples:
    gain = np.ones(len(local_s))
    if fade_in_s:
        gain *= np.clip(local_s / fade_in_s, 0, 1)
    if fade_out_s:
        gain *= np.clip((length_s - local_s) / fade_out_s, 0, 1)
    return gain[:, None].astype(np.float32)
