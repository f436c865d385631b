"""How a job ended for now, as the error or the clip that a waiting cell gets."""

from __future__ import annotations

from ..errors import (
    DownloadError,
    JobCancelledError,
    JobFailedError,
    QcutError,
    SubmitUnknownError,
)
from .live_job import LiveJob, Outcome
from .metering import kept_text

KINDS: dict[str, type[QcutError]] = {
    "DownloadError": DownloadError,
    "JobCancelledError": JobCancelledError,
    "SubmitUnknownError": SubmitUnknownError,
}


def outcome_of(job: LiveJob, error: QcutError | None) -> Outcome:
    """How a job that was just worked on ended."""
    if job.state == "stored":
        return Outcome(clip_id=job.clip_id)
    if error is not None and not error.money and job.problem is not None:
        error.saying(money=job.problem.money)
    return Outcome(error=error or stored_outcome(job).error)


def stored_outcome(job: LiveJob) -> Outcome:
    """How a job ended by what the store keeps of it; nobody works on it."""
    if job.state == "stored":
        return Outcome(clip_id=job.clip_id)
    if job.problem is None:
        return Outcome(
            error=QcutError(
                f"Job {job.id} is {job.state}, and no kernel follows it.",
                money=f"If fal has the request, it goes on there.{kept_text(job)}",
                remedy=f"Call studio.resume() of a studio in {job.mode} mode: it is free and never "
                "submits.",
            )
        )
    problem = job.problem
    kind = KINDS.get(problem.kind, JobFailedError)
    return Outcome(error=kind(problem.what, money=problem.money, remedy=problem.remedy))


def closed(job: LiveJob) -> QcutError:
    """The error of a job whose studio was closed."""
    return QcutError(
        f"The studio was closed while job {job.id} was {job.state}.",
        money=f"If fal has the request, it goes on there.{kept_text(job)}",
        remedy="Open the project again: unfinished jobs are picked up, nothing is paid twice.",
    )
