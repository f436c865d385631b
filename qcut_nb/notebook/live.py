"""What the panel and the progress of a batch have in common: jobs as they run, and clips."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from . import messages as m
from .answering import Answer, Buffers
from .host import JobsHost, StoredClip
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

    def __init__(self, host: JobsHost, esm: str) -> None:
        self.host = host
        self._static_lock = Lock()
        self._previews: dict[str, str] = {}
        super().__init__(esm)
        self._throttle = Throttle(self._flush)
        self._stop_listening: tuple[Callable[[], None], ...] = (
            host.listen(self._on_job),
            host.listen_clips(self._on_clips),
        )

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

    @abstractmethod
    def clip_count(self) -> int:
        """How many clips belong here."""

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return super().actions() | {
            m.Refresh: lambda c, _: (m.Snapshot(id=c.id, state=self.snapshot()), []),
            m.CancelJob: self._cancel,
            m.DownloadAgain: self._download_again,
            m.ReadLogs: self._read_logs,
            m.ReadDetails: self._read_details,
            m.SettleUnknown: self._settle_unknown,
            m.ResumeProject: self._resume,
            m.ReadPoster: self._read_poster,
            m.ReadClip: self._read_clip,
        }

    def close(self) -> None:
        """End it: views disappear, threads stop, jobs go on. Once more changes nothing."""
        if self._alive:
            for stop in self._stop_listening:
                stop()
            self._throttle.close()
        super().close()

    def cards(self, ids: Sequence[str]) -> tuple[m.ClipCard, ...]:
        """Clips as cards; those whose file is gone are left out."""
        return cards(self.host.clips(ids))

    def line(self, view: JobView) -> m.JobLine:
        """A job as a line."""
        return job_line(view, self.host.expected(view.model_id))

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
        if stored:
            # First, so that whoever sees a clip and saves the notebook has saved its preview.
            self._static.update(self.static_html())
        self._tell(jobs=tuple(self.line(view) for view in views), clips=self.cards(stored))

    def _tell(self, **changes: Any) -> None:
        event = m.Changed(
            now_s=time.time(),
            money=self.host.money(),
            clip_count=self.clip_count(),
            **({"jobs": (), "clips": ()} | changes),
        )
        self._send_down(event, [])

    # -- from whoever tidied up the clips

    def _on_clips(self, ids: Sequence[str]) -> None:
        self._static.update(self.static_html())
        self._tell(**self.clip_news(ids))

    def clip_news(self, ids: Sequence[str]) -> dict[str, Any]:
        """What there is to say of clips that changed."""
        found = self.host.clips(ids)
        return {
            "clips": cards([stored for stored in found if not stored.deleted]),
            "deleted": tuple(stored.id for stored in found if stored.deleted),
        }

    # -- from the browser

    def _cancel(self, command: m.CancelJob, _: Buffers) -> Answer:
        self.host.cancel_job(command.job_id)
        return m.Done(id=command.id), []

    def _download_again(self, command: m.DownloadAgain, _: Buffers) -> Answer:
        self.host.retry_download(command.job_id)
        return m.Done(id=command.id), []

    def _read_logs(self, command: m.ReadLogs, _: Buffers) -> Answer:
        return m.Logs(id=command.id, lines=self.host.job(command.job_id).logs[-200:]), []

    def _read_details(self, command: m.ReadDetails, _: Buffers) -> Answer:
        return self.host.details(command.job_id, command.id), []

    def _settle_unknown(self, command: m.SettleUnknown, _: Buffers) -> Answer:
        self.host.settle_unknown(command.job_id, command.decision, command.request_id)
        return m.Done(id=command.id), []

    def _resume(self, command: m.ResumeProject, _: Buffers) -> Answer:
        self.host.resume()
        return m.Done(id=command.id), []

    def _read_poster(self, command: m.ReadPoster, _: Buffers) -> Answer:
        return clip_poster(command, self.host.clip(command.clip_id))

    def _read_clip(self, command: m.ReadClip, _: Buffers) -> Answer:
        return clip_chunk(command, self.host.clip(command.clip_id).path)


def cards(clips: Sequence[StoredClip]) -> tuple[m.ClipCard, ...]:
    """Clips as cards; those whose file is gone are left out."""
    root = server_root()
    return tuple(clip_card(stored, root) for stored in clips if stored.clip.path.is_file())
