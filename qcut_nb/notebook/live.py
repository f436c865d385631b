"""What the panel and the progress of a batch have in common: live jobs, clips, one reply each."""

from __future__ import annotations

import secrets
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from qcut_nb.errors import InputError

from . import messages as m
from .answering import Answer, Answering, Buffers
from .host import PanelHost
from .messages import BatchState, Command, State
from .rows import clip_card, job_line
from .server_root import server_root
from .static_html import StaticOutput, static_html
from .throttle import Throttle

if TYPE_CHECKING:
    from qcut_nb.engine import JobView

Action = Callable[[Any, Buffers], Answer]

STATIC_CLIPS = 10
"""How many clips the static HTML shows."""


def _snapshot(_value: object, widget: LiveWidget) -> dict[str, Any]:
    return widget.snapshot().wire()


class LiveWidget(anywidget.AnyWidget):
    """A widget that shows jobs as they run.

    `state` is made anew whenever the browser asks for it, so a page that is loaded again sees
    what is true then; in between, events carry what changed. Nothing writes the trait.

    Attributes:
        host: What it acts through.
    """

    state = traitlets.Any().tag(sync=True, to_json=_snapshot)
    _alive = False  # ipywidgets closes what is collected, also what was never whole

    def __init__(self, host: PanelHost, esm: str) -> None:
        self.host = host
        self.static_class = f"qcut-static-{secrets.token_hex(4)}"
        self._esm = esm
        self._static = StaticOutput(self.static_class)
        self._send_lock = Lock()
        self._static_lock = Lock()
        self._previews: dict[str, str] = {}
        super().__init__()
        _mend_routing(self.comm)
        self._answering = Answering(self._carry_out, self._reply)
        self._throttle = Throttle(self._flush)
        self.on_msg(self._on_message)
        self._unlisten = host.listen(self._on_job)
        self._alive = True

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
            self._alive = False
            self._unlisten()
            self._throttle.close()
            self._answering.close()
        super().close()

    def cards(self, ids: Sequence[str]) -> tuple[m.ClipCard, ...]:
        """Clips as cards; those whose file is gone are left out."""
        root = server_root()
        clips = ((clip_id, self.host.clip(clip_id)) for clip_id in ids)
        return tuple(clip_card(i, clip, root) for i, clip in clips if clip.path.is_file())

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self._static.show(self._static_html())
        return super()._repr_mimebundle_(**kwargs)

    def _static_html(self) -> str:
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
            self._static.update(self._static_html())
        self._send_down(event, [])

    def _send_down(self, message: m.Message, buffers: list[bytes]) -> None:
        with self._send_lock:
            _mend_routing(self.comm)
            self.send(message.wire(), buffers=buffers)

    # -- from the browser

    def _on_message(self, _widget: object, content: object, buffers: Buffers) -> None:
        self._answering.receive(content, buffers)

    def _reply(self, reply: m.Message, buffers: list[bytes]) -> None:
        self._send_down(reply, buffers)

    def _carry_out(self, command: Command, buffers: Buffers) -> Answer:
        action = self.actions().get(type(command))
        if action is None:
            raise InputError(f"This widget has no {command.kind}.")
        return action(command, buffers)

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
        poster = self.host.clip(command.clip_id).poster()
        return m.Poster(id=command.id, clip_id=command.clip_id), [poster]

    def _read_clip(self, command: m.ReadClip, _: Buffers) -> Answer:
        path = self.host.clip(command.clip_id).path
        with path.open("rb") as file:
            file.seek(command.offset)
            data = file.read(m.CHUNK_BYTES)
        stat = path.stat()
        chunk = m.ClipChunk(
            id=command.id,
            clip_id=command.clip_id,
            version=f"{stat.st_size:x}-{stat.st_mtime_ns:x}",
            offset=command.offset,
            total_bytes=stat.st_size,
        )
        return chunk, [data]


def _mend_routing(comm: Any) -> None:
    """Keep clicks working while a cell is busy.

    ipykernel 7.4 sends a click to the thread that last sent on the comm, which is blocked while a
    cell runs. Without this attribute it goes where the browser said. To be removed when
    https://github.com/ipython/ipykernel no longer has `_reply_subshell_for`.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = None
