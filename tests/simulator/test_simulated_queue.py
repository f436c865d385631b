"""The simulated queue: order, limits, cancelling, and going on after a kill."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcut_nb.errors import ConfigError
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.simulator.records import Record
from qcut_nb.simulator.timeline import schedule, standing
from support.network_guard import guarded_environment

VEO = "fal-ai/veo3.1/fast"
BODY = {"prompt": "a cat", "duration": "4s"}
START = 1_000_000.0


@st.composite
def loads(draw: st.DrawFn) -> tuple[list[Record], int]:
    """Accepted requests in order, and a concurrency limit."""
    submitted_at, records = START, []
    for number in range(draw(st.integers(1, 12))):
        submitted_at += draw(st.floats(0, 3))
        run_s = draw(st.floats(0.1, 5))
        media_s = draw(st.one_of(st.none(), st.floats(0, 6)))
        cancel_s = draw(st.one_of(st.none(), st.none(), st.floats(0, 6)))
        records.append(
            Record(
                request_id=str(number),
                endpoint=VEO,
                body={},
                submitted_at=submitted_at,
                queue_s=draw(st.floats(0.1, 1)),
                run_s=run_s,
                ready_at=None if media_s is None else submitted_at + media_s,
                cancelled_at=None if cancel_s is None else submitted_at + cancel_s,
            )
        )
    return records, draw(st.integers(1, 4))


def as_known(records: list[Record], now: float) -> list[Record]:
    """The requests as they are on disk at a moment."""

    def past(moment: float | None) -> float | None:
        return moment if moment is not None and moment <= now else None

    return [
        record.model_copy(
            update={
                "ready_at": past(record.ready_at),
                "cancelled_at": past(record.cancelled_at),
            }
        )
        for record in records
        if record.submitted_at <= now
    ]


@given(loads(), st.floats(0, 60))
def test_never_more_jobs_run_than_allowed_and_the_queue_is_in_order(
    load: tuple[list[Record], int], after_s: float
) -> None:
    records, concurrency = load
    now = START + after_s
    known = as_known(records, now)
    spans = schedule(known, concurrency, now)
    found = [standing(record, spans[record.request_id], now) for record in known]
    assert sum(where.state == "IN_PROGRESS" for where in found) <= concurrency
    ahead = [
        spans[r.request_id].ahead
        for r, where in zip(known, found, strict=True)
        if where.state == "IN_QUEUE"
    ]
    assert ahead == list(range(len(ahead)))
    for record, where in zip(known, found, strict=True):
        if where.state == "COMPLETED" and not where.span.cancelled:
            assert record.ready_at is not None
            assert now >= record.submitted_at + record.queue_s + record.run_s
        assert where.next_at > now


@given(loads(), st.floats(0, 30), st.floats(0, 30))
def test_a_job_only_moves_forward(
    load: tuple[list[Record], int], first_s: float, further_s: float
) -> None:
    records, concurrency = load
    order = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    times = (START + first_s, START + first_s + further_s)
    states = []
    for now in times:
        known = as_known(records, now)
        spans = schedule(known, concurrency, now)
        states.append({r.request_id: standing(r, spans[r.request_id], now).state for r in known})
    for request_id, state in states[0].items():
        assert order.index(states[1][request_id]) >= order.index(state)


def test_the_stream_tells_queue_progress_and_end_with_logs(tmp_path: Path, talk_to: Any) -> None:
    with Simulator(tmp_path / "s", "default", max_height_px=90) as simulator:
        talk = talk_to(simulator)
        began = time.monotonic()
        submitted = talk.submit(VEO, BODY)
        events = talk.events(submitted)
        took_s = time.monotonic() - began
    assert 1.9 < took_s < 10
    assert submitted["queue_position"] > 0
    states = [event["status"] for event in events]
    assert states == sorted(states, key=["IN_QUEUE", "IN_PROGRESS", "COMPLETED"].index)
    assert set(states) >= {"IN_PROGRESS", "COMPLETED"}
    positions = [e["queue_position"] for e in events if e["status"] == "IN_QUEUE"]
    assert positions == sorted(positions, reverse=True)
    counts = [len(event["logs"]) for event in events if event["status"] == "IN_PROGRESS"]
    assert counts == sorted(set(counts))
    assert set(events[-1]["logs"][0]) == {"message", "timestamp", "level", "source"}
    assert events[-1]["metrics"]["inference_time"] == pytest.approx(1.6, abs=0.2)


def test_status_is_202_until_it_is_200_and_the_result_is_400_until_then(
    tmp_path: Path, talk_to: Any
) -> None:
    with Simulator(tmp_path / "s", 0.5, max_height_px=90) as simulator:
        talk = talk_to(simulator)
        submitted = talk.submit(VEO, BODY)
        early = talk.http.get(submitted["status_url"])
        assert early.status_code == 202
        assert early.json()["logs"] is None
        assert talk.http.get(submitted["response_url"]).status_code == 400
        talk.events(submitted)
        late = talk.http.get(submitted["status_url"], params={"logs": "true"})
        assert late.status_code == 200
        assert late.json()["logs"]


def test_short_and_long_addresses_reach_the_same_request(talk: Any) -> None:
    submitted = talk.submit(VEO, BODY)
    request_id = submitted["request_id"]
    assert submitted["status_url"].endswith(f"/fal-ai/veo3.1/requests/{request_id}/status")
    output = talk.verdict(submitted).json()
    for form in ("fal-ai/veo3.1", VEO):
        assert talk.http.get(f"/{form}/requests/{request_id}").json() == output
        assert talk.http.get(f"/{form}/requests/{request_id}/response").json() == output
        assert talk.http.get(f"/{form}/requests/{request_id}/status").status_code == 200


def test_an_unknown_request_is_404_in_the_words_of_each_call(talk: Any) -> None:
    base = "/fal-ai/veo3.1/requests/00000000-0000-4000-8000-000000000000"
    assert talk.http.get(base).json() == {"detail": "Request not found"}
    assert talk.http.get(base + "/status").json() == {"status": "NOT_FOUND"}
    assert talk.http.put(base + "/cancel").json() == {"status": "NOT_FOUND"}
    assert talk.http.get("/fal-ai/veo3.1/requests/..%2f..%2fpasswd").status_code == 404
    assert talk.http.post("/fal-ai/no-such-model", json={}).status_code == 404


def test_a_key_is_needed_and_can_be_fixed(tmp_path: Path, talk_to: Any) -> None:
    with Simulator(tmp_path / "s", "instant", key="right:one") as simulator:
        talk = talk_to(simulator)
        for header in ("Key wrong:one", "Bearer right:one", "Key", ""):
            answer = talk.http.post(f"/{VEO}", json=BODY, headers={"Authorization": header})
            assert answer.status_code == 401
        good = {"Authorization": "Key right:one"}
        assert talk.http.post(f"/{VEO}", json=BODY, headers=good).status_code == 200
        assert simulator.accepted_submits == 1


def test_jobs_over_the_limit_wait_and_a_cancelled_one_leaves_the_queue(
    tmp_path: Path, talk_to: Any
) -> None:
    with Simulator(tmp_path / "s", 30.0, concurrency=1, max_height_px=90) as simulator:
        talk = talk_to(simulator)
        running, second, third = (talk.submit(VEO, BODY) for _ in range(3))

        def look(submitted: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = talk.http.get(submitted["status_url"]).json()
            return found

        assert look(running)["status"] == "IN_PROGRESS"
        assert (look(second)["queue_position"], look(third)["queue_position"]) == (0, 1)
        answer = talk.http.put(second["cancel_url"])
        assert (answer.status_code, answer.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
        assert look(third)["queue_position"] == 0
        gone = talk.http.get(second["response_url"])
        assert (gone.status_code, gone.json()["error_type"]) == (499, "client_cancelled")
        assert talk.http.put(second["cancel_url"]).json() == {"status": "ALREADY_COMPLETED"}
        talk.http.put(running["cancel_url"])
        assert talk.verdict(running).status_code == 499
        assert look(third)["status"] == "IN_PROGRESS"


def test_a_full_queue_and_a_start_in_time_can_be_asked_for(tmp_path: Path, talk_to: Any) -> None:
    with Simulator(tmp_path / "s", 30.0, concurrency=1, max_height_px=90) as simulator:
        talk = talk_to(simulator)
        talk.submit(VEO, BODY)
        hurried = talk.http.post(f"/{VEO}", json=BODY, headers={"X-Fal-Request-Timeout": "0.2"})
        refused = talk.http.post(f"/{VEO}", json=BODY, params={"fal_max_queue_length": 0})
        assert refused.status_code == 429
        answer = talk.verdict(hurried.json())
        assert answer.status_code == 504
        assert answer.headers["x-fal-request-timeout-type"] == "user"
        assert answer.json()["error_type"] == "request_timeout"


@contextlib.contextmanager
def foreground(state: Path, speed: float) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator in a process of its own, and its origin."""
    code = "import sys; from qcut_nb.simulator import serve; "
    code += "serve(0, float(sys.argv[2]), state_dir=sys.argv[1], max_height_px=90, "
    code += "on_start=lambda origin: print(origin, flush=True))"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(state), str(speed)],
        env=guarded_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_ctrl_c_ends_a_foreground_simulator_quietly(tmp_path: Path) -> None:
    with foreground(tmp_path / "state", 30.0) as (process, origin):
        httpx.post(f"{origin}/{VEO}", json=BODY, headers={"Authorization": "Key a:b"})
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors) == (0, "")


