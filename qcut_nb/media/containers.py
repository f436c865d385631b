"""Opening a media file safely: this file and no other, no playlist, no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from ..errors import MediaError

# Playlists and image sequences open further files, which a downloaded file must never do.
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska,webm",
    "mp3",
    "wav",
    "w64",
    "aac",
    "flac",
    "ogg",
    "aiff",
    "avi",
    "mpegts",
    "mpeg",
    "flv",
    "asf",
    "ac3",
    "amr",
    "h264",
    "hevc",
    "ivf",
)
_SAFE = {"protocol_whitelist": "file", "format_whitelist": ",".join(CONTAINERS)}
# Tags that are no text must not stop a file; from PyAV 19 on they do not.
_TEXT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)


def existing(path: str | Path) -> Path:
    """The path of a file that is there and holds something.

    Raises:
        MediaError: It is missing, a folder, empty, or cannot be read.
    """
    found = Path(path).absolute()
    try:
        size_bytes = found.stat().st_size
        if not found.is_file():
            raise MediaError(f"{path} is not a file.", remedy="Give the path of a file.")
        if size_bytes == 0:
            raise MediaError(f"{path} is empty.")
        with found.open("rb"):
            return found
    except FileNotFoundError as error:
        start = "" if Path(path).is_absolute() else f"; relative ones start at {Path.cwd()}"
        raise MediaError(f"There is no file {path}.", remedy=f"Check the path{start}.") from error
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror or error}.") from error


@contextmanager
def open_media(path: str | Path) -> Iterator[InputContainer]:
    """Open a video or sound file for reading.

    Args:
        path: The file.

    Yields:
        PyAV's container, with no stream decoded yet.

    Raises:
        MediaError: It is missing, empty, not media, or breaks while it is being read.
    """
    found = existing(path)
    try:
        with av.open(str(found), "r", options=_SAFE, **_TEXT) as container:
            yield container
    except (av.FFmpegError, EOFError) as error:
        raise MediaError(
            f"{found.name} cannot be read as video or sound: {reason(error)}."
        ) from error


def reason(error: Exception) -> str:
    """FFmpeg's words for an error, without its code and path."""
    return str(getattr(error, "strerror", None) or error)


def moving_picture(container: InputContainer) -> VideoStream | None:
    """The video stream of a file; cover pictures do not count."""
    for stream in container.streams.video:
        if readable(stream) and not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def readable(stream: Stream) -> bool:
    """Whether there is a decoder for a stream; a file that was cut off may not name its codec."""
    # PyAV's types say that there always is one.
    return getattr(stream, "codec_context", None) is not None


def picture_stream(container: InputContainer, path: str | Path) -> VideoStream:
    """The video stream, ready to decode on one thread.

    Raises:
        MediaError: There is none.
    """
    stream = moving_picture(container)
    if stream is None:
        raise MediaError(f"{Path(path).name} has no video in it.")
    # One frame is wanted: starting a thread for each core costs more than it saves.
    stream.codec_context.thread_count = 1
    return stream
