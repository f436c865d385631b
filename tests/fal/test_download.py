"""A download goes on where it broke off, and a wrong byte is never kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from qcut_nb.errors import DownloadError, FalError
from qcut_nb.fal import FalClient
from support.scripted_server import Script, answer, cut_off

FILM = bytes(range(256)) * 40
CALL = "GET /files/film.mp4"


def part_answer(start: int, total: int = len(FILM), etag: str = '"1"') -> bytes:
    span = f"bytes {start}-{total - 1}/{total}"
    return answer(206, FILM[start:], content_range=span, etag=etag)


@pytest.fixture
def url(fal: Script) -> str:
    return f"{fal.origin}/files/film.mp4"


async def test_it_asks_only_for_what_is_missing(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    part = tmp_path / "film.part"
    fal.on(CALL, cut_off(200, FILM[:5000], len(FILM), etag='"1"'), part_answer(5000))
    got = await client.download(url, part)
    assert part.read_bytes() == FILM
    assert got.size_bytes == len(FILM)
    assert fal.seen[-1].headers["range"] == "bytes=5000-"
    assert fal.seen[-1].headers["if-range"] == '"1"'


@pytest.mark.parametrize(
    "second",
    [answer(200, FILM, etag='"2"'), answer(200, FILM)],
    ids=["changed", "no ranges"],
)
async def test_a_server_without_ranges_or_with_another_file_is_read_from_the_start(
    fal: Script, client: FalClient, url: str, tmp_path: Path, second: bytes
) -> None:
    part = tmp_path / "film.part"
    fal.on(CALL, cut_off(200, b"old" * 100, 9999, etag='"1"'), second)
    await client.download(url, part)
    assert part.read_bytes() == FILM


async def test_a_range_that_was_not_asked_for_is_not_glued_on(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    part = tmp_path / "film.part"
    fal.on(
        CALL, cut_off(200, FILM[:5000], len(FILM), etag='"1"'), part_answer(10), part_answer(5000)
    )
    await client.download(url, part)
    assert part.read_bytes() == FILM


async def test_what_came_is_kept_when_it_breaks_off_for_good(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    part = tmp_path / "film.part"
    first = cut_off(200, FILM[:5000], len(FILM), etag='"1"')
    fal.on(CALL, first, answer(503))
    with pytest.raises(DownloadError, match="free") as caught:
        await client.download(url, part)
    assert "retry_download" in str(caught.value)
    assert part.read_bytes() == FILM[:5000]


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_file_that_is_gone_says_so_at_once(
    fal: Script, client: FalClient, url: str, tmp_path: Path, status: int
) -> None:
    fal.on(CALL, answer(status))
    with pytest.raises(FalError) as caught:
        await client.download(url, tmp_path / "film.part")
    assert caught.value.status_code == status
    assert len(fal.seen) == 1


async def test_a_full_disk_is_named_and_keeps_what_came(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    fal.on(CALL, answer(200, FILM))
    with pytest.raises(DownloadError, match="cannot be written"):
        await client.download(url, tmp_path / "missing folder" / "film.part")


async def test_an_inline_result_is_a_file_too(client: FalClient, tmp_path: Path) -> None:
    part = tmp_path / "film.part"
    await client.download("data:video/mp4;base64,ZmlsbQ==", part)
    assert part.read_bytes() == b"film"
    with pytest.raises(DownloadError):
        await client.download("data:video/mp4;base64,!!!", part)


async def test_a_long_file_goes_on_where_it_broke_off_and_tells_how_far_it_is(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    film = random.Random(1).randbytes(5 << 20)
    came = 3 << 20
    fal.on(
        CALL,
        cut_off(200, film[:came], len(film), etag='"1"'),
        answer(
            206,
            film[came:],
            content_range=f"bytes {came}-{len(film) - 1}/{len(film)}",
            etag='"1"',
        ),
    )
    told: list[tuple[int, int | None]] = []
    part = tmp_path / "film.part"
    got = await client.download(url, part, on_progress=lambda size, all_: told.append((size, all_)))
    assert part.read_bytes() == film
    assert (got.size_bytes, got.came_whole) == (len(film), False)
    assert fal.seen[-1].headers["range"] == f"bytes={came}-"
    assert told[-1] == (len(film), len(film))


async def test_a_long_file_ends_where_it_says_although_the_connection_goes_on(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    film = random.Random(1).randbytes(3 << 20)
    fal.on(CALL, answer(200, film, etag='"1"') + b"more that belongs to nothing")
    got = await client.download(url, tmp_path / "film.part")
    assert (tmp_path / "film.part").read_bytes() == film
    assert got.came_whole


async def test_a_server_that_continues_another_file_is_read_from_the_start(
    fal: Script, client: FalClient, url: str, tmp_path: Path
) -> None:
    # It sends a range of the new file, although If-Range names the old one.
    part = tmp_path / "film.part"
    fal.on(
        CALL,
        cut_off(200, b"old" * 1000, len(FILM), etag='"1"'),
        part_answer(3000, etag='"2"'),
        answer(200, FILM, etag='"2"'),
    )
    await client.download(url, part)
    assert part.read_bytes() == FILM
