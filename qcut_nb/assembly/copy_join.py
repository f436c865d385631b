"""Joining whole clips of equal format: their packets, one clip after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ..clip import Clip
from ..media import open_media
from .tracks import Tracks, tracks_of

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet
    from av.stream import Stream


def copy_join(
    clips: Sequence[Clip], part: Path, comment: str, on_progress: Callable[[float], None]
) -> None:
    """Write the packets of clips one after the other; no frame is decoded.

    Pictures follow each other without a gap. Sound comes in packets of some 20 ms that rarely end
    where the picture does: the last ones of a clip make room for the next clip's lead-in, so that
    each clip's sound stays within half a packet of its picture and no error adds up.

    Args:
        clips: Whole clips that `plan` found to be of equal format.
        part: Where to write.
        comment: The `comment` tag.
        on_progress: Called with the fraction done.

    Raises:
        MediaError: A source is damaged.
        OSError: `part` cannot be written.
    """
    import av

    tracks = [tracks_of(clip.path) for clip in clips]
    joints = _joints(tracks)
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as target:
        target.metadata["comment"] = comment
        streams: dict[str, Stream] = {}
        sound_end = None
        for number, clip in enumerate(clips):
            until = joints[number + 1] if number + 1 < len(clips) else None
            next_lead = _lead(tracks[number + 1]) if until is not None else Fraction(0)
            sound_until = None if until is None else until + next_lead
            sound_end = _append(
                target, streams, clip, tracks[number], joints[number], sound_until, sound_end
            )
            on_progress((number + 1) / len(clips))


def _joints(tracks: Sequence[Tracks]) -> list[Fraction]:
    """When each clip starts, seconds."""
    starts = [Fraction(0)]
    for each in tracks[:-1]:
        assert each.video is not None
        starts.append(starts[-1] + (each.video.end - each.video.start) * _time_base(each))
    return starts


def _time_base(tracks: Tracks) -> Fraction:
    assert tracks.video is not None
    base = dict(tracks.video.form)["time base"]
    assert isinstance(base, Fraction)
    return base


def _lead(tracks: Tracks) -> Fraction:
    """When a clip's first sound packet starts, seconds from its picture's start."""
    if tracks.sound is None or tracks.video is None:
        return Fraction(0)
    base = dict(tracks.sound.form)["sound time base"]
    assert isinstance(base, Fraction)
    return tracks.sound.start * base - tracks.video.start * _time_base(tracks)


def _append(
    target: OutputContainer,
    streams: dict[str, Stream],
    clip: Clip,
    tracks: Tracks,
    start: Fraction,
    sound_until: Fraction | None,
    sound_end: int | None,
) -> int | None:
    """Copy one clip's packets; it starts at `start`, the next one's sound at `sound_until` (s).

    `sound_end` is when the sound written so far ends, in its time base; the new end is returned.
    """
    assert tracks.video is not None
    shift: int | None = None
    usual = 0
    with open_media(clip.path) as source:
        sounds = source.streams.audio
        kept: list[Stream] = [source.streams.video[0], *sounds]
        for stream in kept:
            if stream.type not in streams:
                copy = target.add_stream_from_template(stream, opaque=True)
                if stream.time_base is not None:
                    copy.time_base = stream.time_base
                streams[stream.type] = copy
        zero = start - tracks.video.start * _time_base(tracks)
        for packet in source.demux(kept):
            if not packet.size or packet.pts is None or packet.dts is None:
                continue
            base = packet.time_base
            move = round(zero / base)
            if packet.stream.type == "audio":
                if shift is None:
                    usual = packet.duration or 0
                    shift = _shift(sound_end, packet.pts + move, usual)
                move += shift
                begins = packet.pts + move
                if sound_until is not None:
                    # A last packet is declared short, but decodes to a whole one.
                    packet.duration = usual
                    if begins + usual / 2 > sound_until / base:
                        continue
                sound_end = begins + (packet.duration or 0)
            packet.pts += move
            packet.dts += move
            packet.stream = streams[packet.stream.type]
            _mux(target, packet)
    return sound_end


def _mux(target: OutputContainer, packet: Packet[Stream]) -> None:
    import av

    try:
        target.mux_one(packet)
    except av.FFmpegError as error:
        # Said here, or the source that is open around it would be blamed.
        raise OSError(error.errno or 0, error.strerror or str(error)) from error


def _shift(sound_end: int | None, begins: int, usual: int) -> int:
    """By how much a clip's sound moves to follow the sound before it, in its time base.

    Up to half a packet it moves either way, so that no hole is left; a longer silence before it
    stays.
    """
    if sound_end is None:
        return 0
    behind = sound_end - begins
    return behind if behind >= -(usual // 2) - 1 else 0
