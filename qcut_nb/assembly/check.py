"""Is a result what was planned? Asked before it gets its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import RenderError
from ..media import SampleTable, open_media, sample_tables
from .join import OutputTrack
from .layout import Layout
from .sound_plan import MOST_OFF_S, off_s

if TYPE_CHECKING:
    import av

Check = Literal["quick", "full"]
MOST_FRAMES = 60
"""A last group of pictures longer than this is decoded only in a full check."""
END_SLACK_S = 0.06
"""Packets of sound rarely end where the picture does; up to two may be missing."""


def check_mp4(
    path: Path,
    layout: Layout,
    numbers: NDArray[np.int64],
    *,
    sound: OutputTrack | None,
    check: Check,
    decode_end: bool,
) -> None:
    """Check a joined MP4: frames, times, sound, and that it decodes.

    The quick check reads the index, and decodes the last group of pictures where it was encoded
    here and is not long: copied samples were looked into while they were moved. The full check
    decodes every frame and all sound.

    Args:
        path: The file.
        layout: What was planned.
        numbers: Places on its grid of the frames that were made.
        sound: The sound that was written into it; `None` for none.
        check: How thoroughly.
        decode_end: Whether the end was encoded here.

    Raises:
        RenderError: It is not what was planned.
    """
    tables = {table.kind: table for table in sample_tables(path)}
    video = tables.get("video")
    if video is None or len(video.sizes) != len(numbers):
        raise _miscounted(0 if video is None else len(video.sizes), len(numbers))
    times = np.sort(video.pts) - video.zero
    grid = numbers * float(video.timescale / layout.fps)
    if np.abs(times - grid).max() > 1 or (np.diff(video.dts) <= 0).any() or video.delay:
        raise _wrong("its times do not follow each other evenly")
    if sound is not None:
        _check_sound(tables.get("audio"), sound, layout)
    earliest = np.minimum.accumulate(video.pts[::-1])[::-1]
    # What follows an open GOP's keyframe is shown before it and leans on the group before.
    starts = np.flatnonzero(video.is_key & (video.pts <= earliest))
    last_key = int(starts[-1])
    if check == "full":
        _decode(path, layout, numbers, has_sound=sound is not None)
    elif decode_end and len(numbers) - last_key <= MOST_FRAMES:
        _decode(path, layout, numbers[last_key:])


def _check_sound(table: SampleTable | None, planned: OutputTrack, layout: Layout) -> None:
    if table is None:
        raise _wrong("its sound is missing")
    sizes = np.concatenate([piece.sizes for piece in planned.pieces])
    if (
        table.zero != planned.skip
        or not np.array_equal(table.sizes, sizes)
        or not np.array_equal(np.diff(table.dts), planned.steps)
        or (planned.steps <= 0).any()
    ):
        raise _wrong("its sound is not the one that was planned")
    start_s = -table.zero / table.timescale + float(table.delay)
    end_s = (int(table.dts[-1]) - table.zero) / table.timescale
    _check_span(start_s, start_s + int(planned.steps[0]) / table.timescale, end_s, layout)
    late_s = off_s(layout, planned)
    if abs(late_s) > MOST_OFF_S:
        raise _wrong(f"its sound is {late_s * 1000:.0f} ms off the picture")


def _check_span(start_s: float, next_s: float, end_s: float, layout: Layout) -> None:
    """When a sound's first and second packets start, and its last ends; the first may lead in."""
    if start_s > MOST_OFF_S or next_s < -MOST_OFF_S:
        raise _wrong(f"its sound starts at {start_s:.3f} s")
    if end_s < float(layout.duration_s) - END_SLACK_S:
        raise _wrong(f"its sound ends at {end_s:.2f} s")


