"""Job: one paid request, as a person holds it."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from ..catalog import Change, Quote
from ..engine import JobProblem, JobView, Outcome
from ..errors import InputError, QcutError
from ..store import State
from .waiting import once_done, wait_for

if TYPE_CHECKING:
    from ..clip import Clip
    from .core import Core


class Job:
    """One request to one model. Waiting for it is `await job`, or `job.wait()` in plain code.

    Attributes:
        id: Our id of the job.
    """

    def __init__(self, core: Core, job_id: str) -> None:
        self.id = job_id
        self._core = core

    @property
    def view(self) -> JobView:
        """Everything that can be seen of it, at this moment."""
        return self._core.engine.view(self.id)

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self.view.state

    @property
    def model_id(self) -> str:
        """The model."""
        return self.view.model_id

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request, once fal accepted it."""
        return self.view.request_id

    @property
    def quote(self) -> Quote:
        """The price before it was sent."""
        return self.view.quote

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was bent to fit the model."""
        return self.view.changes

    @property
    def error(self) -> JobProblem | None:
        """Why it has no clip, if so."""
        return self.view.error

    @property
    def logs(self) -> tuple[str, ...]:
        """What the model wrote, the newest last."""
        return self.view.logs

    @property
    def created_at(self) -> datetime:
        """When it was recorded, in UTC."""
        return datetime.fromtimestamp(self.view.created_at, UTC)

    @property
    def clip(self) -> Clip | None:
        """The clip, once it is stored."""
        clip_id = self.view.clip_id
        return None if clip_id is None else self._core.clip(clip_id)

    @property
    def outcome(self) -> concurrent.futures.Future[Clip]:
        """The clip to come; also for `asyncio.wrap_future` and `concurrent.futures.wait`."""
        return once_done([self._core.engine.outcome(self.id)], self._clip_of)

    def _clip_of(self, ends: Sequence[Outcome]) -> Clip:
        (end,) = ends
        if end.clip_id is None:
            raise end.error or QcutError(f"Job {self.id} has no clip.", remedy="See job.error.")
        return self._core.clip(end.clip_id)

    def __await__(self) -> Generator[Any, None, Clip]:
        return asyncio.wrap_future(self.outcome).__await__()

    def wait(self, timeout_s: float | None = None) -> Clip:
        """Block until the clip is there.

        Args:
            timeout_s: How long to wait, seconds; the job goes on afterwards.

        Raises:
            JobError: It ended without a clip.
            TimeoutError: It is not done yet; it goes on.
        """
        return wait_for(self.outcome, timeout_s, 1)

    def cancel(self) -> None:
        """Stop it; what that may cost is in `error` afterwards.

        Raises:
            InputError: There is nothing to stop any more, or the job is of the other mode.
            ProjectError: Another kernel works on it.
        """
        if not self._core.engine.cancel(self.id):
            raise InputError(
                f"Job {self.id} is {self.state}: there is nothing left to stop.",
                money="Nothing changed.",
                remedy="What it cost is in studio.spend().",
            )

    def retry_download(self) -> None:
        """Bring a finished clip home after a failed download; free.

        Raises:
            InputError: The job is of the other mode.
            ProjectError: Another kernel works on it.
        """
        self._core.engine.retry_download(self.id)

    def adopt(self, request_id: str) -> None:
        """Give a job whose submit was lost the request that you found for it at fal. Free.

        The request must be in fal's list of those to this endpoint around that time, must carry
        the same body (where fal keeps it), and belong to no other job. Never submits.

        Args:
            request_id: fal's id of the request.

        Raises:
            InputError: It cannot be this job's, or the job's fate is not in doubt, or the job is of
                the other mode.
            FalError: fal cannot be asked; nothing changed.
            ProjectError: Another kernel works on the job.
        """
        self._core.engine.adopt(self.id, request_id).result()

    def abandon(self, *, charged: Literal[False] | None = None) -> None:
        """Give up a job whose submit was lost.

        It may have been charged: its reservation stays and counts under the budget's caps, and
        `studio.spend()` shows it as "may be charged".

        Args:
            charged: `False` when your requests at fal.ai show that fal never got it: the
                reservation is released.

        Raises:
            InputError: The job's fate is not in doubt, or it is of the other mode.
            ProjectError: Another kernel works on the job.
        """
        self._core.engine.abandon(self.id, charged=charged).result()

    def resubmit(self, *, confirm: bool = False, allow_unknown_price: bool = False) -> Job:
        """Send the request of a lost submit again: a new intent to pay, with its own reservation.

        The lost one is given up as by `abandon`.

        Args:
            confirm: Say yes to paying twice, should fal have the first one.
            allow_unknown_price: As for `Studio.generate`.

        Returns:
            The new job.

        Raises:
            ConfirmationNeededError: Without `confirm=True`; says what it may cost.
            BudgetExceededError: There is no room for it under the budget.
            InputError: The job's fate is not in doubt, or it is of the other mode: what was lost
                there is not paid here.
            ProjectError: Another kernel works on the job.
        """
        from .choices import resubmit

        return resubmit(
            self._core, self.id, confirm=confirm, allow_unknown_price=allow_unknown_price
        )

    def __repr__(self) -> str:
        view = self.view
        end = f", {view.error.what}" if view.error else ""
        return f"<Job {self.id} {view.model_id}: {view.state}{end}>"
