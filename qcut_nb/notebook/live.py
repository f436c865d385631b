"""What the panel and the progress of a batch have in common: jobs as they run, and clips."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from qcut_nb.errors import InputError

from . import messages as m
from .answering import Answer, Buffers
from .host import PanelHost
from .messages import BatchState, State
from .rows import clip_card, job_line
from .server_root import server_root
from .static_html import static_html
from .throttle import Throttle
from .widget import Action, CellWidget, clip_chunk, clip_poster

if TYPE_CHECKING:
    from qcut_nb.engine import JobView

STATIC_CLIPS = 10
"""How many clips the static HTML shows."""


class LiveWidget(CellWidget):
    """A widget that shows jobs as they run: between snapshots, events carry what changed.

    Attributes:
        host: What it acts through.
    """

    def __init__(self, host: PanelHost, esm: str) -> None:
        self.host = host
        self._static_lock = Lock()
        self._previews: dict[str, str] = {}
        super().__init__(esm)
        self._throttle = Throttle(self._flush)
        self._unlisten = host.listen(self._on_job)

    @abstractmethod
    def snapshot(self) -> State | BatchState:
        """Everything a fresh view needs."""

    @abstractmethod
    def shows(self, view: JobView) -> bool:
        """Whether a job belongs here."""

    @abstractmethod
    def heading(self) -> str:
        """What stands above the static HTML."""

    @abstractmethod
    def clip_ids(self) -> Sequence[str]:
        """The clips that belong here, newest first."""

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {
            m.Refresh: lambda c, _: (m.Snapshot(id=c.id, state=self.snapshot()), []),
            m.CancelJob: self._cancel,
            m.DownloadAgain: self._download_again,
            m.ReadLogs: self._read_logs,
            m.ReadPoster: self._read_poster,
            m.ReadClip: self._read_clip,
        }

    def close(self) -> None:
        """End it: views disappear, threads stop, jobs go on. Once more changes nothing."""
        if self._alive:
            self._unlisten()
            self._throttle.close()
        super().close()

    def cards(self, ids: Sequence[str]) -> tuple[m.ClipCard, ...]:
        """Clips as cards; those whose file is gone are left out."""
        root = server_root()
        clips = ((clip_id, self.host.clip(clip_id)) for clip_id in ids)
        return tuple(clip_card(i, clip, root) for i, clip in clips if clip.path.is_file())

    def static_html(self) -> str:
        """The latest clips, as plain HTML."""
        from qcut_nb.clip import preview_html

        # Posters are decoded once, not at every change.
        with self._static_lock:
            self._previews = {
                clip_id: self._previews.get(clip_id) or preview_html(self.host.clip(clip_id))
                for clip_id in self.clip_ids()[:STATIC_CLIPS]
            }
            previews = list(self._previews.values())
        hint = "Run this cell to use it."
        return static_html(self.heading(), hint, previews, self.static_class)

    # -- from the engine's thread, by way of the throttle's

    def _on_job(self, view: JobView) -> None:
        if self.shows(view):
            self._throttle.put(view)

    def _flush(self, views: list[JobView]) -> None:
        stored = [v.clip_id for v in views if v.state == "stored" and v.clip_id is not None]
        event = m.Changed(
            now_s=time.time(),
            spent_usd=f"{self.host.spent_usd():f}",
            clip_count=len(self.clip_ids()),
            jobs=tuple(job_line(view) for view in views),
            clips=self.cards(stored),
        )
        if stored:
            # First, so that whoever sees a clip and saves the notebook has saved its preview.
            self._static.update(self.static_html())
        self._send_down(event, [])

    # -- from the browser

    def _cancel(self, command: m.CancelJob, _: Buffers) -> Answer:
        self.host.cancel_job(command.job_id)
        return m.Done(id=command.id), []

    def _download_again(self, command: m.DownloadAgain, _: Buffers) -> Answer:
        self.host.retry_download(command.job_id)
        return m.Done(id=command.id), []

    def _read_logs(self, command: m.ReadLogs, _: Buffers) -> Answer:
        view = next((view for view in self.host.jobs() if view.id == command.job_id), None)
        if view is None:
            raise InputError("This job is not followed any more.")
        return m.Logs(id=command.id, lines=view.logs[-200:]), []

    def _read_poster(self, command: m.ReadPoster, _: Buffers) -> Answer:
        return clip_poster(command, self.host.clip(command.clip_id))

    def _read_clip(self, command: m.ReadClip, _: Buffers) -> Answer:
        return clip_chunk(command, self.host.clip(command.clip_id).path)
