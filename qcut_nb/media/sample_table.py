"""What samples an MP4 has: their times, their places, and which of them an edit list shows."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import MediaError
from .mp4_boxes import boxes, child, read_index

Numbers = NDArray[np.int64]
UNTURNED = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
QUICKTIME_MORE_BYTES = {1: 16, 2: 36}
VIDEO_ENTRY_BYTES, SOUND_ENTRY_BYTES = 78, 28
"""Fixed parts of sample entries, in front of their boxes (ISO/IEC 14496-12, 12.1.3, 12.2.3)."""


@dataclass(frozen=True, eq=False)
class SampleTable:
    """One track. Arrays have one number for each sample, in decoding order.

    Attributes:
        kind: "video" or "audio".
        timescale: Ticks a second.
        length: Ticks that it lasts, as its header says.
        codec: Four letters of the sample entry, such as "avc1".
        entry: The sample entry: its type and all of its content.
        dts: Decoding times, ticks.
        pts: Display times, ticks of the media, before any edit list.
        sizes: Bytes.
        offsets: Places in the file.
        is_key: Whether decoding can start there, as the file says.
        zero: Time at which the presentation starts, ticks of the media.
        until: Time at which it ends; `None` is the last sample's end.
        delay: Seconds of nothing before the track starts.
        is_turned: Whether a player turns or scales the picture.
        obstacle: Why these samples cannot be used one by one, in words; empty where they can.
    """

    kind: str
    timescale: int
    length: int
    codec: str
    entry: bytes
    dts: Numbers
    pts: Numbers
    sizes: Numbers
    offsets: Numbers
    is_key: NDArray[np.bool_]
    zero: int
    until: int | None
    delay: Fraction
    is_turned: bool
    obstacle: str

    @property
    def is_shown(self) -> NDArray[np.bool_]:
        """Which samples the edit list shows."""
        shown = self.pts >= self.zero
        return shown if self.until is None else shown & (self.pts < self.until)

    def setting(self, kind: bytes) -> bytes | None:
        """The content of a box in the sample entry, such as `avcC`."""
        fixed = VIDEO_ENTRY_BYTES
        if self.kind == "audio":
            # QuickTime's later versions of the entry have more fields (QTFF, "Sound Media").
            version = struct.unpack_from(">H", self.entry, 16)[0]
            fixed = SOUND_ENTRY_BYTES + QUICKTIME_MORE_BYTES.get(version, 0)
        return child(self.entry[8 + fixed :], kind)

    def descriptor(self, tag: int) -> bytes:
        """A descriptor in the sample entry's `esds` box; empty where there is none.

        Args:
            tag: 4 is the decoder's, which starts with the object type; 5 its configuration.

        Source:
            ISO/IEC 14496-1, 7.2.6.
        """
        esds, at = self.setting(b"esds") or b"", 4
        while at + 2 <= len(esds):
            found, length, at = esds[at], 0, at + 1
            while at < len(esds):
                byte, at = esds[at], at + 1
                length = length << 7 | byte & 0x7F
                if not byte & 0x80:
                    break
            if found == tag:
                return esds[at : at + length]
            # Into the two descriptors that hold others, behind their fixed parts.
            at += {3: 3, 4: 13}.get(found, length)
        return b""


def sample_tables(path: Path) -> tuple[SampleTable, ...]:
    """The video and sound tracks of an MP4; nothing is read twice while the file is unchanged.

    Returns:
        Nothing where the file is no MP4 or is fragmented.

    Raises:
        MediaError: Its index is damaged, or names bytes behind the file's end.
        OSError: It cannot be read.
    """
    stamp = path.stat()
    # A program can set the first of these times, the system alone sets the second.
    changes = stamp.st_mtime_ns, stamp.st_ctime_ns, stamp.st_ino
    return _read(path, stamp.st_size, changes)


@lru_cache(maxsize=512)
def _read(path: Path, size_bytes: int, changes: tuple[int, ...]) -> tuple[SampleTable, ...]:
    index = read_index(path)
    if index is None or child(index, b"mvex") is not None:
        return ()
    try:
        header = child(index, b"mvhd") or b""
        movie_timescale = struct.unpack_from(">I", header, 20 if header[0] else 12)[0]
        tables = [
            table
            for kind, content in boxes(index)
            if kind == b"trak" and (table := _track(content, movie_timescale)) is not None
        ]
    except (struct.error, IndexError, ValueError) as error:
        raise MediaError(f"{path.name} has a damaged index.") from error
    for table in tables:
        if len(table.sizes) and int((table.offsets + table.sizes).max()) > size_bytes:
            raise MediaError(f"{path.name} was cut off: its index names bytes behind its end.")
    return tuple(tables)


def _track(trak: bytes, movie_timescale: int) -> SampleTable | None:
    handler = (child(trak, b"mdia", b"hdlr") or b"")[8:12]
    kind = {b"vide": "video", b"soun": "audio"}.get(handler)
    stbl = child(trak, b"mdia", b"minf", b"stbl")
    media = child(trak, b"mdia", b"mdhd")
    track = child(trak, b"tkhd")
    if kind is None or stbl is None or media is None or track is None:
        return None
    timescale, length = struct.unpack_from(
        *((">IQ", media, 20) if media[0] else (">II", media, 12))
    )
    stsd = child(stbl, b"stsd") or b""
    entry_count = struct.unpack_from(">I", stsd, 4)[0]
    entry = stsd[8 : 8 + struct.unpack_from(">I", stsd, 8)[0]]
    sizes = _sizes(child(stbl, b"stsz") or b"")
    count = len(sizes)
    dts = np.concatenate([np.zeros(1, np.int64), np.cumsum(_runs(child(stbl, b"stts"), count))])
    shifts = child(stbl, b"ctts")
    pts = dts[:-1] + (_runs(shifts, count, signed=True) if shifts else np.int64(0))
    is_key = np.ones(count, np.bool_)
    keys = child(stbl, b"stss")
    if keys is not None:
        is_key[:] = False
        is_key[np.frombuffer(keys, ">u4", offset=8).astype(np.int64) - 1] = True
    zero, until, delay, obstacle = _edits(child(trak, b"edts", b"elst"), timescale, movie_timescale)
    if entry_count != 1:
        obstacle = "changes its format on the way"
    return SampleTable(
        kind=kind,
        timescale=timescale,
        length=length,
        codec=entry[4:8].decode("latin-1"),
        entry=entry,
        dts=dts,
        pts=pts,
        sizes=sizes,
        offsets=_offsets(stbl, sizes),
        is_key=is_key,
        zero=zero,
        until=until,
        delay=delay,
        is_turned=UNTURNED not in track,
        obstacle=obstacle,
    )


def _runs(content: bytes | None, count: int, *, signed: bool = False) -> Numbers:
    table = np.frombuffer(content or b"", ">u4", offset=8).reshape(-1, 2)
    values = table[:, 1].astype(np.uint32)
    numbers = values.view(np.int32) if signed else values
    # What a damaged table says beyond the last sample is not made.
    ends = np.minimum(np.cumsum(table[:, 0].astype(np.int64)), count)
    return np.repeat(numbers.astype(np.int64), np.diff(ends, prepend=0))


def _sizes(content: bytes) -> Numbers:
    each, count = struct.unpack_from(">II", content, 4)
    if each:
        return np.full(count, each, np.int64)
    return np.frombuffer(content, ">u4", count=count, offset=12).astype(np.int64)


def _offsets(stbl: bytes, sizes: Numbers) -> Numbers:
    wide = child(stbl, b"co64")
    narrow = child(stbl, b"stco")
    chunks = np.frombuffer(wide or narrow or bytes(8), ">u8" if wide else ">u4", offset=8).astype(
        np.int64
    )
    runs = np.frombuffer(child(stbl, b"stsc") or bytes(8), ">u4", offset=8).reshape(-1, 3)
    firsts = runs[:, 0].astype(np.int64) - 1
    lengths = np.diff(np.append(firsts, len(chunks)))
    per_chunk = np.repeat(runs[:, 1].astype(np.int64), lengths)
    if int(per_chunk.sum()) < len(sizes):
        raise ValueError("chunks hold fewer samples than there are")
    chunk_of = np.repeat(np.arange(len(chunks)), per_chunk)[: len(sizes)]
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    first_of_chunk = np.concatenate([[0], np.cumsum(per_chunk)])[:-1]
    within = starts - starts[np.minimum(first_of_chunk, len(sizes) - 1)][chunk_of]
    result: Numbers = chunks[chunk_of] + within
    return result


def _edits(
    content: bytes | None, timescale: int, movie_timescale: int
) -> tuple[int, int | None, Fraction, str]:
    """Start, end and delay of the one edit that can be followed, and what else is in the way."""
    if content is None:
        return 0, None, Fraction(0), ""
    form = ">QqHH" if content[0] == 1 else ">IiHH"
    edits = list(struct.iter_unpack(form, content[8:]))
    delay = Fraction(0)
    if edits and edits[0][1] == -1:
        delay = Fraction(edits.pop(0)[0], movie_timescale)
    if len(edits) != 1 or edits[0][1] < 0 or edits[0][2:] != (1, 0):
        return 0, None, delay, "has an edit list of several parts" if edits else ""
    length, start = edits[0][:2]
    if not length:
        return start, None, delay, ""
    # The length was rounded to the movie's ticks: a frame that starts in the last tick is not in.
    return start, start + -(-length * timescale // movie_timescale), delay, ""
