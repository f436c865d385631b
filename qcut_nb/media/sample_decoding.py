"""Decoding samples of an MP4 one by one, without opening the file as a whole."""

from __future__ import annotations

import struct
from typing import BinaryIO

import av
from av.stream import Stream

from .sample_table import SampleTable

DECODERS = {"avc1": ("h264", b"avcC"), "hvc1": ("hevc", b"hvcC")}
NAL_LENGTH_AT = {"avc1": 4, "hvc1": 21}
"""Where those boxes say how long the lengths in front of each unit are."""
SQUARE = bytes(8)


def decoder_of(table: SampleTable) -> av.VideoCodecContext | None:
    """What decodes the samples of a track one by one.

    Returns:
        `None` where it takes more: other codecs, turned or stretched pictures.
    """
    if table.codec not in DECODERS or table.is_turned or table.obstacle:
        return None
    name, box = DECODERS[table.codec]
    settings = table.setting(box)
    shape = table.setting(b"pasp") or SQUARE
    if settings is None or shape[:4] != shape[4:8]:
        return None
    decoder = av.CodecContext.create(name, "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = settings
    colours = table.setting(b"colr") or b""
    if colours[:4] == b"nclx":  # as the container says it; what the stream says wins
        primaries, transfer, matrix = struct.unpack_from(">HHH", colours, 4)
        decoder.color_primaries, decoder.color_trc, decoder.colorspace = primaries, transfer, matrix
        decoder.color_range = 2 if colours[10] & 0x80 else 1
    return decoder


def sample_bytes(file: BinaryIO, table: SampleTable, sample: int) -> bytes:
    """A sample, as it is in the file.

    Raises:
        OSError: It cannot be read.
    """
    file.seek(int(table.offsets[sample]))
    data = file.read(int(table.sizes[sample]))
    if len(data) != table.sizes[sample]:
        raise OSError(0, "the file is shorter than its index says")
    return data


def sample_packet(
    file: BinaryIO, table: SampleTable, sample: int, data: bytes | None = None
) -> av.Packet[Stream]:
    """A sample for a decoder, with its times; other `data` may stand in for what is in the file.

    Raises:
        OSError: It cannot be read.
    """
    packet = av.Packet(data or sample_bytes(file, table, sample))
    packet.pts, packet.dts = int(table.pts[sample]), int(table.dts[sample])
    return packet


def unit_length_bytes(table: SampleTable) -> int:
    """How many bytes in front of each unit of a sample say how long it is."""
    _, box = DECODERS[table.codec]
    at = NAL_LENGTH_AT[table.codec]
    return (int.from_bytes((table.setting(box) or b"")[at : at + 1], "big") & 3) + 1


def is_well_formed(data: bytes, length_bytes: int) -> bool:
    """Whether a sample is a row of units that ends where it ends, each with a head."""
    at = 0
    while at + length_bytes < len(data):
        unit_bytes = int.from_bytes(data[at : at + length_bytes], "big")
        if unit_bytes == 0 or data[at + length_bytes] & 0x80:
            return False
        at += length_bytes + unit_bytes
    return at == len(data)


def is_reference(table: SampleTable, data: bytes) -> bool:
    """Whether other pictures may be made from the picture in a sample.

    Decoders can pass over the others by themselves, but each takes one of their threads.

    Source:
        ITU-T H.264, 7.4.1 (`nal_ref_idc`); H.265, table 7-1 (the even types below 16).
    """
    size = unit_length_bytes(table)
    at = 0
    while at + size < len(data):
        header = data[at + size]
        if table.codec == "avc1" and 1 <= header & 0x1F <= 5:
            return header & 0x60 != 0
        if table.codec == "hvc1" and (kind := header >> 1 & 0x3F) < 32:
            return kind >= 16 or kind % 2 == 1
        at += size + int.from_bytes(data[at : at + size], "big")
    return True
