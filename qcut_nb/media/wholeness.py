"""Is a file as long as its container says? Found from a few bytes, without decoding."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from ..errors import MediaError

_CUT_OFF = "it was cut off: its last part is shorter than it says."


def check_whole(path: Path, container: str, size_bytes: int) -> None:
    """Compare the lengths that a container declares with the file's length.

    Args:
        path: The file.
        container: Its format, as `MediaFacts.format` spells it; others than MP4, MOV, WebM and
            Matroska declare nothing and pass.
        size_bytes: The file's length.

    Raises:
        MediaError: The container declares more than there is.
    """
    with path.open("rb") as file:
        if container in ("mp4", "mov"):
            _check_boxes(file, size_bytes)
        elif container in ("webm", "mkv"):
            _check_segment(file, size_bytes)


def _check_boxes(file: BinaryIO, size_bytes: int) -> None:
    """The top-level boxes of an MP4 must end where the file ends.

    Source:
        ISO/IEC 14496-12, 4.2: size (4 bytes), type (4 bytes); size 1 means that 8 bytes of size
        follow, size 0 that the box reaches to the end.
    """
    at = 0
    while at < size_bytes:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            return
        if length < 8 or at + length > size_bytes:
            raise MediaError(_CUT_OFF)
        at += length


def _check_segment(file: BinaryIO, size_bytes: int) -> None:
    """The segment of a Matroska file must end within the file, where its size is known.

    Source:
        RFC 8794, 4 to 6: an element is an id and a size, both with their length in the leading
        zero bits; a size of only ones is unknown (a live recording).
    """
    at = 0
    for _ in range(2):  # the EBML header, then the segment
        file.seek(at)
        head = file.read(12)
        id_length = _vint_length(head, 0)
        size_length = _vint_length(head, id_length)
        coded = int.from_bytes(head[id_length : id_length + size_length], "big")
        ones = (1 << (7 * size_length)) - 1
        if coded & ones == ones:
            return
        at += id_length + size_length + (coded & ones)
    if at > size_bytes:
        raise MediaError(_CUT_OFF)


def _vint_length(data: bytes, at: int) -> int:
    if at >= len(data) or data[at] == 0:
        raise MediaError("its Matroska header is damaged.")
    return 9 - data[at].bit_length()
