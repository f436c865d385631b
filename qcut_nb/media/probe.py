"""What a file is, read from its content."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from ..catalog import MediaFacts
from ..errors import MediaError
from .containers import existing, moving_picture, open_media, readable
from .stills import still_facts, still_format

ROUNDED_S = Fraction(2, 1000)


def probe(path: str | Path) -> MediaFacts:
    """Read the true facts of a picture, video or sound file.

    A video's first frame is decoded, because only it tells how the picture is turned. Frames are
    counted from the container's index, or by reading its packets where it has none.

    Args:
        path: The file; its name says nothing about its format.

    Returns:
        Sizes as displayed (turned by EXIF or by the container), lengths in seconds.

    Raises:
        MediaError: It is missing, empty, or not media; a video whose first frame does not decode.
    """
    found = existing(path)
    still = still_format(_head(found))
    if still is not None:
        return still_facts(found, still)
    with open_media(found) as container:
        return media_facts(container, found)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def media_facts(container: InputContainer, path: Path) -> MediaFacts:
    """The facts of a video or sound file that is open; its first frame is decoded.

    Raises:
        MediaError: It has neither video nor sound, or its first frame does not decode.
    """
    head = _head(path)
    video = moving_picture(container)
    sound = next(filter(readable, container.streams.audio), None)
    if video is None and sound is None:
        raise MediaError(f"{path.name} has neither video nor sound in it.")
    size_bytes = path.stat().st_size
    audio_codec = sound.codec_context.codec.canonical_name if sound is not None else None
    if video is None:
        return MediaFacts(
            format=_format(container.format.name, head, has_video=False),
            size_bytes=size_bytes,
            duration_s=container.duration / av.time_base if container.duration else None,
            audio_codec=audio_codec,
        )
    start = (video.start_time or 0) * (video.time_base or Fraction(0))
    duration_s, frames = _length(container, video, start)
    width_px, height_px = displayed_size(container, video, path)
    rate = video.average_rate or video.guessed_rate
    return MediaFacts(
        format=_format(container.format.name, head, has_video=True),
        size_bytes=size_bytes,
        width_px=width_px,
        height_px=height_px,
        duration_s=duration_s,
        fps=round(float(rate), 3) if rate else None,
        frames=frames,
        video_codec=video.codec_context.codec.canonical_name,
        audio_codec=audio_codec,
        first_frame_s=float(start),
    )


def _format(name: str, head: bytes, *, has_video: bool) -> str:
    if name.startswith("mov,"):
        if not has_video:
            return "m4a"
        return "mov" if head[4:12] == b"ftypqt  " or head[4:8] != b"ftyp" else "mp4"
    if name.startswith("matroska"):
        return "webm" if b"webm" in head else "mkv"
    return name.split(",")[0]


def _length(
    container: InputContainer, video: VideoStream, start: Fraction
) -> tuple[float | None, int | None]:
    """Seconds and frames of the picture; the sound may run on a little longer."""
    if video.duration and video.time_base and video.frames:
        return float(video.duration * video.time_base), video.frames
    frames, end = 0, Fraction(0)
    rate = video.average_rate
    step = 1 / rate if rate else Fraction(0)
    for packet in container.demux(video):
        # Matroska has no decoding times for its first packets; PyAV ends with an empty one.
        if not packet.size or packet.is_discard:
            continue
        frames += 1
        if packet.pts is not None:
            lasts = packet.duration * packet.time_base if packet.duration else step
            end = max(end, packet.pts * packet.time_base + lasts)
    container.seek(0)
    if video.duration and video.time_base:
        return float(video.duration * video.time_base), frames
    # Matroska tells when all of it ends, its sound too, and rounds every time to milliseconds.
    if end > start:
        even, length = frames * step, end - start
        return float(even if abs(even - length) < ROUNDED_S else length), frames
    return container.duration / av.time_base if container.duration else None, frames


def displayed_size(container: InputContainer, video: VideoStream, path: Path) -> tuple[int, int]:
    """Width and height as a player shows the video, in pixels.

    Raises:
        MediaError: The first frame does not decode.
    """
    video.codec_context.thread_count = 1
    frame = next(container.decode(video), None)
    if frame is None:
        raise MediaError(f"{path.name} has no frame that decodes.")
    return shown_size(frame, video)


def shown_size(frame: av.VideoFrame, video: VideoStream) -> tuple[int, int]:
    """Width and height of a frame as shown: wide pixels stretched, turned pictures turned."""
    shape = video.sample_aspect_ratio or Fraction(1)
    width_px = round(frame.width * shape) if shape > 0 else frame.width
    return (frame.height, width_px) if frame.rotation % 180 else (width_px, frame.height)
