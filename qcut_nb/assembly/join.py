"""Writing one MP4 from samples of others: bytes are moved, times come from the frame grid."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import RenderError
from ..media import SampleTable, mp4_box, mp4_full_box

Numbers = NDArray[np.int64]
MOVIE_TIMESCALE = 90_000
INTERLEAVE_S = 0.5
"""How much picture lies together in the file before the sound that goes with it."""
UNTURNED = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of one file in decoding order; frames of a piece are shown without a gap.

    Attributes:
        path: The file.
        offsets: Where each sample is.
        sizes: Its bytes.
        rank: Its place in display order, from 0.
        is_key: Whether decoding can start there.
        is_units: Whether a sample is a row of units, each behind its length in 4 bytes.
    """

    path: Path
    offsets: Numbers
    sizes: Numbers
    rank: Numbers
    is_key: NDArray[np.bool_]
    is_units: bool

    @classmethod
    def of(cls, path: Path, table: SampleTable, chosen: Numbers) -> Samples:
        """Chosen samples of a track, in the order of the file."""
        rank = np.empty(len(chosen), np.int64)
        rank[np.argsort(table.pts[chosen], kind="stable")] = np.arange(len(chosen))
        return cls(
            path=path,
            offsets=table.offsets[chosen],
            sizes=table.sizes[chosen],
            rank=rank,
            is_key=table.is_key[chosen],
            is_units=table.codec in ("avc1", "avc3", "hvc1"),
        )


@dataclass(frozen=True, eq=False)
class OutputTrack:
    """A track of the result.

    Attributes:
        kind: "video" or "audio".
        entry: The sample entry, whole.
        timescale: Ticks a second.
        pieces: Where its samples come from, in order.
        steps: Ticks from each sample to the next, in decoding order.
        skip: Ticks that are decoded but not shown or heard: a codec's lead-in.
        size_px: Width and height; (0, 0) for sound.
    """

    kind: str
    entry: bytes
    timescale: int
    pieces: Sequence[Samples]
    steps: Numbers
    skip: int
    size_px: tuple[int, int] = (0, 0)

    @property
    def ranks(self) -> Numbers:
        """Display order over all pieces."""
        first, parts = 0, []
        for piece in self.pieces:
            parts.append(piece.rank + first)
            first += len(piece.rank)
        return np.concatenate(parts)


def write_mp4(
    part: Path,
    tracks: Sequence[OutputTrack],
    duration_s: Fraction,
    tags: dict[str, str],
    on_progress: Callable[[float], None],
) -> None:
    """Write an MP4 with its index in front.

    Args:
        part: Where to write.
        tracks: The video track first.
        duration_s: Length of the presentation.
        tags: `comment` and `title`.
        on_progress: Called with the fraction of bytes written.

    Raises:
        RenderError: A source is damaged.
        OSError: It cannot be written, or a source cannot be read.
    """
    chunks = _interleave(tracks)
    total = sum(int(piece.sizes.sum()) for track in tracks for piece in track.pieces)
    head = mp4_box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    size = len(_index(tracks, chunks, 0, duration_s, tags, wide=total > 1 << 31))
    start = len(head) + size + 16
    index = _index(tracks, chunks, start, duration_s, tags, wide=total > 1 << 31)
    with part.open("wb") as target:
        target.write(head + index + struct.pack(">I4sQ", 1, b"mdat", total + 16))
        _move(target, tracks, chunks, total, on_progress)


