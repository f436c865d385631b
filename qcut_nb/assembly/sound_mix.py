"""The sound of a timeline: items, music and voices, mixed block by block."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .item_movie import shown_movie
from .layout import Layout, Slot
from .model import Edit, Sound
from .sound_filters import Ducker, Stretcher
from .sound_reader import CHANNELS, SAMPLE_RATE, Samples, SoundReader

BLOCK = 8192
"""Samples that are mixed at a time: each step costs Python."""
MOVIE_BLOCK = 2 * BLOCK


class Voice(Protocol):
    """Sound that is asked for from front to back."""

    def read(self, first: int, count: int) -> Samples:
        """Samples from a place on, counted at 48 kHz from its own start."""

    def close(self) -> None:
        """Give everything back."""


@dataclass(eq=False)
class Placed:
    """Sound in its place; numbers of samples.

    Attributes:
        opened: Gives what sounds; a file is open only while it is heard.
        first: Where it starts in the result.
        end: Where it ends.
        fade_in: How long it fades in.
        fade_out: How long it fades out.
        volume: Factor.
        ducks: Whether it steps back while other sound is heard.
    """

    opened: Callable[[], Voice]
    first: int
    end: int
    fade_in: int
    fade_out: int
    volume: float
    ducks: bool = False
    _voice: Voice | None = None

    def close(self) -> None:
        """Give the file back; it is opened again where it is needed again."""
        if self._voice is not None:
            self._voice.close()
            self._voice = None

    def add_to(self, block: Samples, at: int) -> None:
        """Mix it into a block that starts at a place in the result."""
        low, high = max(at, self.first), min(at + len(block), self.end)
        if low >= high:
            return
        place = np.arange(low - self.first, high - self.first)
        gain = np.full(high - low, self.volume)
        if self.fade_in:
            gain *= np.clip(place / self.fade_in, 0, 1)
        if self.fade_out:
            gain *= np.clip((self.end - self.first - place) / self.fade_out, 0, 1)
        if self._voice is None:
            self._voice = self.opened()
        samples = self._voice.read(low - self.first, high - low)
        block[low - at : high - at] += samples * gain[:, None].astype(np.float32)


class FileVoice:
    """The sound of a file from some moment on."""

    def __init__(self, path: Path, start_s: Fraction | float) -> None:
        self._reader = SoundReader(path)
        self._start = round(start_s * SAMPLE_RATE)

    def read(self, first: int, count: int) -> Samples:
        """Samples from a place on; silence in front of the file's start and behind its end."""
        start = self._start + first
        return self._reader.at(np.arange(start, start + count, dtype=np.int64))

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()


class MovieVoice:
    """The sound of a MoviePy clip from some moment on, made in blocks: each call costs Python."""

    def __init__(self, movie: Any, start_s: Fraction, *, own: bool) -> None:
        self._movie, self._own = movie, own
        self._start = round(start_s * SAMPLE_RATE)
        self._made: dict[int, Samples] = {}

    def read(self, first: int, count: int) -> Samples:
        """Samples from a place on; silence where the clip is not."""
        low, high = self._start + first, self._start + first + count
        blocks = range(low // MOVIE_BLOCK, (high - 1) // MOVIE_BLOCK + 1)
        self._made = {n: self._made[n] if n in self._made else self._block(n) for n in blocks}
        whole = np.concatenate([self._made[n] for n in blocks])
        return whole[low - blocks[0] * MOVIE_BLOCK :][:count]

    def _block(self, number: int) -> Samples:
        moments = np.arange(number * MOVIE_BLOCK, (number + 1) * MOVIE_BLOCK) / SAMPLE_RATE
        inside = (moments >= 0) & (moments < self._movie.duration)
        out = np.zeros((MOVIE_BLOCK, CHANNELS), np.float32)
        if self._movie.audio is not None and inside.any():
            found = np.asarray(self._movie.audio.get_frame(moments[inside]), np.float32)
            out[inside] = found.reshape(int(inside.sum()), -1)[:, :CHANNELS]
        return out

    def close(self) -> None:
        """Close what was opened here."""
        if self._own:
            self._movie.close()


class Backwards:
    """Another voice, last sample first."""

    def __init__(self, voice: Voice, length_s: Fraction) -> None:
        self._voice = voice
        self._length = round(length_s * SAMPLE_RATE)

    def read(self, first: int, count: int) -> Samples:
        """Samples from a place on, counted from the end."""
        return self._voice.read(self._length - first - count, count)[::-1]

    def close(self) -> None:
        """Give everything back."""
        self._voice.close()


class SoundMix:
    """All sound of a timeline, read once from front to back.

    Attributes:
        samples: Length, at 48 kHz.
    """

    def __init__(self, edit: Edit, layout: Layout) -> None:
        self.samples = round(layout.duration_s * SAMPLE_RATE)
        self._placed = [
            _place_item(slot, layout.fps) for slot in layout.slots if slot.item.has_sound
        ]
        whole_s = float(layout.duration_s)
        self._placed += [_place_sound(sound, whole_s) for sound in edit.sounds]

    def close(self) -> None:
        """Give all files back."""
        for each in self._placed:
            each.close()

    def blocks(self, first: int = 0) -> Iterator[Samples]:
        """The mix in blocks, from a place to its end.

        Raises:
            RenderError: A source does not decode.
        """
        ducker = Ducker() if any(each.ducks for each in self._placed) else None
        waiting = deque(sorted(self._placed, key=lambda each: each.first))
        heard: list[Placed] = []
        for at in range(first, self.samples, BLOCK):
            block = np.zeros((min(BLOCK, self.samples - at), CHANNELS), np.float32)
            behind = np.zeros_like(block)
            while waiting and waiting[0].first < at + len(block):
                heard.append(waiting.popleft())
            for each in [each for each in heard if each.end <= at]:
                each.close()
                heard.remove(each)
            for each in heard:
                each.add_to(behind if each.ducks else block, at)
            if ducker is None:
                yield block
            else:
                yield from ducker.put(block, behind)
        if ducker is not None:
            yield from ducker.end()


def _place_item(slot: Slot, fps: Fraction) -> Placed:
    item = slot.item

    def place(frames: int) -> int:
        return round(frames / fps * SAMPLE_RATE)

    return Placed(
        opened=lambda: _item_voice(slot),
        first=place(slot.first),
        end=place(slot.end),
        fade_in=max(place(slot.into), round(item.fade_in_s * SAMPLE_RATE)),
        fade_out=max(place(slot.out_of), round(item.fade_out_s * SAMPLE_RATE)),
        volume=item.volume,
    )


def _item_voice(slot: Slot) -> Voice:
    item = slot.item
    if item.is_movie:
        first_s = slot.moments.first_s
        voice: Voice = MovieVoice(shown_movie(item), first_s, own=item.clip is not None)
    else:
        assert item.clip is not None
        voice = FileVoice(item.clip.path, slot.moments.first_s)
    if item.is_reversed:
        voice = Backwards(voice, slot.moments.length_s)
    return voice if item.speed == 1 else Stretcher(voice, item.speed)


def _place_sound(sound: Sound, whole_s: float) -> Placed:
    return Placed(
        opened=lambda: FileVoice(sound.path, sound.start_s),
        first=round(sound.at_s * SAMPLE_RATE),
        end=round(sound.until_s(whole_s) * SAMPLE_RATE),
        fade_in=round(sound.fade_in_s * SAMPLE_RATE),
        fade_out=round(sound.fade_out_s * SAMPLE_RATE),
        volume=sound.volume,
        ducks=sound.duck,
    )
