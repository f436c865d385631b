"""The first frame of an MP4, straight from its sample table: nothing else is read or decoded."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from ..errors import MediaError
from .sample_decoding import decoder_of
from .sample_table import sample_tables


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
