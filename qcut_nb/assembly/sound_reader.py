"""Sound of a source, as samples at the moments a timeline asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import RenderError
from ..media import open_media

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

SAMPLE_RATE = 48_000
CHANNELS = 2
KEPT_SAMPLES = 4 * SAMPLE_RATE
"""What stays in memory behind the reading point, so that a small step back needs no seek."""
LEAD_SAMPLES = SAMPLE_RATE // 4
"""Codecs need some sound before the wanted one to start cleanly."""
ESTIMATED = ("mp3", "aac")
"""Of these FFmpeg guesses the length by the bit rate, and may be off by a tenth."""

Samples = NDArray[np.float32]


class SoundReader:
    """Reads one file's sound, stereo at 48 kHz, in a window that moves along.

    Times count from the file's first picture where it has one, so that sound stays in step with
    it, else from its first sound.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._container = self._stack.enter_context(open_media(path))
        self._stream = self._container.streams.audio[0]
        self._zero = _zero_s(self._container)
        self._blocks: Iterator[tuple[int, Samples]] | None = None
        self._window = np.zeros((0, CHANNELS), np.float32)
        self._first = 0
        self._ended = False

    def close(self) -> None:
        """Give the file back."""
        self._blocks = None
        self._stack.close()

    def at(self, indices: NDArray[np.int64]) -> Samples:
        """Samples by their number at 48 kHz; silence where the file has none.

        Args:
            indices: Shape (n,), rising.

        Returns:
            Shape (n, 2), -1 to 1.

        Raises:
            RenderError: The file does not decode there.
        """
        out = np.zeros((len(indices), CHANNELS), np.float32)
        if not len(indices) or int(indices[-1]) < 0:
            return out
        self._reach(max(0, int(indices[0])), int(indices[-1]) + 1)
        inside = (indices >= self._first) & (indices < self._first + len(self._window))
        out[inside] = self._window[indices[inside] - self._first]
        return out

    def _reach(self, low: int, high: int) -> None:
        import av

        end = self._first + len(self._window)
        try:
            if self._blocks is None or low < self._first or low > end + SAMPLE_RATE:
                self._seek(low)
            self._read_until(high)
        except (av.FFmpegError, EOFError) as error:
            raise RenderError(
                f"The sound of {self.path.name} does not decode at {low / SAMPLE_RATE:.2f} s: "
                f"{error}"
            ) from error
        spare = low - KEPT_SAMPLES - self._first
        if spare > KEPT_SAMPLES:
            self._window = self._window[spare:].copy()
            self._first += spare

    def _seek(self, low: int) -> None:
        import av

        wanted = Fraction(max(0, low - LEAD_SAMPLES), SAMPLE_RATE) + self._zero
        # A seek to where a file stands already costs its first packet in FFmpeg 9.
        if self._blocks is not None or low > LEAD_SAMPLES:
            self._container.seek(int(wanted * av.time_base))
        self._blocks = self._decode()
        self._window = np.zeros((0, CHANNELS), np.float32)
        self._ended = False
        first, block = next(self._blocks, (low, self._window))
        self._first, self._window = first, block

    def _read_until(self, high: int) -> None:
        assert self._blocks is not None
        parts = [self._window]
        end = self._first + len(self._window)
        while end < high and not self._ended:
            found = next(self._blocks, None)
            if found is None:
                self._ended = True
                break
            first, block = found
            if first > end:
                parts.append(np.zeros((first - end, CHANNELS), np.float32))
            elif first < end:
                block = block[end - first :]
            parts.append(block)
            end = max(end, first) + len(block)
        if len(parts) > 1:
            self._window = np.concatenate(parts)

    def _decode(self) -> Iterator[tuple[int, Samples]]:
        """Blocks with the number of their first sample."""
        import av

        # FFmpeg makes mono softer when it becomes stereo; a player does not, and a copy is not.
        layout = "mono" if self._stream.layout.nb_channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
        at: int | None = None
        for frame in self._container.decode(self._stream):
            base = frame.time_base or Fraction(1, SAMPLE_RATE)
            said = round(((frame.pts or 0) * base - self._zero) * SAMPLE_RATE)
            # Small steps are rounding of the container's times; a large one is a real gap.
            if at is None or abs(said - at) > SAMPLE_RATE // 50:
                at = said
            for ready in resampler.resample(frame):
                block = _stereo(ready)
                yield at, block
                at += len(block)
        for ready in resampler.resample(None):
            block = _stereo(ready)
            if at is not None:
                yield at, block
                at += len(block)


def sound_length_s(path: Path) -> float:
    """Until when a file sounds, seconds from its start as `SoundReader` counts them.

    Raises:
        MediaError: It is missing or damaged.
    """
    with open_media(path) as container:
        stream, zero_s = container.streams.audio[0], _zero_s(container)
        base_s = stream.time_base or Fraction(1)
        if stream.duration and container.format.name not in ESTIMATED:
            return float(((stream.start_time or 0) + stream.duration) * base_s - zero_s)
        ends = [
            packet.pts + (packet.duration or 0)
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
        return float(max(ends, default=0) * base_s - zero_s)


def _zero_s(container: InputContainer) -> Fraction:
    """When the first picture starts; without one, the first sound."""
    first = (*container.streams.video, container.streams.audio[0])[0]
    return (first.start_time or 0) * (first.time_base or Fraction(1))


def _stereo(frame: av.AudioFrame) -> Samples:
    planes = np.asarray(frame.to_ndarray(), np.float32)
    return np.ascontiguousarray(np.broadcast_to(planes, (CHANNELS, planes.shape[1])).T)
