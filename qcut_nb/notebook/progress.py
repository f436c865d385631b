"""The live progress of one batch, in the cell that started it."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from . import messages as m
from .bundle import bundle
from .host import JobsHost
from .live import LiveWidget

if TYPE_CHECKING:
    from qcut_nb.engine import JobView


class BatchProgress(LiveWidget):
    """The jobs of one batch as they run, and their clips as they finish.

    Args:
        host: The studio.
        batch_id: The batch.
        job_ids: Its jobs.

    Raises:
        PanelNotBuiltError: The JavaScript is not part of this installation.
    """

    def __init__(self, host: JobsHost, batch_id: str, job_ids: Collection[str]) -> None:
        self.batch_id = batch_id
        self._job_ids = job_ids
        super().__init__(host, bundle("progress.js"))

    def snapshot(self) -> m.BatchState:
        """Everything a fresh view needs to show."""
        views = self._views()
        return m.BatchState(
            now_s=time.time(),
            mode=self.host.mode,
            batch_id=self.batch_id,
            jobs=tuple(self.line(view) for view in views),
            clips=self.cards(self.clip_ids()),
            static_class=self.static_class,
        )

    def shows(self, view: JobView) -> bool:
        """Whether a job is one of the batch's."""
        return view.id in self._job_ids

    def heading(self) -> str:
        """What stands above the static HTML."""
        names = ", ".join(dict.fromkeys(view.model_name for view in self._views()))
        return f"Batch: {names}"

    def clip_ids(self) -> Sequence[str]:
        """The batch's clips, newest first."""
        ended = sorted(self._views(), key=lambda view: view.ended_at or 0, reverse=True)
        return [v.clip_id for v in ended if v.state == "stored" and v.clip_id is not None]

    def clip_count(self) -> int:
        """How many clips the batch has so far."""
        return len(self.clip_ids())

    def _views(self) -> list[JobView]:
        views = [view for view in self.host.jobs() if self.shows(view)]
        return sorted(views, key=lambda view: view.created_at)
