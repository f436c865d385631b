"""Tags of a plain MP4, written by moving boxes: no demuxer, no muxer, no packet.

Only a file of which every box that matters is understood is written this way. Anything else is
`NotPlainError`, and goes through FFmpeg's muxer instead.

Source:
    ISO/IEC 14496-12 (boxes, `stco`, `co64`); the item list of `udta/meta` is Apple's, described in
    the "QuickTime File Format Specification", "Metadata".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import Struct
from typing import BinaryIO, NamedTuple

TAG_BOXES = {"title": b"\xa9nam", "comment": b"\xa9cmt"}
MAX_INDEX_BYTES = 64 << 20
_TOP = frozenset({b"ftyp", b"free", b"skip", b"wide", b"mdat", b"moov"})
_KNOWN: dict[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"udta", b"iods"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"udta", b"tref", b"tapt"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hmhd", b"nmhd", b"gmhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64"}
        | {b"stss", b"stsh", b"sdtp", b"sgpd", b"sbgp", b"stdp", b"padb"}
    ),
}
"""Boxes without file offsets besides `stco` and `co64`; keys are those that are looked into."""
_SAME_FILE = bytes((0, 0, 0, 1, 0, 0, 0, 12)) + b"url " + bytes((0, 0, 0, 1))
"""A `dref` with one entry: the data is in this file."""
_U32, _U64 = Struct(">I"), Struct(">Q")
_META_HANDLER = bytes(8) + b"mdirappl" + bytes(9)
_COPY_BYTES = 1 << 20


class NotPlainError(Exception):
    """The file has something that is not understood here."""


class _Box(NamedTuple):
    """A box's place in its buffer or file: `start` of its head, `body`, `end`."""

    kind: bytes
    start: int
    body: int
    end: int


def write_mp4_tags(source: BinaryIO, target: BinaryIO, tags: Mapping[str, str]) -> None:
    """Write a copy of a plain MP4 with tags added, its index in front.

    Args:
        source: The file, at any place.
        target: Where the copy goes.
        tags: Of `TAG_BOXES`; they win over tags that are there.

    Raises:
        NotPlainError: It is not understood; what was written is worthless.
        OSError: The copy cannot be written.
    """
    if not tags.keys() <= TAG_BOXES.keys():
        message = "another tag"
        raise NotPlainError(message)
    boxes = list(_top_boxes(source))
    if [box.kind for box in boxes[:1]] != [b"ftyp"] or sum(b.kind == b"moov" for b in boxes) != 1:
        raise NotPlainError
    index_box = next(box for box in boxes if box.kind == b"moov")
    if index_box.end - index_box.start > MAX_INDEX_BYTES:
        raise NotPlainError
    source.seek(boxes[0].body)
    if source.read(4) == b"qt  ":  # QuickTime keeps its tags elsewhere
        raise NotPlainError
    source.seek(index_box.start)
    index = _tagged(bytearray(source.read(index_box.end - index_box.start)), tags)
    rest = [box for box in boxes[1:] if box is not index_box]
    _move_chunks(index, _shifts(rest, boxes[0].end + len(index)))
    _copy(source, target, boxes[0].start, boxes[0].end)
    target.write(index)
    for box in rest:
        _copy(source, target, box.start, box.end)


def _top_boxes(source: BinaryIO) -> Iterator[_Box]:
    size = source.seek(0, 2)
    at = 0
    while at < size:
        source.seek(at)
        box = _box(source.read(16), at, 0, size)
        if box.kind not in _TOP:
            raise NotPlainError
        yield box
        at = box.end


def _box(head: bytes | bytearray, at: int, offset: int, limit: int) -> _Box:
    """The box whose head is at `offset` of a buffer and at `at` of what `limit` ends."""
    if len(head) < offset + 8:
        raise NotPlainError
    length, body = _U32.unpack_from(head, offset)[0], at + 8
    if length == 1 and len(head) >= offset + 16:
        length, body = _U64.unpack_from(head, offset + 8)[0], at + 16
    end = at + length
    if length < body - at or end > limit:
        raise NotPlainError
    return _Box(bytes(head[offset + 4 : offset + 8]), at, body, end)


