"""Each fault does what it says, as often as it says, to whom it says."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from qcut_nb.simulator import Fault, Simulator

VEO = "fal-ai/veo3.1/fast"
CAT = {"prompt": "a cat", "duration": "4s"}
DOG = {"prompt": "a dog", "duration": "4s"}


@pytest.fixture
def faulty(
    tmp_path: Path, talk_to: Callable[[Simulator], Any], instant: Simulator
) -> Callable[..., Any]:
    """A line to the simulator once these faults are in force."""

    def put(*faults: Fault) -> Any:
        instant.faults = faults
        return talk_to(instant)

    return put


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(kind="bad_key"), 401),
        (Fault(kind="locked_account"), 403),
        (Fault(kind="rate_limited"), 429),
        (Fault(kind="submit_error", status=500), 500),
        (Fault(kind="submit_error", status=503), 503),
    ],
)
def test_a_refused_submit_is_not_accepted_and_the_next_one_is(
    faulty: Callable[..., Any], instant: Simulator, fault: Fault, status: int
) -> None:
    talk = faulty(fault)
    refused = talk.http.post(f"/{VEO}", json=CAT)
    assert (refused.status_code, instant.accepted_submits) == (status, 0)
    assert "detail" in refused.json()
    talk.submit(VEO, CAT)
    assert instant.accepted_submits == 1


def test_a_lost_reply_is_accepted_and_a_dropped_submit_is_not(
    faulty: Callable[..., Any], instant: Simulator
) -> None:
    talk = faulty(Fault(kind="submit_dropped"), Fault(kind="lost_reply"))
    with pytest.raises(httpx.RemoteProtocolError):
        talk.http.post(f"/{VEO}", json=CAT)
    assert instant.accepted_submits == 0
    with pytest.raises(httpx.RemoteProtocolError):
        talk.http.post(f"/{VEO}", json=CAT)
    assert instant.accepted_submits == 1


def test_a_stalled_reply_is_accepted_before_the_client_gives_up(
    faulty: Callable[..., Any], instant: Simulator
) -> None:
    talk = faulty(Fault(kind="stalled_reply", delay_s=30))
    with pytest.raises(httpx.ReadTimeout):
        talk.http.post(f"/{VEO}", json=CAT, timeout=0.3)
    assert instant.accepted_submits == 1


def test_a_short_answer_has_the_ids_only(faulty: Callable[..., Any]) -> None:
    submitted = faulty(Fault(kind="short_answer")).submit(VEO, CAT)
    assert set(submitted) == {"request_id", "gateway_request_id"}


def test_a_fault_hits_only_its_prompt_and_endpoint_and_only_so_often(
    faulty: Callable[..., Any], instant: Simulator
) -> None:
    talk = faulty(Fault(kind="submit_error", prompt="dog", endpoint="veo3.1", times=2))
    codes = [
        talk.http.post(f"/{endpoint}", json=body).status_code
        for endpoint, body in [
            (VEO, CAT),
            (VEO, DOG),
            ("fal-ai/veo3", DOG),
            (VEO, DOG),
            (VEO, DOG),
        ]
    ]
    assert codes == [200, 500, 200, 500, 200]
    instant.faults = (Fault(kind="submit_error", times=None),)
    assert {talk.http.post(f"/{VEO}", json=CAT).status_code for _ in range(4)} == {500}


@pytest.mark.parametrize(
    ("status", "error_type", "seen_type"),
    [
        (422, None, "content_policy_violation"),
        (422, "no_media_generated", "no_media_generated"),
        (500, None, "internal_server_error"),
        (503, "runner_connection_error", "runner_connection_error"),
        (504, None, "request_timeout"),
    ],
)
def test_a_failed_job_completes_and_the_result_says_so(
    faulty: Callable[..., Any], status: int, error_type: str | None, seen_type: str
) -> None:
    talk = faulty(Fault(kind="verdict", status=status, error_type=error_type))
    submitted = talk.submit(VEO, CAT)
    last = talk.events(submitted)[-1]
    assert last["status"] == "COMPLETED"
    assert last["error_type"] == seen_type
    assert last["error"]
    answer = talk.http.get(submitted["response_url"])
    assert answer.status_code == status
    detail = answer.json()["detail"]
    if isinstance(detail, list):
        assert detail[0]["type"] == seen_type
        assert "x-fal-retryable" in answer.headers
    else:
        assert answer.json()["error_type"] == answer.headers["x-fal-error-type"] == seen_type


def test_a_relapsed_job_goes_back_into_the_queue_once(faulty: Callable[..., Any]) -> None:
    talk = faulty(Fault(kind="relapse"))
    states = [event["status"] for event in talk.events(talk.submit(VEO, CAT))]
    changes = [b for a, b in zip([None, *states], states, strict=False) if a != b]
    assert changes == ["IN_PROGRESS", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


def test_a_job_that_ignores_cancelling_delivers_its_result(
    tmp_path: Path, talk_to: Callable[[Simulator], Any]
) -> None:
    fault = Fault(kind="ignores_cancel")
    with Simulator(tmp_path / "s", 1.0, faults=[fault], max_height_px=90) as simulator:
        talk = talk_to(simulator)
        submitted = talk.submit(VEO, CAT)
        assert talk.http.put(submitted["cancel_url"]).status_code == 202
        assert talk.verdict(submitted).status_code == 200


def test_faults_on_the_way_pass_and_the_job_is_still_there(faulty: Callable[..., Any]) -> None:
    talk = faulty(
        Fault(kind="status_error", status=502),
        Fault(kind="unknown_status"),
        Fault(kind="stream_refused", status=404),
        Fault(kind="result_error", status=504),
    )
    submitted = talk.submit(VEO, CAT)
    assert talk.http.get(submitted["status_url"]).status_code == 502
    assert talk.http.get(submitted["status_url"]).json()["status"] == "IN_LIMBO"
    assert talk.http.get(submitted["status_url"] + "/stream").status_code == 404
    assert talk.verdict(submitted).status_code == 504
    assert talk.verdict(submitted).status_code == 200


def test_a_cut_stream_ends_before_the_job(
    tmp_path: Path, talk_to: Callable[[Simulator], Any]
) -> None:
    fault = Fault(kind="stream_cut")
    with Simulator(tmp_path / "s", 1.0, faults=[fault], max_height_px=90) as simulator:
        talk = talk_to(simulator)
        submitted = talk.submit(VEO, CAT)
        assert [event["status"] for event in talk.events(submitted)] == ["IN_PROGRESS"]
        assert talk.verdict(submitted).status_code == 200


@pytest.fixture
def video(faulty: Callable[..., Any]) -> tuple[str, bytes]:
    """The address of a finished video, and its bytes."""
    talk = faulty()
    url = str(talk.verdict(talk.submit(VEO, CAT)).json()["video"]["url"])
    return url, httpx.get(url).content


def test_expired_and_failing_media_answer_so_and_come_back(
    video: tuple[str, bytes], instant: Simulator
) -> None:
    url, content = video
    instant.faults = (Fault(kind="media_expired"), Fault(kind="media_error", status=503))
    assert [httpx.get(url).status_code for _ in range(3)] == [404, 503, 200]
    assert httpx.get(url).content == content


def test_a_reset_breaks_the_body_off_and_a_range_goes_on_from_there(
    video: tuple[str, bytes], instant: Simulator
) -> None:
    url, content = video
    instant.faults = (Fault(kind="media_reset", at_bytes=1000),)
    got = b""
    with pytest.raises(httpx.RemoteProtocolError), httpx.stream("GET", url) as answer:
        assert int(answer.headers["content-length"]) == len(content)
        for chunk in answer.iter_raw():
            got += chunk
    assert got == content[:1000]
    rest = httpx.get(url, headers={"Range": "bytes=1000-", "If-Range": answer.headers["etag"]})
    assert got + rest.content == content


def test_truncated_media_looks_whole_but_is_shorter(
    video: tuple[str, bytes], instant: Simulator
) -> None:
    url, content = video
    instant.faults = (Fault(kind="media_truncated"),)
    answer = httpx.get(url)
    assert int(answer.headers["content-length"]) == len(content) // 2
    assert answer.content == content[: len(content) // 2]


def test_dripping_media_comes_slowly_but_whole(
    video: tuple[str, bytes], instant: Simulator
) -> None:
    url, content = video
    instant.faults = (Fault(kind="media_drip", bytes_per_s=len(content)),)
    began = time.monotonic()
    assert httpx.get(url).content == content
    assert 0.8 < time.monotonic() - began < 10


def test_bad_ranges_tell_other_bytes_or_are_ignored_or_belong_to_another_file(
    video: tuple[str, bytes], instant: Simulator
) -> None:
    url, content = video
    etag = httpx.get(url).headers["etag"]
    instant.faults = (
        Fault(kind="media_wrong_range"),
        Fault(kind="media_no_range"),
        Fault(kind="media_changed"),
    )
    part = {"Range": "bytes=100-", "If-Range": etag}
    wrong, ignored, changed = (httpx.get(url, headers=part) for _ in range(3))
    assert wrong.status_code == 206
    assert not wrong.headers["content-range"].startswith("bytes 100-")
    assert (ignored.status_code, ignored.content) == (200, content)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


def test_uploads_can_fail_and_be_dropped(faulty: Callable[..., Any], tmp_path: Path) -> None:
    talk = faulty(Fault(kind="upload_error", status=503), Fault(kind="upload_dropped"))
    made = talk.http.post("/storage/upload/initiate", json={"file_name": "x.png"}).json()
    assert httpx.put(made["upload_url"], content=b"1").status_code == 503
    with pytest.raises(httpx.TransportError):
        httpx.put(made["upload_url"], content=b"1")
    assert httpx.put(made["upload_url"], content=b"1").status_code == 200
    assert httpx.get(made["file_url"]).content == b"1"
