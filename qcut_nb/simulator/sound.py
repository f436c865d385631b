"""Sound for simulated videos: a tone, or the sound of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from .encode import SAMPLE_RATE

Samples = NDArray[np.float32]
LOUDNESS = 0.2
PENTATONIC_HZ = (220.0, 261.63, 293.66, 329.63, 392.0, 440.0)


def tone(duration_s: float, key: str) -> Samples:
    """A soft tone, mono at 48 kHz; equal keys give equal sound."""
    pitch_hz = PENTATONIC_HZ[hashlib.sha256(key.encode()).digest()[6] % len(PENTATONIC_HZ)]
    time = np.arange(int(duration_s * SAMPLE_RATE), dtype=np.float64) / SAMPLE_RATE
    swell = 0.75 + 0.25 * np.sin(2 * np.pi * 0.5 * time)
    return (LOUDNESS * swell * np.sin(2 * np.pi * pitch_hz * time)).astype(np.float32)


def read_sound(path: Path) -> Samples | None:
    """All of a file's sound, mono at 48 kHz; `None` where it has no sound track.

    Raises:
        av.FFmpegError: The file cannot be read.
    """
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
        blocks = [
            block.to_ndarray()[0]
            for frame in container.decode(audio=0)
            for block in resampler.resample(frame)
        ]
        blocks.extend(block.to_ndarray()[0] for block in resampler.resample(None))
    return np.concatenate(blocks).astype(np.float32) if blocks else None


def fitted(sound: Samples, duration_s: float) -> Samples:
    """Sound cut, or filled up with silence, to a length in seconds."""
    length = int(duration_s * SAMPLE_RATE)
    return np.pad(sound[:length], (0, max(0, length - sound.size)))


def levels(sound: Samples, frames: int, fps: float) -> Samples:
    """Loudness (root mean square, scaled to 0..1) of the sound under each frame."""
    edges = (np.arange(frames) / fps * SAMPLE_RATE).astype(np.intp)
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    ends = np.append(edges[1:], sound.size).clip(0, sound.size)
    starts = edges.clip(0, sound.size)
    mean = (energy[ends] - energy[starts]) / np.maximum(1, ends - starts)
    loudness: Samples = np.sqrt(np.maximum(mean, 0) * 2).clip(0, 1).astype(np.float32)
    return loudness
