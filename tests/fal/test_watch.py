"""Following a request through everything that fal may answer."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

import pytest

from qcut_nb.errors import FalAuthError, FalError, FalRejectedError
from qcut_nb.fal import FalClient, Submitted
from support.scripted_server import Script, answer

STATUS = "GET /a/b/requests/r/status"
STREAM = f"{STATUS}/stream"
RESULT = "GET /a/b/requests/r"


@pytest.fixture
def submitted(client: FalClient) -> Submitted:
    return client.locate("a/b/c", "r")


def events(*statuses: dict[str, Any]) -> bytes:
    body = "".join(f"data: {json.dumps(s)}\n\n" for s in statuses).encode()
    return answer(200, body, content_type="text/event-stream")


async def states(client: FalClient, submitted: Submitted) -> list[str]:
    async with aclosing(client.watch(submitted)) as watched:
        return [status.state async for status in watched]


async def test_a_stream_gives_every_change_once(
    fal: Script, client: FalClient, submitted: Submitted
) -> None:
    queued = {"status": "IN_QUEUE", "queue_position": 2}
    running = {"status": "IN_PROGRESS", "logs": None}
    fal.on(STATUS, answer(202, queued))
    fal.on(STREAM, events(queued, running, running, queued, running, {"status": "COMPLETED"}))
    assert await states(client, submitted) == [
        "IN_QUEUE",
        "IN_PROGRESS",
        "IN_QUEUE",
        "IN_PROGRESS",
        "COMPLETED",
    ]
    assert len(fal.seen) == 2


@pytest.mark.parametrize(
    "stream",
    [None, answer(404, {}), answer(500, {}), answer(200, b"data: {no json\n\n"), events()],
    ids=["reset", "no stream", "500", "garbage", "empty"],
)
async def test_polling_stands_behind_the_stream(
    fal: Script, client: FalClient, submitted: Submitted, stream: bytes | None
) -> None:
    fal.on(STATUS, answer(202, {"status": "IN_PROGRESS"}), answer(200, {"status": "COMPLETED"}))
    fal.on(STREAM, stream)
    assert await states(client, submitted) == ["IN_PROGRESS", "COMPLETED"]


async def test_an_unknown_status_is_still_running(
    fal: Script, client: FalClient, submitted: Submitted
) -> None:
    fal.on(
        STATUS,
        answer(202, {"status": "THINKING"}),
        answer(200, {"status": "COMPLETED"}),
    )
    assert await states(client, submitted) == ["IN_PROGRESS", "COMPLETED"]


async def test_trouble_is_told_and_waited_out(
    fal: Script, client: FalClient, submitted: Submitted
) -> None:
    told: list[bool] = []
    fal.on(STATUS, *[answer(503)] * 5, answer(200, {"status": "COMPLETED"}))
    async with aclosing(
        client.watch(submitted, on_trouble=lambda error: told.append(error is not None))
    ) as watched:
        assert [status.state async for status in watched] == ["COMPLETED"]
    assert told == [True, False]


@pytest.mark.parametrize(("status", "error"), [(401, FalAuthError), (404, FalRejectedError)])
async def test_a_refused_key_and_an_unknown_request_end_the_watch(
    fal: Script, client: FalClient, submitted: Submitted, status: int, error: type[FalError]
) -> None:
    fal.on(STATUS, answer(status, {"status": "NOT_FOUND"}))
    with pytest.raises(error):
        await states(client, submitted)


async def test_the_result_is_the_verdict(
    fal: Script, client: FalClient, submitted: Submitted
) -> None:
    fal.on(RESULT, answer(200, {"video": {"url": "u"}}, x_fal_billable_units="2.5"))
    result = await client.result(submitted)
    assert result.output == {"video": {"url": "u"}}
    assert str(result.billable_units) == "2.5"


@pytest.mark.parametrize("units", ["", "abc", "NaN", "-1", "Infinity"])
async def test_units_that_mean_nothing_are_unknown(
    fal: Script, client: FalClient, submitted: Submitted, units: str
) -> None:
    fal.on(RESULT, answer(200, {}, x_fal_billable_units=units))
    assert (await client.result(submitted)).billable_units is None


async def test_a_gateways_error_is_asked_again_and_a_verdict_is_not(
    fal: Script, client: FalClient, submitted: Submitted
) -> None:
    fal.on(RESULT, answer(502, b"<html>"), answer(200, {"ok": True}))
    assert (await client.result(submitted)).output == {"ok": True}
    detail = [{"loc": ["body"], "msg": "late", "type": "generation_timeout"}]
    fal.on(RESULT, answer(504, {"detail": detail}))
    with pytest.raises(FalError) as caught:
        await client.result(submitted)
    assert caught.value.error_type == "generation_timeout"
    assert len(fal.calls(RESULT)) == 3
