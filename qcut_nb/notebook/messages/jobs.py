"""What is going on."""

from __future__ import annotations

from typing import Literal

from .base import JobState, Message, RunMode
from .offers import ChangeText, QuoteText

Remedy = Literal[
    "download_again",
    "shorten_prompt",
    "use_model",
    "resume",
    "set_key",
    "adopt",
    "abandon",
    "resubmit",
    "recall",
]
"""What a button can do about a problem.

- download_again: `DownloadAgain`, free.
- shorten_prompt: Put the caret into the prompt.
- use_model: Tick `Problem.model_id` instead.
- resume: `ResumeProject`, free: looks at every job again, submits nothing.
- set_key: Open the key field.
- recall: `Recall` the job's settings into the form.
- adopt, abandon, resubmit: `SettleUnknown`, for a request whose reply was lost.
"""


class Problem(Message):
    """An error for people, in three lines.

    Attributes:
        what: What happened.
        money: Whether money was spent.
        remedy: What to do.
        actions: What buttons can do about it, the best first.
        model_id: The model that "use_model" means.
    """

    what: str
    money: str = ""
    remedy: str = ""
    actions: tuple[Remedy, ...] = ()
    model_id: str | None = None


class JobLine(Message):
    """One job, as far as a line shows it.

    Attributes:
        prompt: The first 300 characters.
        submitted_at: When fal accepted it.
        upload_fraction: Part of its files that is uploaded, 0 to 1; `None` without an upload.
        log_lines: Number of log lines that can be asked for.
        mode: "simulated" cost nothing.
        expected_s: Usual time from submit to result, seconds (low, high).
        expected_from: "own": from this project's own runs; "published": from the model list.
        expected_runs: How many own runs that is.
        cost: What it came to, for people; empty while that is open.
        reused: A clip that was there already answers it, at no cost.
        lost_contact: fal does not answer at the moment; the job goes on there.
        settled: Nothing more happens by itself.
    """

    id: str
    batch_id: str
    model_id: str
    model_name: str
    prompt: str
    state: JobState
    queue_position: int | None = None
    created_at: float
    submitted_at: float | None = None
    ended_at: float | None = None
    received_bytes: int = 0
    total_bytes: int | None = None
    upload_fraction: float | None = None
    log_lines: int = 0
    problem: Problem | None = None
    quote: QuoteText
    will_send: tuple[ChangeText, ...] = ()
    clip_id: str | None = None
    request_id: str | None = None
    mode: RunMode
    expected_s: tuple[float, float] | None = None
    expected_from: Literal["own", "published"] = "published"
    expected_runs: int = 0
    cost: str = ""
    reused: bool = False
    lost_contact: bool = False
    settled: bool = False
