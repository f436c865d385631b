"""How long MoviePy takes for a frame: nobody knows before it has made some."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from fractions import Fraction

from ..errors import QcutError
from .frames import MovieFrames
from .model import Item

Pace = Callable[[Item, Fraction], float | None]
"""Seconds for a frame of an item at a rate; `None` is not known."""
MOST_FRAMES = 8
MOST_S = 0.25


class MoviePace:
    """Measures items by making a few of their frames; those of one kind are measured once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, float | None] = {}

    def __call__(self, item: Item, fps: Fraction) -> float | None:
        """Seconds for a frame; `None` where it cannot be made, which rendering says."""
        facts = item.clip.facts if item.clip is not None else None
        what = facts and (facts.width_px, facts.height_px, facts.fps, facts.video_codec)
        kind = what or item.source, repr(item.effects), item.speed, item.is_reversed
        if kind not in self._known:
            try:
                self._known[kind] = _measured(item, fps)
            except QcutError:
                self._known[kind] = None
        return self._known[kind]


def _measured(item: Item, fps: Fraction) -> float:
    frames = MovieFrames(item, fps)
    try:
        frames.make(0)  # opening is paid once
        started_s, made, took_s = time.perf_counter(), 0, 0.0
        while made < MOST_FRAMES and took_s < MOST_S:
            made += 1
            frames.make(made)
            took_s = time.perf_counter() - started_s
        return took_s / made
    finally:
        frames.close()