def test_a_forgotten_simulator_does_not_keep_the_interpreter_from_ending(tmp_path: Path) -> None:
    code = """
import httpx, sys
from qcut_nb.simulator import Simulator
origin = Simulator(sys.argv[1]).start()
body = {"prompt": "x", "duration": 10, "resolution": "2160p", "fps": 50}
url = origin + "/fal-ai/ltx-2/text-to-video/fast"
print(httpx.post(url, json=body, headers={"Authorization": "Key a:b"}).status_code)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "state")],
        env=guarded_environment(),
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "200", "")


def test_requests_of_a_killed_process_are_finished_by_the_next(
    tmp_path: Path, talk_to: Any
) -> None:
    state = tmp_path / "state"
    with foreground(state, 2.0) as (process, origin):
        headers = {"Authorization": "Key a:b"}
        submitted = httpx.post(f"{origin}/{VEO}", json=BODY, headers=headers).json()
        process.kill()
    with Simulator(state, 2.0, max_height_px=90) as simulator:
        talk = talk_to(simulator)
        here = {k: str(v).replace(origin, simulator.origin) for k, v in submitted.items()}
        answer = talk.verdict(here)
        assert answer.status_code == 200
        assert answer.json()["video"]["url"].startswith(simulator.origin)
        assert httpx.get(answer.json()["video"]["url"]).status_code == 200
        assert simulator.accepted_submits == 1


def test_several_processes_can_share_a_folder(tmp_path: Path, talk_to: Any) -> None:
    state = tmp_path / "state"
    with (
        Simulator(state, "instant", max_height_px=90) as one,
        Simulator(state, "instant", max_height_px=90) as two,
    ):
        submitted = talk_to(one).submit(VEO, BODY)
        there = {k: str(v).replace(one.origin, two.origin) for k, v in submitted.items()}
        assert talk_to(two).verdict(there).status_code == 200
        assert one.accepted_submits == two.accepted_submits == 1
        assert one.stats()["rendered"] + two.stats()["rendered"] == 1


def test_a_taken_port_is_one_clear_error(tmp_path: Path) -> None:
    with Simulator(tmp_path / "one") as simulator:
        port = int(simulator.origin.rpartition(":")[2])
        with pytest.raises(ConfigError, match="cannot start"):
            Simulator(tmp_path / "two", port=port).start()
    with pytest.raises(ConfigError, match="99999; allowed are 0"):
        Simulator(port=99_999)


def test_stopping_does_not_wait_for_a_long_render_or_an_open_stream(
    tmp_path: Path, talk_to: Any
) -> None:
    simulator = Simulator(tmp_path / "s", "default")
    talk = talk_to(simulator)
    submitted = talk.submit(
        "fal-ai/ltx-2/text-to-video/fast",
        {"prompt": "x", "duration": 10, "resolution": "2160p", "fps": 50},
    )
    with talk.http.stream("GET", submitted["status_url"] + "/stream") as stream:
        assert next(stream.iter_lines()).startswith("data: ")
        began = time.monotonic()
        simulator.stop()
        assert time.monotonic() - began < 5
    assert simulator.accepted_submits == 1


def test_faults_can_be_set_from_another_process(talk: Any, instant: Simulator) -> None:
    fault = Fault(kind="rate_limited", retry_after_s=3)
    answer = talk.http.post("/_simulator/faults", json=[fault.model_dump(mode="json")])
    assert answer.status_code == 200
    assert instant.faults == (fault,)
    assert talk.http.post("/_simulator/faults", json=[{"kind": "rain"}]).status_code == 400
    assert talk.http.post(f"/{VEO}", json=BODY).headers["retry-after"] == "3"
    stats = talk.http.get("/_simulator/stats").json()
    assert (stats["accepted_submits"], stats["calls"]["submit"]) == (0, 1)
