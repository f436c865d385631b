"""Tags go into a plain MP4 by moving boxes; whatever is not plain is left to the muxer."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from qcut_nb.media import check_clip, probe, read_tags, retag
from qcut_nb.media.mp4_tags import NotPlainError, write_mp4_tags
from support.media import decoded, make_video, packets

TAGS = {"title": "AI (X): 🐈", "comment": '{"a": "b"}' * 2000}


def written(data: bytes, tags: dict[str, str] = TAGS) -> bytes:
    target = io.BytesIO()
    write_mp4_tags(io.BytesIO(data), target, tags)
    return target.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


@pytest.mark.parametrize("faststart", [True, False])
@pytest.mark.parametrize("audio", [True, False])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_plain_file_keeps_every_packet_and_every_picture(
    tmp_path: Path, faststart: bool, audio: bool, codec: str
) -> None:
    src = make_video(
        tmp_path / "a.mp4", codec=codec, audio=audio, faststart=faststart, noise=True, frames=30
    )
    dst = tmp_path / "b.mp4"
    dst.write_bytes(written(src.read_bytes()))
    assert packets(dst) == packets(src)
    pairs = zip(decoded(src), decoded(dst), strict=True)
    assert all((a == b).all() for a, b in pairs)
    assert {name: read_tags(dst)[name] for name in TAGS} == TAGS
    same = {"size_bytes": 0}
    assert check_clip(dst).model_copy(update=same) == probe(src).model_copy(update=same)
    data = dst.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


def test_other_tags_stay_and_writing_again_does_not_grow_the_file(tmp_path: Path) -> None:
    src, dst = make_video(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    retag(src, tmp_path / "c.mp4", {"artist": "someone", "title": "old"})
    once = written((tmp_path / "c.mp4").read_bytes())
    assert written(once) == once
    short = written(once, {"comment": "short"})
    assert len(once) - len(short) == len(TAGS["comment"]) - len("short")
    dst.write_bytes(short)
    tags = read_tags(dst)
    assert (tags["artist"], tags["title"], tags["comment"]) == ("someone", TAGS["title"], "short")
    assert packets(dst) == packets(src)


def test_data_in_several_places_and_64_bit_offsets_are_followed(tmp_path: Path) -> None:
    src = make_video(tmp_path / "a.mp4", noise=True, faststart=False)
    data = src.read_bytes()
    at = data.index(b"mdat") - 4
    padded = data[:at] + box(b"free", bytes(100)) + data[at:]
    index = padded.index(b"moov") - 4
    body, moov = padded[:index], bytearray(padded[index:])
    while (place := moov.find(b"stco")) > 0:
        count = struct.unpack_from(">I", moov, place + 8)[0]
        end = place + 12 + 4 * count
        offsets = struct.unpack_from(f">{count}I", moov, place + 12)
        wide = struct.pack(f">{count}Q", *(offset + 108 for offset in offsets))
        moov[place:end] = b"co64" + moov[place + 4 : place + 12] + wide
        for parent in (b"stbl", b"minf", b"mdia", b"trak", b"moov"):
            size_at = moov.rfind(parent, 0, place) - 4
            size = struct.unpack_from(">I", moov, size_at)[0]
            struct.pack_into(">I", moov, size_at, size + 4 * count)
        size = struct.unpack_from(">I", moov, place - 4)[0]
        struct.pack_into(">I", moov, place - 4, size + 4 * count)
    wide_file, dst = tmp_path / "wide.mp4", tmp_path / "b.mp4"
    wide_file.write_bytes(body + moov)
    assert packets(wide_file) == packets(src)
    dst.write_bytes(written(wide_file.read_bytes()))
    assert packets(dst) == packets(src)
    check_clip(dst)


@pytest.mark.parametrize("where", ["top", "moov", "after"])
def test_a_box_that_is_not_known_leaves_the_file_to_the_muxer(tmp_path: Path, where: str) -> None:
    src, dst = make_video(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    data = bytearray(src.read_bytes())
    strange = box(b"uuid", bytes(24))
    index = data.index(b"moov") - 4
    size = struct.unpack_from(">I", data, index)[0]
    if where == "top":
        data += strange
    elif where == "after":
        data += b"\0\0\0"
    else:
        # It takes the place of as many bytes at the end of the index, so that no offset changes.
        data[index + size - len(strange) : index + size] = strange
    with pytest.raises(NotPlainError):
        written(bytes(data))
    if where == "top":
        src.write_bytes(data)
        retag(src, dst, TAGS)
        assert read_tags(dst)["title"] == TAGS["title"]


def test_a_fragmented_file_is_left_to_the_muxer(tmp_path: Path) -> None:
    whole = make_video(tmp_path / "a.mp4").read_bytes()
    with pytest.raises(NotPlainError):
        written(whole + box(b"moof") + box(b"mdat"))


def test_a_damaged_index_is_refused_or_rewritten_but_never_another_error(tmp_path: Path) -> None:
    data = bytearray(make_video(tmp_path / "a.mp4", frames=3).read_bytes())
    start = data.index(b"moov") - 4
    end = start + struct.unpack_from(">I", data, start)[0]
    refused = 0
    for place in range(start, end):
        for value in (0x00, 0x01, 0xFF):
            old, data[place] = data[place], value
            try:
                written(bytes(data))
            except NotPlainError:
                refused += 1
            data[place] = old
    assert refused > 100
