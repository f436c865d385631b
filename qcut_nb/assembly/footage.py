"""What of a clip's file can be used without decoding it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..clip import Clip
from ..errors import MediaError
from ..media import (
    ParameterSets,
    SampleTable,
    read_boxes,
    read_sps,
    sample_tables,
    starts_fresh,
)
from .colours import Colours, colours_of
from .layout import Slot
from .times import exact_rate

UNEVEN = "has a variable frame rate"
"""Why nothing of such a file can be used without decoding it."""
COPYABLE = frozenset({"avc1", "avc3", "hvc1", "av01", "vp09", "mp4v"})
"""Sample entries whose samples an MP4 can carry one after the other."""
PROFILES = {66: "baseline", 77: "main", 100: "high"}
"""What x264 can be told to keep to, by `profile_idc`."""
ENTRY_SIZE_AT, ENTRY_BOXES_AT = 32, 86
"""Places of width and height, and of the boxes, in a video sample entry."""


@dataclass(frozen=True)
class Form:
    """What must be equal for samples to follow each other.

    Attributes:
        codec: Sample entry type.
        size: Width and height as coded, 4 bytes.
        settings: Boxes of the sample entry but the bit rate, which is only a note.
        fps: Frames a second.
    """

    codec: str
    size: bytes
    settings: frozenset[tuple[bytes, bytes]]
    fps: Fraction

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height as coded."""
        width_px, height_px = struct.unpack(">HH", self.size)
        return width_px, height_px

    def difference(self, other: Form) -> str:
        """The first thing that differs, in words; empty where nothing does."""
        if self.codec != other.codec:
            return f"another codec ({self.codec})"
        if self.size != other.size:
            return f"another size ({self.size_px[0]}x{self.size_px[1]})"
        if self.fps != other.fps:
            return f"another frame rate ({float(self.fps):.5g})"
        mine, theirs = dict(self.settings), dict(other.settings)
        for kind, what in ((b"colr", "other colours"), (b"pasp", "another pixel shape")):
            if mine.get(kind) != theirs.get(kind):
                return what
        return "other encoder settings" if mine != theirs else ""


@dataclass(frozen=True, eq=False)
class Footage:
    """The picture of one file, by samples.

    Attributes:
        path: The file.
        table: Its video samples.
        rank: Place in display order of each sample in decoding order.
        shown: First and behind the last rank that the edit list shows.
        form: What must be equal for joining.
        sets: Its H.264 parameter sets; `None` for other codecs.
        reorder: By how many frames decoding runs ahead of display.
    """

    path: Path
    table: SampleTable
    rank: NDArray[np.int64]
    shown: tuple[int, int]
    form: Form
    sets: ParameterSets | None
    reorder: int

    @property
    def colours(self) -> Colours:
        """What it says about its colours; the file is opened for it.

        Raises:
            MediaError: It is damaged.
        """
        return colours_of(self.path)

    @property
    def smart_obstacle(self) -> str:
        """Why nothing can be encoded that joins with it; empty where it can."""
        if self.sets is None:
            return f"only H.264 can be encoded to match, and it is {self.form.codec}"
        try:
            sequences = [read_sps(unit) for unit in self.sets.sps]
        except IndexError:
            return "its parameter sets cannot be read"
        if self.sets.nal_length_bytes != 4 or len(sequences) != 1:
            return "it has several parameter sets"
        sequence = sequences[0]
        if sequence.profile not in PROFILES:
            return f"its profile ({sequence.profile}) is not one that can be encoded to match"
        if sequence.chroma != 1 or sequence.depth != 8:
            return "it is not 8-bit 4:2:0"
        if not sequence.is_progressive:
            return "it is interlaced"
        return ""

    def first_start(self, low: int, high: int) -> int | None:
        """The first shown frame from `low` to before `high` at which copying can start."""
        base = self.shown[0]
        for sample in np.flatnonzero(self.table.is_key):
            frame = int(self.rank[sample]) - base
            if low <= frame < high and self._is_start(int(sample)):
                return frame
        return None

    def last_end(self, start: int, high: int) -> int:
        """Up to which frame, at most `high`, samples from `start` are exactly the frames."""
        sample = self.sample_of(start)
        ranks = self.rank[sample:] - self.rank[sample]
        most = np.maximum.accumulate(ranks)
        ends = np.flatnonzero(most == np.arange(len(most))) + 1
        fitting = ends[ends <= high - start]
        return start + (int(fitting[-1]) if len(fitting) else 0)

    def sample_of(self, frame: int) -> int:
        """The sample of a shown frame."""
        return int(np.flatnonzero(self.rank == frame + self.shown[0])[0])

    def _is_start(self, sample: int) -> bool:
        # Frames that follow a keyframe but are shown before it lean on what was cut off.
        if (self.rank[sample:] < self.rank[sample]).any():
            return False
        if self.sets is not None:
            return starts_fresh(self.path, self.table, sample, self.sets.nal_length_bytes)
        return sample == 0


