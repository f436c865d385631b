"""A small, fast version of a timeline."""

from __future__ import annotations

import hashlib
import math
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..clip import Clip
from .encoders import Encoding
from .kept import kept_folder, sweep
from .layout import even, lay_out
from .progress import in_notebook
from .render import Order, render

if TYPE_CHECKING:
    from .timeline import Timeline

MOST_HEIGHT_PX = 480
MOST_FPS = 25
"""Of faster timelines each second frame is shown, or each third."""
MOST_PREVIEW_BYTES = 1 << 28


def preview_clip(timeline: Timeline, height_px: int) -> Clip:
    """Render a timeline small, to a file that says what it is.

    In a notebook it lies beside it, as Jupyter serves no hidden folders; else in the user's cache.

    Raises:
        MediaError: A source is damaged.
    """
    layout = lay_out(timeline.edit)
    height_px = even(min(height_px, layout.height_px))
    width_px = even(round(layout.width_px * height_px / layout.height_px))
    look = replace(timeline.edit.look, width_px=width_px, height_px=height_px, is_preview=True)
    if layout.fps > MOST_FPS:
        look = replace(look, fps=layout.fps / math.ceil(layout.fps / MOST_FPS))
    small = timeline._new(replace(timeline.edit, look=look))
    name = hashlib.sha256(repr(small.edit).encode()).hexdigest()[:16]
    folder = _folder()
    count = len(timeline.edit.items)
    title = f"Preview of {count} clip{'s' if count > 1 else ''}.mp4"
    order = Order(
        folder / name / title,
        Encoding(quality="draft", preset="ultrafast"),
        overwrite=True,
        may_copy=False,
    )
    clip = render(small, order, on_progress=None, show=False)
    sweep(folder, MOST_PREVIEW_BYTES)
    return clip


def _folder() -> Path:
    beside = Path.cwd() / "qcut" / "previews"
    if in_notebook():
        with suppress(OSError):
            beside.mkdir(parents=True, exist_ok=True)
            return beside
    return kept_folder().parent / "previews"
