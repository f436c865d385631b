"""Everything about one job, for the drawer and the report."""

from __future__ import annotations

from typing import Any, Literal

from .base import JobState, Message, ReplyMessage
from .offers import InputText


class JobMoment(Message):
    """When a job came into a state.

    Attributes:
        at: Unix seconds.
    """

    at: float
    state: JobState


class JobDetails(ReplyMessage):
    """Answers `ReadDetails`. The key is nowhere in it.

    Attributes:
        body: What was sent; a local file stands as "upload:<name>".
        inputs: Its files, with their digests.
        answer: What came back, as fal gave it; `None` where nothing did.
        moments: Its life, in order.
        costs: Lines such as ("Quote", "$0.35"), ("Metered", "unknown").
        log: The last lines of the model's log, in this kernel.
        report: All of it as plain text, for a bug report.
    """

    kind: Literal["job_details"] = "job_details"
    job_id: str
    endpoint: str
    request_id: str | None = None
    body: dict[str, Any]
    inputs: tuple[InputText, ...] = ()
    answer: Any = None
    moments: tuple[JobMoment, ...] = ()
    costs: tuple[tuple[str, str], ...] = ()
    log: tuple[str, ...] = ()
    report: str
