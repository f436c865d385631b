"""The encoded sound of a timeline, in one pass from front to back."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import RenderError
from ..media import sample_tables
from .join import OutputTrack, Samples
from .layout import Layout
from .model import Edit
from .sound_filters import CEILING, measure_loudness, sound_frame, with_gain
from .sound_mix import SoundMix
from .sound_reader import CHANNELS, SAMPLE_RATE
from .sound_reader import Samples as Pcm

if TYPE_CHECKING:
    import av

BITS_PER_S = 192_000
PREVIEW_BITS_PER_S = 96_000
"""Half of the time, and more for plain tones."""
PREVIEW_OPTIONS = {"aac_coder": "fast"} | {
    f"aac_{tool}": "0" for tool in ("is", "ms", "pns", "tns")
}
"""Half of the time again."""
NEAR_LU = 0.5
"""So near to the loudness that was asked for is near enough."""
BLOCK = 1024
"""Samples that AAC takes at a time."""


def mixed_sound(edit: Edit, layout: Layout) -> Iterator[Pcm]:
    """The sound of a timeline in even blocks, at its loudness, within -1 to 1.

    Raises:
        RenderError: A source does not decode.
    """
    target = edit.look.loudness_lufs
    gain = None if target is None else _gain_to(target, edit, layout)
    with closing(SoundMix(edit, layout)) as mix:
        blocks = mix.blocks() if gain is None else with_gain(mix.blocks(), gain)
        yield from _even_blocks(blocks, mix.samples)


def _gain_to(target_lufs: float, edit: Edit, layout: Layout) -> float:
    """The factor that brings a mix to a loudness, also where its peaks are held back then.

    Where these make up nearly all of its loudness it stays softer, which is said.
    """
    loudness, peak = _measured(edit, layout, None)
    if loudness is None:
        return 1.0
    gain = _factor(target_lufs - loudness)
    if peak * gain <= CEILING:
        return gain
    reached, _ = _measured(edit, layout, gain)
    while reached is not None and target_lufs - reached > NEAR_LU:
        more = gain * _factor(target_lufs - reached)
        louder, _ = _measured(edit, layout, more)
        if louder is None or louder - reached < (target_lufs - reached) / 2:
            warnings.warn(
                f"The sound comes out at {reached:.1f} LUFS, not {target_lufs:g}: its peaks reach "
                f"-1 dBFS before. Ask for loudness({reached:.0f}), or for softer peaks.",
                stacklevel=2,
            )
            break
        gain, reached = more, louder
    return gain


def _measured(edit: Edit, layout: Layout, gain: float | None) -> tuple[float | None, float]:
    """Loudness of a mix, LUFS, and its highest peak."""
    peak = 0.0

    def watched(blocks: Iterator[Pcm]) -> Iterator[Pcm]:
        nonlocal peak
        for block in blocks:
            peak = max(peak, float(np.abs(block).max(initial=0)))
            yield block

    with closing(SoundMix(edit, layout)) as mix:
        blocks = mix.blocks() if gain is None else with_gain(mix.blocks(), gain)
        return measure_loudness(watched(blocks)), peak


def _factor(lu: float) -> float:
    return float(10 ** (lu / 20))


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
        options = PREVIEW_OPTIONS if layout.is_preview else {}
        stream: av.AudioStream = target.add_stream(
            "aac", rate=SAMPLE_RATE, layout="stereo", options=options
        )
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
