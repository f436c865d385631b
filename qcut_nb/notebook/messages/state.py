"""What goes down: the state that a fresh view asks for, and what changed since."""

from __future__ import annotations

from typing import Literal

from .base import Message, Mode, RunMode, Usd
from .catalog import ModelRow
from .clips import ClipCard
from .jobs import JobLine
from .wish import Choice


class State(Message):
    """Everything a fresh panel needs to show.

    Attributes:
        now_s: The kernel's clock when this was made.
        key_last_four: Last characters of the key in use; `None` without one.
        jobs: Unfinished jobs and the latest that ended without a clip, newest first.
        clips: The latest clips, newest first.
        clip_count: Number of clips in the project.
        static_class: CSS class of the static HTML that a live view hides.
    """

    kind: Literal["state"] = "state"
    now_s: float
    project: str
    mode: RunMode
    key_last_four: str | None = None
    spent_usd: Usd
    modes: tuple[Mode, ...]
    models: tuple[ModelRow, ...]
    choice: Choice
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    clip_count: int
    static_class: str


class BatchState(Message):
    """Everything a fresh progress view of one batch needs to show."""

    kind: Literal["batch_state"] = "batch_state"
    now_s: float
    mode: RunMode
    batch_id: str
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    static_class: str


class Changed(Message):
    """What changed since the last event: at most ten a second, however many jobs.

    Attributes:
        jobs: The jobs that changed, whole.
        clips: Clips that were stored, newest first.
    """

    kind: Literal["changed"] = "changed"
    now_s: float
    spent_usd: Usd
    clip_count: int
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
