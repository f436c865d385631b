"""Submits whose reply was lost: looked up, adopted, or given up. Never sent again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from ..catalog import Request
from ..errors import FalError, InputError, ProjectError, SubmitUnknownError
from ..fal import Listing, PastRequest, Submitted
from ..store import Charge, SentElsewhere, StateConflictError, sent_elsewhere
from .desk import Desk
from .live_job import LiveJob
from .metering import for_money
from .views import JobProblem

COMMIT_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 10.0)
LOOK_UP_AFTER_S = (0.0, 2.0, 8.0)
CLOCK_SKEW = timedelta(minutes=1)
CUT = "fal's list of requests since it was sent is longer than can be read."
LONGEST_POST = timedelta(minutes=10)
"""From the record of a submit to the last moment at which it may have arrived: all attempts after
429 and all time limits together take less."""


def unknown(job: LiveJob, what: str = "") -> SubmitUnknownError:
    """The error of a submit whose fate is not known, with all that can be done about it."""
    return SubmitUnknownError(
        what or "Whether fal received this request is not known: its reply was lost.",
        money=for_money(job, "It may be charged; it is never sent again by itself."),
        remedy="studio.resume() looks it up again, free. Or look at your requests at fal.ai and "
        f"choose: studio.job({job.id!r}).adopt(request_id), .abandon(), or "
        ".resubmit(confirm=True).",
        model_id=job.spec.id,
    )


async def adopt(desk: Desk, job: LiveJob, submitted: Submitted) -> None:
    """Commit fal's id and URLs before anything else is done with them."""
    job.request_id = submitted.request_id
    job.status_url = submitted.status_url
    job.response_url = submitted.response_url
    job.cancel_url = submitted.cancel_url
    job.problem = None
    job.unit_price = job.unit_price or desk.prices.known(job.spec.endpoint)
    learnt = asdict(submitted) | (job.unit_price.columns if job.unit_price else {})
    for delay_s in (*COMMIT_AGAIN_S, None):
        try:
            await desk.advance(job, "submitted", problem=None, **learnt)
        except ProjectError:
            if delay_s is None:
                raise
            await asyncio.sleep(delay_s)
        except StateConflictError:
            # This process stood still, another took the job for lost: the answer is here after all.
            if job.state == "submit_unknown":
                raise
            job.state = "submit_unknown"
        else:
            return


async def look_up(desk: Desk, job: LiveJob, error: SubmitUnknownError) -> None:
    """Search fal's list of requests for the one whose reply was lost; adopt exactly one match.

    Where another job here, or in a project beside this one, sent the same and does not know its
    request either, nothing is adopted: they cannot be told apart.

    Raises:
        SubmitUnknownError: None or several match. Nothing is re-sent.
    """
    for delay_s in LOOK_UP_AFTER_S:
        await asyncio.sleep(delay_s)
        try:
            listed = await _listed(desk, job)
        except FalError as failure:
            error.add_note(f"The look-up failed too: {failure.what}")
            continue
        if not listed.whole:
            # What was not read may hold another one like it, or the only one.
            error.add_note(CUT)
            break
        same = [past for past in listed.requests if _is_of(job, past)]
        # After the list: whoever sent something that is in it has recorded that by now.
        known = await _known_ids(desk, job)
        if known is None:
            continue
        matches = [past for past in same if past.request_id not in known]
        if len(matches) == 1:
            await adopt(desk, job, desk.client.locate(job.request.endpoint, matches[0].request_id))
            return
    raise error


async def check_choice(desk: Desk, job: LiveJob, request_id: str) -> None:
    """Make sure that a request that a person named can be this job's.

    Raises:
        InputError: fal does not list it for this model at that time, it carries another body, or it
            is another job's, here or in a project beside this one.
        FalError: fal refused to list requests, cannot be reached, or its list cannot be read to
            its end and what was read of it does not have the request.
    """
    store = desk.project.store
    if request_id in await desk.on_disk(store.known_request_ids):
        raise _refused(job, request_id, "belongs to another job of this project")
    listed = await _listed(desk, job)
    past = next((past for past in listed.requests if past.request_id == request_id), None)
    if past is None and not listed.whole:
        raise FalError(
            f"Whether request {request_id!r} can be job {job.id}'s is not known. {CUT}",
            money="Nothing was sent.",
            remedy="Try again later; .abandon() gives the job up.",
        )
    if past is None:
        raise _refused(job, request_id, f"is not among the requests to {job.request.endpoint}")
    if past.input is not None and not _is_of(job, past):
        raise _refused(job, request_id, "was sent with other settings than this job")
    for other in await _elsewhere(desk, job):
        if other.request_id == request_id:
            raise _refused(job, request_id, f"belongs to project {other.project!r} beside this one")


async def give_up(desk: Desk, job: LiveJob, charged: Literal[False] | None) -> None:
    """End a job whose fate a person settled (`charged` is `False`) or does not want to wait for."""
    charge: Charge
    if charged is None:
        charge = "possible"
        what = "Given up: whether fal received this request was never found out."
        money = for_money(job, "It may have been charged.")
    else:
        charge = "none"
        what = "Given up: fal never received this request, as you found."
        money = "Nothing was charged, as you said; nothing stays reserved for it."
    problem = JobProblem(
        kind="SubmitUnknownError",
        what=what,
        money=money,
        remedy="Generating it again is a new payment.",
    )
    await desk.advance(job, "failed", charge=charge, problem=problem.to_json())
    job.problem = problem


def _refused(job: LiveJob, request_id: str, why: str) -> InputError:
    return InputError(
        f"Request {request_id!r} {why}, so job {job.id} cannot adopt it.",
        money="Nothing was sent.",
        remedy="Compare with your requests at fal.ai; .abandon() gives the job up.",
    )


async def _listed(desk: Desk, job: LiveJob) -> Listing:
    """What fal lists of the time in which this job's request may have arrived."""
    sent_at = datetime.fromtimestamp(job.submitting_at or job.created_at, UTC)
    first, last = sent_at - CLOCK_SKEW, sent_at + LONGEST_POST + CLOCK_SKEW
    found = await desk.client.find_requests(
        job.request.endpoint, first, datetime.now(UTC) + CLOCK_SKEW
    )
    return replace(
        found,
        requests=tuple(
            past for past in found.requests if past.sent_at is None or first <= past.sent_at <= last
        ),
    )


def _is_of(job: LiveJob, past: PastRequest) -> bool:
    return bool(past.input == json.loads(job.request.canonical_json))


async def _elsewhere(desk: Desk, job: LiveJob) -> list[SentElsewhere]:
    """What projects beside this one sent to its model around its own submit."""
    sent_at = job.submitting_at or job.created_at
    reach_s = (LONGEST_POST + CLOCK_SKEW).total_seconds()
    return await asyncio.to_thread(
        sent_elsewhere,
        desk.project.store.path,
        job.spec.id,
        since=sent_at - reach_s,
        until=sent_at + reach_s,
    )


async def _known_ids(desk: Desk, job: LiveJob) -> set[str] | None:
    """Ids of requests of other jobs; `None` where it has a twin whose request is not known."""
    store = desk.project.store
    rows = await desk.on_disk(store.of_unknown_fate, job.spec.id)
    others = await _elsewhere(desk, job)
    doubtful = [row.request for row in rows if row.id != job.id]
    doubtful += [other.request for other in others if other.request_id is None]
    body = job.request.canonical_json
    if any(Request.model_validate_json(text).canonical_json == body for text in doubtful):
        return None
    known = await desk.on_disk(store.known_request_ids)
    return known | {other.request_id for other in others if other.request_id is not None}
