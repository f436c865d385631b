"""Whatever a server answers ends in a value or in an error of ours; never in anything else."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcut_nb.errors import QcutError, SubmitUnknownError
from qcut_nb.fal import Downloaded, FalClient, Hosts, Key, Listing, Result, Status, Submitted
from support.scripted_server import Script, answer
from support.strange import deep, objects, values

EXAMPLES = 60
TOO_LONG_S = 20
STATUS_KEYS = ("status", "queue_position", "logs", "metrics", "inference_time", "error", "type")
SUBMIT_KEYS = ("request_id", "status_url", "response_url", "cancel_url", "status")
ERROR_KEYS = ("detail", "error", "error_type", "msg", "loc", "type", "ctx", "message", "input")
RESULT = "GET /a/b/requests/r"
MOST_USD = 10_000
words = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def bodies(*names: str) -> st.SearchStrategy[bytes]:
    """Bodies of answers: JSON of these names, any JSON, any bytes."""
    shaped = (objects(names) | values).map(lambda value: json.dumps(value).encode())
    return shaped | st.binary(max_size=60) | deep


class Meeting:
    """A server with one reply, and a client for it; they meet once per example."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self.script = Script()

    def __enter__(self) -> Self:
        self._server = self._runner.run(asyncio.start_server(self.script.serve, "127.0.0.1", 0))
        port = self._server.sockets[0].getsockname()[1]
        self.script.origin = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._runner.run(_others_ended())
        self._runner.close()

    def __call__(self, call: str, reply: bytes, do: Callable[[FalClient], Awaitable[Any]]) -> Any:
        """What comes of it: a value, or an error of ours."""
        self.script.seen.clear()
        self.script.on(call, reply)
        return self._runner.run(self._meet(do))

    async def _meet(self, do: Callable[[FalClient], Awaitable[Any]]) -> Any:
        hosts = Hosts.single(self.script.origin)
        async with FalClient(Key("fuzz-id:fuzz-secret"), hosts) as client:
            try:
                return await asyncio.wait_for(do(client), TOO_LONG_S)
            except QcutError as error:
                str(error).encode()
                return error


async def _others_ended() -> None:
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def meet() -> Iterator[Meeting]:
    with Meeting() as meeting:
        yield meeting


def somewhere(client: FalClient) -> Submitted:
    return client.locate("a/b/c", "r")


@fuzz
@given(body=bodies(*SUBMIT_KEYS), status=st.sampled_from([200, 202, 204]))
def test_the_answer_to_a_submit(meet: Meeting, body: bytes, status: int) -> None:
    got = meet("POST /a/b", answer(status, body), lambda client: client.submit("a/b", {}))
    assert isinstance(got, Submitted | SubmitUnknownError)
    if isinstance(got, Submitted):
        f"{got.request_id}{got.status_url}".encode()


@fuzz
@given(urls=objects(SUBMIT_KEYS[1:]), tail=st.text(max_size=20))
def test_addresses_in_the_answer_to_a_submit_can_be_asked(
    meet: Meeting, urls: dict[str, Any], tail: str
) -> None:
    async def submit_and_cancel(client: FalClient) -> Any:
        submitted = await client.submit("a/b", {})
        submitted.status_url.encode()
        return await client.cancel(submitted)

    own = {name: f"{meet.script.origin}/{tail}" for name in SUBMIT_KEYS[1:4]}
    reply = answer(200, {**own, **urls, "request_id": "r-1"})
    got = meet("POST /a/b", reply, submit_and_cancel)
    assert got == "not_found"


@fuzz
@given(raw=st.binary(max_size=200), begins_well=st.booleans())
def test_bytes_that_are_no_answer_leave_a_submit_unknown(
    meet: Meeting, raw: bytes, begins_well: bool
) -> None:
    head = b"HTTP/1.1 200 OK\r\n" if begins_well else b""
    reply = head + raw + b"\r\nConnection: close\r\n\r\n"
    got = meet("POST /a/b", reply, lambda client: client.submit("a/b", {}))
    assert isinstance(got, QcutError | Submitted)


@fuzz
@given(
    body=bodies(*ERROR_KEYS),
    status=st.integers(300, 499).filter(lambda code: code not in (408, 425, 429)),
    kind=words,
)
def test_the_body_of_an_error(meet: Meeting, body: bytes, status: int, kind: str) -> None:
    reply = answer(status, body, x_fal_error_type=kind)
    got = meet(RESULT, reply, lambda client: client.result(somewhere(client)))
    assert isinstance(got, QcutError)


