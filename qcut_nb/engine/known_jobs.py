"""The jobs of a project as this process knows them: its own by heart, all others by the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from ..catalog import Request, models
from ..store import ENDED, JobRow, Project, new_owner
from .live_job import LiveJob
from .refusals import held_elsewhere, no_job, of_other_mode
from .views import JobView

log = logging.getLogger("qcut_nb.engine")
Listener = Callable[[JobView], None]


class KnownJobs:
    """Who works on which job, how all of them stand, and who wants to be told.

    Attributes:
        project: Where everything is kept.
        mode: Whether money is spent; jobs of the other mode are looked at only.
    """

    def __init__(self, project: Project, mode: Literal["simulated", "live"]) -> None:
        self.project = project
        self.mode = mode
        self._owner = new_owner()
        self._jobs: dict[str, LiveJob] = {}
        self._views: dict[str, JobView] = {}
        self._listeners: list[Listener] = []
        self._closed = False
        self._taking = threading.Lock()
        """What is recorded or claimed is registered before another thread looks for idle jobs."""

    def own(self, job_id: str) -> JobRow:
        """What the store has of a job that this engine may work on.

        Raises:
            InputError: The project has no such job, or it is of the other mode: there another
                account, or none, is asked and charged.
        """
        row = self.project.store.job(job_id)
        if row is None:
            raise no_job(self.project.name, job_id)
        if row.mode != self.mode:
            raise of_other_mode(row, self.project.name)
        return row

    def view(self, job_id: str) -> JobView:
        """How a job stands.

        Raises:
            InputError: The project has no such job.
        """
        view = self._views.get(job_id)
        if view is not None and (view.state in ENDED or not view.settled or self._closed):
            return view
        row = self.project.store.job(job_id)
        if row is None:
            raise no_job(self.project.name, job_id)
        return self._seen([row])[0]

    def views(self, *, batch_id: str | None = None, limit: int = 1000) -> list[JobView]:
        """Jobs of the project, the newest first; those of one batch in the batch's order."""
        rows = self.project.store.jobs(batch_id=batch_id, limit=limit)
        return self._seen([row for row in rows if row.model_id in models])

    def listen(self, callback: Listener) -> Callable[[], None]:
        """Be told of every change, on the engine's thread; gives a function that ends it."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    def _works_on(self, job_id: str) -> bool:
        job = self._jobs.get(job_id)
        return job is not None and not job.settled

    def _claimed(self, job_id: str, remedy: str) -> LiveJob:
        """A job for this process alone to work on, as it stands once nobody else does."""
        if not self.project.store.claim([job_id], self._owner):
            raise held_elsewhere(job_id, remedy)
        return self._register(self.own(job_id))

    def _seen(self, rows: Sequence[JobRow]) -> list[JobView]:
        """Jobs as they stand: this process knows best what it works on, the store all else."""
        views = []
        elsewhere: set[str] | None = None
        for row in rows:
            view = self._views.get(row.id)
            if view is None or (view.settled and view.state != row.state):
                view = LiveJob.from_row(row).view()
            if view.settled and row.state not in ENDED:
                if elsewhere is None:
                    elsewhere = self.project.store.watched_elsewhere(self._owner)
                view = replace(view, settled=row.id not in elsewhere)
            views.append(view)
        return views

    def _register(self, row: JobRow, request: Request | None = None) -> LiveJob:
        job = LiveJob.from_row(row, request)
        job.settled = False
        self._jobs[job.id] = job
        self._views[job.id] = job.view()
        return job

    def _publish(self, view: JobView) -> None:
        self._views[view.id] = view
        self._tell(view)

    def _tell(self, view: JobView) -> None:
        for callback in list(self._listeners):
            try:
                callback(view)
            except Exception:
                log.exception("a listener failed on job %s", view.id)
