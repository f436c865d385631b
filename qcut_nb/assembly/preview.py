"""A small, fast version of a timeline."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from ..clip import Clip
from .encoders import Encoding
from .kept import kept_folder, sweep
from .layout import even, lay_out
from .render import Order, render

if TYPE_CHECKING:
    from .timeline import Timeline

MOST_HEIGHT_PX = 480
MOST_FPS = 30
MOST_PREVIEW_BYTES = 1 << 30


def preview_clip(timeline: Timeline, height_px: int) -> Clip:
    """Render a timeline small, to a file that says what it is in the user's cache folder.

    Raises:
        MediaError: A source is damaged.
    """
    layout = lay_out(timeline.edit)
    height_px = even(min(height_px, layout.height_px))
    width_px = even(round(layout.width_px * height_px / layout.height_px))
    look = replace(timeline.edit.look, width_px=width_px, height_px=height_px)
    if layout.fps > MOST_FPS:
        look = replace(look, fps=layout.fps / 2)
    small = timeline._new(replace(timeline.edit, look=look))
    name = hashlib.sha256(repr(small.edit).encode()).hexdigest()[:16]
    folder = kept_folder().parent / "previews"
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
