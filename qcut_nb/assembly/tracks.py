"""What packets a file has: enough to know whether files can be joined without encoding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..media import open_media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

COPYABLE = frozenset({"h264", "hevc", "av1", "mpeg4", "vp9"})
"""Codecs that an MP4 can carry and whose streams can follow each other."""


@dataclass(frozen=True)
class VideoTrack:
    """The video packets of one file. Times are in units of `form`'s time base.

    Attributes:
        form: Everything that must be equal for streams to be joined, by name.
        start: Time of the first frame shown.
        end: Time at which the last frame ends.
        first_dts: Decoding time of the first packet.
        last_dts: Decoding time of the last packet.
    """

    form: tuple[tuple[str, object], ...]
    start: int
    end: int
    first_dts: int
    last_dts: int


@dataclass(frozen=True)
class SoundTrack:
    """The sound packets of one file; `start` may be negative: the codec's lead-in."""

    form: tuple[tuple[str, object], ...]
    start: int


@dataclass(frozen=True)
class Tracks:
    """The tracks of one file.

    Attributes:
        obstacle: Why its packets cannot be copied, in words; empty where they can.
    """

    video: VideoTrack | None
    sound: SoundTrack | None
    obstacle: str = ""


def tracks_of(path: Path) -> Tracks:
    """Read the tracks of a file; nothing is decoded, and nothing read twice while it is unchanged.

    Raises:
        MediaError: It is missing or damaged.
        OSError: It is missing.
    """
    stamp = path.stat()
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=512)
def _read(path: Path, mtime_ns: int, size_bytes: int) -> Tracks:
    with open_media(path) as container:
        if not container.format.name.startswith("mov,"):
            return Tracks(None, None, "is not an MP4")
        videos, sounds = container.streams.video, container.streams.audio
        if len(videos) != 1 or len(sounds) > 1:
            return Tracks(None, None, "has more than one track of a kind")
        sound = sounds[0] if sounds else None
        return _scan(container, videos[0], sound)


def _scan(container: InputContainer, video: VideoStream, sound: AudioStream | None) -> Tracks:
    if video.codec_context.name not in COPYABLE:
        return Tracks(None, None, f"is {video.codec_context.name}")
    shown: list[tuple[int, int]] = []
    decoded: list[int] = []
    sound_start: int | None = None
    for packet in container.demux([video] if sound is None else [video, sound]):
        if not packet.size:
            continue
        if packet.pts is None or packet.dts is None:
            return Tracks(None, None, "has packets without a time")
        if packet.stream is not video:
            sound_start = packet.pts if sound_start is None else sound_start
            continue
        if packet.is_discard:
            return Tracks(None, None, "has frames that an edit list hides")
        if not decoded and not packet.is_keyframe:
            return Tracks(None, None, "does not start with a keyframe")
        if decoded and packet.dts <= decoded[-1]:
            return Tracks(None, None, "has decoding times that do not rise")
        shown.append((packet.pts, packet.duration or 0))
        decoded.append(packet.dts)
    if not shown or min(duration for _, duration in shown) <= 0:
        return Tracks(None, None, "does not say how long each frame lasts")
    track = VideoTrack(
        form=_video_form(video),
        start=min(pts for pts, _ in shown),
        end=max(pts + duration for pts, duration in shown),
        first_dts=decoded[0],
        last_dts=decoded[-1],
    )
    if sound is None or sound_start is None:
        return Tracks(track, None)
    return Tracks(track, SoundTrack(_sound_form(sound), sound_start))


def _video_form(stream: VideoStream) -> tuple[tuple[str, object], ...]:
    context = stream.codec_context
    return (
        ("codec", context.name),
        ("size", (context.width, context.height)),
        ("frame rate", stream.average_rate),
        ("pixel format", context.pix_fmt),
        ("profile", context.profile),
        ("time base", stream.time_base),
        ("pixel shape", stream.sample_aspect_ratio or 1),
        (
            "colour",
            (
                context.color_range,
                context.color_primaries,
                context.color_trc,
                context.colorspace,
            ),
        ),
        ("encoder settings", context.extradata),
    )


def _sound_form(stream: AudioStream) -> tuple[tuple[str, object], ...]:
    context = stream.codec_context
    return (
        ("sound codec", context.name),
        ("sample rate", context.rate),
        ("sound channels", context.layout.name),
        ("sound time base", stream.time_base),
        ("sound settings", context.extradata),
    )
