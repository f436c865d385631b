"""From a reserved intent to a request at fal: uploads, and the one POST."""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..catalog import InputFile
from ..errors import FalError, JobCancelledError, QcutError, SubmitUnknownError
from .accounts import note_key
from .desk import Desk
from .live_job import LiveJob
from .lost import adopt, look_up, unknown
from .views import JobProblem

UPLOAD_LIVES_S = 24 * 3600.0


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
        error.saying(
            money="Nothing was spent: the request was not sent.",
            remedy=error.remedy or "Generate it again.",
        )
        await fail(desk, job, error)
        raise
    finally:
        job.upload_fraction = None
    changed: dict[str, Any] = {}
    if urls:
        job.request = job.request.with_urls(urls)
        changed["request"] = job.request.model_dump_json()
    noting = partial(note_key, desk.project.store, client.key_mark)
    if not await desk.advance(job, "submitting", leaving={"reserved"}, first=noting, **changed):
        return
    try:
        submitted = await client.submit(job.request.endpoint, job.request.body)
    except SubmitUnknownError as error:
        lost = unknown(job, error.what)
        job.problem = JobProblem.of(lost)
        await desk.advance(job, "submit_unknown", problem=job.problem_json)
        await look_up(desk, job, lost)
        return
    except FalError as error:
        await fail(desk, job, error)
        raise
    await adopt(desk, job, submitted)


async def fail(desk: Desk, job: LiveJob, error: QcutError) -> None:
    """End a job as failed and give its reservation back."""
    job.problem = JobProblem.of(error)
    await desk.advance(job, "failed", problem=job.problem_json)


async def cancel_reserved(desk: Desk, job: LiveJob, what: str) -> bool:
    """End a job that was not sent yet; says whether that was still possible."""
    problem = JobProblem.of(_unsent(job, what))
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
    raise _unsent(job, what)


def _unsent(job: LiveJob, what: str) -> JobCancelledError:
    remedy = "Generating it again is a new payment."
    return JobCancelledError(what, job_id=job.id, money="Not charged.", remedy=remedy)
