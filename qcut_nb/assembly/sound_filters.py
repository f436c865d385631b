"""FFmpeg's sound filters, fed with blocks of samples."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .sound_reader import CHANNELS, SAMPLE_RATE, Samples

if TYPE_CHECKING:
    import av
    from av.filter.context import FilterContext

DUCKING = "threshold=0.01:ratio=20:attack=20:release=400:mix=0.76"
"""Music falls by 10 to 12 dB within 20 ms, and rises again within half a second.

A compressor alone takes the more, the louder a voice is: a quarter of the music passes beside it.
"""
TEMPO_STEP = 2.0
"""What one step of the tempo filter does well; more is done in several."""
TEMPO_EARLY = 512
"""By how many of its samples a step is heard early, as measured: a quarter of its window. What is
slow already is smooth: further steps that slow it down are half as early."""
READ_AHEAD = 4096
CEILING = 0.891
"""-1 dBFS: louder peaks may clip in a decoder (EBU R 128 s2)."""


class _Readable(Protocol):
    def read(self, first: int, count: int) -> Samples: ...

    def close(self) -> None: ...


class SoundGraph:
    """A chain of filters on stereo sound at 48 kHz.

    Args:
        chain: Names and arguments; the first takes all inputs.
        inputs: How many there are.
    """

    def __init__(self, chain: list[tuple[str, str]], inputs: int = 1) -> None:
        import av

        self._graph = av.filter.Graph()
        self._inputs: list[FilterContext] = [
            self._graph.add(
                "abuffer",
                f"sample_rate={SAMPLE_RATE}:sample_fmt=fltp:channel_layout=stereo"
                f":time_base=1/{SAMPLE_RATE}",
            )
            for _ in range(inputs)
        ]
        nodes = [self._graph.add(name, args) for name, args in chain]
        nodes.append(self._graph.add("aformat", "sample_fmts=fltp:channel_layouts=stereo"))
        nodes.append(self._graph.add("abuffersink"))
        for place, node in enumerate(self._inputs):
            node.link_to(nodes[0], 0, place)
        for node, following in itertools.pairwise(nodes):
            node.link_to(following)
        self._sink = nodes[-1]
        self._graph.configure()
        self._put = 0

    def put(self, *blocks: Samples) -> list[av.AudioFrame]:
        """Give one block to each input; what is ready."""
        for node, samples in zip(self._inputs, blocks, strict=True):
            node.push(sound_frame(samples, self._put))
        self._put += len(blocks[0])
        return self._pull()

    def end(self) -> list[av.AudioFrame]:
        """Say that there is no more; what was held back."""
        for node in self._inputs:
            node.push(None)
        return self._pull()

    def through(self, blocks: Iterable[Samples]) -> Iterator[av.AudioFrame]:
        """All that comes out for blocks into its one input."""
        for block in blocks:
            yield from self.put(block)
        yield from self.end()

    def _pull(self) -> list[av.AudioFrame]:
        import av

        ready: list[av.AudioFrame] = []
        while True:
            try:
                frame = self._sink.pull()
            except (BlockingIOError, av.EOFError):
                return ready
            if isinstance(frame, av.AudioFrame):
                ready.append(frame)


def sound_frame(samples: Samples, at: int) -> av.AudioFrame:
    """Samples (n, 2) as FFmpeg takes them.

    Args:
        samples: Stereo at 48 kHz.
        at: Their place, in samples.
    """
    import av

    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples.T, np.float32), format="fltp", layout="stereo"
    )
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, at, Fraction(1, SAMPLE_RATE)
    return frame


def samples_of(frame: av.AudioFrame) -> Samples:
    """FFmpeg's samples as an array (n, 2)."""
    return np.asarray(frame.to_ndarray(), np.float32).T


class Ducker:
    """Lets one sound step back while another is heard, and mixes both."""

    def __init__(self) -> None:
        self._graph = SoundGraph([("sidechaincompress", DUCKING)], inputs=2)
        self._front: list[Samples] = []

    def put(self, front: Samples, behind: Samples) -> Iterator[Samples]:
        """A block of each; mixed blocks as they are ready."""
        self._front.append(front)
        yield from self._mixed(self._graph.put(behind, front))

    def end(self) -> Iterator[Samples]:
        """The rest."""
        yield from self._mixed(self._graph.end())

    def _mixed(self, ready: list[av.AudioFrame]) -> Iterator[Samples]:
        for frame in ready:
            ducked = samples_of(frame)
            front = np.concatenate(self._front)
            self._front = [front[len(ducked) :]]
            yield ducked + front[: len(ducked)]


class Stretcher:
    """Sound at another speed, at its own pitch."""

    def __init__(self, voice: _Readable, speed: float) -> None:
        self._voice = voice
        steps = []
        left = speed
        while not 1 / TEMPO_STEP <= left <= TEMPO_STEP:
            step = TEMPO_STEP if left > 1 else 1 / TEMPO_STEP
            steps.append(step)
            left /= step
        steps.append(left)
        self._chain = [("atempo", f"{step:.9f}") for step in steps]
        later = sum(math.prod(steps[:place]) for place in range(1, len(steps)))
        self._early = TEMPO_EARLY * (1 + (later if speed > 1 else later / 2))
        self._speed = speed
        self._restart(0)

    def _restart(self, first: int) -> None:
        self._graph = SoundGraph(self._chain)
        self._ready = np.zeros((0, CHANNELS), np.float32)
        self._at = first
        self._fed = round(first * self._speed - self._early)

    def read(self, first: int, count: int) -> Samples:
        """Samples from a place on; mostly the one where the last ones ended."""
        if first != self._at:
            self._restart(first)
        while len(self._ready) < count:
            block = self._voice.read(self._fed, READ_AHEAD)
            self._fed += READ_AHEAD
            parts = [samples_of(frame) for frame in self._graph.put(block)]
            self._ready = np.concatenate([self._ready, *parts])
        out, self._ready = self._ready[:count], self._ready[count:]
        self._at += count
        return out

    def close(self) -> None:
        """Give the file back."""
        self._voice.close()


def measure_loudness(blocks: Iterator[Samples]) -> float | None:
    """Integrated loudness, LUFS; `None` for silence.

    Source:
        ITU-R BS.1770, by FFmpeg's ebur128 filter.
    """
    graph = SoundGraph([("ebur128", "metadata=1:framelog=quiet")])
    found: float | None = None
    for frame in graph.through(blocks):
        # Every tenth of a second says how loud all was so far; a last, shorter one says nothing.
        said = frame.metadata.get("lavfi.r128.I")
        found = float(said) if said is not None else found
    return found if found is not None and found > -69 else None


def with_gain(blocks: Iterator[Samples], gain: float) -> Iterator[Samples]:
    """Blocks made louder or softer; peaks stay below -1 dBFS."""
    graph = SoundGraph(
        [("volume", f"{gain:.6f}"), ("alimiter", f"limit={CEILING}:level=0:latency=1")]
    )
    yield from map(samples_of, graph.through(blocks))
