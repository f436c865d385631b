"""The studio as the widgets see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..engine import JobView
from ..errors import InputError
from ..fal import Key, find_key, remember_key
from ..notebook import Expected, JobDetails, MoneyLine
from .budget import midnight
from .connection import Connection
from .detailing import job_details
from .expecting import Expectations
from .job import Job
from .key_keeping import take_key
from .panel_form import FormDesk
from .panel_shelf import ShelfDesk
from .tidying import news_of

if TYPE_CHECKING:
    from .core import Core

MICRO = Decimal(1_000_000)
LATEST_JOBS = 200


class StudioHost(FormDesk, ShelfDesk):
    """What `notebook.PanelHost` asks for, answered by a project's core.

    A panel can change its mode: it then acts through the project's core of that mode, and still
    hears of the jobs of the one before.
    """

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._expected = Expectations(core)
        self._callbacks: list[Callable[[JobView], None]] = []
        self._hearing: dict[Core, Callable[[], None]] = {}
        self._given: tuple[Key, str] | None = None

    @property
    def project(self) -> str:
        """The project's name."""
        return self._core.project.name

    @property
    def mode(self) -> Literal["simulated", "live"]:
        """Whether money can be spent."""
        return self._core.connection.mode

    @property
    def projects_folder(self) -> Path:
        """The project's folder."""
        return self._core.project.folder

    # -- jobs and money

    def jobs(self) -> Sequence[JobView]:
        """The latest jobs of the project, and all that have not ended."""
        latest = self._core.engine.views(limit=LATEST_JOBS)
        ids = {view.id for view in latest}
        unfinished = [row.id for row in self._core.project.store.unfinished() if row.id not in ids]
        views = [*latest, *(self._core.engine.view(job_id) for job_id in unfinished)]
        return [self._as_it_stands(view) for view in views]

    def job(self, job_id: str) -> JobView:
        """One job."""
        return self._as_it_stands(self._core.engine.view(job_id))

    def _as_it_stands(self, view: JobView) -> JobView:
        """A job as the core that works on it knows it."""
        return view if view.mode == self.mode else self._core_of(view).engine.view(view.id)

    def _core_of(self, view: JobView) -> Core:
        """The core of a job's mode, where it is open here; the panel's own refuses the others."""
        if view.mode == self.mode:
            return self._core
        return self._core.opened(self._core.project.folder).get(view.mode, self._core)

    def _job(self, job_id: str) -> Job:
        """A job to act on, and to hear of what comes of it."""
        core = self._core_of(self._core.engine.view(job_id))
        if self._callbacks:
            self._hear(core)
        return Job(core, job_id)

    def money(self) -> MoneyLine:
        """What the project has spent, and what it may."""
        store, budget = self._core.project.store, self._core.budget
        all_time, today = store.money(), store.money(since=midnight())
        return MoneyLine(
            spent_usd=_usd(all_time.spent_micro_usd),
            today_usd=_usd(today.spent_micro_usd),
            reserved_usd=_usd(all_time.reserved_micro_usd),
            unknown_jobs=all_time.unknown,
            cap_project_usd=_text(budget.project_usd),
            cap_day_usd=_text(budget.per_day_usd),
            ask_above_usd=_text(budget.ask_above_usd),
        )

    def expected(self, model_id: str) -> Expected:
        """How long a model takes."""
        return self._expected.of(model_id)

    def cancel_job(self, job_id: str) -> None:
        """Ask to stop a job."""
        self._job(job_id).cancel()

    def retry_download(self, job_id: str) -> None:
        """Download the result of a finished job again; free."""
        self._job(job_id).retry_download()

    def settle_unknown(self, job_id: str, decision: str, request_id: str | None) -> None:
        """Say what became of a request whose reply was lost."""
        job = self._job(job_id)
        if decision == "adopt":
            if not request_id:
                raise InputError(
                    "Which request at fal it is was not said.",
                    remedy="Copy its id from fal.ai/dashboard/requests.",
                )
            job.adopt(request_id)
        elif decision == "resubmit":
            # A new payment is made in the mode that the panel shows, or not at all.
            Job(self._core, job_id).resubmit(confirm=True, allow_unknown_price=True)
        else:
            job.abandon()

    def resume(self) -> None:
        """Look at every unfinished job again; free, submits nothing."""
        for core in {self._core, *self._core.opened(self._core.project.folder).values()}:
            core.engine.resume()

    def details(self, job_id: str, command_id: str) -> JobDetails:
        """Everything about a job."""
        return job_details(self._core_of(self.job(job_id)), job_id, command_id)

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        """Call back on every change of a job, on the engine's thread."""
        self._callbacks.append(callback)
        self._hear(self._core)

        def stop() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)
            while not self._callbacks and self._hearing:
                self._hearing.popitem()[1]()

        return stop

    def listen_clips(self, callback: Callable[[Sequence[str]], None]) -> Callable[[], None]:
        """Call back with the clips that a person changed."""
        return news_of(self._core).listen(callback)

    def _hear(self, core: Core) -> None:
        if core not in self._hearing:
            self._hearing[core] = core.engine.listen(self._on_job)

    def _on_job(self, view: JobView) -> None:
        self._expected.note(view)
        for callback in list(self._callbacks):
            callback(view)

    # -- the key and the mode

    @property
    def key_last_four(self) -> str | None:
        """The last four characters of the key of live mode."""
        found = self._key()
        return None if found is None else found[0].last_four

    @property
    def key_kept(self) -> str | None:
        """Where the key is kept, for people."""
        found = self._key()
        return None if found is None else found[1]

    def set_key(self, key: str, *, remember: bool) -> None:
        """Use a fal key from now on."""
        given = Key(key)
        connection = self._core.connection
        if connection.mode == "live" and remember:
            take_key(self._core, given)
            return
        kept = remember and remember_key(given) == "keyring"
        self._given = (given, "the OS keyring" if kept else "this kernel")
        if connection.mode == "live":
            connection.key, connection.key_source = self._given
            self._core.engine.use_key(given)

    def set_mode(self, mode: Literal["simulated", "live"]) -> None:
        """Change what the panel's next jobs are."""
        from .core import Core

        if mode == self.mode:
            return
        found = self._key() if mode == "live" else None
        folder = self._core.project.folder
        connection = Connection(
            mode=mode,
            key=found[0] if found else None,
            key_source=found[1] if found else None,
            simulator_folder=folder / "simulator",
        )
        connection.require_key()
        core, fresh = Core.open(folder.name, folder.parents[1], connection, self._core.budget)
        if fresh:
            core.engine.resume()
        self._core = core
        self._expected = Expectations(core)
        self._hear(core)

    def _key(self) -> tuple[Key, str] | None:
        connection = self._core.connection
        if connection.key is not None:
            return connection.key, connection.key_source or "this kernel"
        if self._given is None:
            self._given = find_key()
        return self._given


def _usd(micro_usd: int) -> str:
    return f"{micro_usd / MICRO:f}"


def _text(amount_usd: float | Decimal | None) -> str | None:
    return None if amount_usd is None else f"{Decimal(str(amount_usd)):f}"