def footage_of(path: Path) -> Footage | str:
    """What of a file can be copied, or why nothing can, in words.

    Raises:
        MediaError: It is damaged.
        OSError: It is missing.
    """
    return _read(path, _stamp(path))


def even_rate(clip: Clip) -> Fraction | None:
    """Frames a second of a clip; `None` where its index says that they are not even.

    Raises:
        MediaError: It is damaged.
        OSError: It is missing.
    """
    told = exact_rate(clip.facts.fps) if clip.facts.fps else None
    return _even_rate(clip.path, told, _stamp(clip.path))


def _stamp(path: Path) -> tuple[int, ...]:
    stamp = path.stat()
    return stamp.st_size, stamp.st_mtime_ns, stamp.st_ctime_ns, stamp.st_ino


@lru_cache(maxsize=512)
def _even_rate(path: Path, told: Fraction | None, stamp: tuple[int, ...]) -> Fraction | None:
    for table in sample_tables(path):
        if table.kind == "video" and table.is_shown.any():
            return _constant_rate(table)
    return told


@lru_cache(maxsize=512)
def _read(path: Path, stamp: tuple[int, ...]) -> Footage | str:
    videos = [table for table in sample_tables(path) if table.kind == "video"]
    if not videos:
        with path.open("rb") as file:
            is_mp4 = file.read(12)[4:8] == b"ftyp"
        return "is a fragmented MP4" if is_mp4 else "is not an MP4"
    table = videos[0]
    if len(videos) > 1:
        return "has more than one video track"
    if table.obstacle:
        return table.obstacle
    if table.codec not in COPYABLE:
        return f"is {table.codec}"
    if table.is_turned:
        return "is turned or stretched by its container"
    if not len(table.sizes) or not table.is_key[0]:
        return "does not start with a keyframe"
    rank = np.empty(len(table.pts), np.int64)
    rank[np.argsort(table.pts, kind="stable")] = np.arange(len(rank))
    shown = np.sort(rank[table.is_shown])
    if not len(shown) or shown[-1] - shown[0] + 1 != len(shown):
        return "shows none of its frames, or not in one run"
    fps = _constant_rate(table)
    if fps is None:
        return UNEVEN
    form = _form(table, fps)
    if isinstance(form, str):
        return form
    avcc = table.setting(b"avcC")
    try:
        sets = ParameterSets.parse(avcc) if avcc is not None else None
    except (struct.error, IndexError) as error:
        raise MediaError(f"{path.name} has damaged parameter sets.") from error
    return Footage(
        path=path,
        table=table,
        rank=rank,
        shown=(int(shown[0]), int(shown[-1]) + 1),
        form=form,
        sets=sets,
        reorder=int(np.max(np.arange(len(rank)) - rank)),
    )


def _constant_rate(table: SampleTable) -> Fraction | None:
    """Frames a second where all shown times are within a tick of an even grid."""
    pts, timescale = np.sort(table.pts[table.is_shown]), table.timescale
    if len(pts) < 2:
        length = int(table.dts[1])
        return exact_rate(timescale / length) if length else None
    fps = exact_rate((len(pts) - 1) * timescale / int(pts[-1] - pts[0]))
    grid = np.arange(len(pts)) * float(timescale / fps)
    return fps if np.abs(pts - pts[0] - grid).max() <= 1.01 else None


def _form(table: SampleTable, fps: Fraction) -> Form | str:
    settings = {
        (kind, content)
        for kind, content in read_boxes(table.entry[ENTRY_BOXES_AT:])
        if kind not in (b"btrt", b"fiel")
    }
    for kind, content in read_boxes(table.entry[ENTRY_BOXES_AT:]):
        if kind == b"pasp" and content[:4] != content[4:8]:
            return "has pixels that are not square"
        if kind == b"fiel" and content[:1] != b"\1":
            return "is interlaced"
    size = table.entry[ENTRY_SIZE_AT : ENTRY_SIZE_AT + 4]
    return Form(table.codec, size, frozenset(settings), fps)


def source_frame(slot: Slot, footage: Footage) -> int:
    """Which shown frame of its file is a plain item's first."""
    return int((slot.moments.first_s + slot.moments.into_s) * footage.form.fps)
