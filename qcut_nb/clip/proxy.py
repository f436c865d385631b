"""A tiny copy of a clip, to be embedded where files cannot be reached."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from ..errors import MediaError

SIDE_PX = 240
FPS = 12
LONGEST_S = 12.0
"""Longer clips look too poor in the room there is, and take long to make."""


def proxy_video(path: Path, start_s: float, end_s: float, max_bytes: int) -> bytes | None:
    """A silent low-bitrate MP4 of a range.

    Args:
        path: The video.
        start_s: Start, seconds.
        end_s: End, seconds.
        max_bytes: What it may weigh.

    Returns:
        `None` where the range is too long or does not fit.
    """
    if end_s - start_s > LONGEST_S:
        return None
    try:
        stamp = path.stat()
        data = _encode(path, start_s, end_s, max_bytes, stamp.st_mtime_ns, stamp.st_size)
    except (MediaError, OSError):
        return None  # the poster stays, and says where the file is
    return data if len(data) <= max_bytes else None


@lru_cache(maxsize=32)
def _encode(
    path: Path, start_s: float, end_s: float, max_bytes: int, mtime_ns: int, size_bytes: int
) -> bytes:
    import av

    from ..media import open_media

    bits_per_second = int(max_bytes * 8 * 0.85 / (end_s - start_s))
    limit = str(bits_per_second)
    target = io.BytesIO()
    with (
        open_media(path) as source,
        av.open(target, "w", format="mp4") as out,
    ):
        stream = source.streams.video[0]
        if start_s:
            source.seek(int(start_s * av.time_base))
        video = out.add_stream(
            "libx264",
            rate=FPS,
            options={
                "preset": "veryfast",
                "maxrate": limit,
                "bufsize": limit,
                "g": "250",
                "threads": "1",
            },
        )
        video.bit_rate = bits_per_second
        video.pix_fmt = "yuv420p"
        shown = 0
        for frame in source.decode(stream):
            t_s = frame.time - float((stream.start_time or 0) * (stream.time_base or Fraction(1)))
            if t_s >= end_s:
                break
            if t_s < start_s + shown / FPS - 0.001:
                continue
            if not shown:
                scale = SIDE_PX / max(frame.width, frame.height, SIDE_PX)
                video.width = max(2, round(frame.width * scale / 2) * 2)
                video.height = max(2, round(frame.height * scale / 2) * 2)
            small = frame.reformat(video.width, video.height, "yuv420p")
            small.pts, small.time_base = shown, Fraction(1, FPS)
            out.mux(video.encode(small))
            shown += 1
        out.mux(video.encode(None))
    return target.getvalue()
