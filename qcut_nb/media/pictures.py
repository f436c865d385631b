"""How a video or picture looks: posters, filmstrips, single frames."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from ..errors import InputError, MediaError
from .containers import existing, open_media, picture_stream
from .first_frame import first_frame
from .parts import whole_file
from .probe import shown_size
from .sparse_frames import sparse_frames
from .stills import open_still, still_format

EXACT = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""Without these flags the conversion to RGB darkens colours by a few levels."""


def poster(
    path: str | Path, t_s: float | None = None, max_side_px: int = 480, quality: int = 75
) -> bytes:
    """One picture of a file, as JPEG.

    Args:
        path: A video or a picture.
        t_s: Which moment, seconds from the start; `None` is the first frame, the cheapest.
        max_side_px: Longest side of the result, pixels; nothing is ever enlarged.
        quality: JPEG quality, 1 to 95.

    Raises:
        MediaError: The file is missing, broken, or only sound.
        InputError: `t_s` is outside the video.
    """
    found = existing(path)
    with found.open("rb") as file:
        still = still_format(file.read(64))
    if still is not None:
        return _jpeg(open_still(found, max_side_px), quality)
    quick = first_frame(found) if not t_s else None
    if quick is not None:
        return _jpeg(_scaled(quick, quick.width, quick.height, max_side_px), quality)
    with open_media(found) as container:
        stream = picture_stream(container, found)
        frame = _frame(container, stream, t_s, found)
        return _jpeg(_image(frame, stream, max_side_px), quality)


def filmstrip(path: str | Path, count: int, height_px: int = 90) -> bytes:
    """Frames from even moments of a video, from its start on, side by side, as one JPEG.

    Each frame is one near its moment that is soon decoded, at most half a step away; and B-frames,
    which come in rows of a few, are passed over.

    Args:
        path: A video.
        count: Number of frames, at least 1.
        height_px: Height of the strip.

    Raises:
        MediaError: The file is missing, broken, or without video.
        InputError: `count` or `height_px` is below 1.
    """
    if count < 1 or height_px < 1:
        raise InputError(f"A filmstrip needs count and height_px of at least 1, not {count}.")

    def tile(frame: av.VideoFrame, shown_px: tuple[int, int]) -> Image.Image:
        scale = height_px / shown_px[1]
        return _scaled(frame, *shown_px, max(1, round(max(shown_px) * scale)))

    found = existing(path)
    tiles = sparse_frames(found, count, lambda frame: tile(frame, (frame.width, frame.height)))
    if tiles is None:
        tiles = _tiles(found, count, height_px)
    width = tiles[0].width
    strip = Image.new("RGB", (width * count, tiles[0].height))
    for index in range(count):
        strip.paste(tiles[min(index, len(tiles) - 1)], (width * index, 0))
    return _jpeg(strip, 75)


def _tiles(path: Path, count: int, height_px: int) -> list[Image.Image]:
    """The frames of a strip, of any file that has some."""
    with open_media(path) as container:
        stream = picture_stream(container, path)
        stream.codec_context.thread_count = 0
        stream.codec_context.thread_type = "AUTO"
        stream.codec_context.options = {"skip_loop_filter": "all", "skip_frame": "noref"}
        duration_s = _duration_s(container, stream)
        tiles: list[Image.Image] = []
        moments = [duration_s * place / count for place in range(count)]
        for frame in _at_moments(container, stream, moments):
            width_px, shown_px = shown_size(frame, stream)
            scale = height_px / shown_px
            tiles.append(_image(frame, stream, max(1, round(max(width_px, shown_px) * scale))))
    return tiles


def frame_at(path: str | Path, t_s: float) -> NDArray[np.uint8]:
    """The frame that is shown at a moment: the last one that starts at or before it.

    Args:
        path: A video.
        t_s: Seconds from the start of the video, from 0 to its duration.

    Returns:
        Shape (height, width, 3), RGB, 0 to 255, as displayed.

    Raises:
        MediaError: The file is missing, broken, or without video.
        InputError: `t_s` is outside the video.
    """
    with open_media(path) as container:
        stream = picture_stream(container, path)
        return np.asarray(_image(_frame(container, stream, t_s, Path(path)), stream, None))


