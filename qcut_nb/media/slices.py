"""Which pictures of H.264 can be left out, as the heads of their slices say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .h264 import IDR, Bits, ParameterSets, Sequence, read_sps

HEAD_BYTES = 128
"""More than the head of a slice takes; a picture cut off there is begun, and soon given up."""
P, B, SWITCHING_P = 0, 1, 3
LATEST = -1


@dataclass(frozen=True)
class Picture:
    """What a picture's slices say.

    Attributes:
        is_b: Whether it has slices of B-pictures.
        number: Its `frame_num`.
        leans_on: Numbers of those that P-slices are made from; `LATEST` is the one decoded before.
    """

    is_b: bool
    number: int
    leans_on: frozenset[int]


def is_loose(pictures: Iterable[Picture]) -> bool:
    """Whether no P-picture is made from a B-picture.

    Args:
        pictures: Those that others may be made from, in decoding order, from a keyframe on.
    """
    b_numbers: set[int] = set()
    latest = -1
    for each in pictures:
        if {latest if number == LATEST else number for number in each.leans_on} & b_numbers:
            return False
        latest = each.number
        b_numbers = b_numbers | {latest} if each.is_b else b_numbers - {latest}
    return True


class SliceReader:
    """Reads as much of slices as says what their pictures are made from.

    Raises:
        ValueError: These may be fields, or have other things that are rare.
        IndexError: A parameter set is cut off.

    Source:
        ITU-T H.264, 7.3.2.2, 7.3.3, 7.3.3.1, 8.2.4.
    """

    def __init__(self, sets: ParameterSets) -> None:
        self._length_bytes = sets.nal_length_bytes
        if len(sets.sps) != 1 or len(sets.pps) != 1:
            raise ValueError("several parameter sets")
        self._sequence: Sequence = read_sps(sets.sps[0])
        is_plain = self._sequence.is_progressive and self._sequence.chroma < 3
        if not is_plain or self._sequence.order_bits is None:
            raise ValueError("fields, planes of their own, or an order that is not written")
        bits = Bits(sets.pps[0][1:])
        bits.unsigned()
        bits.unsigned()
        bits.read(1)
        self._has_bottom = bits.read(1)
        if bits.unsigned():
            raise ValueError("slice groups")
        self._active = bits.unsigned() + 1
        bits.unsigned()
        bits.read(3)
        for _ in range(3):
            bits.signed()
        if bits.read(3) & 1:
            raise ValueError("redundant pictures")

    def read(self, data: bytes) -> Picture:
        """What a sample says of its picture.

        Raises:
            ValueError: It says something rare.
            IndexError: It is cut off.
        """
        is_b, number, leans_on = False, -1, set[int]()
        for header, unit in self._slices(data):
            bits = Bits(unit[1:HEAD_BYTES])
            bits.unsigned()
            kind = bits.unsigned() % 5
            bits.unsigned()
            number = bits.read(self._sequence.frame_num_bits)
            if header & 0x1F == IDR:
                bits.unsigned()
            bits.read(self._sequence.order_bits or 0)
            if self._has_bottom:
                bits.signed()
            is_b = is_b or kind == B
            if kind in (P, SWITCHING_P):
                leans_on |= self._named(bits, number)
        return Picture(is_b, number, frozenset(leans_on))

    def headed(self, data: bytes) -> bytes:
        """A sample whose slices end behind their heads."""
        units = [unit[:HEAD_BYTES] for _, unit in self._slices(data)]
        size = self._length_bytes
        return b"".join(len(unit).to_bytes(size, "big") + unit for unit in units)

    def _slices(self, data: bytes) -> Iterable[tuple[int, bytes]]:
        at, size = 0, self._length_bytes
        while at + size < len(data):
            length = int.from_bytes(data[at : at + size], "big")
            at += size
            if 1 <= data[at] & 0x1F <= IDR:
                yield data[at], data[at : at + length]
            at += length

    def _named(self, bits: Bits, number: int) -> set[int]:
        active = bits.unsigned() + 1 if bits.read(1) else self._active
        found: list[int] = []
        if bits.read(1):
            at = number
            while (way := bits.unsigned()) != 3:
                if way > 1:
                    raise ValueError("long-term pictures")
                step = bits.unsigned() + 1
                at = (at + (step if way else -step)) % (1 << self._sequence.frame_num_bits)
                found.append(at)
        if not found and active == 1:
            return {LATEST}
        if len(found) < active:
            raise ValueError("the order of pictures has to be followed")
        return set(found)
