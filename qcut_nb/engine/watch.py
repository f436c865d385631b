"""From a request at fal to its verdict."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from ..errors import (
    FalAccountError,
    FalAuthError,
    FalConnectionError,
    FalError,
    FalServerError,
    FalTimeoutError,
    JobCancelledError,
    QcutError,
)
from ..fal import Result, Submitted
from ..store import Charge, State
from .accounts import explained
from .desk import Desk
from .live_job import LiveJob
from .metering import failed_run, for_money, metered
from .views import JobProblem

AT_FAL: frozenset[State] = frozenset({"submitted", "queued", "running", "cancelling"})
WAITING: frozenset[State] = frozenset({"submitted", "queued", "running"})
PASSING = (FalConnectionError, FalTimeoutError, FalServerError)
RETRY_S = (1.0, 2.0, 5.0, 15.0, 30.0)
UNKNOWN_AGAIN_S = (1.0, 3.0, 10.0)
NOT_STOPPED = "The request to stop did not reach fal: it may finish and be charged."
STATES: dict[str, State] = {"IN_QUEUE": "queued", "IN_PROGRESS": "running"}


def handle(desk: Desk, job: LiveJob) -> Submitted:
    """Where fal keeps a job's request: where it said so, or where the simulator is by now."""
    said = Submitted(
        request_id=job.request_id or "",
        status_url=job.status_url or "",
        response_url=job.response_url or "",
        cancel_url=job.cancel_url or "",
    )
    if job.mode == "simulated" and not said.status_url.startswith(f"{desk.client.hosts.queue}/"):
        return desk.client.locate(job.request.endpoint, said.request_id)
    return said


async def watch(desk: Desk, job: LiveJob) -> None:
    """Follow a request until fal says it is completed. Never gives up by itself.

    That it is completed is recorded with its verdict, or when that does not come at once.

    Raises:
        QcutError: fal does not know the request any more, or refuses the key.
    """

    def trouble(error: Exception | None) -> None:
        job.lost_contact = error is not None
        desk.show(job)

    for delay_s in (*UNKNOWN_AGAIN_S, None):
        try:
            await _follow(desk, job, trouble)
        except FalError as error:
            if other_key := await explained(desk, job, error):
                raise other_key from error
            if error.status_code != 404:
                raise
            if delay_s is None:
                await gone(desk, job, error)
                raise
            await asyncio.sleep(delay_s)
        else:
            return


async def _follow(desk: Desk, job: LiveJob, trouble: Callable[[Exception | None], None]) -> None:
    expected_s = job.spec.expected_s[1] if job.spec.expected_s else None
    statuses = desk.client.watch(handle(desk, job), expected_s=expected_s, on_trouble=trouble)
    async with aclosing(statuses):
        async for status in statuses:
            job.queue_position = status.queue_position
            job.add_logs(status.logs)
            if status.state == "COMPLETED":
                return
            state = STATES[status.state]
            if state == "running":
                job.was_queued = False
            await desk.advance(job, state, leaving=WAITING - {state})
            job.queue_position = status.queue_position
            desk.show(job)


async def gone(desk: Desk, job: LiveJob, error: FalError) -> None:
    """Fal has no such request: it was cancelled in time, or its answer has expired."""
    if job.state == "cancelling":
        await cancelled(desk, job, error)
        return
    reason = error.what.rstrip(".")
    job.problem = replace(
        JobProblem.of(error),
        what=f"fal does not have this request any more ({reason}): it keeps answers for 30 days.",
        money=for_money(job, "The run may have been charged: see the usage page at fal.ai."),
    )
    await desk.advance(job, "expired", problem=job.problem_json)


async def cancelled(desk: Desk, job: LiveJob, error: FalError | None = None) -> None:
    """End a job that fal stopped.

    Raises:
        JobCancelledError: Always, with what it may have cost.
    """
    problem = JobCancelledError(
        "Cancelled before it started." if job.was_queued else "Cancelled while it ran.",
        job_id=job.id,
        money="Not charged."
        if job.was_queued
        else for_money(job, "fal may charge for the time it ran."),
        remedy="Generating it again is a new payment.",
    )
    job.problem = JobProblem.of(problem)
    charge: Charge = "none" if job.was_queued else "possible"
    await desk.advance(job, "cancelled", charge=charge, problem=job.problem_json)
    raise problem from error


async def verdict(desk: Desk, job: LiveJob) -> dict[str, Any]:
    """Fetch what a completed request gave, and book what it cost.

    Raises:
        QcutError: The run failed or was cancelled; the store knows it.
    """
    if job.output is not None and job.mode == "live":
        return job.output
    result = await result_of(desk, job)
    if job.state != "downloading":
        columns = await metered(desk, job, result.billable_units)
        through: State | None = "completed" if job.state in AT_FAL else None
        output = json.dumps(result.output)
        await desk.advance(job, "downloading", through=through, output=output, **columns)
    return result.output


async def result_of(desk: Desk, job: LiveJob) -> Result:
    """The result, waiting out any trouble on the way.

    Raises:
        QcutError: fal's verdict is that there is none.
    """
    attempt = unknown = 0
    while True:
        try:
            result = await desk.client.result(handle(desk, job))
        except FalError as error:
            await desk.advance(job, "completed", leaving=AT_FAL)
            unknown += error.status_code == 404
            if other_key := await explained(desk, job, error):
                raise other_key from error
            if isinstance(error, FalAuthError | FalAccountError):
                raise
            if error.status_code == 499:
                await cancelled(desk, job, error)
            elif unknown > len(UNKNOWN_AGAIN_S):
                await gone(desk, job, error)
                raise
            elif error.status_code == 422 or (error.error_type and error.status_code != 429):
                await failed_run(desk, job, error)
                raise
            elif error.status_code is None and not isinstance(error, PASSING):
                raise
            job.lost_contact = True
            desk.show(job)
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1
        else:
            job.lost_contact = False
            return result


async def ask_to_cancel(desk: Desk, job: LiveJob) -> None:
    """Ask fal to stop a request; the verdict still comes from watching it."""
    if job.state == "cancelling" or await desk.advance(job, "cancelling", leaving=WAITING):
        await send_cancel(desk, job)


async def send_cancel(desk: Desk, job: LiveJob) -> None:
    """Send the cancel call of a job that is `cancelling`."""
    try:
        now = await desk.client.status(handle(desk, job))
        job.was_queued = now.state == "IN_QUEUE"
        await desk.client.cancel(handle(desk, job))
    except QcutError as error:
        job.problem = JobProblem.of(error, money=NOT_STOPPED)
        desk.show(job)
