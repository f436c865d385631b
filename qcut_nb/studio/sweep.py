"""Sweep: every combination of some values, as a plan that is run and run again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import Total, models, total
from ..errors import ProjectError
from ..store import CellsChangedError, jobs_of_cells, unchanged
from .experience import cost_note
from .generating import start
from .reuse import Reuse
from .sweep_cell import Cell, standing
from .sweep_file import read_axes, write_axes
from .sweep_plan import Axes, plan_cells
from .sweep_run import SweepRun
from .sweep_view import sweep_html, sweep_text

if TYPE_CHECKING:
    import pandas as pd

    from ..clip import Clip
    from .core import Core
    from .studio import Studio

TRIES = 5
"""How often a run looks again when another kernel starts cells of the same sweep."""


@dataclass(frozen=True, slots=True)
class SweepEstimate:
    """What a sweep costs, and what of it is still to be paid.

    Attributes:
        whole: The price of all cells.
        to_pay: The price of those that `run()` starts: never started, failed at no cost, or
            without their clip, because it was deleted or its file is gone.
        starts: How many those are.
        done: Cells with a clip.
        under_way: Cells whose job is running.
        in_doubt: Cells that may have been paid and have no clip; `run()` leaves them.
        notes: What runs really cost so far, where that is not the quote.
    """

    whole: Total
    to_pay: Total
    starts: int
    done: int
    under_way: int
    in_doubt: int
    notes: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"{self.starts} to run for {self.to_pay}" if self.starts else "nothing to run"]
        parts += [f"{self.done} done"] if self.done else []
        parts += [f"{self.under_way} under way"] if self.under_way else []
        parts += [f"{self.in_doubt} in doubt"] if self.in_doubt else []
        whole = [f"all cells: {self.whole}"] if len(parts) > 1 else []
        return "; ".join([", ".join(parts), *whole, *self.notes])


class Sweep:
    """A plan over every combination of models and values; displays as a matrix of prices.

    Cells are found in the project's store by their requests: what was made stays made, also by
    another kernel or by a sweep with fewer rows. It is planned when it is made; making and
    looking at it is free.

    Attributes:
        axes: What it goes through.
        notes: What collapsed because a model does not take it, and what was bent.
    """

    def __init__(self, core: Core, axes: Axes) -> None:
        self.axes = axes
        self._core = core
        self._plan = plan_cells(
            axes,
            [models[name] for name in axes.models],
            live=core.connection.mode == "live",
            inputs=core.project.inputs,
        )
        self.notes = self._plan.notes

    @classmethod
    def load(cls, path: str | PathLike[str], studio: Studio) -> Sweep:
        """The plan in a file that `save` wrote, for a studio.

        Args:
            path: The TOML file.
            studio: The project in which it runs.

        Raises:
            InputError: The file is not there, or is no sweep.
        """
        return cls(studio._core, read_axes(Path(path)))

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the plan as TOML: models, axes and settings; results stay in the project.

        Raises:
            InputError: A value is nothing that TOML holds, or the file cannot be written.
        """
        return write_axes(self.axes, Path(path))

    @property
    def cells(self) -> list[Cell]:
        """Every cell, as it stands now."""
        return self._look()[0]

    def _look(self) -> tuple[list[Cell], int]:
        """The cells, and how many jobs they have in all."""
        keys, mode = [cell.key for cell in self._plan.cells], self._core.connection.mode
        found = jobs_of_cells(self._core.project.store, keys, mode)
        folder = self._core.project.folder
        cells = [
            Cell(self._core, c, standing(found.get(c.key, ()), folder)) for c in self._plan.cells
        ]
        return cells, sum(map(len, found.values()))

    def __iter__(self) -> Iterator[Cell]:
        """The cells, as they stand now."""
        return iter(self.cells)

    def __len__(self) -> int:
        """The number of cells."""
        return len(self._plan.cells)

    @property
    def clips(self) -> list[Clip]:
        """The clips that are there now, in the order of the cells."""
        return [clip for cell in self.cells if (clip := cell.clip) is not None]

    def estimate(self) -> SweepEstimate:
        """What it costs and what is still to be paid. Free."""
        return self._estimate(self.cells)

    def _estimate(self, cells: Sequence[Cell]) -> SweepEstimate:
        states = [cell.state for cell in cells]
        todo = [cell for cell in cells if cell.state in ("missing", "failed")]
        live = self._core.connection.mode == "live"
        said = [cost_note(self._core.project.store, s) for s in self._plan.specs] if live else []
        return SweepEstimate(
            whole=total(cell.quote for cell in cells),
            to_pay=total(cell.quote for cell in todo),
            starts=len(todo),
            done=states.count("done"),
            under_way=states.count("under way"),
            in_doubt=states.count("in doubt"),
            notes=tuple(filter(None, said)),
        )

    def run(
        self,
        *,
        max_cost_usd: float | Decimal | None = None,
        confirm: bool = False,
        allow_unknown_price: bool = False,
        reuse: Reuse = "never",
        max_parallel: int | None = None,
        pay_again: bool = False,
    ) -> SweepRun:
        """Start what is missing, all of it reserved at once; returns at once.

        Cells that are done or under way are not started again. Nor is a cell that may have been
        paid: see its job (`cell.job.error`), and settle it, or pass `pay_again=True`.

        Args:
            max_cost_usd: Refuse the whole when what is missing may cost more, US dollars.
            confirm: As for `Studio.generate`.
            allow_unknown_price: Likewise.
            reuse: Likewise.
            max_parallel: Likewise.
            pay_again: Also start cells that may have been paid, at the risk of paying twice; not
                those whose submit was lost: for these use `job.resubmit()`.

        Returns:
            The run: `await` it, or call `.wait()`; displayed it shows the matrix filling in.

        Raises:
            BudgetExceededError: It does not fit under the budget; nothing was started.
            ConfirmationNeededError: It needs `confirm=True` or `allow_unknown_price=True`.
            MissingKeyError: Live mode without a key.
        """
        for _ in range(TRIES):
            cells, count = self._look()
            todo = [cell.plan.job for cell in cells if _is_wanted(cell, pay_again=pay_again)]
            if not todo:
                break
            keys, mode = [cell.key for cell in cells], self._core.connection.mode
            with contextlib.suppress(CellsChangedError):  # another kernel runs it: look again
                start(
                    self._core,
                    todo,
                    max_cost_usd=max_cost_usd,
                    confirm=confirm,
                    allow_unknown_price=allow_unknown_price,
                    reuse=reuse,
                    max_parallel=max_parallel,
                    guard=unchanged(keys, mode, count),
                )
                break
        else:
            raise ProjectError(
                "Other kernels keep starting cells of this sweep, so nothing was started here.",
                money="Nothing was spent by this call.",
                remedy="Wait a moment and call run() again: it takes what they made.",
            )
        return SweepRun(self._core, self)

    def to_dataframe(self) -> pd.DataFrame:
        """One row per cell: axes, state, job, prices, clip; needs `qcut-nb[pandas]`."""
        import pandas as pd

        return pd.DataFrame([_record(cell) for cell in self.cells])

    def __repr__(self) -> str:
        cells = self.cells
        return sweep_text(self._plan, cells, str(self._estimate(cells)))

    def _repr_html_(self) -> str:
        cells = self.cells
        return sweep_html(self._plan, cells, str(self._estimate(cells)))


def plan_sweep(core: Core, models: Any, settings: dict[str, Any]) -> Sweep:
    """The sweep of some values; see `Studio.sweep`."""
    return Sweep(core, Axes.of(models, settings))


def _is_wanted(cell: Cell, *, pay_again: bool) -> bool:
    if cell.state in ("missing", "failed"):
        return True
    job = cell.job if pay_again and cell.state == "in doubt" else None
    return job is not None and job.state != "submit_unknown"


def _record(cell: Cell) -> dict[str, Any]:
    clip, job = cell.clip, cell.job
    return {
        **cell.values,
        "state": cell.state,
        "low_usd": cell.quote.low_usd,
        "high_usd": cell.quote.high_usd,
        "cost_usd": None if clip is None else clip.cost_usd,
        "job_id": None if job is None else job.id,
        "error": None if cell.error is None else cell.error.what,
        "clip": None if clip is None else str(clip.path),
        "cell": cell.key,
    }
