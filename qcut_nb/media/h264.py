"""As much of H.264 as joining streams takes: parameter sets and where decoding can start."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from .sample_table import SampleTable

IDR, SPS_HEADER_BYTES = 5, 1
HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138})


@dataclass(frozen=True)
class ParameterSets:
    """The content of an `avcC` box.

    Attributes:
        head: Version, profile, compatibility, level: 4 bytes.
        nal_length_bytes: Length of the lengths in front of each unit.
        sps: Sequence parameter sets.
        pps: Picture parameter sets.
        tail: What high profiles add.

    Source:
        ISO/IEC 14496-15, 5.3.3.1.
    """

    head: bytes
    nal_length_bytes: int
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]
    tail: bytes

    @classmethod
    def parse(cls, avcc: bytes) -> ParameterSets:
        """Read the content of an `avcC` box.

        Raises:
            struct.error: It is cut off.
        """
        at, lists = 5, []
        for mask in (0x1F, 0xFF):
            count, at, found = avcc[at] & mask, at + 1, []
            for _ in range(count):
                length = struct.unpack_from(">H", avcc, at)[0]
                found.append(avcc[at + 2 : at + 2 + length])
                at += 2 + length
            lists.append(tuple(found))
        return cls(avcc[:4], (avcc[4] & 3) + 1, lists[0], lists[1], avcc[at:])

    def merged(self, other: ParameterSets) -> ParameterSets:
        """These sets and those of another stream that has other ids."""
        sps = self.sps + tuple(each for each in other.sps if each not in self.sps)
        pps = self.pps + tuple(each for each in other.pps if each not in self.pps)
        head = self.head[:3] + bytes([max(self.head[3], other.head[3])])
        return ParameterSets(head, self.nal_length_bytes, sps, pps, self.tail)

    def to_bytes(self) -> bytes:
        """The content of an `avcC` box."""
        parts = [self.head, bytes([0xFC | (self.nal_length_bytes - 1), 0xE0 | len(self.sps)])]
        parts += [struct.pack(">H", len(each)) + each for each in self.sps]
        parts.append(bytes([len(self.pps)]))
        parts += [struct.pack(">H", len(each)) + each for each in self.pps]
        return b"".join([*parts, self.tail])


@dataclass(frozen=True)
class Sequence:
    """What a sequence parameter set says.

    Attributes:
        profile: `profile_idc`.
        level: `level_idc`, ten times the level.
        number: Its id, 0 to 31.
        chroma: 1 is 4:2:0.
        depth: Bits of a luma sample.
        is_progressive: Whether every picture is a frame.
        frame_num_bits: Bits of a picture's number.
        order_bits: Bits of its place in display order; `None` where it is told in another way.
    """

    profile: int
    level: int
    number: int
    chroma: int
    depth: int
    is_progressive: bool
    frame_num_bits: int
    order_bits: int | None


def read_sps(unit: bytes) -> Sequence:
    """Read a sequence parameter set.

    Raises:
        IndexError: It is cut off.

    Source:
        ITU-T H.264, 7.3.2.1.1.
    """
    bits = Bits(unit[SPS_HEADER_BYTES:])
    profile, _, level = bits.read(8), bits.read(8), bits.read(8)
    number, chroma, depth = bits.unsigned(), 1, 8
    if profile in HIGH_PROFILES:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.read(1)
        depth = 8 + bits.unsigned()
        bits.unsigned()
        bits.read(1)
        if bits.read(1):
            _skip_scaling(bits, 12 if chroma == 3 else 8)
    frame_num_bits = bits.unsigned() + 4
    order, order_bits = bits.unsigned(), None
    if order == 0:
        order_bits = bits.unsigned() + 4
    elif order == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
    bits.unsigned()
    bits.read(1)
    bits.unsigned()
    bits.unsigned()
    is_progressive = bits.read(1) == 1
    return Sequence(
        profile, level, number, chroma, depth, is_progressive, frame_num_bits, order_bits
    )


def starts_fresh(path: Path, table: SampleTable, sample: int, nal_length_bytes: int) -> bool:
    """Whether decoding can start at a sample with nothing before it: an IDR picture.

    A keyframe of an open GOP is none: pictures after it lean on pictures before it.
    """
    with path.open("rb") as file:
        file.seek(int(table.offsets[sample]))
        data = file.read(int(table.sizes[sample]))
    at = 0
    while at + nal_length_bytes < len(data):
        length = int.from_bytes(data[at : at + nal_length_bytes], "big")
        kind = data[at + nal_length_bytes] & 0x1F
        if 1 <= kind <= IDR:
            return kind == IDR
        at += nal_length_bytes + length
    return False


def _skip_scaling(bits: Bits, count: int) -> None:
    for index in range(count):
        if bits.read(1):
            last = following = 8
            for _ in range(16 if index < 6 else 64):
                if following:
                    following = (last + bits.signed()) % 256
                last = following or last


class Bits:
    """The bits of a unit, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data.replace(b"\0\0\3", b"\0\0")
        self._at = 0

    def read(self, count: int) -> int:
        """A number of so many bits."""
        value = 0
        for _ in range(count):
            value = value << 1 | self._data[self._at >> 3] >> (7 - self._at % 8) & 1
            self._at += 1
        return value

    def unsigned(self) -> int:
        """An Exp-Golomb number (9.1)."""
        zeros = 0
        while not self.read(1):
            zeros += 1
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        """An Exp-Golomb number with a sign."""
        value = self.unsigned()
        return (value + 1) // 2 if value % 2 else -(value // 2)
