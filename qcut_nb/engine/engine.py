"""Runs jobs on a thread of its own, so that the notebook never waits for the network."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from ..catalog import models
from ..errors import ProjectError, QcutError
from ..fal import FalClient, Key
from ..store import (
    ENDED,
    HEARTBEAT_S,
    Cap,
    Guard,
    JobRow,
    Project,
    StateConflictError,
    disown,
)
from .desk import Desk
from .intents import PlannedJob, intent
from .known_jobs import KnownJobs
from .live_job import LiveJob, Outcome
from .lives import catch_up, first_life, left_by_others, next_life, remember_problem
from .loop_thread import LoopThread
from .lost import adopt, check_choice, give_up
from .outcomes import closed, outcome_of, stored_outcome
from .refusals import held_elsewhere, looked_up_now, no_choice, no_job
from .submit import Uploads, cancel_reserved
from .views import JobProblem
from .watch import NOT_STOPPED, ask_to_cancel

log = logging.getLogger("qcut_nb.engine")
T = TypeVar("T")
BEYOND_STOPPING = ENDED | {"completed", "downloading"}


class Engine(KnownJobs):
    """The life of all jobs of a project, in this process.

    Args:
        project: Where everything is kept.
        connect: Makes the client when it is first needed.
        mode: Whether money is spent.
    """

    def __init__(
        self,
        project: Project,
        connect: Callable[[], FalClient],
        mode: Literal["simulated", "live"],
    ) -> None:
        super().__init__(project, mode)
        self._thread = LoopThread(f"qcut-engine-{project.name}")
        self._desk = Desk(project, connect, self._owner, self._publish)
        self._uploads = Uploads(self._desk, {})
        self._followed: dict[str, concurrent.futures.Future[Outcome]] = {}
        self._heartbeat: asyncio.Task[None] | None = None
        atexit.register(self.close)

    # -- called from any thread ---------------------------------------------------------------

    def start(
        self,
        plans: Sequence[PlannedJob],
        *,
        batch_id: str,
        max_parallel: int | None = None,
        caps: Sequence[Cap] = (),
        guard: Guard | None = None,
    ) -> list[str]:
        """Record the intents and start working on them; gives the jobs' ids at once.

        Args:
            plans: What to generate.
            batch_id: What they belong to.
            max_parallel: How many may be at fal at the same time; `None` lets fal queue them.
            caps: What all jobs together may not exceed.
            guard: Looks at the store in the transaction that records them, and may refuse.

        Raises:
            CapExceededError: They do not fit under a cap; nothing was recorded.
            ProjectError: They could not be recorded, so nothing was sent.
        """
        store = self.project.store
        new = [
            intent(plan, batch_id=batch_id, place=place, mode=self.mode)
            for place, plan in enumerate(plans)
        ]
        requests = {row.id: plan.request for row, plan in zip(new, plans, strict=True)}
        with self._taking:
            rows = store.add_jobs(new, owner=self._owner, caps=caps, guard=guard)
            begun = [row for row in rows if row.state == "reserved"]
            jobs = [self._register(row, requests[row.id]) for row in begun]
        reused = [LiveJob.from_row(row).view() for row in rows if row.state == "stored"]
        gate = asyncio.Semaphore(max_parallel) if max_parallel else None

        def begin() -> None:
            self._launch({job.id: first_life(self._desk, self._uploads, job, gate) for job in jobs})
            for view in reused:
                self._tell(view)

        self._thread.call(begin)
        return [row.id for row in new]

    def resume(self) -> list[str]:
        """Pick up every unfinished job that no other process watches. Never submits.

        Returns:
            The ids of all unfinished jobs that are worked on here now, the oldest first.
        """
        unfinished = self.project.store.unfinished()
        mine = (row for row in unfinished if row.mode == self.mode and row.model_id in models)
        self._pick_up(row.id for row in mine)
        return [row.id for row in unfinished if self._works_on(row.id)]

    def cancel(self, job_id: str) -> bool:
        """Stop a job if that is still possible; the outcome comes through its state.

        Returns:
            Whether there was anything to stop: fal had not finished it yet.

        Raises:
            InputError: There is no such job of this mode.
            ProjectError: Another kernel works on it.
        """
        with self._taking:
            if self._works_on(job_id):
                job = self._jobs[job_id]
                self._thread.run(self._cancel(job))
                return job.state not in BEYOND_STOPPING
            if self.own(job_id).state in BEYOND_STOPPING:
                return False
            job = self._claimed(job_id, "Cancel it there, or close that kernel and try again.")
        job.cancel_wanted = True
        self._thread.call(lambda: self._launch({job_id: next_life(self._desk, job)}))
        return True

    def retry_download(self, job_id: str) -> bool:
        """Try again to bring a finished clip home: free. Says whether there was one to bring.

        Raises:
            InputError: There is no such job of this mode.
            ProjectError: Another kernel works on it.
        """
        with self._taking:
            if self._works_on(job_id) or self.own(job_id).state not in ("completed", "downloading"):
                return False
            job = self._claimed(job_id, "It is downloaded there.")
        self._thread.call(lambda: self._launch({job_id: next_life(self._desk, job)}))
        return True

    def adopt(self, job_id: str, request_id: str) -> concurrent.futures.Future[None]:
        """Give a job of unknown fate the request that a person found for it. Never submits.

        Args:
            job_id: The job.
            request_id: fal's id of the request.

        Returns:
            Done when the request was checked and taken; its error is why it was not.

        Raises:
            InputError: The job's fate is not in doubt.
            ProjectError: Another kernel works on it.
        """
        return self._thread.run(self._adopt(self._in_doubt(job_id), request_id))

    def decide(self, job_id: str) -> None:
        """Make this process the one that decides on a job of unknown fate.

        Raises:
            InputError: The job's fate is not in doubt, or it is of the other mode.
            ProjectError: Another kernel works on it.
        """
        row = self.own(job_id)
        if row.state != "submit_unknown":
            raise no_choice(row)
        if self._works_on(job_id):
            raise looked_up_now(job_id)
        if not self.project.store.claim([job_id], self._owner):
            raise held_elsewhere(job_id, "Choose there, or close it and try again.")

    def abandon(
        self, job_id: str, *, charged: Literal[False] | None = None
    ) -> concurrent.futures.Future[None]:
        """End a job of unknown fate; its reservation stays, for it may be charged.

        Args:
            job_id: The job.
            charged: `False` when a person saw that fal did not get it: nothing stays reserved.

        Raises:
            InputError: The job's fate is not in doubt.
            ProjectError: Another kernel works on it.
        """
        return self._thread.run(self._abandon(self._in_doubt(job_id), charged))

    def run(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine on the engine's thread."""
        return self._thread.run(work)

    def outcome(self, job_id: str) -> concurrent.futures.Future[Outcome]:
        """How a job ends; done as soon as nothing more will happen by itself, here or elsewhere."""
        with self._taking:  # another thread may have recorded it and not taken it up yet
            job = self._jobs.get(job_id)
            if job is not None and (job.state in ENDED or not job.settled or self._closed):
                return job.done()
            row = self.project.store.job(job_id)
            if row is None:
                raise no_job(self.project.name, job_id)
            if job_id in self.project.store.watched_elsewhere(self._owner):
                followed = self._followed.get(job_id)
                if followed is None or followed.done():
                    followed = self._thread.run(self._follow(row))
                    self._followed[job_id] = followed
                return followed
        if job is None or job.state != row.state:
            job = LiveJob.from_row(row)
            job.end(stored_outcome(job))
        return job.done()

    def use_key(self, key: Key) -> None:
        """Use another key from the next call on; what is under way goes on."""
        self._thread.call(lambda: self._desk.use_key(key))

    def close(self) -> None:
        """Stop watching; jobs go on at fal and can be resumed."""
        atexit.unregister(self.close)
        if self._closed:
            return
        try:
            self._thread.run(self._shut_down()).result(timeout=5)
        except concurrent.futures.TimeoutError:
            log.warning("the engine did not end in 5 s; its leases run out by themselves")
        self._thread.stop()
        self._closed = True
        self.project.store.close()

    # -- on the engine's loop -----------------------------------------------------------------

    def _pick_up(self, job_ids: Iterable[str]) -> None:
        """Go on with those of these jobs that nobody works on."""
        with self._taking:
            store = self.project.store
            idle = [job_id for job_id in job_ids if not self._works_on(job_id)]
            taken = set(store.claim(idle, self._owner))
            rows = store.unfinished() if taken else []
            jobs = [self._register(row) for row in rows if row.id in taken]
        self._thread.call(
            lambda: self._launch({job.id: next_life(self._desk, job) for job in jobs})
        )

    def _in_doubt(self, job_id: str) -> LiveJob:
        """A job whose submit was lost, for this process alone to decide on."""
        with self._taking:
            self.decide(job_id)
            return self._register(self.own(job_id))

    async def _adopt(self, job: LiveJob, request_id: str) -> None:
        try:
            await check_choice(self._desk, job, request_id)
            await adopt(self._desk, job, self._desk.client.locate(job.request.endpoint, request_id))
        except BaseException:
            self._settle(job, None)
            raise
        self._launch({job.id: next_life(self._desk, job)})

    async def _abandon(self, job: LiveJob, charged: Literal[False] | None) -> None:
        try:
            await give_up(self._desk, job, charged)
        finally:
            self._settle(job, None)

    def _settle(self, job: LiveJob, error: QcutError | None) -> None:
        job.settled = True
        self._desk.show(job)
        job.end(outcome_of(job, error))

    def _launch(self, lives: Mapping[str, Coroutine[Any, Any, None]]) -> None:
        if self._heartbeat is None or self._heartbeat.done():
            self._heartbeat = asyncio.create_task(self._keep_leases())
        for job_id, life in lives.items():
            job = self._jobs[job_id]
            job.task = asyncio.create_task(self._run(job, life), name=f"job-{job_id}")

    async def _run(self, job: LiveJob, life: Coroutine[Any, Any, None]) -> None:
        error: QcutError | None = None
        try:
            await life
        except asyncio.CancelledError:
            if job.state != "cancelled":
                error = closed(job)
        except StateConflictError:
            log.info("job %s was moved by someone else; leaving it alone", job.id)
            await catch_up(self._desk, job)
        except QcutError as failure:
            error = failure
            await remember_problem(self._desk, job, failure)
        except Exception as failure:
            log.exception("job %s: unexpected failure in state %s", job.id, job.state)
            error = QcutError(
                f"An unexpected error stopped the watch of this job: {type(failure).__name__}.",
                money="If fal has the request, it goes on there.",
                remedy="Call studio.resume(): it is free and never submits.",
            )
            error.__cause__ = failure
            await remember_problem(self._desk, job, error)
        self._settle(job, error)

    async def _cancel(self, job: LiveJob) -> None:
        job.cancel_wanted = True
        desk = self._desk
        try:
            if not await cancel_reserved(desk, job, "Cancelled before it was sent."):
                await ask_to_cancel(desk, job)
            elif job.task is not None:
                job.task.cancel()
        except ProjectError as error:
            job.problem = JobProblem.of(error, money=NOT_STOPPED)
            desk.show(job)

    async def _follow(self, row: JobRow) -> Outcome:
        """How a job ends that another process works on; where that stops, it goes on here."""
        try:
            row = await left_by_others(self.project.store, self._owner, row)
            if row.state not in ENDED and row.mode == self.mode:
                await asyncio.to_thread(self._pick_up, [row.id])
                ending = await asyncio.to_thread(self.outcome, row.id)
                return await asyncio.shield(asyncio.wrap_future(ending))
        except asyncio.CancelledError:
            return Outcome(error=closed(LiveJob.from_row(row)))
        job = LiveJob.from_row(row)
        self._tell(job.view())
        return stored_outcome(job)

    async def _keep_leases(self) -> None:
        while any(not job.settled for job in self._jobs.values()):
            await asyncio.sleep(HEARTBEAT_S)
            try:
                await self._desk.on_disk(self.project.store.renew, self._owner)
            except ProjectError as error:
                log.warning("the leases of %s were not renewed: %s", self.project.name, error)

    async def _shut_down(self) -> None:
        jobs = [job.task for job in self._jobs.values()]
        tasks = [t for t in (*jobs, self._heartbeat) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*self._desk.prices.cancel(), return_exceptions=True)
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            self.project.store.release(self._owner)
        except ProjectError as error:
            disown(self._owner)
            log.warning("the leases of %s run out by themselves: %s", self.project.name, error)
        await self._desk.aclose()
