"""From a reserved intent to a request at fal: uploads, the one POST, and its look-up."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from ..catalog import InputFile, Request
from ..errors import FalError, JobCancelledError, ProjectError, QcutError, SubmitUnknownError
from ..fal import PastRequest, Submitted
from .desk import Desk
from .live_job import LiveJob
from .views import JobProblem

COMMIT_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 10.0)
UPLOAD_LIVES_S = 24 * 3600.0
LOOK_UP_AFTER_S = (0.0, 2.0, 8.0)
CLOCK_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Uploads:
    """Uploads on their way, so that two jobs with one picture upload it once."""

    desk: Desk
    running: dict[str, asyncio.Task[str]]

    async def url(self, file: InputFile, job: LiveJob) -> str:
        """Where fal can read a local file; uploads it when that is not known."""
        key = file.sha256 or str(file.path)
        task = self.running.get(key)
        if task is None:
            task = asyncio.create_task(self._upload(file, job))
            self.running[key] = task
            task.add_done_callback(lambda _: self.running.pop(key, None))
        return await asyncio.shield(task)

    async def _upload(self, file: InputFile, job: LiveJob) -> str:
        desk, store = self.desk, self.desk.project.store
        origin = desk.client.hosts.cdn
        if file.sha256:
            known = await desk.on_disk(
                store.upload_url, file.sha256, origin, max_age_s=UPLOAD_LIVES_S
            )
            if known:
                return known

        def progress(sent_bytes: int, total_bytes: int) -> None:
            job.upload_fraction = sent_bytes / total_bytes if total_bytes else None
            desk.show_sometimes(job)

        kind = mimetypes.guess_type(file.label)[0] or "application/octet-stream"
        url = await desk.client.upload(file.path or "", content_type=kind, on_progress=progress)
        if file.sha256:
            await desk.on_disk(store.record_upload, file.sha256, origin, url)
        return url


async def submit(desk: Desk, uploads: Uploads, job: LiveJob) -> None:
    """Upload what the job needs, then send the request: once.

    Raises:
        QcutError: The job ended; the store knows it.
    """
    urls = {}
    try:
        for use in job.request.files:
            if use.file.url is None:
                urls[use.name] = await uploads.url(use.file, job)
        client = desk.client
    except QcutError as error:
        await fail(desk, job, error, money="Nothing was spent: the request was not sent.")
        raise
    finally:
        job.upload_fraction = None
    job.request = job.request.with_urls(urls)
    if not await desk.advance(
        job, "submitting", leaving={"reserved"}, request=job.request.model_dump_json()
    ):
        return
    try:
        submitted = await client.submit(job.request.endpoint, job.request.body)
    except SubmitUnknownError as error:
        job.problem = JobProblem.of(error)
        await desk.advance(job, "submit_unknown", problem=job.problem_json)
        await look_up(desk, job, error)
        return
    except FalError as error:
        await fail(desk, job, error)
        raise
    await adopt(desk, job, submitted)


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
        else:
            return


async def look_up(desk: Desk, job: LiveJob, error: SubmitUnknownError) -> None:
    """Search fal's list of requests for the one whose reply was lost; adopt exactly one match.

    Raises:
        SubmitUnknownError: None or several match. Nothing is re-sent.
    """
    for delay_s in LOOK_UP_AFTER_S:
        await asyncio.sleep(delay_s)
        if await _twins(desk, job):
            continue
        try:
            matches = await _candidates(desk, job)
        except FalError as failure:
            error.add_note(f"The look-up failed too: {failure.what}")
            continue
        if len(matches) == 1:
            await adopt(desk, job, desk.client.locate(job.request.endpoint, matches[0].request_id))
            return
    raise error


async def _candidates(desk: Desk, job: LiveJob) -> list[PastRequest]:
    """Requests at fal with this body that belong to no job here."""
    sent_at = datetime.fromtimestamp(job.submitting_at or job.created_at, UTC)
    found = await desk.client.find_requests(
        job.request.endpoint, sent_at - CLOCK_SKEW, datetime.now(UTC) + CLOCK_SKEW
    )
    known = await desk.on_disk(desk.project.store.known_request_ids)
    wanted = json.loads(job.request.canonical_json)
    return [past for past in found if past.input == wanted and past.request_id not in known]


async def _twins(desk: Desk, job: LiveJob) -> list[str]:
    """Other jobs whose request would look the same at fal, and whose id is not known either."""
    rows = await desk.on_disk(desk.project.store.of_unknown_fate, job.spec.id)
    return [
        row.id
        for row in rows
        if row.id != job.id
        and Request.model_validate_json(row.request).canonical_json == job.request.canonical_json
    ]


async def fail(desk: Desk, job: LiveJob, error: QcutError, *, money: str | None = None) -> None:
    """End a job as failed and give its reservation back."""
    job.problem = JobProblem.of(error, money=money)
    await desk.advance(job, "failed", problem=job.problem_json)


async def cancel_reserved(desk: Desk, job: LiveJob, what: str) -> bool:
    """End a job that was not sent yet; says whether that was still possible."""
    problem = JobProblem.of(JobCancelledError(what, job_id=job.id, money="Not charged."))
    if not await desk.advance(
        job, "cancelled", leaving={"planned", "reserved"}, problem=problem.to_json()
    ):
        return False
    job.problem = problem
    return True


async def never_sent(desk: Desk, job: LiveJob) -> None:
    """End a job whose process died before it was sent.

    Raises:
        JobCancelledError: Always.
    """
    what = "The kernel ended before this was sent."
    await cancel_reserved(desk, job, what)
    raise JobCancelledError(what, job_id=job.id, money="Not charged.", remedy="Generate it again.")
