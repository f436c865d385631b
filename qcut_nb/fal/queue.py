"""fal's queue: submit once, ask for status and result, cancel."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import httpx

from ..errors import FalConnectionError, FalError, SubmitUnknownError
from .amounts import MOST_UNITS, amount
from .failures import billable_units, charge_of_run, whole_text
from .hosts import is_plain, origin_of
from .wire import Wire

State = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
CancelAnswer = Literal["requested", "already_completed", "not_found"]
NEVER_SENT_AGAIN_S = (0.5, 1.0, 2.0, 4.0)
NOT_CHARGED = "Nothing was charged: fal refused the request before it ran."
NAMESPACES = frozenset({"workflows", "comfy"})
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,200}")
RUNS_ON = "The request goes on at fal."


@dataclass(frozen=True, slots=True)
class Submitted:
    """Where fal keeps a request."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that the model wrote."""

    timestamp: str
    level: str
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """How a request stands.

    Attributes:
        queue_position: Requests ahead of it, 0-based; `None` outside the queue.
        inference_s: How long the model ran, seconds, once completed.
        error: Why it failed, when fal says so already here; the result is the verdict.
    """

    state: State
    queue_position: int | None = None
    logs: tuple[LogLine, ...] = ()
    inference_s: float | None = None
    error: str | None = None
    error_type: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a request gave.

    Attributes:
        output: The model's output, as it came.
        billable_units: What fal counts for the bill; `None` where it does not say.
    """

    output: dict[str, Any]
    billable_units: Decimal | None
    request_id: str


def locate(wire: Wire, endpoint: str, request_id: str) -> Submitted:
    """The URLs of a request, from its id alone: fal's short form."""
    parts = endpoint.split("/")
    app = "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])
    base = f"{wire.hosts.queue}/{app}/requests/{request_id}"
    return Submitted(request_id, f"{base}/status", base, f"{base}/cancel")


async def submit(
    wire: Wire, endpoint: str, body: Mapping[str, Any], *, start_timeout_s: float | None = None
) -> Submitted:
    """Send a paid request: once.

    Sent again are only attempts of which surely nothing arrived (no connection was made), and
    those that fal refused with 429.

    Args:
        wire: The connection.
        endpoint: fal's endpoint id.
        body: The model's input.
        start_timeout_s: How long it may wait in fal's queue, seconds.

    Raises:
        SubmitUnknownError: It was sent and the reply is lost: it may be charged.
        FalConnectionError: No connection could be made; nothing was sent.
        FalError: fal refused it; nothing was charged.
    """
    headers = {"Content-Type": "application/json"}
    if start_timeout_s is not None:
        headers["X-Fal-Request-Timeout"] = f"{start_timeout_s:g}"
    content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    url = f"{wire.hosts.queue}/{endpoint}"
    for delay_s in (*NEVER_SENT_AGAIN_S, None):
        try:
            response = await wire.send("POST", url, content=content, headers=headers)
        except FalConnectionError:
            if delay_s is None:
                raise
        except FalError as error:
            raise _unknown(endpoint, error.what) from error
        else:
            if response.is_success:
                return _submitted(wire, endpoint, response)
            if response.status_code != 429 or delay_s is None:
                raise _refused(wire, endpoint, response)
            delay_s = max(delay_s, _retry_after_s(response))
        await asyncio.sleep(delay_s)
    raise AssertionError


def _submitted(wire: Wire, endpoint: str, response: httpx.Response) -> Submitted:
    body = wire.read(response.content)
    request_id = body.get("request_id") if isinstance(body, dict) else None
    request_id = request_id or response.headers.get("x-fal-request-id")
    if not isinstance(request_id, str) or not REQUEST_ID.fullmatch(request_id):
        raise _unknown(endpoint, "fal accepted it, and its answer cannot be read.")
    short = locate(wire, endpoint, request_id)
    given = body if isinstance(body, dict) else {}

    def url(name: str) -> str:
        value = given.get(name)
        trusted = (
            isinstance(value, str)
            and is_plain(value)
            and origin_of(value) == origin_of(wire.hosts.queue)
        )
        return str(value) if trusted else str(getattr(short, name))

    return Submitted(request_id, url("status_url"), url("response_url"), url("cancel_url"))


def _refused(wire: Wire, endpoint: str, response: httpx.Response) -> FalError:
    if response.status_code < 500 and response.status_code != 408:
        return wire.failure(response, money=NOT_CHARGED)
    answer = wire.failure(response, money="")
    return _unknown(endpoint, answer.what)


def _unknown(endpoint: str, what: str) -> SubmitUnknownError:
    return SubmitUnknownError(
        f"Whether fal took this request is not known. {what}",
        money="It may be charged; it is never sent again by itself.",
        remedy="Call studio.resume() to look it up again, and see your requests at fal.ai.",
        model_id=endpoint,
    )


def _retry_after_s(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    return min(float(value), 60.0) if value.isdigit() else 0.0


async def status(wire: Wire, submitted: Submitted) -> Status:
    """How a request stands.

    Raises:
        FalError: fal does not know it (404), refuses the key, or cannot be reached.
    """
    response = await wire.get(f"{submitted.status_url}?logs=1", money=RUNS_ON)
    return read_status(wire.read(response.content))


def read_status(body: object) -> Status:
    """A status from its JSON; what is not known counts as still running."""
    data = body if isinstance(body, dict) else {}
    state = data.get("status")
    position = data.get("queue_position")
    metrics = data.get("metrics")
    inference = metrics.get("inference_time") if isinstance(metrics, dict) else None
    logs = data.get("logs")
    return Status(
        state=state if state in ("IN_QUEUE", "COMPLETED") else "IN_PROGRESS",
        queue_position=position if state == "IN_QUEUE" and isinstance(position, int) else None,
        logs=tuple(_log(line) for line in logs if isinstance(line, dict))
        if isinstance(logs, list)
        else (),
        inference_s=float(ran_s) if (ran_s := amount(inference, MOST_UNITS)) is not None else None,
        error=whole_text(str(data["error"])) if data.get("error") else None,
        error_type=whole_text(str(data["error_type"])) if data.get("error_type") else None,
    )


def _log(line: Mapping[str, Any]) -> LogLine:
    return LogLine(
        *(whole_text(str(line.get(name, ""))) for name in ("timestamp", "level", "message"))
    )


async def result(wire: Wire, submitted: Submitted) -> Result:
    """What a completed request gave: fal's verdict.

    Raises:
        FalError: The run failed (its own status and code), was cancelled (499), or its result is
            gone (404).
        FalConnectionError: fal cannot be reached.
    """
    response = await wire.get(submitted.response_url, money=RUNS_ON, charged=charge_of_run)
    units = billable_units(response.headers)
    return Result(wire.json_object(response), units, submitted.request_id)


async def cancel(wire: Wire, submitted: Submitted) -> CancelAnswer:
    """Ask to stop a request. Only the result says what came of it.

    Raises:
        FalError: The wish did not reach fal, or fal refused it.
    """
    response = await wire.send("PUT", submitted.cancel_url)
    if response.is_success:
        return "requested"
    if response.status_code == 400:
        return "already_completed"
    if response.status_code == 404:
        return "not_found"
    raise wire.failure(response, money="It may finish and be charged.")
