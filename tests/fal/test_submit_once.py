"""A paid request is sent once; what cannot be known is never sent again."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from qcut_nb.errors import (
    FalAccountError,
    FalAuthError,
    FalConnectionError,
    FalError,
    FalRejectedError,
    SubmitUnknownError,
)
from qcut_nb.fal import FalClient, Hosts, Key
from support.scripted_server import Script, answer, cut_off

ENDPOINT = "fal-ai/kling-video/v2.5-turbo/pro/text-to-video"
CALL = f"POST /{ENDPOINT}"
ACCEPTED = {"request_id": "r-1", "status": "IN_QUEUE", "queue_position": 0}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        cut_off(200, b"{", 200),
        answer(200, b"not json"),
        answer(200, {"no": "id"}),
        answer(500, {"detail": "oops"}),
        answer(502, b"<html>nginx</html>"),
        answer(504, {"detail": "late"}),
    ],
    ids=["reset", "half an answer", "no json", "no id", "500", "502", "504"],
)
async def test_an_answer_that_proves_nothing_leaves_the_submit_unknown_and_unrepeated(
    fal: Script, client: FalClient, reply: bytes | None
) -> None:
    fal.on(CALL, reply)
    with pytest.raises(SubmitUnknownError, match="may be charged"):
        await client.submit(ENDPOINT, {"prompt": "x"})
    assert len(fal.calls(CALL)) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(401, {"detail": "invalid key credentials"}), FalAuthError),
        (answer(403, {"detail": "User is locked. Reason: Exhausted balance."}), FalAccountError),
        (answer(404, {"detail": "Not found"}), FalRejectedError),
        (
            answer(422, {"detail": [{"loc": ["body", "prompt"], "msg": "long", "type": "x"}]}),
            FalRejectedError,
        ),
        (answer(422, {"detail": "just a text"}), FalRejectedError),
    ],
    ids=["401", "403", "404", "422 list", "422 text"],
)
async def test_a_clear_no_says_that_nothing_was_charged(
    fal: Script, client: FalClient, reply: bytes, error: type[FalError]
) -> None:
    fal.on(CALL, reply)
    with pytest.raises(error, match="Nothing was charged"):
        await client.submit(ENDPOINT, {"prompt": "x"})
    assert len(fal.calls(CALL)) == 1


async def test_a_429_was_not_accepted_and_is_sent_again(fal: Script, client: FalClient) -> None:
    fal.on(CALL, answer(429, {"detail": "busy"}, retry_after="0"), answer(200, ACCEPTED))
    submitted = await client.submit(ENDPOINT, {"prompt": "x"})
    assert submitted.request_id == "r-1"
    assert len(fal.calls(CALL)) == 2


async def test_without_a_connection_nothing_was_sent(canary: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    async with FalClient(Key(canary), Hosts.single(f"http://127.0.0.1:{port}")) as client:
        with pytest.raises(FalConnectionError, match="Nothing was sent"):
            await client.submit(ENDPOINT, {"prompt": "x"})


async def test_the_body_goes_bare_and_the_answer_may_have_ids_only(
    fal: Script, client: FalClient
) -> None:
    fal.on(CALL, answer(200, {"request_id": "r-1", "gateway_request_id": "g"}))
    submitted = await client.submit(ENDPOINT, {"prompt": "Käse"})
    (seen,) = fal.calls(CALL)
    assert json.loads(seen.body) == {"prompt": "Käse"}
    short = f"{fal.origin}/fal-ai/kling-video/requests/r-1"
    assert (submitted.status_url, submitted.response_url) == (f"{short}/status", short)


async def test_urls_of_another_host_are_not_believed(
    fal: Script, client: FalClient, elsewhere: Script
) -> None:
    evil: dict[str, Any] = ACCEPTED | {
        name: f"{elsewhere.origin}/x" for name in ("status_url", "response_url", "cancel_url")
    }
    fal.on(CALL, answer(200, evil))
    submitted = await client.submit(ENDPOINT, {"prompt": "x"})
    assert submitted.status_url.startswith(fal.origin)
    assert submitted.cancel_url.startswith(fal.origin)


async def test_what_fal_repeats_of_the_input_is_not_in_the_error(
    fal: Script, client: FalClient
) -> None:
    detail = [{"loc": ["body", "prompt"], "msg": "bad", "type": "one_of", "input": "SECRET PROMPT"}]
    fal.on(CALL, answer(422, {"detail": detail}))
    with pytest.raises(FalRejectedError) as caught:
        await client.submit(ENDPOINT, {"prompt": "SECRET PROMPT"})
    assert "SECRET" not in str(caught.value)
    assert (caught.value.field, caught.value.error_type) == ("prompt", "one_of")
