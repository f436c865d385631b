"""A small, fast version of a timeline."""

from __future__ import annotations

import hashlib
import math
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..clip import Clip
from .encoders import Encoding
from .kept import kept_folder, sweep
from .layout import Layout, even, lay_out
from .model import Item
from .near_frames import near_cost_s
from .progress import in_notebook
from .render import Order, render

if TYPE_CHECKING:
    from .timeline import Timeline

MOST_HEIGHT_PX = 480
MOST_FPS = 25
"""Of faster timelines each second frame is shown, or each third."""
NEAR_FPS = (12, 8, 5, 3, 2, 1)
"""Where that takes too long, fewer, and those that are soon decoded."""
DECODING_S = 0.8
"""What decoding may take, where the cores share it; sound and encoding take as long again."""
MOST_PREVIEW_BYTES = 1 << 28


def preview_clip(timeline: Timeline, height_px: int, decoding_s: float = DECODING_S) -> Clip:
    """Render a timeline small, to a file that says what it is.

    In a notebook it lies beside it, as Jupyter serves no hidden folders; else in the user's cache.

    Args:
        timeline: The timeline.
        height_px: Its height.
        decoding_s: How long decoding may take, roughly, before fewer frames are shown.

    Raises:
        MediaError: A source is damaged.
    """
    layout = lay_out(timeline.edit)
    height_px = even(min(height_px, layout.height_px))
    width_px = even(round(layout.width_px * height_px / layout.height_px))
    every, is_near = _sparseness(layout, decoding_s)
    look = replace(
        timeline.edit.look,
        width_px=width_px,
        height_px=height_px,
        fps=layout.fps,
        is_preview=True,
        every=every,
        is_near=is_near,
    )
    small = timeline._new(replace(timeline.edit, look=look))
    name = hashlib.sha256(repr(small.edit).encode()).hexdigest()[:16]
    folder = _folder()
    count = len(timeline.edit.items)
    title = f"Preview of {count} clip{'s' if count > 1 else ''}"
    if is_near:
        rate = f"{float(layout.fps / every):.3g}"
        title += f", {rate} frame{'s' if rate != '1' else ''} a second"
    order = Order(
        folder / name / f"{title}.mp4",
        Encoding(quality="draft", preset="ultrafast"),
        overwrite=True,
        may_copy=False,
    )
    clip = render(small, order, on_progress=None, show=False)
    sweep(folder, MOST_PREVIEW_BYTES)
    return clip


def _sparseness(layout: Layout, decoding_s: float) -> tuple[int, bool]:
    """Of how many frames one is shown, and whether those near it will do."""
    cores = os.cpu_count() or 1
    every = math.ceil(layout.fps / MOST_FPS)
    clips = [(slot.item, slot.frames) for slot in layout.slots]
    clips += [
        (
            Item(over.overlay.source, float((over.end - over.first) / layout.fps)),
            over.end - over.first,
        )
        for over in layout.overlays
    ]
    for fps in (None, *NEAR_FPS):
        if fps is not None:
            every = max(every, math.ceil(layout.fps / fps))
        cost_s = sum(near_cost_s(item, layout.fps, every, frames) for item, frames in clips)
        if cost_s <= decoding_s * cores:
            break
    return every, fps is not None


def _folder() -> Path:
    beside = Path.cwd() / "qcut" / "previews"
    if in_notebook():
        with suppress(OSError):
            beside.mkdir(parents=True, exist_ok=True)
            return beside
    return kept_folder().parent / "previews"
