"""A simulator to talk to, and one call that takes a request all the way to its video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qcut_nb.catalog import models
from qcut_nb.simulator import Simulator

KEY = {"Authorization": "Key id:secret"}


class Talk:
    """Raw HTTP to a simulator, with a key."""

    def __init__(self, origin: str, folder: Path) -> None:
        self.folder = folder
        self.http = httpx.Client(base_url=origin, headers=KEY, timeout=20)

    def submit(self, endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of an accepted submit."""
        answer = self.http.post(f"/{endpoint}", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def events(self, submitted: dict[str, Any]) -> list[dict[str, Any]]:
        """Every event of the status stream."""
        url = submitted["status_url"] + "/stream?logs=1"
        with self.http.stream("GET", url) as stream:
            data = [line[6:] for line in stream.iter_lines() if line.startswith("data: ")]
        return [httpx.Response(200, text=text).json() for text in data]

    def verdict(self, submitted: dict[str, Any]) -> httpx.Response:
        """The result, once the job has completed."""
        assert self.events(submitted)[-1]["status"] == "COMPLETED"
        return self.http.get(submitted["response_url"])

    def upload(self, path: Path) -> str:
        """The address of an uploaded file."""
        token = self.http.post("/storage/auth/token", json={}).json()
        answer = self.http.post(
            "/files/upload",
            content=path.read_bytes(),
            headers={
                "Authorization": f"{token['token_type']} {token['token']}",
                "X-Fal-File-Name": path.name,
            },
        )
        return str(answer.json()["access_url"])

    def make(self, model: str, **settings: Any) -> tuple[Path, dict[str, Any]]:
        """The video that a model makes, downloaded, and the whole output."""
        request = models[model].request(**settings)
        urls = {
            use.name: use.file.url or self.upload(Path(use.file.path or ""))
            for use in request.files
        }
        submitted = self.submit(request.endpoint, request.with_urls(urls).body)
        answer = self.verdict(submitted)
        assert answer.status_code == 200, answer.text
        output: dict[str, Any] = answer.json()
        path = self.folder / f"{submitted['request_id']}.mp4"
        path.write_bytes(httpx.get(output["video"]["url"]).content)
        return path, output


@pytest.fixture
def talk_to(tmp_path: Path) -> Iterator[Callable[[Simulator], Talk]]:
    """Opens a line to a simulator that was started."""
    lines: list[Talk] = []

    def talk(simulator: Simulator) -> Talk:
        lines.append(Talk(simulator.start(), tmp_path))
        return lines[-1]

    yield talk
    for line in lines:
        line.http.close()


@pytest.fixture
def instant(tmp_path: Path) -> Iterator[Simulator]:
    """A simulator that answers as fast as it can, in small pictures."""
    with Simulator(tmp_path / "state", "instant", max_height_px=180) as simulator:
        yield simulator


@pytest.fixture
def talk(instant: Simulator, talk_to: Callable[[Simulator], Talk]) -> Talk:
    """A line to the instant simulator."""
    return talk_to(instant)
