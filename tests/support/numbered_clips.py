"""Small clips that move and carry their frames' numbers, as the simulator paints them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from qcut_nb.simulator.encode import SAMPLE_RATE, write_video
from qcut_nb.simulator.paint import labelled, moving_scene


def numbered_clip(
    path: Path,
    *,
    fps: int | Fraction = 24,
    seconds: float = 3,
    width_px: int = 320,
    height_px: int = 180,
    key: str = "",
    sound: bool = False,
) -> Path:
    """Write a clip whose frame numbers can be read back; equal keys give equal pictures."""
    rate = Fraction(fps)
    frames = round(rate * Fraction(seconds))
    scene = moving_scene(width_px, height_px, frames, float(rate), key or path.stem)
    moments = np.arange(int((seconds + 1) * SAMPLE_RATE)) / SAMPLE_RATE  # cut by the writer
    write_video(
        path,
        width_px=width_px,
        height_px=height_px,
        fps=rate,
        frames=frames,
        paint=labelled(scene, width_px, height_px, key or path.stem, ""),
        sound=(0.2 * np.sin(2 * np.pi * 440 * moments)).astype(np.float32) if sound else None,
    )
    return path
