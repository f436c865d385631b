"""The encoded sound of a timeline, in one pass from front to back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import RenderError
from ..media import sample_tables
from .join import OutputTrack, Samples
from .layout import Layout
from .model import Edit
from .sound_filters import measure_loudness, sound_frame, with_gain
from .sound_mix import SoundMix
from .sound_reader import CHANNELS, SAMPLE_RATE
from .sound_reader import Samples as Pcm

if TYPE_CHECKING:
    import av

BITS_PER_S = 192_000
PREVIEW_BITS_PER_S = 96_000
"""Half of the time, and more for plain tones."""
BLOCK = 1024
"""Samples that AAC takes at a time."""


def mixed_sound(edit: Edit, layout: Layout) -> Iterator[Pcm]:
    """The sound of a timeline in even blocks, at its loudness, within -1 to 1.

    Raises:
        RenderError: A source does not decode.
    """
    target = edit.look.loudness_lufs
    gain = 1.0
    if target is not None:
        mix = SoundMix(edit, layout)
        try:
            loudness = measure_loudness(mix.blocks())
        finally:
            mix.close()
        gain = 10 ** ((target - loudness) / 20) if loudness is not None else 1.0
    mix = SoundMix(edit, layout)
    try:
        blocks = mix.blocks()
        if target is not None:
            blocks = with_gain(blocks, gain)
        yield from _even_blocks(blocks, mix.samples)
    finally:
        mix.close()


def _even_blocks(blocks: Iterator[Pcm], samples: int) -> Iterator[Pcm]:
    held = np.zeros((0, CHANNELS), np.float32)
    given = 0
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= BLOCK:
            yield np.clip(held[:BLOCK], -1, 1)
            held, given = held[BLOCK:], given + BLOCK
    if samples > given:
        rest = np.zeros((samples - given, CHANNELS), np.float32)
        rest[: len(held)] = held[: len(rest)]
        yield np.clip(rest, -1, 1)


def encode_sound(
    edit: Edit, layout: Layout, path: Path, on_progress: Callable[[float], None]
) -> Path:
    """Write the sound as AAC in an MP4.

    Raises:
        RenderError: A source does not decode.
        OSError: It cannot be written.
    """
    import av

    samples = max(1, round(layout.duration_s * SAMPLE_RATE))
    with av.open(str(path), "w", format="mp4") as target:
        stream: av.AudioStream = target.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = PREVIEW_BITS_PER_S if layout.is_preview else BITS_PER_S
        at = 0
        for block in mixed_sound(edit, layout):
            target.mux(stream.encode(sound_frame(block, at)))
            at += len(block)
            on_progress(at / samples)
        target.mux(stream.encode(None))
    return path


def encoded_track(path: Path) -> OutputTrack:
    """The track that `encode_sound` wrote, to be joined.

    Raises:
        RenderError: It holds no sound.
    """
    for table in sample_tables(path):
        if table.kind == "audio":
            steps = np.diff(table.dts)
            return OutputTrack(
                kind="audio",
                entry=table.entry,
                timescale=table.timescale,
                pieces=[Samples.of(path, table, np.arange(len(table.sizes)))],
                steps=steps,
                skip=table.zero,
            )
    raise RenderError("The mixed sound came out empty.")
