"""A cell of a sweep: one request, and what the project has of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..catalog import Quote
from ..engine import JobProblem
from ..store import ENDED, CellJob
from .job import Job
from .sweep_plan import PlannedCell

if TYPE_CHECKING:
    from ..clip import Clip
    from .core import Core

CellState = Literal["missing", "under way", "done", "failed", "in doubt"]
"""`failed` cost nothing and is run again; `in doubt` may have been paid and is not."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cell stands in the store.

    Attributes:
        job_id: The job that says so; `None` for a cell that was never started.
    """

    state: CellState
    job_id: str | None = None
    clip_id: str | None = None


def standing(jobs: Sequence[CellJob], folder: Path) -> Standing:
    """What the jobs of a cell come to.

    Args:
        jobs: The oldest first.
        folder: The project's.
    """
    replaced = {job.instead_of for job in jobs}
    latest = list(reversed(jobs))
    for job in latest:
        if job.file is not None and not _is_gone(folder / job.file):
            return Standing("done", job.id, job.clip_id)
    for job in latest:
        if job.state not in ENDED and job.state != "submit_unknown":
            return Standing("under way", job.id)
    for job in latest:
        # A stored clip that was deleted is wanted again; any other end may have cost money.
        doubtful = job.state == "submit_unknown" or (
            job.charge in ("possible", "settled") and job.state != "stored"
        )
        if doubtful and job.id not in replaced:
            return Standing("in doubt", job.id)
    if latest and latest[0].state != "stored":
        return Standing("failed", latest[0].id)
    return Standing("missing")


def _is_gone(path: Path) -> bool:
    """Whether a file is surely not there; one that only cannot be looked at may be."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


class Cell:
    """One request of a sweep.

    Attributes:
        key: What the store knows it by: a digest of its request.
        values: The value on each axis, the model's id under "model"; `None` on an axis that the
            model does not take.
        combinations: How many combinations of the axes come to this very request.
    """

    def __init__(self, core: Core, plan: PlannedCell, stands: Standing) -> None:
        self.key = plan.key
        self.values: Mapping[str, Any] = plan.values
        self.combinations = plan.combinations
        self.plan = plan
        self.stands = stands
        self._core = core

    @property
    def model_id(self) -> str:
        """The model."""
        return self.plan.spec.id

    @property
    def state(self) -> CellState:
        """How it stands."""
        return self.stands.state

    @property
    def quote(self) -> Quote:
        """Its price by today's catalogue."""
        return self.plan.job.request.quote

    @property
    def job(self) -> Job | None:
        """The job that made or makes it; `None` before the first."""
        return None if self.stands.job_id is None else Job(self._core, self.stands.job_id)

    @property
    def clip(self) -> Clip | None:
        """Its clip, once it is stored."""
        return None if self.stands.clip_id is None else self._core.clip(self.stands.clip_id)

    @property
    def error(self) -> JobProblem | None:
        """Why it has no clip, if so."""
        job = self.job
        return None if job is None or self.stands.clip_id is not None else job.error

    @property
    def label(self) -> str:
        """Its model and the values that it sends, for people."""
        rest = [
            f"{name} {value}"
            for name, value in self.values.items()
            if name not in ("model", "prompt") and value is not None
        ]
        return ", ".join([self.plan.spec.name, *rest])

    def __repr__(self) -> str:
        return f"<Cell {self.label}: {self.state}, {self.quote}>"
