"""A sweep that runs: its jobs as one batch, and its matrix filling in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .batch import Batch

if TYPE_CHECKING:
    from .core import Core
    from .sweep import Sweep

REFRESH_S = 0.5
"""The matrix is drawn again at most twice a second, however many jobs run."""


class SweepRun(Batch):
    """The jobs of a sweep, those that were there already among them.

    `await run` gives the clips in the order of the cells. One job that fails leaves the rest.
    Displayed in a cell it shows the sweep's matrix as it fills in; the notebook keeps the last.
    """

    def __init__(self, core: Core, sweep: Sweep) -> None:
        jobs = [job for cell in sweep if (job := cell.job) is not None]
        super().__init__(core, "sweep", jobs)
        self.sweep = sweep

    def _ipython_display_(self) -> None:
        from IPython import display

        shown: Any = display  # IPython's display module has no types
        handle = shown.display(self.sweep, display_id=True)
        if handle is not None:
            watch = threading.Thread(target=self._refresh, args=(handle,), daemon=True)
            watch.start()

    def _refresh(self, handle: Any) -> None:
        """Draw the matrix again after changes, until no job moves any more."""
        mine = {job.id for job in self.jobs}
        changed, done = threading.Event(), threading.Event()
        outcome = self.outcome

        def note(view: Any) -> None:
            if view.id in mine:
                changed.set()

        def end(_: object) -> None:
            done.set()
            changed.set()

        stop = self._core.engine.listen(note)
        outcome.add_done_callback(end)
        try:
            while not done.is_set():
                changed.wait()
                changed.clear()
                handle.update(self.sweep)
                done.wait(REFRESH_S)
            handle.update(self.sweep)
        finally:
            stop()
