"""What the sound of a clip measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter import Graph

from .containers import readable

GATE_LUFS = -70.0
"""What the meter shows while nothing was loud enough to count."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Measurements of sound; `None` without a sound track.

    Attributes:
        loudness: Integrated, LUFS; `None` also where all of it is below the meter's gate.
        silence: Percent of the sound's length.
    """

    loudness: float | None = None
    silence: float | None = None


def listen(container: InputContainer) -> Heard:
    """Measure the first sound track of an open file, by FFmpeg's `ebur128` and `silencedetect`.

    Source:
        EBU R 128 and EBU Tech 3341; https://ffmpeg.org/ffmpeg-filters.html#ebur128-1 and
        #silencedetect, read 2026-11.
    """
    stream = next(filter(readable, container.streams.audio), None)
    if stream is None:
        return Heard()
    loudness, silent_s, since_s, end_s, length_s = GATE_LUFS, 0.0, None, 0.0, 0.0
    for frame in _metered(container, stream):
        notes = frame.metadata
        loudness = float(notes.get("lavfi.r128.I", loudness))
        length_s += frame.samples / frame.sample_rate
        end_s = (frame.time or 0.0) + frame.samples / frame.sample_rate
        if "lavfi.silence_start" in notes:
            since_s = float(notes["lavfi.silence_start"])
        if "lavfi.silence_duration" in notes:
            silent_s, since_s = silent_s + float(notes["lavfi.silence_duration"]), None
    if since_s is not None:
        silent_s += end_s - since_s
    return Heard(
        loudness=loudness if loudness > GATE_LUFS else None,
        silence=min(100.0, 100 * silent_s / length_s) if length_s else None,
    )


def _metered(container: InputContainer, stream: AudioStream) -> Iterator[av.AudioFrame]:
    graph = Graph()
    nodes = [
        graph.add_abuffer(template=stream),
        graph.add("ebur128", "metadata=1:framelog=quiet"),
        graph.add("silencedetect", "noise=-50dB:duration=0.5"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    for frame in chain(container.decode(stream), (None,)):
        nodes[0].push(frame)
        while True:
            try:
                ready = nodes[-1].pull()
            except (av.BlockingIOError, av.EOFError):
                break
            if isinstance(ready, av.AudioFrame):
                yield ready
