"""Proof that a plain MP4 is whole and plays, straight from its sample table.

It costs half of opening the file: FFmpeg looks into the streams of a file that it opens.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from ..catalog import MediaFacts
from ..errors import MediaError
from .sample_decoding import (
    DECODERS,
    decoder_of,
    is_well_formed,
    sample_packet,
    unit_length_bytes,
)
from .sample_table import SampleTable, sample_tables
from .wholeness import check_whole

AAC = 0x40
"""The object type of MPEG-4 audio in an `esds` box (ISO/IEC 14496-1, 7.2.6.6)."""
STRICT = {"err_detect": "explode", "skip_loop_filter": "all"}
"""The deblocking filter only smooths: without it a broken frame is found at half the cost."""


def plain_clip(path: Path, *, came_whole: bool = False) -> MediaFacts | None:
    """The facts of a plain MP4 whose first frame and last group of pictures decode.

    Args:
        path: The file.
        came_whole: Its bytes are known to be those that were sent: of the last group the keyframe
            is decoded, and the others are looked at for their form.

    Returns:
        `None` where it takes more to say what the file is, or what is wrong with it: see
        `clip_check`.
    """
    try:
        tables = sample_tables(path)
        size_bytes = path.stat().st_size
        check_whole(path, "mp4", size_bytes)
        with path.open("rb") as file:
            if file.read(12)[8:] == b"qt  ":
                return None
            videos = [table for table in tables if table.kind == "video"]
            sounds = [table for table in tables if table.kind == "audio"]
            if len(videos) != 1 or not all(map(_is_aac, sounds)) or not _is_even(videos[0]):
                return None
            frame = _decoded(file, videos[0], came_whole)
    except (MediaError, OSError, av.FFmpegError):
        return None  # whoever opens the file in the usual way says what is wrong
    if frame is None:
        return None
    video, step = videos[0], int(videos[0].dts[1])
    return MediaFacts(
        format="mp4",
        size_bytes=size_bytes,
        width_px=frame.width,
        height_px=frame.height,
        duration_s=video.length / video.timescale,
        fps=round(video.timescale / step, 3),
        frames=len(video.sizes),
        video_codec=DECODERS[video.codec][0],
        audio_codec="aac" if sounds else None,
    )


def _is_aac(sound: SampleTable) -> bool:
    return sound.codec == "mp4a" and sound.descriptor(4)[:1] == bytes([AAC])


def _is_even(video: SampleTable) -> bool:
    """Whether all frames last equally long, and all are shown, the first at 0."""
    steps = np.diff(video.dts)
    return (
        len(steps) > 0
        and steps[0] > 0
        and bool((steps == steps[0]).all())
        and video.length == video.dts[-1]
        and not video.delay
        and bool(video.is_shown.all())
        and video.pts.min() == video.zero
        and (video.until is None or video.until - video.zero >= video.length)
    )


def _decoded(file: BinaryIO, video: SampleTable, came_whole: bool) -> av.VideoFrame | None:
    """The first frame, where it decodes as it is shown and the last group of pictures does too."""
    decoder = decoder_of(video)
    if decoder is None or not video.is_key[0]:
        return None
    decoder.thread_count = 1
    decoder.options = STRICT
    last_key = int(np.flatnonzero(video.is_key)[-1])
    first: av.VideoFrame | None = None
    if last_key:
        for packet in (sample_packet(file, video, 0), None):
            first = next(iter(decoder.decode(packet)), first)
        decoder.flush_buffers()
        if first is None:
            return None
    shown, end = -1, len(video.sizes)
    decoded = range(last_key, last_key + 1 if came_whole else end)
    length_bytes = unit_length_bytes(video)
    for sample in range(decoded.stop, end):
        if not is_well_formed(bytes(sample_packet(file, video, sample)), length_bytes):
            return None
    for sample in (*decoded, None):
        packet = None if sample is None else sample_packet(file, video, sample)
        for frame in decoder.decode(packet):
            first = first or frame
            shown = max(shown, frame.pts if frame.pts is not None else -1)
    # Shapes and turns may be said in the stream alone.
    if first is None or first.rotation or decoder.sample_aspect_ratio not in (None, 0, 1):
        return None
    return first if shown == video.pts[decoded.start : decoded.stop].max() else None
