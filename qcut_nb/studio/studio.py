"""Studio: the one object that owns a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, Self

from ..catalog import ModelSpec
from ..errors import must_be
from ..fal import Key, ask_key
from ..store import check_name
from .batch import Batch
from .bills import fetch_bills
from .budget import Budget
from .connection import Connection, Mode
from .core import Core
from .generating import generate
from .greeting import greet
from .history import History, look_back
from .job import Job
from .key_keeping import masked, take_key
from .logs import log_to
from .project_clips import ProjectClips
from .project_research import ProjectResearch
from .rebuilding import Rebuilt, closed_here, rebuild, rebuild_closed
from .reuse import Reuse
from .spend import Spend
from .verifying import Verification, verify

if TYPE_CHECKING:
    from ..clip import Clip
    from ..notebook import Panel
    from ..simulator import Simulator


class Studio(ProjectClips, ProjectResearch):
    """A project folder, its store, and the engine that runs its jobs.

    Two studios on one project in one kernel share everything; two kernels share the project, and
    each job is watched by one of them.

    Args:
        project: The project's name; its folder is `qcut/<project>` below `root`.
        mode: "live" spends money at fal.ai, "simulated" never does, "auto" is live when a key is
            found.
        key: A fal API key; otherwise it is looked for (README, "With money").
        root: Where `qcut/` is made; the current folder (the notebook's) by default.
        simulator: A simulator to use instead of the built-in one; makes the mode simulated.
        budget: Caps on what may be spent; `Budget()`, 20 US dollars a day, unless given.
        rebuild: First remake a store that is lost or damaged; see `rebuild()`.

    Leaving a `with Studio(...) as studio:` block closes it; jobs go on at fal.

    Raises:
        ProjectError: The folder cannot be used.
        InputError: The name or the mode is not usable, or the project is open in this kernel with
            another simulator.
    """

    def __init__(
        self,
        project: str = "default",
        *,
        mode: Mode = "auto",
        key: str | None = None,
        root: str | PathLike[str] | None = None,
        simulator: Simulator | None = None,
        budget: Budget | None = None,
        rebuild: bool = False,
    ) -> None:
        check_name(project)
        must_be("root", root, (str, PathLike, NoneType), "a folder", "Pass a path.")
        if budget is not None:
            _must_be_budget(budget)
        place = Path(root) if root is not None else Path.cwd()
        if rebuild:
            print(rebuild_closed(project, place))
        folder = place / "qcut" / project / "simulator"
        connection = Connection.choose(
            "simulated" if simulator is not None else mode, key, simulator, folder
        )
        self._core, fresh = Core.open(project, place, connection, budget)
        if fresh:
            self._greet()

    def _greet(self) -> None:
        if said := greet(self._core):
            print(said)

    @property
    def project(self) -> str:
        """The project's name."""
        return self._core.project.name

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self._core.project.folder

    @property
    def mode(self) -> Literal["simulated", "live"]:
        """Whether money can be spent."""
        return self._core.connection.mode

    @property
    def simulator(self) -> Simulator | None:
        """The simulator in use; `None` in live mode and before the first request."""
        return self._core.connection.simulator

    def ask_key(self) -> str:
        """Ask for the fal key without showing it; says where it is kept.

        It goes into the OS keyring when there is a real one, else it lives in this kernel only.
        """
        return take_key(self._core, ask_key())

    @property
    def key(self) -> str | None:
        """The fal key, masked to its last characters; `None` without one.

        Setting it uses the new key from the next call on, keeps it in the OS keyring when there is
        a real one, else in this kernel only, and prints which. `studio.ask_key()` does the same
        without the key standing in a cell.

        Raises:
            MissingKeyError: What is set cannot be a key.
        """
        return masked(self._core.connection.key)

    @key.setter
    def key(self, value: str) -> None:
        print(f"fal key {take_key(self._core, Key(value))}")

    def verify(self, read_data: float = 0.05) -> Verification:
        """Compare the stored clips with what was stored: sizes of all, data of a part. Free.

        Args:
            read_data: Part of the clips whose data is read and compared by digest, 0 to 1; it is
                another part each time.

        Returns:
            A report: what is fine, missing, changed, and what to do; displays in a cell.

        Raises:
            InputError: `read_data` is no part.
        """
        return verify(self._core.project, read_data)

    def rebuild(self) -> Rebuilt:
        """Remake the store from the clips' recipes and `journal.jsonl`. Free: nothing is sent.

        For a database that is lost or damaged; one that cannot be opened at all is remade by
        `Studio(name, rebuild=True)`. The old one is kept aside. Unfinished jobs are picked up by
        their request ids. Jobs, batches and panels in hand belong to the old store: take jobs anew
        from `studio.jobs`, and show the panel again.

        Raises:
            ProjectError: Another kernel works on the project, and it stays open here; or the folder
                cannot be written, and it is open anew.
        """
        try:
            with closed_here(self.folder):
                return rebuild(self.folder)
        finally:
            self._core, fresh = self._core.again()
            if fresh:
                self._greet()

    def panel(self) -> Panel:
        """The control panel, in this cell.

        Raises:
            PanelNotBuiltError: This installation carries no JavaScript bundle.
        """
        from ..notebook import Panel
        from .panel_host import StudioHost

        return Panel(StudioHost(self._core))

    def generate(
        self,
        prompt: str | None = None,
        *,
        models: str | ModelSpec | Iterable[str | ModelSpec],
        max_cost_usd: float | Decimal | None = None,
        confirm: bool = False,
        allow_unknown_price: bool = False,
        reuse: Reuse = "never",
        max_parallel: int | None = None,
        overrides: Mapping[str, Mapping[str, Any]] | None = None,
        **settings: Any,
    ) -> Batch:
        """Start one job per model and return at once.

        Everything is checked and priced before anything is sent. One model takes its settings
        strictly; with several models each gets the nearest it can take, which its job shows
        (`job.changes`).

        Args:
            prompt: What to show.
            models: Ids, aliases or endpoints; see `qcut_nb.models`.
            max_cost_usd: Refuse the whole call when it may cost more, US dollars.
            confirm: Start it although it may cost more than the budget's `ask_above_usd`.
            allow_unknown_price: Also start models without a known price, although no cap in US
                dollars can hold for them.
            reuse: Whether clips of the project answer requests that are exactly the same, with a
                fixed seed, at no cost: "never", "always", or "ask" (an error says what there is).
            max_parallel: How many may be at fal at once; all by default: fal queues them.
            overrides: Settings of single models, by model id: `{"kling_v2_5": {"cfg_scale": 0.7}}`.
            settings: Shared settings (`duration_s`, `resolution`, `aspect_ratio`, `audio`,
                `negative_prompt`, `seed`, `fps`), files (`image`, `first_frame`, `last_frame`,
                `audio_file`, `video`: a path or URL), and models' own parameters.

        Returns:
            The batch: `await` it, or call `.wait()`.

        Raises:
            InputError: What is wrong, what is allowed; nothing was spent.
            BudgetExceededError: It does not fit under the budget; nothing was spent.
            ConfirmationNeededError: It needs `confirm=True` or `allow_unknown_price=True`.
            ReuseQuestionError: `reuse="ask"`, and the project has such clips.
            UploadRejectedError: A file is not what a model takes; nothing was spent.
            MissingKeyError: Live mode without a key.
        """
        return generate(
            self._core,
            models,
            {"prompt": prompt, **settings},
            overrides=overrides,
            max_cost_usd=max_cost_usd,
            confirm=confirm,
            reuse=reuse,
            allow_unknown_price=allow_unknown_price,
            max_parallel=max_parallel,
        )

    def rerun(self, clip: Clip, **changes: Any) -> Batch:
        """Generate again from a clip's recipe, as a new payment.

        Args:
            clip: A clip with a recipe, from any project: `Clip.from_file(path)`.
            changes: Settings to change; `model="..."` for another model; also `max_cost_usd`,
                `confirm`, `allow_unknown_price` and `reuse` as for `generate`. Input files that
                were used are taken from this project again, unless given here.

        Raises:
            InputError: The clip carries no recipe, or an input file is not here.
        """
        return self._core.rerun(clip, **changes)

    def log_to(self, target: str | PathLike[str] | None = None, *, level: str = "info") -> None:
        """Turn the library's log on: jobs by their ids, never a key. It is off by default.

        It is Python's `logging` under `qcut_nb`, for all studios of this kernel; a second call
        replaces the first.

        Args:
            target: A file to append to; the cell's output by default.
            level: "debug", "info", "warning" or "error"; "off" is silent again.

        Raises:
            InputError: There is no such level, or the file cannot be written.
        """
        log_to(target, level)

    @property
    def jobs(self) -> list[Job]:
        """The project's jobs, the newest first."""
        return [Job(self._core, row.id) for row in self._core.project.store.jobs()]

    def job(self, job_id: str) -> Job:
        """One job.

        Raises:
            InputError: The project has no such job.
        """
        self._core.engine.view(job_id)
        return Job(self._core, job_id)

    def history(
        self, limit: int = 10, *, search: str = "", model: str | ModelSpec | None = None
    ) -> History:
        """The latest jobs with their clips and costs, the newest first; displays as a table.

        Args:
            limit: How many, at most.
            search: Words that the prompt or the model's id must all hold.
            model: Only jobs of this model.

        Raises:
            InputError: `limit` is not a number of jobs, or `search` no text.
            UnknownModelError: There is no such model.
        """
        return look_back(self._core, limit, search, model)

    def spend(self) -> Spend:
        """What the project cost: by model, by day, in all; displays as a table.

        Estimated, metered and billed stand beside each other; what is not known is counted and
        said, never shown as 0. `.to_dataframe()` and `.to_csv(path)` give every job.
        """
        return Spend(self.project, self._core.project.store.ledger())

    def fetch_bills(self, admin_key: str | None = None) -> int:
        """Fetch what fal billed for finished jobs, so that `spend()` shows it. Free; waits for it.

        Args:
            admin_key: A fal key with admin rights, used for this call and not kept; the studio's
                own key otherwise.

        Returns:
            For how many jobs the bill became known.

        Raises:
            FalAccountError: The key may not read bills.
            FalError: fal refused or cannot be reached.
            ConfigError: Not in live mode.
        """
        return self._core.engine.run(fetch_bills(self._core, admin_key)).result()

    def resume(self) -> Batch:
        """Pick up unfinished jobs that no other kernel watches. Free: it never submits.

        Returns:
            All unfinished jobs that this kernel works on now, also those that it picked up before:
            `await studio.resume()` waits for them. May be none.
        """
        ids = self._core.engine.resume()
        return Batch(self._core, "resumed", [Job(self._core, job_id) for job_id in ids])

    @property
    def budget(self) -> Budget:
        """The caps on what may be spent; set it to change them from now on.

        Raises:
            InputError: What is set is no `Budget`.
        """
        return self._core.budget

    @budget.setter
    def budget(self, budget: Budget) -> None:
        _must_be_budget(budget)
        self._core.budget = budget

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the engine of this project in this kernel; jobs go on at fal."""
        self._core.close()

    def __repr__(self) -> str:
        return f"<Studio {self.project!r} ({self.mode}) in {self.folder}>"


def _must_be_budget(budget: object) -> None:
    remedy = "Pass qcut_nb.Budget(per_day_usd=5), for example."
    must_be("budget", budget, Budget, "a budget", remedy)
