"""Large files go up in parts, streamed from disk, each part tried again by itself."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import httpx
import pytest

from qcut_nb.errors import FalError
from qcut_nb.fal import FalClient, Hosts, Key
from qcut_nb.simulator import Fault, Simulator

SIZE_BYTES = (90 << 20) + 12345


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        for _ in range(90):
            file.write(os.urandom(1 << 12) * 256)
        file.write(b"e" * 12345)
    return path


async def test_a_file_above_90_mib_arrives_whole_although_a_part_fails(
    film: Path, tmp_path: Path
) -> None:
    with Simulator(tmp_path / "fal", faults=[Fault(kind="upload_dropped", times=2)]) as simulator:
        sent: list[int] = []
        async with FalClient(Key("k" * 12), Hosts.single(simulator.origin)) as client:
            url = await client.upload(
                film, content_type="video/mp4", on_progress=lambda done, _: sent.append(done)
            )
        digest = hashlib.sha256()
        async with httpx.AsyncClient() as http, http.stream("GET", url) as answer:
            async for chunk in answer.aiter_bytes():
                digest.update(chunk)
        assert simulator.stats()["calls"]["part"] >= 10
    assert digest.hexdigest() == hashlib.sha256(film.read_bytes()).hexdigest()
    assert max(sent) == SIZE_BYTES


async def test_an_upload_that_fails_for_good_says_that_nothing_was_spent(tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"picture")
    fault = Fault(kind="upload_error", status=500, times=None)
    with Simulator(tmp_path / "fal", faults=[fault]) as simulator:
        async with FalClient(Key("k" * 12), Hosts.single(simulator.origin)) as client:
            with pytest.raises(FalError, match="Nothing was spent"):
                await client.upload(picture, content_type="image/png")
