"""The first frame of an MP4, straight from its sample table: nothing else is read or decoded."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from ..errors import MediaError
from .sample_table import SampleTable, sample_tables

DECODERS = {"avc1": ("h264", b"avcC"), "hvc1": ("hevc", b"hvcC")}
SQUARE = bytes(8)


def first_frame(path: Path) -> av.VideoFrame | None:
    """The first frame that is shown, some three times faster than by opening the file.

    FFmpeg looks into the streams of a file that it opens, and waits for frames that may have to be
    shown earlier.

    Returns:
        `None` where it takes more: other files, turned or stretched pictures, hidden frames.
    """
    try:
        videos = [table for table in sample_tables(path) if table.kind == "video"]
    except (MediaError, OSError):
        return None  # whoever opens the file in the usual way says what is wrong
    if len(videos) != 1:
        return None
    table = videos[0]
    decoder = decoder_of(table)
    first_shown = len(table.pts) and int(np.argmin(table.pts)) == 0 and bool(table.is_key[0])
    if decoder is None or not first_shown or table.pts[0] < table.zero:
        return None
    with path.open("rb") as file:
        file.seek(int(table.offsets[0]))
        data = file.read(int(table.sizes[0]))
    decoder.thread_count = 1
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.FFmpegError:
        return None
    return frames[0] if frames else None


def decoder_of(table: SampleTable) -> av.VideoCodecContext | None:
    """What decodes the samples of a track one by one.

    Returns:
        `None` where it takes more: other codecs, turned or stretched pictures.
    """
    if table.codec not in DECODERS or table.is_turned or table.obstacle:
        return None
    name, box = DECODERS[table.codec]
    settings = table.setting(box)
    shape = table.setting(b"pasp") or SQUARE
    if settings is None or shape[:4] != shape[4:8]:
        return None
    decoder = av.CodecContext.create(name, "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = settings
    return decoder