def _decode(
    path: Path, layout: Layout, numbers: NDArray[np.int64], *, has_sound: bool = False
) -> None:
    """Decode from a keyframe to the end, and all sound where it is there."""
    import av

    first, until = int(numbers[0]), int(numbers[-1])
    with open_media(path) as container:
        video = container.streams.video[0]
        video.thread_type = "AUTO"
        # The deblocking filter only smooths: without it a broken frame is found for less.
        video.codec_context.options = {"err_detect": "explode", "skip_loop_filter": "all"}
        if first:
            container.seek(int(first / layout.fps * av.time_base))
        count, heard_s, last = 0, 0.0, None
        sounds = container.streams.audio[:1] if has_sound else ()
        try:
            for frame in container.decode(video, *sounds):
                if isinstance(frame, av.AudioFrame):
                    heard_s += frame.samples / frame.sample_rate
                elif isinstance(frame, av.VideoFrame):
                    count, last = count + 1, frame.time
        except av.FFmpegError as error:
            raise _wrong(f"it does not decode: {error}") from error
        if not first and count != len(numbers):
            raise _wrong(f"{count} of {len(numbers)} frames decode")
        if last is None:
            raise _wrong("its end does not decode")
        start_s = float((video.start_time or 0) * (video.time_base or Fraction(1)))
        if abs(last - start_s - float(until / layout.fps)) > 0.5 / layout.fps:
            raise _wrong(f"it decodes only until {last:.2f} s")
        if has_sound and heard_s < float(layout.duration_s) - END_SLACK_S:
            raise _wrong(f"{heard_s:.2f} s of its sound decode")


@dataclass
class _Packets:
    """Times of one track's packets, in the order of the file."""

    starts: list[int] = field(default_factory=list)
    end: int = 0
    tick_s: Fraction = Fraction(1)
    are_ordered: bool = True
    _last: int | None = None

    def add(self, packet: av.Packet[Any]) -> None:
        if not packet.size or packet.pts is None:
            return
        self.tick_s = packet.time_base
        self.starts.append(packet.pts)
        self.end = packet.pts + (packet.duration or 0)
        if packet.dts is not None:
            self.are_ordered &= self._last is None or packet.dts > self._last
            self._last = packet.dts


def check_other(path: Path, layout: Layout, *, has_sound: bool, check: Check) -> None:
    """Check a file that was written in one pass: frames, times, sound; in full, that it decodes.

    Raises:
        RenderError: It is not what was planned.
    """
    video, sound = _Packets(), _Packets()
    with open_media(path) as container:
        # Matroska stores no decoding times, and FFmpeg's guess may go back.
        has_order = not container.format.name.startswith("matroska")
        for packet in container.demux(container.streams.video[:1] + container.streams.audio[:1]):
            (video if packet.stream.type == "video" else sound).add(packet)
    if len(video.starts) != layout.frames:
        raise _miscounted(len(video.starts), layout.frames)
    if has_order and not (video.are_ordered and sound.are_ordered):
        raise _wrong("its packets are not in order")
    times = np.sort(np.asarray(video.starts)) * float(video.tick_s)
    grid = np.arange(layout.frames) / float(layout.fps)
    if np.abs(times - times[0] - grid).max() > 1.01 * video.tick_s:
        raise _wrong("its times do not follow each other evenly")
    if has_sound:
        if not sound.starts:
            raise _wrong("its sound is missing")
        heard = np.asarray([*sound.starts, sound.end]) * float(sound.tick_s) - times[0]
        _check_span(float(heard[0]), float(heard[1]), float(heard[-1]), layout)
    if check == "full":
        _decode(path, layout, np.arange(layout.frames), has_sound=has_sound)


def check_animation(path: Path, layout: Layout) -> None:
    """Check a GIF or WebP: its length, as GIF counts hundredths and WebP merges equal frames.

    Raises:
        RenderError: It is not as long as planned.
    """
    with Image.open(path) as image:
        total_ms = 0
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            total_ms += int(image.info.get("duration", 0))
    wanted_ms = float(layout.duration_s) * 1000
    if abs(total_ms - wanted_ms) > max(50.0, 0.05 * wanted_ms):
        raise _wrong(f"it lasts {total_ms / 1000:.2f} s of {wanted_ms / 1000:.2f} s")


def _miscounted(found: int, planned: int) -> RenderError:
    return _wrong(f"it has {found} frames where {planned} were planned")


def _wrong(what: str) -> RenderError:
    return RenderError(
        f"The result was checked and removed: {what}.",
        remedy="Please report this with timeline.plan(); the sources are untouched.",
    )
