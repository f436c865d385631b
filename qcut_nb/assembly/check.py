"""Is a result what was planned? Asked before it gets its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from ..errors import RenderError
from ..media import open_media, sample_tables
from .layout import Layout

Check = Literal["quick", "full"]
MOST_FRAMES = 60
"""A last group of pictures longer than this is decoded only in a full check."""
SOUND_SLACK_S = 0.06
"""Packets of sound rarely start and end where the picture does; up to two may be missing."""


def check_mp4(
    path: Path, layout: Layout, *, has_sound: bool, check: Check, decode_end: bool
) -> None:
    """Check a joined MP4: frames, times, sound, and that it decodes.

    The quick check reads the index, and decodes the last group of pictures where it was encoded
    here and is not long: copied samples were looked into while they were moved. The full check
    decodes every frame.

    Raises:
        RenderError: It is not what was planned.
    """
    tables = {table.kind: table for table in sample_tables(path)}
    video = tables.get("video")
    if video is None or len(video.sizes) != layout.frames:
        found = 0 if video is None else len(video.sizes)
        raise _wrong(f"it has {found} frames where {layout.frames} were planned")
    times = np.sort(video.pts) - video.zero
    grid = np.arange(layout.frames) * float(video.timescale / layout.fps)
    if np.abs(times - grid).max() > 1 or (np.diff(video.dts) <= 0).any():
        raise _wrong("its times do not follow each other evenly")
    if has_sound:
        sound = tables.get("audio")
        if sound is None:
            raise _wrong("its sound is missing")
        start_s = (int(sound.dts[0]) - sound.zero) / sound.timescale + float(sound.delay)
        if start_s > SOUND_SLACK_S:
            raise _wrong(f"its sound starts {start_s:.2f} s late")
        length_s = (int(sound.dts[-1]) - sound.zero) / sound.timescale
        if length_s < float(layout.duration_s) - SOUND_SLACK_S:
            raise _wrong(f"its sound ends at {length_s:.2f} s")
    earliest = np.minimum.accumulate(video.pts[::-1])[::-1]
    # What follows an open GOP's keyframe is shown before it and leans on the group before.
    starts = np.flatnonzero(video.is_key & (video.pts <= earliest))
    if decode_end or check == "full":
        _decode(path, layout, int(starts[-1]), check)


def _decode(path: Path, layout: Layout, last_key: int, check: Check) -> None:
    import av

    full = check == "full"
    if not full and layout.frames - last_key > MOST_FRAMES:
        return
    with open_media(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        # The deblocking filter only smooths: without it a broken frame is found for less.
        stream.codec_context.options = {"err_detect": "explode", "skip_loop_filter": "all"}
        if not full and last_key:
            container.seek(int(last_key / layout.fps * av.time_base))
        count, last = 0, None
        for frame in container.decode(stream):
            count, last = count + 1, frame
        if full and count != layout.frames:
            raise _wrong(f"{count} of {layout.frames} frames decode")
        if last is None or last.time is None:
            raise _wrong("its end does not decode")
        if abs(last.time - float((layout.frames - 1) / layout.fps)) > 0.5 / layout.fps:
            raise _wrong(f"it decodes only until {last.time:.2f} s")


def check_other(path: Path, layout: Layout, *, is_animation: bool) -> None:
    """Check a file that was written in one pass: it has as many frames as planned.

    Raises:
        RenderError: It has not.
    """
    if is_animation:
        _check_animation(path, layout)
        return
    with open_media(path) as container:
        packets = sum(1 for packet in container.demux(container.streams.video[0]) if packet.size)
    if packets != layout.frames:
        raise _wrong(f"it has {packets} frames where {layout.frames} were planned")


def _check_animation(path: Path, layout: Layout) -> None:
    """GIF counts in hundredths of a second and WebP merges equal frames: lengths are compared."""
    with Image.open(path) as image:
        total_ms = 0
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            total_ms += int(image.info.get("duration", 0))
    wanted_ms = float(layout.duration_s) * 1000
    if abs(total_ms - wanted_ms) > max(50.0, 0.05 * wanted_ms):
        raise _wrong(f"it lasts {total_ms / 1000:.2f} s of {wanted_ms / 1000:.2f} s")


def _wrong(what: str) -> RenderError:
    return RenderError(
        f"The result was checked and removed: {what}.",
        remedy="Please report this with timeline.plan(); the sources are untouched.",
    )
