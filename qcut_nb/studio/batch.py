"""Batch: the jobs of one call."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..catalog import Total, models, total
from ..errors import JobFailedError, PanelNotBuiltError, QcutError
from .experience import cost_note
from .job import Job
from .waiting import wait_for

if TYPE_CHECKING:
    from ..clip import Clip
    from ..notebook import BatchProgress
    from .core import Core


class Batch:
    """Jobs that were started together. `await batch` gives the clips that came of them.

    Each job ends in its own outcome; one that fails harms no other. Iterating gives clips as they
    finish. Displayed in a cell it shows live progress.

    Attributes:
        id: Our id of the batch.
        jobs: The jobs, in the order of the models.
    """

    def __init__(self, core: Core, batch_id: str, jobs: Sequence[Job]) -> None:
        self.id = batch_id
        self.jobs = tuple(jobs)
        self._core = core
        self._progress: BatchProgress | None = None

    @property
    def clips(self) -> list[Clip]:
        """The clips that are there now, in the order of the jobs."""
        return [clip for job in self.jobs if (clip := job.clip) is not None]

    @property
    def quote(self) -> Total:
        """What all of it was quoted at."""
        return total(job.quote for job in self.jobs)

    @property
    def notes(self) -> tuple[str, ...]:
        """What runs of these models really cost in this project, where that is not the quote."""
        if self._core.connection.mode != "live":
            return ()
        specs = dict.fromkeys(job.model_id for job in self.jobs)
        notes = [cost_note(self._core.project.store, models[model_id]) for model_id in specs]
        return tuple(filter(None, notes))

    @property
    def failed(self) -> list[Job]:
        """Jobs that ended without a clip, or need a person."""
        return [job for job in self.jobs if job.view.settled and job.clip is None]

    @property
    def outcome(self) -> concurrent.futures.Future[list[Clip]]:
        """The clips to come; done when no job moves any more."""
        result: concurrent.futures.Future[list[Clip]] = concurrent.futures.Future()
        waiting = {job.id for job in self.jobs}
        one_at_a_time = threading.Lock()

        def settle(job_id: str, _: object) -> None:
            with one_at_a_time:
                waiting.discard(job_id)
                if waiting:
                    return
            try:
                result.set_result(self._result())
            except QcutError as error:
                result.set_exception(error)

        if not waiting:
            result.set_result([])
        for job in self.jobs:
            done = self._core.engine.outcome(job.id)
            done.add_done_callback(partial(settle, job.id))
        return result

    def _result(self) -> list[Clip]:
        clips = self.clips
        if clips or not self.jobs:
            return clips
        problems = [(job, job.error) for job in self.jobs]
        first = problems[0][1]
        lines = "; ".join(f"{job.model_id}: {p.what}" for job, p in problems if p is not None)
        raise JobFailedError(
            f"None of {len(self.jobs)} jobs gave a clip. {lines}",
            job_id=self.jobs[0].id,
            money=first.money if first else "",
            remedy=first.remedy if first else "",
        )

    def __await__(self) -> Generator[Any, None, list[Clip]]:
        return asyncio.wrap_future(self.outcome).__await__()

    def wait(self, timeout_s: float | None = None) -> list[Clip]:
        """Block until no job moves any more.

        Args:
            timeout_s: How long to wait, seconds; the jobs go on afterwards.

        Returns:
            The clips that came of it, in the order of the jobs.

        Raises:
            JobFailedError: Not one job gave a clip.
            TimeoutError: Not all are done yet; they go on.
        """
        return wait_for(self.outcome, timeout_s, len(self.jobs))

    def __iter__(self) -> Iterator[Clip]:
        """Clips as they finish; blocks in between. Jobs without a clip are in `failed`."""
        waiting = {self._core.engine.outcome(job.id): job for job in self.jobs}
        while waiting:
            done, _ = concurrent.futures.wait(
                waiting, timeout=0.2, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                clip = waiting.pop(future).clip
                if clip is not None:
                    yield clip

    def __len__(self) -> int:
        """The number of jobs."""
        return len(self.jobs)

    def __getitem__(self, place: int) -> Job:
        """One job, by its place."""
        return self.jobs[place]

    def cancel(self) -> None:
        """Stop every job for which that is still possible."""
        for job in self.jobs:
            job.cancel()

    def __repr__(self) -> str:
        states = ", ".join(f"{job.model_id}: {job.state}" for job in self.jobs)
        said = f"<Batch {self.id}, {self.quote}: {states or 'no jobs'}>"
        return "\n".join([said, *self.notes])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        from ..notebook import BatchProgress

        if self._progress is None:
            try:
                self._progress = BatchProgress(self._core.host, self.id)
            except PanelNotBuiltError:
                return {"text/plain": repr(self)}
        return self._progress._repr_mimebundle_(**kwargs)