def _interleave(tracks: Sequence[OutputTrack]) -> list[tuple[int, int, int]]:
    """Chunks in the order of the file: track, first sample, sample behind the last."""
    cuts = []
    for number, track in enumerate(tracks):
        times = (np.cumsum(track.steps) - track.steps) / track.timescale
        slot = (times // INTERLEAVE_S).astype(np.int64)
        firsts = np.flatnonzero(np.diff(slot, prepend=-1))
        ends = np.append(firsts[1:], len(slot))
        cuts += [
            (int(slot[first]), number, int(first), int(end))
            for first, end in zip(firsts, ends, strict=True)
        ]
    return [(number, first, end) for _, number, first, end in sorted(cuts)]


def _runs(
    track: OutputTrack, firsts: Sequence[int], first: int, end: int
) -> Iterator[tuple[Samples, int, NDArray[np.int64]]]:
    """Where the bytes of samples lie: piece, offset, sizes; neighbours in one go."""
    for base, piece in zip(firsts, track.pieces, strict=True):
        low, high = max(first - base, 0), min(end - base, len(piece.sizes))
        if low >= high:
            continue
        offsets, sizes = piece.offsets[low:high], piece.sizes[low:high]
        breaks = np.flatnonzero(offsets[1:] != offsets[:-1] + sizes[:-1]) + 1
        edges = [0, *breaks.tolist(), high - low]
        for start, stop in pairwise(edges):
            yield piece, int(offsets[start]), sizes[start:stop]


def _move(
    target: BinaryIO,
    tracks: Sequence[OutputTrack],
    chunks: Sequence[tuple[int, int, int]],
    total: int,
    on_progress: Callable[[float], None],
) -> None:
    firsts = [
        np.cumsum([0, *(len(piece.sizes) for piece in track.pieces)])[:-1].tolist()
        for track in tracks
    ]
    moved = 0
    held: dict[Path, BinaryIO] = {}
    try:
        for number, first, end in chunks:
            for piece, offset, sizes in _runs(tracks[number], firsts[number], first, end):
                path, length = piece.path, int(sizes.sum())
                if path not in held:
                    # One file for the picture and one for the sound is all that is ever needed.
                    while len(held) > 3:
                        held.pop(next(iter(held))).close()
                    held[path] = path.open("rb")
                held[path].seek(offset)
                data = held[path].read(length)
                if len(data) != length:
                    raise RenderError(
                        f"{path.name} is damaged: it is shorter than its index says.",
                        remedy="Download or copy the clip again.",
                    )
                if piece.is_units and not adds_up(data, sizes.tolist()):
                    t_s = float(tracks[number].steps[:first].sum() / tracks[number].timescale)
                    raise RenderError(
                        f"{path.name} is damaged: what it shows near {t_s:.2f} s of the result is "
                        "not video.",
                        remedy="Download or copy the clip again, or leave this part out.",
                    )
                target.write(data)
                moved += length
            on_progress(moved / total)
    finally:
        for file in held.values():
            file.close()


def adds_up(data: bytes, sizes: list[int]) -> bool:
    """Whether samples are rows of units whose lengths add up."""
    at = 0
    for size in sizes:
        end = at + size
        while at + 4 < end:
            length = int.from_bytes(data[at : at + 4], "big")
            if not length:
                return False
            at += 4 + length
        if at != end:
            return False
    return True


def _index(
    tracks: Sequence[OutputTrack],
    chunks: Sequence[tuple[int, int, int]],
    start: int,
    duration_s: Fraction,
    tags: dict[str, str],
    *,
    wide: bool,
) -> bytes:
    length = round(duration_s * MOVIE_TIMESCALE)
    header = (
        struct.pack(">QQIQIHHQ", 0, 0, MOVIE_TIMESCALE, length, 0x10000, 0x100, 0, 0)
        + UNTURNED
        + bytes(24)
        + struct.pack(">I", len(tracks) + 1)
    )
    at = start
    places: list[list[int]] = [[] for _ in tracks]
    sizes = [np.concatenate([piece.sizes for piece in track.pieces]) for track in tracks]
    ends = [np.concatenate([[0], np.cumsum(each)]) for each in sizes]
    for number, first, end in chunks:
        places[number].append(at)
        at += int(ends[number][end] - ends[number][first])
    traks = [
        _trak(
            number,
            track,
            sizes[number],
            [c for c in chunks if c[0] == number],
            places[number],
            length,
            wide=wide,
        )
        for number, track in enumerate(tracks)
    ]
    return mp4_box(b"moov", mp4_full_box(b"mvhd", header, version=1), *traks, _tags(tags))


def _trak(
    number: int,
    track: OutputTrack,
    sizes: Numbers,
    chunks: Sequence[tuple[int, int, int]],
    places: Sequence[int],
    length: int,
    *,
    wide: bool,
) -> bytes:
    video = track.kind == "video"
    width_px, height_px = track.size_px
    tkhd = (
        struct.pack(
            ">QQIIQQHHHH",
            0,
            0,
            number + 1,
            0,
            length,
            0,
            0,
            0 if video else 1,
            0 if video else 0x100,
            0,
        )
        + UNTURNED
        + struct.pack(">II", width_px << 16, height_px << 16)
    )
    elst = struct.pack(">IQqHH", 1, length, track.skip, 1, 0)
    mdhd = struct.pack(">QQIQHH", 0, 0, track.timescale, int(track.steps.sum()), 0x55C4, 0)
    handler = (b"vide", b"VideoHandler\0") if video else (b"soun", b"SoundHandler\0")
    media_head = (
        mp4_full_box(b"vmhd", bytes(8), flags=1) if video else mp4_full_box(b"smhd", bytes(4))
    )
    reference = mp4_full_box(b"dref", struct.pack(">I", 1), mp4_full_box(b"url ", flags=1))
    stbl = mp4_box(
        b"stbl",
        mp4_full_box(b"stsd", struct.pack(">I", 1), track.entry),
        mp4_full_box(b"stts", _run_lengths(track.steps)),
        *_order(track),
        mp4_full_box(b"stsc", _per_chunk([end - first for _, first, end in chunks])),
        mp4_full_box(b"stsz", struct.pack(">II", 0, len(sizes)), sizes.astype(">u4").tobytes()),
        mp4_full_box(
            b"co64" if wide else b"stco",
            struct.pack(">I", len(places)),
            np.asarray(places, ">u8" if wide else ">u4").tobytes(),
        ),
    )
    return mp4_box(
        b"trak",
        mp4_full_box(b"tkhd", tkhd, version=1, flags=3),
        mp4_box(b"edts", mp4_full_box(b"elst", elst, version=1)),
        mp4_box(
            b"mdia",
            mp4_full_box(b"mdhd", mdhd, version=1),
            mp4_full_box(b"hdlr", bytes(4), handler[0], bytes(12), handler[1]),
            mp4_box(b"minf", media_head, mp4_box(b"dinf", reference), stbl),
        ),
    )


def _order(track: OutputTrack) -> list[bytes]:
    """Display order and keyframes, where they say more than decoding order."""
    found = []
    dts = np.cumsum(track.steps) - track.steps
    shifts = display_times(track) - dts
    if shifts.any():
        found.append(mp4_full_box(b"ctts", _run_lengths(shifts)))
    is_key = np.concatenate([piece.is_key for piece in track.pieces])
    if not is_key.all():
        keys = (np.flatnonzero(is_key) + 1).astype(">u4")
        found.append(mp4_full_box(b"stss", struct.pack(">I", len(keys)), keys.tobytes()))
    return found


def display_times(track: OutputTrack) -> Numbers:
    """When each sample is shown or heard, ticks of the media; the edit list takes `skip` off."""
    dts = np.cumsum(track.steps) - track.steps
    if track.kind == "audio":
        return dts
    result: Numbers = dts[track.ranks] + track.skip
    return result


def _run_lengths(values: Numbers) -> bytes:
    firsts = np.flatnonzero(np.diff(values, prepend=values[:1] - 1))
    lengths = np.diff(np.append(firsts, len(values)))
    table = np.stack([lengths, values[firsts]], axis=1).astype(">u4")
    return struct.pack(">I", len(table)) + table.tobytes()


def _per_chunk(lengths: Sequence[int]) -> bytes:
    values = np.asarray(lengths, np.int64)
    firsts = np.flatnonzero(np.diff(values, prepend=-1))
    table = np.stack([firsts + 1, values[firsts], np.ones(len(firsts), np.int64)], axis=1)
    return struct.pack(">I", len(table)) + table.astype(">u4").tobytes()


def _tags(tags: dict[str, str]) -> bytes:
    """Tags as iTunes and FFmpeg read them."""
    names = {"comment": b"\xa9cmt", "title": b"\xa9nam"}
    items = [
        mp4_box(names[name], mp4_box(b"data", struct.pack(">II", 1, 0), value.encode()))
        for name, value in tags.items()
        if value
    ]
    handler = mp4_full_box(b"hdlr", bytes(4), b"mdirappl", bytes(9))
    return mp4_box(b"udta", mp4_full_box(b"meta", handler, mp4_box(b"ilst", *items)))
