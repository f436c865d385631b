"""Batch: the jobs of one call."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..catalog import Total, models, total
from ..engine import Outcome
from ..errors import JobFailedError, PanelNotBuiltError, ProjectError, QcutError
from .experience import cost_note
from .job import Job
from .waiting import once_done, wait_for

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
        """Jobs that ended without a clip, or need a person; not those that go on elsewhere."""
        views = [(job, job.view) for job in self.jobs]
        return [job for job, view in views if view.settled and view.error and view.clip_id is None]

    @property
    def outcome(self) -> concurrent.futures.Future[list[Clip]]:
        """The clips to come; done when no job moves any more."""
        return once_done([self._core.engine.outcome(job.id) for job in self.jobs], self._result)

    def _result(self, ends: Sequence[Outcome]) -> list[Clip]:
        clips = self.clips
        if clips or not self.jobs:
            return clips
        ended = zip(self.jobs, ends, strict=True)
        known = [(job.model_id, job.error or end.error) for job, end in ended]
        errors = [(model_id, error) for model_id, error in known if error is not None]
        what = _each((model_id, error.what) for model_id, error in errors)
        money = _shared((model_id, error.money) for model_id, error in errors)
        remedy = _shared((model_id, error.remedy) for model_id, error in errors)
        if not self.failed:
            what = f"No clip yet of {len(self.jobs)} jobs. {what}"
            raise QcutError(what, money=money, remedy=remedy)
        what = f"None of {len(self.jobs)} jobs gave a clip. {what}"
        raise JobFailedError(what, job_id=self.jobs[0].id, money=money, remedy=remedy)

    def __await__(self) -> Generator[Any, None, list[Clip]]:
        return asyncio.wrap_future(self.outcome).__await__()

    def wait(self, timeout_s: float | None = None) -> list[Clip]:
        """Block until no job moves any more.

        Args:
            timeout_s: How long to wait, seconds; the jobs go on afterwards.

        Returns:
            The clips that came of it, in the order of the jobs.

        Raises:
            JobFailedError: Not one job gave a clip; it says of each what that means for money.
            QcutError: The studio was closed before; the jobs go on.
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
        """Stop every job for which that is still possible.

        Raises:
            ProjectError: Another kernel works on some of them; all others were asked to stop.
        """
        refused = None
        for job in self.jobs:
            try:
                self._core.engine.cancel(job.id)
            except ProjectError as error:
                refused = error
        if refused is not None:
            raise refused

    def __repr__(self) -> str:
        states = ", ".join(f"{job.model_id}: {job.state}" for job in self.jobs)
        said = f"<Batch {self.id}, {self.quote}: {states or 'no jobs'}>"
        return "\n".join([said, *self.notes])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        from ..notebook import BatchProgress

        if self._progress is None:
            try:
                ids = frozenset(job.id for job in self.jobs)
                self._progress = BatchProgress(self._core.host, self.id, ids)
            except PanelNotBuiltError:
                return {"text/plain": repr(self)}
        return self._progress._repr_mimebundle_(**kwargs)


def _each(said: Iterable[tuple[str, str]]) -> str:
    """What models' jobs say, each thing once, with the models that say it."""
    by_text: dict[str, dict[str, None]] = {}
    for model_id, text in said:
        by_text.setdefault(text, {})[model_id] = None
    return " ".join(f"{', '.join(ids)}: {text}" for text, ids in by_text.items() if text)


def _shared(said: Iterable[tuple[str, str]]) -> str:
    """The one thing that all say, else what each says: no one's word stands for another's."""
    known = list(said)
    texts = {text for _, text in known}
    return texts.pop() if len(texts) == 1 else _each(known)