def _children(data: bytes | bytearray, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        box = _box(data, start, start, end)
        yield box
        start = box.end


def _tagged(index: bytearray, tags: Mapping[str, str]) -> bytearray:
    """The index with its user data rewritten; chunk offsets as they were."""
    top = _box(index, 0, 0, len(index))
    children = list(_children(index, top.body, top.end))
    user_data = [box for box in children if box.kind == b"udta"]
    if len(user_data) > 1:
        raise NotPlainError
    others, items = b"", b""
    for box in user_data:
        end = box.end
        if index[end - 4 : end] == bytes(4) and end - box.body >= 4:
            end -= 4  # QuickTime ends the list with a zero
        for child in _children(index, box.body, end):
            if child.kind == b"meta":
                items += _items(index, child)
            elif child.kind not in (b"free", b"skip"):
                others += index[child.start : child.end]
    kept = b"".join(
        items[item.start : item.end]
        for item in _children(items, 0, len(items))
        if item.kind not in {TAG_BOXES[name] for name in tags}
    )
    new = b"".join(_item(TAG_BOXES[name], value) for name, value in tags.items())
    meta = _framed(
        b"meta", bytes(4) + _framed(b"hdlr", _META_HANDLER) + _framed(b"ilst", kept + new)
    )
    parts = [index[box.start : box.end] for box in children if box.kind != b"udta"]
    return bytearray(_framed(b"moov", b"".join(parts) + _framed(b"udta", others + meta)))


def _items(index: bytearray, meta: _Box) -> bytes:
    """The tags of a `meta` box, if it is one of tags."""
    children = list(_children(index, meta.body + 4, meta.end))
    handler = [box for box in children if box.kind == b"hdlr"]
    if [bytes(index[box.body + 8 : box.body + 12]) for box in handler] != [b"mdir"]:
        raise NotPlainError
    if any(box.kind not in (b"hdlr", b"ilst", b"free") for box in children):
        raise NotPlainError
    return b"".join(index[box.body : box.end] for box in children if box.kind == b"ilst")


def _item(kind: bytes, value: str) -> bytes:
    utf8 = 1
    return _framed(kind, _framed(b"data", _U32.pack(utf8) + bytes(4) + value.encode()))


def _framed(kind: bytes, body: bytes) -> bytes:
    return _U32.pack(8 + len(body)) + kind + body


class _Shift(NamedTuple):
    """Data that was from `start` to `end` of the file lies `by` bytes further on."""

    start: int
    end: int
    by: int


def _shifts(rest: list[_Box], at: int) -> list[_Shift]:
    shifts = []
    for box in rest:
        if box.kind == b"mdat":
            shifts.append(_Shift(box.body, box.end, at - box.start))
        at += box.end - box.start
    return shifts


def _move_chunks(index: bytearray, shifts: list[_Shift]) -> None:
    """Let every chunk offset of the index point to where its data is now."""
    for box in _walk(index, _box(index, 0, 0, len(index))):
        if box.kind == b"dref" and index[box.body + 4 : box.end] != _SAME_FILE:
            raise NotPlainError
        if box.kind not in (b"stco", b"co64"):
            continue
        entry = _U32 if box.kind == b"stco" else _U64
        if box.end - box.body < 8:
            raise NotPlainError
        count = _U32.unpack_from(index, box.body + 4)[0]
        if box.end - box.body != 8 + count * entry.size:
            raise NotPlainError
        table = Struct(f">{count}{entry.format[1:]}")
        offsets = table.unpack_from(index, box.body + 8)
        moved = [_moved(offset, shifts) for offset in offsets]
        if entry is _U32 and max(moved, default=0) >= 1 << 32:
            raise NotPlainError
        table.pack_into(index, box.body + 8, *moved)


def _moved(offset: int, shifts: list[_Shift]) -> int:
    for shift in shifts:
        if shift.start <= offset < shift.end:
            return offset + shift.by
    raise NotPlainError


def _walk(index: bytearray, box: _Box) -> Iterator[_Box]:
    """All boxes below a known one, each of which has to be known itself."""
    for child in _children(index, box.body, box.end):
        if child.kind not in _KNOWN[box.kind] and child.kind not in (b"free", b"skip"):
            raise NotPlainError
        yield child
        if child.kind in _KNOWN:
            yield from _walk(index, child)


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        piece = source.read(min(_COPY_BYTES, end - start))
        if not piece:
            raise NotPlainError
        target.write(piece)
        start += len(piece)
