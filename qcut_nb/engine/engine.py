"""Runs jobs on a thread of its own, so that the notebook never waits for the network."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Literal, TypeVar

from ..catalog import Request, models
from ..errors import InputError, ProjectError, QcutError
from ..fal import FalClient, Key
from ..store import (
    HEARTBEAT_S,
    Cap,
    Guard,
    JobRow,
    Project,
    StateConflictError,
    disown,
    new_owner,
)
from .desk import Desk
from .intents import PlannedJob, intent
from .live_job import LiveJob, Outcome
from .lives import catch_up, first_life, next_life, remember_problem
from .loop_thread import LoopThread
from .lost import adopt, check_choice, give_up
from .outcomes import closed, outcome_of, stored_outcome
from .submit import Uploads, cancel_reserved
from .views import JobView
from .watch import ask_to_cancel

log = logging.getLogger("qcut_nb.engine")
T = TypeVar("T")
Listener = Callable[[JobView], None]


class Engine:
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
        self.project = project
        self.mode = mode
        self._owner = new_owner()
        self._thread = LoopThread(f"qcut-engine-{project.name}")
        self._desk = Desk(project, connect, self._owner, self._publish)
        self._uploads = Uploads(self._desk, {})
        self._jobs: dict[str, LiveJob] = {}
        self._views: dict[str, JobView] = {}
        self._listeners: list[Listener] = []
        self._taking = threading.Lock()
        """What is recorded or claimed is registered before another thread looks for idle jobs."""
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
            The ids of the jobs that are being worked on now because of this call.
        """
        with self._taking:
            idle = [
                row.id
                for row in self.project.store.unfinished()
                if row.mode == self.mode
                and row.model_id in models
                and (row.id not in self._jobs or self._jobs[row.id].settled)
            ]
            taken = set(self.project.store.claim(idle, self._owner))
            rows = self.project.store.unfinished() if taken else []
            jobs = [self._register(row) for row in rows if row.id in taken]
        self._thread.call(
            lambda: self._launch({job.id: next_life(self._desk, job) for job in jobs})
        )
        return [job.id for job in jobs]

    def cancel(self, job_id: str) -> None:
        """Stop a job if that is still possible; the outcome comes through its state."""
        job = self._jobs.get(job_id)
        if job is not None and not job.settled:
            self._thread.run(self._cancel(job))

    def retry_download(self, job_id: str) -> bool:
        """Try again to bring a finished clip home: free. Says whether there was one to bring."""
        with self._taking:
            job = self._jobs.get(job_id)
            if job is not None and not job.settled:
                return False
            row = self.project.store.job(job_id)
            if row is None or row.state not in ("completed", "downloading"):
                return False
            if not self.project.store.claim([job_id], self._owner):
                return False
            again = self._register(row)
        self._thread.call(lambda: self._launch({job_id: next_life(self._desk, again)}))
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
            InputError: The job's fate is not in doubt.
            ProjectError: Another kernel works on it.
        """
        state = self.view(job_id).state
        known = self._jobs.get(job_id)
        if state != "submit_unknown":
            raise InputError(
                f"Job {job_id} is {state}: there is nothing to choose.",
                money="Nothing changed.",
                remedy="Only a job that is submit_unknown needs a choice; see job.error.",
            )
        if known is not None and not known.settled:
            raise InputError(
                f"Job {job_id} is being looked up at fal right now.",
                money="Nothing changed.",
                remedy="Wait for it: job.wait() says how that ended.",
            )
        if not self.project.store.claim([job_id], self._owner):
            raise ProjectError(
                f"Another kernel works on job {job_id}.",
                money="Nothing changed.",
                remedy="Choose there, or close it and try again.",
            )

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

    def view(self, job_id: str) -> JobView:
        """How a job stands.

        Raises:
            InputError: The project has no such job.
        """
        view = self._views.get(job_id)
        if view is not None:
            return view
        row = self.project.store.job(job_id)
        if row is None:
            raise self._no_job(job_id)
        return LiveJob.from_row(row).view()

    def views(self, *, batch_id: str | None = None, limit: int = 1000) -> list[JobView]:
        """Jobs of the project, the newest first; those of one batch in the batch's order."""
        rows = self.project.store.jobs(batch_id=batch_id, limit=limit)
        known = [row for row in rows if row.model_id in models]
        return [self._views.get(row.id) or LiveJob.from_row(row).view() for row in known]

    def outcome(self, job_id: str) -> concurrent.futures.Future[Outcome]:
        """How a job of this process ends; done as soon as nothing more will happen by itself."""
        with self._taking:  # another thread may have recorded it and not taken it up yet
            job = self._jobs.get(job_id)
        if job is None:
            row = self.project.store.job(job_id)
            if row is None:
                raise self._no_job(job_id)
            job = LiveJob.from_row(row)
            job.end(stored_outcome(job))
        return job.done()

    def listen(self, callback: Listener) -> Callable[[], None]:
        """Be told of every change, on the engine's thread; gives a function that ends it."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    def use_key(self, key: Key) -> None:
        """Use another key from the next call on; what is under way goes on."""
        self._thread.call(lambda: self._desk.use_key(key))

    def close(self) -> None:
        """Stop watching; jobs go on at fal and can be resumed."""
        atexit.unregister(self.close)
        if self._thread.loop.is_closed():
            return
        try:
            self._thread.run(self._shut_down()).result(timeout=5)
        except concurrent.futures.TimeoutError:
            log.warning("the engine did not end in 5 s; its leases run out by themselves")
        self._thread.stop()
        self.project.store.close()

    # -- on the engine's loop -----------------------------------------------------------------

    def _no_job(self, job_id: str) -> InputError:
        return InputError(
            f"Project {self.project.name!r} has no job {job_id!r}.",
            remedy="studio.history() lists them.",
        )

    def _in_doubt(self, job_id: str) -> LiveJob:
        """A job whose submit was lost, for this process alone to decide on."""
        with self._taking:
            self.decide(job_id)
            row = self.project.store.job(job_id)
            assert row is not None
            return self._register(row)

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

    def _register(self, row: JobRow, request: Request | None = None) -> LiveJob:
        job = LiveJob.from_row(row, request)
        job.settled = False
        self._jobs[job.id] = job
        self._views[job.id] = job.view()
        return job

    def _launch(self, lives: Mapping[str, Coroutine[Any, Any, None]]) -> None:
        if self._heartbeat is None or self._heartbeat.done():
            self._heartbeat = asyncio.create_task(self._keep_leases())
        for job_id, life in lives.items():
            job = self._jobs[job_id]
            job.task = asyncio.create_task(self._run(job, life), name=f"job-{job_id}")

    def _publish(self, view: JobView) -> None:
        self._views[view.id] = view
        self._tell(view)

    def _tell(self, view: JobView) -> None:
        for callback in list(self._listeners):
            try:
                callback(view)
            except Exception:
                log.exception("a listener failed on job %s", view.id)

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
        if await cancel_reserved(desk, job, "Cancelled before it was sent."):
            if job.task is not None:
                job.task.cancel()
            return
        await ask_to_cancel(desk, job)

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
