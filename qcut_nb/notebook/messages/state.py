"""What goes down: the state that a fresh view asks for, and what changed since."""

from __future__ import annotations

from typing import Literal

from .base import Message, Mode, RunMode
from .catalog import ModelRow
from .clips import ClipCard
from .jobs import JobLine
from .money import MoneyLine
from .wish import Choice


class TimelineClip(Message):
    """A clip on the project's list for a timeline.

    Attributes:
        name: As people know it: its title, else "AI (Model): prompt".
    """

    id: str
    name: str


class State(Message):
    """Everything a fresh panel needs to show.

    Attributes:
        now_s: The kernel's clock when this was made.
        key_last_four: Last characters of the key that live mode uses; `None` without one.
        key_kept: Where it is kept, for people; `None` without one.
        jobs: Unfinished jobs and the latest that ended without a clip, newest first.
        clips: The latest ten clips, newest first; `ReadHistory` has all.
        clip_count: Number of clips in the project.
        timeline: The clips on the project's list for a timeline, in order.
        static_class: CSS class of the static HTML that a live view hides.
    """

    kind: Literal["state"] = "state"
    now_s: float
    project: str
    mode: RunMode
    key_last_four: str | None = None
    key_kept: str | None = None
    money: MoneyLine
    modes: tuple[Mode, ...]
    models: tuple[ModelRow, ...]
    choice: Choice
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    clip_count: int
    timeline: tuple[TimelineClip, ...] = ()
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
        clips: Clips that were stored, renamed, rated or brought back, newest first.
        deleted: Ids of clips that were deleted.
        timeline: The list for a timeline, when it changed.
    """

    kind: Literal["changed"] = "changed"
    now_s: float
    money: MoneyLine
    clip_count: int
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    deleted: tuple[str, ...] = ()
    timeline: tuple[TimelineClip, ...] | None = None
