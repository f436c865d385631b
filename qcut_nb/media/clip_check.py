"""Proof that a downloaded file is a whole, playable video."""

from __future__ import annotations

from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from ..catalog import MediaFacts
from ..errors import DownloadError, MediaError
from .containers import open_media, picture_stream
from .plain_clip import STRICT, plain_clip
from .probe import media_facts
from .wholeness import check_whole

SLACK_S = 0.5
"""How far the last frame may end before the declared end, seconds."""


def check_clip(path: str | Path, *, came_whole: bool = False) -> MediaFacts:
    """Prove cheaply that a file is a playable video, from its first frame to its last.

    The container opens, says a length, has all bytes that its index names, and its first frame and
    its last group of pictures decode without an error, up to the frame shown last.

    Args:
        path: The downloaded file.
        came_whole: It came in one answer, as long as that said, so its bytes are those that were
            sent: in a plain MP4 only the last group's keyframe is decoded, and what follows is
            looked at for its form.

    Returns:
        The facts of the video.

    Raises:
        DownloadError: It is not a video, or it is cut off or damaged.
    """
    name = Path(path).name
    plain = plain_clip(Path(path), came_whole=came_whole)
    if plain is not None:
        return plain
    try:
        with open_media(path) as container:
            stream = picture_stream(container, path)
            stream.codec_context.options = STRICT
            facts = media_facts(container, Path(path))
            check_whole(Path(path), facts.format, facts.size_bytes)
            _check_bytes(container, stream, facts.size_bytes)
            _check_end(container, stream, facts.duration_s or 0.0)
    except MediaError as error:
        raise DownloadError(
            f"{name} is not a whole, playable video: {error.what}",
            remedy="Call job.retry_download() or studio.resume().",
        ) from error
    return facts


def _check_bytes(container: InputContainer, stream: VideoStream, size_bytes: int) -> None:
    """An index that names bytes behind the file's end betrays a file that was cut off."""
    for each in (stream, *container.streams.audio):
        entries = each.index_entries
        if len(entries):
            last = entries[len(entries) - 1]
            if last.pos + last.size > size_bytes:
                raise MediaError("it was cut off: the index names frames behind its end.")


def _check_end(container: InputContainer, stream: VideoStream, duration_s: float) -> None:
    if duration_s <= 0:
        raise MediaError("it says no length.")
    container.seek(int(duration_s * av.time_base) + container.start_time)
    last_pts = shown_pts = None
    end = stream.start_time or 0
    for packet in container.demux(stream):
        if packet.is_corrupt:
            raise MediaError("its last frames are damaged.")
        if packet.pts is not None and not packet.is_discard:
            last_pts = packet.pts if last_pts is None else max(last_pts, packet.pts)
            end = max(end, packet.pts + (packet.duration or 0))
        for frame in packet.decode():
            if frame.pts is not None:
                shown_pts = frame.pts if shown_pts is None else max(shown_pts, frame.pts)
    if last_pts is None or shown_pts is None or shown_pts < last_pts:
        raise MediaError("its last frame does not decode.")
    end_s = float((end - (stream.start_time or 0)) * (stream.time_base or 0))
    if end_s < duration_s - SLACK_S:
        raise MediaError(f"its video ends at {end_s:.2f} s of {duration_s:.2f} s.")
