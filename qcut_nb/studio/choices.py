"""What a person decides about a job whose submit was lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..catalog import FileUse, Request, models, quote_for
from ..engine import PlannedJob
from ..errors import ConfirmationNeededError, InputError
from ..store import JobRow, NotLostError, still_lost
from .generating import start
from .job import Job
from .planning import refuse_retired

if TYPE_CHECKING:
    from .core import Core


def resubmit(core: Core, job_id: str, *, confirm: bool, allow_unknown_price: bool) -> Job:
    """Send a lost job's request again, as a new intent; see `Job.resubmit`."""
    row = core.engine.own(job_id)
    if row.state != "submit_unknown":
        raise InputError(
            f"Job {job_id} is {row.state}: only a job whose submit was lost is sent again.",
            remedy="To generate it once more, use clip.rerun() or studio.generate(...).",
        )
    plan = _plan_again(core, row)
    quote = plan.request.quote
    if not confirm:
        raise ConfirmationNeededError(
            f"Sending job {job_id} again may cost twice: {core.engine.view(job_id).quote} for the "
            f"one that was lost, if fal has it, and {quote} for the new one.",
            needed=quote.high_usd or Decimal(0),
            unknown=int(quote.kind == "unknown"),
            remedy="Look at your requests at fal.ai first; then .adopt(request_id), or "
            ".resubmit(confirm=True).",
        )
    core.engine.decide(job_id)
    try:
        batch = start(
            core,
            [plan],
            confirm=True,
            allow_unknown_price=allow_unknown_price,
            guard=still_lost(job_id),
        )
    except NotLostError:
        raise InputError(
            f"Job {job_id} was settled or sent again in the meantime.",
            money="Nothing was sent by this call.",
            remedy="Look at it: studio.job(id), studio.history().",
        ) from None
    core.engine.abandon(job_id).result()
    return batch.jobs[0]


def _plan_again(core: Core, row: JobRow) -> PlannedJob:
    """The same body, with files uploaded anew (fal may not keep them), at today's price."""
    request, spec = Request.model_validate_json(row.request), models[row.model_id]
    if core.connection.mode == "live":
        refuse_retired(spec)
    files = tuple(_to_upload(core, use) for use in request.files)
    facts = {use.name: use.file.facts for use in files}
    quote = quote_for(spec, request.values, facts)
    return PlannedJob(
        spec,
        request.model_copy(update={"files": files, "quote": quote}),
        cell=row.cell,
        instead_of=row.id,
    )


def _to_upload(core: Core, use: FileUse) -> FileUse:
    if use.file.path is None:
        return use
    path = str(core.project.input_path(use.file.path))
    return use.model_copy(update={"file": use.file.model_copy(update={"path": path, "url": None})})