def save_frame(path: str | Path, t_s: float, target: str | Path) -> None:
    """Write the frame that is shown at a moment as a PNG: no quality is lost.

    Args:
        path: A video.
        t_s: Seconds from the start of the video, from 0 to its duration.
        target: The PNG; it appears only when it is whole.

    Raises:
        MediaError: The file is missing, broken, or without video, or the PNG cannot be written.
        InputError: `t_s` is outside the video.
    """
    image = Image.fromarray(frame_at(path, t_s))
    final = Path(target)
    try:
        with whole_file(final) as part:
            image.save(part, "PNG")
    except OSError as error:
        raise MediaError(
            f"{final} cannot be written: {error.strerror or error}.",
            remedy="Make room or allow writing, then try again.",
        ) from error


def _frame(
    container: InputContainer, stream: VideoStream, t_s: float | None, path: Path
) -> av.VideoFrame:
    if t_s is not None:
        duration_s = _duration_s(container, stream)
        if not 0 <= t_s <= duration_s:
            raise InputError(
                f"{t_s:g} s is outside {path.name}, which lasts {duration_s:g} s.",
                remedy=f"Take a time from 0 to {duration_s:g} s.",
            )
    for frame in _at_moments(container, stream, [t_s or 0.0]):
        return frame
    raise InputError(f"{path.name} has no frame at {t_s or 0:g} s.")


def _at_moments(
    container: InputContainer, stream: VideoStream, moments: list[float]
) -> list[av.VideoFrame]:
    """The frame shown at each moment (rising); seeks only where it saves decoding."""
    base = stream.time_base or Fraction(1, av.time_base)
    start = stream.start_time or 0
    keys = [entry.timestamp for entry in stream.index_entries if entry.is_keyframe]
    found: list[av.VideoFrame] = []
    frames: Iterator[av.VideoFrame] | None = None
    held: av.VideoFrame | None = None
    ahead: av.VideoFrame | None = None
    at = start
    for t_s in moments:
        # A microsecond of grace: 1/24 s as a float must find the frame that starts at 1/24 s.
        target = start + int((Fraction(t_s) + Fraction(1, 1_000_000)) / base)
        if frames is None or not keys or any(at < key <= target for key in keys):
            ahead, frames = _decode_from(container, stream, target, keys)
            held = None
        while ahead is not None and (ahead.pts or 0) <= target:
            held, ahead = ahead, next(frames, None)
        # A first frame that starts late is the best there is for the moments before it.
        shown = held or ahead
        if shown is not None:
            found.append(shown)
        at = target
    return found


def _decode_from(
    container: InputContainer, stream: VideoStream, target: int, keys: list[int]
) -> tuple[av.VideoFrame | None, Iterator[av.VideoFrame]]:
    """Decode from the nearest keyframe whose first shown frame is not after the target.

    A container seeks by decoding time. Frames that are shown before their keyframe (open GOP)
    need the group before it.
    """
    start = stream.start_time or 0
    back = target
    while True:
        container.seek(max(back, start), stream=stream)
        frames = container.decode(stream)
        first = next(frames, None)
        if back <= start or (first is not None and (first.pts or 0) <= target):
            return first, frames
        earlier = [key for key in keys if key <= back]
        back = earlier[-1] - 1 if earlier else start


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _image(frame: av.VideoFrame, stream: VideoStream, max_side_px: int | None) -> Image.Image:
    width_px, height_px = shown_size(frame, stream)
    turned = frame.rotation % 360
    if turned % 180:
        width_px, height_px = height_px, width_px
    image = _scaled(frame, width_px, height_px, max_side_px)
    return image.rotate(turned, expand=True) if turned else image


def _scaled(
    frame: av.VideoFrame, width_px: int, height_px: int, max_side_px: int | None
) -> Image.Image:
    if max_side_px is not None:
        scale = min(1.0, max_side_px / max(width_px, height_px))
        width_px = max(1, round(width_px * scale))
        height_px = max(1, round(height_px * scale))
    if (width_px, height_px) == (frame.width, frame.height):
        rgb = frame.to_ndarray(format="rgb24", interpolation=EXACT)
    else:
        rgb = frame.reformat(
            width=width_px, height=height_px, format="rgb24", interpolation="AREA"
        ).to_ndarray()
    return Image.fromarray(rgb)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()
