"""Encoded pieces of a timeline: each a small MP4, made on its own, kept by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..clip import Clip
from ..errors import MediaError, RenderError
from ..media import ParameterSets, SampleTable, read_sps, sample_tables, sha256_file, whole_file
from .colours import FULL_RANGE, Colours
from .encoders import KEYFRAMES_EVERY_S, Encoding
from .footage import PROFILES, Footage
from .join import adds_up
from .layout import Layout, lay_out
from .model import Edit, Item
from .picture_stream import PictureStream, segments

FORM = 3
"""Of pieces; raise it when the same description makes other pictures."""
SHORT_FRAMES = 48
"""Up to here a piece is made in one thread: others would decode and wait more than they help."""
FEW_FRAMES = 16
"""Pieces that are all so short have no B-frames: these cost a third of the time and save little."""


@dataclass(frozen=True)
class Matching:
    """What a piece must be like to join copied samples.

    Attributes:
        profile: x264's name of the profile.
        parameter_set: Id of its parameter sets: one that the host does not use.
        reorder: By how many frames decoding may run ahead of display.
    """

    profile: str
    parameter_set: int
    reorder: int


def matching(host: Footage | None, longest: int) -> Matching | None:
    """What pieces must be like for a host, where the longest has so many frames."""
    if host is None:
        return None
    assert host.sets is not None
    sequences = [read_sps(unit) for unit in host.sets.sps]
    used = {sequence.number for sequence in sequences}
    free = next(number for number in range(1, 32) if number not in used)
    reorder = host.reorder if longest > FEW_FRAMES else 0
    return Matching(PROFILES[sequences[0].profile], free, reorder)


@dataclass(frozen=True)
class PieceJob:
    """One piece to make: all that another process needs for it.

    Attributes:
        edit: The edit; its clips carry no owner.
        first: Its first frame on the grid.
        end: The frame behind its last.
        colours: What it says about its colours.
        encoding: How it is encoded.
        matching: What it must be like to join; `None` where nothing is copied.
        path: Where it goes.
    """

    edit: Edit
    first: int
    end: int
    colours: Colours
    encoding: Encoding
    matching: Matching | None
    path: Path

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return len(range(self.first, self.end, self.edit.look.every))


def make_piece(job: PieceJob, on_frame: Callable[[], None] | None = None) -> Path:
    """Encode a piece; it appears at its path only when it is whole.

    Args:
        job: What to make.
        on_frame: Called for every frame.

    Raises:
        RenderError: A source does not decode.
        OSError: It cannot be written.
    """
    layout = lay_out(job.edit)
    stream = PictureStream(layout, job.colours, ahead=job.frames > SHORT_FRAMES)
    try:
        with whole_file(job.path) as part:
            _encode(job, layout, stream, part, on_frame)
            found = len(video_table(part).sizes)
            if found != job.frames:
                raise RenderError(f"A piece has {found} of {job.frames} frames.")
    finally:
        stream.close()
    return job.path


def _encode(
    job: PieceJob,
    layout: Layout,
    stream: PictureStream,
    part: Path,
    on_frame: Callable[[], None] | None,
) -> None:
    import av

    with av.open(str(part), "w", format="mp4") as target:
        video = target.add_stream("libx264", rate=layout.fps, options=x264_options(job, layout))
        video.width, video.height, video.pix_fmt = layout.width_px, layout.height_px, "yuv420p"
        video.codec_context.time_base = 1 / layout.fps
        video.codec_context.thread_count = 0 if job.frames > SHORT_FRAMES else 1
        set_colours(video, job.colours)
        for number, frame in enumerate(stream.frames(job.first, job.end)):
            frame.pts = number
            frame.pict_type = 0  # how the source coded it must not bind the encoder
            target.mux(video.encode(frame))
            if on_frame is not None:
                on_frame()
        target.mux(video.encode(None))


def is_whole(job: PieceJob) -> bool:
    """Whether a piece is kept, and still what was written: disks lose parts of files."""
    try:
        table = video_table(job.path)
        with job.path.open("rb") as file:
            for offset, size in zip(table.offsets.tolist(), table.sizes.tolist(), strict=True):
                file.seek(offset)
                if not adds_up(file.read(size), [size]):
                    return False
    except (MediaError, OSError):
        return False
    return len(table.sizes) == job.frames


def video_table(path: Path) -> SampleTable:
    """The video samples of a piece.

    Raises:
        RenderError: It has none.
    """
    for table in sample_tables(path):
        if table.kind == "video":
            return table
    raise RenderError(f"The piece {path.name} holds no video.")


def piece_sets(path: Path) -> ParameterSets:
    """The parameter sets of a piece."""
    avcc = video_table(path).setting(b"avcC")
    assert avcc is not None
    return ParameterSets.parse(avcc)


def x264_options(job: PieceJob, layout: Layout) -> dict[str, str]:
    """What x264 is told: the quality, and what makes the piece join."""
    options = job.encoding.options() | {
        "g": str(max(1, round(layout.fps * KEYFRAMES_EVERY_S / layout.every)))
    }
    if job.matching is not None:
        options |= {
            "profile": job.matching.profile,
            "x264-params": f"sps-id={job.matching.parameter_set}",
        }
        if job.matching.reorder < 2 or job.matching.profile == "baseline":
            options["bf"] = "0"
    return options


def set_colours(video: Any, colours: Colours) -> None:
    """Let a stream say what its colours mean."""
    if colours.is_named or colours.primaries != colours.matrix:
        video.colorspace, video.color_primaries = colours.matrix, colours.primaries
        video.color_trc = colours.transfer
    if colours.range and colours.range != FULL_RANGE:
        video.color_range = colours.range


def without_owners(edit: Edit) -> Edit:
    """The edit with clips that can go to another process."""

    def bare(item: Item) -> Item:
        return replace(item, source=_bare(item.source))

    return replace(
        edit,
        items=tuple(bare(item) for item in edit.items),
        overlays=tuple(replace(each, source=_bare(each.source)) for each in edit.overlays),
        sounds=(),
    )


def _bare(source: Any) -> Any:
    return replace(source, owner=None, recipe=None) if isinstance(source, Clip) else source


def content_key(job: PieceJob) -> str | None:
    """A name for what a piece shows; `None` where Python makes its frames.

    Raises:
        OSError: A source is gone.
    """
    layout = lay_out(job.edit)
    parts: list[Any] = [FORM, layout.width_px, layout.height_px, layout.fps, layout.fit]
    parts += [layout.is_preview, layout.every, layout.is_near]
    parts += [job.colours, job.encoding, job.matching, job.frames]
    for segment in segments(layout, job.first, job.end):
        parts.append(segment.end - job.first)
        for slot in segment.slots:
            if slot.item.is_movie:
                return None
            parts += [slot.item, slot.first - job.first, slot.frames, slot.into]
        for over in segment.overlays:
            parts += [over.overlay, over.first - job.first, over.end - job.first]
    text = json.dumps(parts, default=_described, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _described(value: Any) -> Any:
    if isinstance(value, Clip):
        return [digest(value.path), value.start_s, value.end_s]
    if isinstance(value, Path):
        return digest(value)
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value):
        # An item's own transition counts through its frames; its volume is not seen.
        unseen = {"volume", "start_s", "end_s", "stamp"} if not isinstance(value, Clip) else set()
        return {
            "type": type(value).__name__,
            **{f.name: getattr(value, f.name) for f in fields(value) if f.name not in unseen},
        }
    raise TypeError(f"{value!r} has no description.")


def digest(path: Path) -> str:
    """SHA-256 of a file, computed once while it is unchanged."""
    stamp = path.stat()
    return _digest(path, (stamp.st_mtime_ns, stamp.st_ctime_ns, stamp.st_size, stamp.st_ino))


@lru_cache(maxsize=1024)
def _digest(path: Path, stamp: tuple[int, ...]) -> str:
    return sha256_file(path)
