"""Boxes of an MP4: found, read, and made."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from ..errors import MediaError

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"})


def boxes(data: bytes, at: int = 0, end: int | None = None) -> Iterator[tuple[bytes, bytes]]:
    """The boxes in a piece of a file: type and content.

    Raises:
        MediaError: One is longer than the data.

    Source:
        ISO/IEC 14496-12, 4.2.
    """
    end = len(data) if end is None else end
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            length, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif length == 0:
            length = end - at
        if length < head or at + length > end:
            raise MediaError("its index is damaged.")
        yield kind, data[at + head : at + length]
        at += length


def child(data: bytes, *path: bytes) -> bytes | None:
    """The content of the first box at a path below; `None` where there is none."""
    for kind in path:
        found = next((content for name, content in boxes(data) if name == kind), None)
        if found is None:
            return None
        data = found
    return data


def read_index(path: Path) -> bytes | None:
    """The content of a file's `moov` box; `None` where it has none or it is no MP4.

    Raises:
        MediaError: It says to be longer than the file.
        OSError: The file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length, kind = struct.unpack_from(">I4s", head)
            skip = 8
            if length == 1 and len(head) == 16:
                length, skip = struct.unpack_from(">Q", head, 8)[0], 16
            elif length == 0:
                length = size - at
            if length < skip or (at == 0 and kind != b"ftyp"):
                return None
            if kind == b"moov":
                if at + length > size:
                    raise MediaError(f"{path.name} was cut off: its index is longer than the file.")
                file.seek(at + skip)
                return file.read(length - skip)
            at += length
    return None


def box(kind: bytes, *contents: bytes) -> bytes:
    """A box around contents."""
    length = 8 + sum(len(each) for each in contents)
    return struct.pack(">I4s", length, kind) + b"".join(contents)


def full_box(kind: bytes, *contents: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box that has a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *contents)
