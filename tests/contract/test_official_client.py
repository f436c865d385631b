"""The official client judges the simulator: what works with fal works with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from qcut_nb.simulator import Simulator
from support.network_guard import guarded_environment

DRIVER = Path(__file__).parent / "drive_fal_client.py"


class Drive(NamedTuple):
    seen: dict[str, Any]
    stats: dict[str, Any]
    sent: bytes
    stored: dict[str, bytes]


@pytest.fixture(scope="module", params=["sync", "async"])
def drive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Drive]:
    folder = tmp_path_factory.mktemp("contract")
    sent = os.urandom(50_000)
    path = folder / "picture.png"
    path.write_bytes(sent)
    with Simulator(folder / "state", speed=0.6, max_height_px=90) as simulator:
        run = subprocess.run(
            [sys.executable, str(DRIVER), request.param, simulator.origin, str(path)],
            env=guarded_environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        seen = json.loads(run.stdout)
        stored = {name: httpx.get(url).content for name, url in seen["uploads"].items()}
        yield Drive(seen, simulator.stats(), sent, stored)


def test_iter_events_goes_from_running_to_completed_with_all_logs(drive: Drive) -> None:
    assert drive.seen["events"][0] in ("Queued", "InProgress")
    assert "InProgress" in drive.seen["events"]
    assert drive.seen["events"][-1] == "Completed"
    assert drive.seen["logs"][0] == "Loading model"
    assert len(set(drive.seen["logs"])) == len(drive.seen["logs"]) > 3
    assert 0.5 < drive.seen["metrics"]["inference_time"] < 10


def test_a_result_is_the_bare_output_and_is_found_again_by_id(drive: Drive) -> None:
    result = drive.seen["result"]
    assert result["video"]["url"].endswith(".mp4")
    assert result["video"]["file_size"] > 1000
    assert isinstance(result["seed"], int)
    assert drive.seen["result_by_id"] == result
    assert drive.seen["status_by_id"] == "Completed"


def test_subscribe_ends_with_the_output_and_reports_on_the_way(drive: Drive) -> None:
    assert drive.seen["subscribed"]["video"]["url"] != drive.seen["result"]["video"]["url"]
    assert drive.seen["updates"][-1] == "Completed"
    assert len(drive.seen["updates"]) > 1


def test_wrong_input_is_accepted_and_refused_by_the_result(drive: Drive) -> None:
    refused = drive.seen["refused"]
    assert refused["status"] == 422
    assert refused["message"][0]["loc"] == ["body", "duration"]
    assert refused["message"][0]["ctx"]["expected"] == ["4s", "6s", "8s"]


def test_a_cancelled_job_ends_with_499_and_a_finished_one_cannot_be_cancelled(drive: Drive) -> None:
    assert drive.seen["cancelled"]["status"] == 499
    assert drive.seen["cancelled"]["type"] == "client_cancelled"
    assert drive.seen["cancelled_late"]["status"] == 400


def test_both_repositories_and_parts_store_the_same_bytes(drive: Drive) -> None:
    assert drive.stored == {name: drive.sent for name in ("fal_v3", "fal", "multipart")}
    assert drive.stats["calls"]["part"] == 13


def test_a_key_that_travels_to_a_presigned_address_is_noticed(drive: Drive) -> None:
    assert drive.stats["presigned_authorizations"] == 1


def test_every_submit_is_counted_once(drive: Drive) -> None:
    assert drive.stats["accepted_submits"] == drive.stats["calls"]["submit"] == 4