@fuzz
@given(body=bodies(*STATUS_KEYS))
def test_a_status(meet: Meeting, body: bytes) -> None:
    reply = answer(200, body)
    got = meet(f"{RESULT}/status", reply, lambda client: client.status(somewhere(client)))
    assert got.state in ("IN_QUEUE", "IN_PROGRESS", "COMPLETED")
    for line in got.logs:
        f"{line.timestamp}{line.level}{line.message}".encode()


@fuzz
@given(
    lines=st.lists(
        st.binary(max_size=30)
        | bodies(*STATUS_KEYS).map(lambda body: b"data: " + body)
        | st.sampled_from([b"", b"data:", b": hello", b"event: x", b"retry: y", b"data: [DONE]"]),
        max_size=8,
    ),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_a_stream_of_events(meet: Meeting, lines: list[bytes], end: bytes) -> None:
    async def listen(client: FalClient) -> list[Status]:
        async with contextlib.aclosing(client._watcher._stream(somewhere(client))) as events:
            return [status async for status in events]

    reply = answer(200, end.join(lines) + end, content_type="text/event-stream")
    assert isinstance(meet(f"{RESULT}/status/stream", reply, listen), list)


@fuzz
@given(
    body=bodies("video", "url", "seed"),
    units=words | st.sampled_from(["1e40", "-0", "sNaN", "1_0", "9" * 50]),
)
def test_a_result(meet: Meeting, body: bytes, units: str) -> None:
    reply = answer(200, body, x_fal_billable_units=units)
    got = meet(RESULT, reply, lambda client: client.result(somewhere(client)))
    if isinstance(got, Result) and got.billable_units is not None:
        assert 0 <= got.billable_units * MOST_USD * 1_000_000 < 2**63


@fuzz
@given(body=bodies("prices", "items", "requests", "next_cursor", "has_more"))
def test_prices_and_past_requests(meet: Meeting, body: bytes) -> None:
    now = datetime.now(UTC)
    reply = answer(200, body)
    past = "GET /v1/models/requests/by-endpoint"
    got = meet(past, reply, lambda client: client.find_requests("a/b", now, now))
    assert isinstance(got, QcutError | Listing)
    got = meet("GET /v1/models/pricing", reply, lambda client: client.prices(["a/b"]))
    assert isinstance(got, QcutError | dict)


@fuzz
@given(rows=st.lists(objects(["endpoint_id", "unit_price", "unit", "currency"]), max_size=3))
def test_rows_of_prices(meet: Meeting, rows: list[dict[str, Any]]) -> None:
    reply = answer(200, {"prices": rows})
    got = meet("GET /v1/models/pricing", reply, lambda client: client.prices(["a/b"]))
    assert all(0 <= price.unit_price <= MOST_USD for price in got.values())


@fuzz
@given(rows=st.lists(objects(["request_id", "sent_at", "json_input", "status_code"]), max_size=3))
def test_rows_of_past_requests(meet: Meeting, rows: list[dict[str, Any]]) -> None:
    now = datetime.now(UTC)
    past = "GET /v1/models/requests/by-endpoint"
    reply = answer(200, {"items": rows})
    assert isinstance(meet(past, reply, lambda c: c.find_requests("a/b", now, now)), Listing)


@fuzz
@given(url=st.text(max_size=40) | values.map(str), known=st.booleans())
def test_the_address_of_a_clip(meet: Meeting, tmp_path: Path, url: str, known: bool) -> None:
    address = f"{meet.script.origin}/files/{url}" if known else url
    reply = answer(404, b"")
    got = meet("GET /", reply, lambda client: client.download(address, tmp_path / "a.part"))
    assert isinstance(got, QcutError | Downloaded)


@fuzz
@given(
    body=objects(["access_url", "uploadId", "upload_url", "file_url"]),
    token=objects(["token", "token_type", "base_url", "expires_at"]),
)
def test_what_storage_answers(
    meet: Meeting, tmp_path: Path, body: dict[str, Any], token: dict[str, Any]
) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"picture")
    meet.script.on("POST /files/upload", answer(200, body))
    meet.script.on("POST /storage/upload/initiate", answer(200, body))
    got = meet(
        "POST /storage/auth/token",
        answer(200, token),
        lambda client: client.upload(picture, content_type="image/png"),
    )
    assert isinstance(got, QcutError | str)
