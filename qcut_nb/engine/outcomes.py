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
    return Outcome(error=error or stored_outcome(job).error)


def stored_outcome(job: LiveJob) -> Outcome:
    """How a job ended by what the store keeps of it."""
    if job.state == "stored":
        return Outcome(clip_id=job.clip_id)
    if job.problem is None:
        return Outcome(
            error=QcutError(f"Job {job.id} is {job.state}.", remedy="Call studio.resume().")
        )
    problem = job.problem
    kind = KINDS.get(problem.kind, JobFailedError)
    return Outcome(error=kind(problem.what, money=problem.money, remedy=problem.remedy))


def unknown(job: LiveJob) -> SubmitUnknownError:
    """The error of a job whose process died between the submit and its answer."""
    return SubmitUnknownError(
        "Whether fal received this request is not known: its reply was lost.",
        money=f"It may be charged; it is never sent again by itself.{kept_text(job)}",
        remedy=CHOICES.format(id=job.id),
        model_id=job.spec.id,
    )


CHOICES = (
    "studio.resume() looks it up again, free. Or choose, with your requests at fal.ai at hand: "
    "studio.job({id!r}).adopt(request_id), .abandon(), or .resubmit(confirm=True)."
)
"""What a person can do about a submit whose reply was lost."""


def closed(job: LiveJob) -> QcutError:
    """The error of a job whose studio was closed."""
    return QcutError(
        f"The studio was closed while job {job.id} was {job.state}.",
        money=f"If fal has the request, it goes on there.{kept_text(job)}",
        remedy="Open the project again: unfinished jobs are picked up, nothing is paid twice.",
    )
