"""Everything about one job, for a person who wants to know, and for a report."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..catalog import Request, models, money
from ..errors import InputError
from ..notebook import JobDetails, JobMoment, input_texts

if TYPE_CHECKING:
    from ..engine import JobView
    from .core import Core

RESERVATION = {
    "open": "held while it runs",
    "none": "given back",
    "settled": "became what it came to",
    "possible": "kept: it may still be charged",
}


def job_details(core: Core, job_id: str, command_id: str) -> JobDetails:
    """What was sent, what came back, when, and at what cost; the key is nowhere in it.

    Raises:
        InputError: The project has no such job.
    """
    row = core.project.store.job(job_id)
    if row is None:
        raise InputError(
            f"Project {core.project.name!r} has no job {job_id!r}.",
            remedy="studio.history() lists them.",
        )
    request = Request.model_validate_json(row.request)
    view = core.engine.view(job_id)
    known = {
        "endpoint": request.endpoint,
        "request_id": row.request_id,
        "body": request.body,
        "inputs": input_texts(request),
        "answer": json.loads(row.output) if row.output else None,
        "moments": tuple(
            JobMoment.model_validate({"at": at, "state": state})
            for at, state in core.project.store.events(job_id)
        ),
        "costs": _costs(view),
        "log": view.logs,
    }
    report = _scrubbed(core, _report(view, known))
    return JobDetails(id=command_id, job_id=job_id, report=report, **known)


def _costs(view: JobView) -> tuple[tuple[str, str], ...]:
    return (
        ("quote", str(view.quote)),
        ("metered", money(view.metered_usd)),
        ("billed", money(view.billed_usd)),
        ("reservation", RESERVATION[view.charge]),
    )


def _report(view: JobView, known: dict[str, Any]) -> str:
    lines = [
        f"qcut_nb job {view.id}: {view.state}, {view.mode}",
        f"model {view.model_id}, catalogue {models.version}",
        f"endpoint {known['endpoint']}",
        f"request id {known['request_id'] or 'none'}",
        f"Python {platform.python_version()}, {platform.system()}",
    ]
    if view.error is not None:
        lines += ["", f"{view.error.kind}: {view.error.what}", view.error.money, view.error.remedy]
    lines += ["", "sent:", json.dumps(known["body"], indent=2, ensure_ascii=False)]
    lines += [f"{use.name}: {use.label}, sha256 {use.sha256}" for use in known["inputs"]]
    answer = known["answer"]
    back = "no result" if answer is None else json.dumps(answer, indent=2, ensure_ascii=False)
    lines += ["", "came back:", back]
    lines += ["", *(f"{_clock(moment.at)} {moment.state}" for moment in known["moments"])]
    lines += ["", *(f"{name}: {text}" for name, text in known["costs"])]
    lines += ["", "log:", *known["log"]]
    return "\n".join(lines) + "\n"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _scrubbed(core: Core, text: str) -> str:
    key = core.connection.key
    return text if key is None else key.scrub(text)
