"""Whether a file says where it comes from in the way of C2PA."""

from __future__ import annotations

import struct
from pathlib import Path

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def has_c2pa(path: Path) -> bool:
    """Whether an MP4 carries a C2PA manifest; nothing in it is checked.

    Raises:
        OSError: The file cannot be read.

    Source:
        C2PA specification 2.1, A.5: a top-level `uuid` box with this id.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size_bytes:
            file.seek(at)
            head = file.read(32)
            length, kind = struct.unpack_from(">I4s", head)
            skip = 8
            if length == 1 and len(head) >= 16:
                length, skip = struct.unpack_from(">Q", head, 8)[0], 16
            if at == 0 and kind != b"ftyp":
                return False
            if kind == b"uuid" and head[skip : skip + 16] == C2PA_UUID:
                return True
            if length < skip:
                return False
            at += length
    return False
