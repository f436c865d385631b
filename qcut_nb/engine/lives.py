"""The life of one job, from its intent or from where another process left it."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from ..errors import FalError, ProjectError, QcutError
from ..store import ENDED, JobRow, Store
from .collect import collect
from .desk import Desk
from .live_job import LiveJob
from .lost import look_up, unknown
from .metering import for_money
from .submit import Uploads, never_sent, submit
from .views import JobProblem
from .watch import AT_FAL, ask_to_cancel, send_cancel, verdict, watch

log = logging.getLogger("qcut_nb.engine")
LOOK_EVERY_S = 1.0
AT_FAL_STILL = "fal has the request: it goes on there, may be charged, and stays resumable."


async def first_life(
    desk: Desk, uploads: Uploads, job: LiveJob, gate: asyncio.Semaphore | None
) -> None:
    """From the intent to the clip; the only way on which anything is submitted."""
    async with gate or contextlib.nullcontext():
        desk.prices.ask(job.spec.endpoint)
        await submit(desk, uploads, job)
        if job.cancel_wanted:
            await ask_to_cancel(desk, job)
        await _follow(desk, job)
    await _bring_home(desk, job, begun_before=False)


async def next_life(desk: Desk, job: LiveJob) -> None:
    """Go on with a job that was begun before. Never submits."""
    if job.state in ("planned", "reserved"):
        await never_sent(desk, job)
    if job.state == "submitting":
        await _after_crash(desk, job)
    if job.state == "submit_unknown":
        await look_up(desk, job, unknown(job))
    if job.cancel_wanted:
        await ask_to_cancel(desk, job)
    elif job.state == "cancelling":
        await send_cancel(desk, job)
    await _follow(desk, job)
    await _bring_home(desk, job, begun_before=True)


async def catch_up(desk: Desk, job: LiveJob) -> None:
    """Take over what another process made of a job."""
    try:
        row = await desk.on_disk(desk.project.store.job, job.id)
    except ProjectError as error:
        log.warning("job %s cannot be read: %s", job.id, error)
        return
    if row is not None:
        now = LiveJob.from_row(row)
        job.state, job.clip_id, job.problem = now.state, now.clip_id, now.problem


async def left_by_others(store: Store, owner: str, row: JobRow) -> JobRow:
    """Wait until no other process works on a job; gives it as it is then."""
    while True:
        watched = await asyncio.to_thread(store.watched_elsewhere, owner)
        now = await asyncio.to_thread(store.job, row.id)
        if now is None or now.state in ENDED or row.id not in watched:
            return now or row
        await asyncio.sleep(LOOK_EVERY_S)


async def remember_problem(desk: Desk, job: LiveJob, error: QcutError) -> None:
    """Keep what stopped a job's life, and let it go: any kernel may take it up from here."""
    if job.state in ENDED:
        job.problem = job.problem or JobProblem.of(error)
        return
    at_fal = job.request_id is not None and (isinstance(error, FalError) or not error.money)
    job.problem = JobProblem.of(error, money=for_money(job, AT_FAL_STILL) if at_fal else None)
    try:
        await desk.on_disk(desk.project.store.note, job.id, problem=job.problem_json)
        await desk.on_disk(desk.project.store.let_go, job.id, desk.owner)
    except ProjectError as failure:
        log.warning("the problem of job %s was not recorded: %s", job.id, failure)


async def _follow(desk: Desk, job: LiveJob) -> None:
    if job.state in AT_FAL:
        await watch(desk, job)


async def _bring_home(desk: Desk, job: LiveJob, *, begun_before: bool) -> None:
    if job.state not in ENDED:
        job.problem = None
        output = await verdict(desk, job)
        await collect(desk, job, output, begun_before=begun_before)


async def _after_crash(desk: Desk, job: LiveJob) -> None:
    """A process died between the record of a submit and its answer: it cannot be known."""
    job.problem = JobProblem.of(unknown(job))
    await desk.advance(job, "submit_unknown", problem=job.problem_json)
