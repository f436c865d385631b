"""The tags of a media file: read, and written without touching a packet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from ..errors import MediaError
from .containers import existing, open_media, readable, reason
from .mp4_tags import NotPlainError, write_mp4_tags
from .parts import finish_file, part_name

_MUXERS = {"mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "matroska"}
_KEPT_STREAMS = ("video", "audio", "subtitle")
_MUXER_OWN_TAGS = frozenset(
    {"major_brand", "minor_version", "compatible_brands", "encoder", "duration"}
)


def read_tags(path: str | Path) -> dict[str, str]:
    """The tags of a video or sound file, names in lower case; `\ufffd` for what is no text.

    Raises:
        MediaError: It is missing or not media.
    """
    with open_media(path) as container:
        return {_text(name).lower(): _text(value) for name, value in container.metadata.items()}


def _text(tag: str) -> str:
    return tag.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_comment(path: str | Path) -> str | None:
    """The `comment` tag of a video or sound file.

    Raises:
        MediaError: It is missing or not media.
    """
    return read_tags(path).get("comment")


def retag(src: str | Path, dst: str | Path, tags: Mapping[str, str]) -> None:
    """Write a copy of a video with tags added; every packet keeps its bytes and its times.

    A plain MP4 keeps all that it has; of others pictures, sound, subtitles and covers stay, and
    time codes and other data tracks, which no player shows, are left out. MP4 files get their index
    in front, so that they play while they load.

    Args:
        src: An MP4, MOV, WebM or Matroska file; it is only read.
        dst: The new file; replaced if it exists, and only by a whole one.
        tags: Tag names and values; they win over tags that are there.

    Raises:
        MediaError: `src` cannot be read, or its container cannot be written.
        OSError: `dst` cannot be written, for example for want of space.
    """
    target = Path(dst)
    part = part_name(target)
    try:
        if not _retag_plain(existing(src), part, tags):
            with open_media(src) as source:
                muxer = _muxer(source, Path(src))
                _copy(source, part, muxer, tags)
        finish_file(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _retag_plain(src: Path, part: Path, tags: Mapping[str, str]) -> bool:
    """Write the copy at a fraction of the cost, if the file is an MP4 without surprises."""
    try:
        with src.open("rb") as source, part.open("wb") as target:
            write_mp4_tags(source, target, tags)
    except NotPlainError:
        return False
    return True


def _muxer(source: InputContainer, path: Path) -> str:
    muxer = _MUXERS.get(source.format.name)
    if muxer is None:
        raise MediaError(f"{path.name}: tags cannot be written into {source.format.name} files.")
    if muxer == "mp4" and source.metadata.get("major_brand") == "qt  ":
        return "mov"
    if muxer == "matroska":
        with existing(path).open("rb") as file:
            return "webm" if b"webm" in file.read(64) else "matroska"
    return muxer


def _copy(source: InputContainer, part: Path, muxer: str, tags: Mapping[str, str]) -> None:
    options = {"movflags": "+faststart"} if muxer in ("mp4", "mov") else {}
    try:
        with av.open(str(part), "w", format=muxer, options=options) as target:
            streams = _streams(source, target)
            for name, value in source.metadata.items():
                if name.lower() not in _MUXER_OWN_TAGS and name.lower() not in tags:
                    target.metadata[name] = value
            for name, value in tags.items():
                target.metadata[name] = value
            for packet in source.demux(list(streams)):
                # PyAV marks the end of each stream with an empty packet.
                if packet.size:
                    packet.stream = streams[packet.stream]
                    target.mux_one(packet)
    except av.FFmpegError as error:
        # FFmpeg's own OSError has the number; the caller tells "no space" from a refusal by it.
        if isinstance(error, OSError):
            raise OSError(error.errno or 0, reason(error), str(part)) from error
        raise MediaError(f"{Path(source.name).name} cannot be copied: {reason(error)}.") from error


def _streams(source: InputContainer, target: OutputContainer) -> dict[Stream, Stream]:
    streams: dict[Stream, Stream] = {}
    for stream in source.streams:
        if stream.type in _KEPT_STREAMS:
            if not readable(stream):
                raise MediaError(f"{Path(source.name).name} does not name the codec of a track.")
            copy = target.add_stream_from_template(stream, opaque=True)
            copy.disposition = stream.disposition
            if stream.time_base is not None:
                copy.time_base = stream.time_base
            for name in ("language", "title"):
                if name in stream.metadata:
                    copy.metadata[name] = stream.metadata[name]
            streams[stream] = copy
    return streams
