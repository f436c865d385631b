"""What is going on."""

from __future__ import annotations

from typing import Literal

from .base import JobState, Message
from .offers import ChangeText, QuoteText


class Problem(Message):
    """An error for people, in three lines.

    Attributes:
        what: What happened.
        money: Whether money was spent.
        remedy: What to do.
        action: What a button can do about it.
    """

    what: str
    money: str = ""
    remedy: str = ""
    action: Literal["download_again", "shorten_prompt"] | None = None


class JobLine(Message):
    """One job, as far as a line shows it.

    Attributes:
        prompt: The first 300 characters.
        submitted_at: When fal accepted it.
        upload_fraction: Part of its files that is uploaded, 0 to 1; `None` without an upload.
        log_lines: Number of log lines that can be asked for.
        expected_s: Usual time from submit to result, seconds (low, high).
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
    expected_s: tuple[float, float] | None = None
    lost_contact: bool = False
    settled: bool = False
