"""What every widget of ours has in common: state on demand, one reply each, HTML that stays."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from qcut_nb.errors import InputError

from . import messages as m
from .answering import Answer, Answering, Buffers
from .bundle import bundle
from .messages import Command
from .static_html import StaticOutput

if TYPE_CHECKING:
    from qcut_nb.clip import Clip

Action = Callable[[Any, Buffers], Answer]


def _snapshot(_value: object, widget: CellWidget) -> dict[str, Any]:
    return widget.snapshot().wire()


class CellWidget(anywidget.AnyWidget):
    """A widget that answers the browser's commands.

    `state` is made anew whenever the browser asks for it, so a page that is loaded again sees
    what is true then. Nothing writes the trait.
    """

    state = traitlets.Any().tag(sync=True, to_json=_snapshot)
    _alive = False  # ipywidgets closes what is collected, also what was never whole

    def __init__(self, esm: str) -> None:
        self.static_class = f"qcut-static-{secrets.token_hex(4)}"
        self._esm = esm
        self._static = StaticOutput(self.static_class)
        self._send_lock = Lock()
        super().__init__()
        mend_routing(self.comm)
        self._answering = Answering(self._carry_out, self._reply)
        self.on_msg(self._on_message)
        self._alive = True

    @abstractmethod
    def snapshot(self) -> m.Message:
        """Everything a fresh view needs."""

    @abstractmethod
    def static_html(self) -> str:
        """What the cell shows without a kernel; a live view hides it."""

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {m.ReadBundle: self._read_bundle}

    def close(self) -> None:
        """End it: views disappear, threads stop. Once more changes nothing."""
        if self._alive:
            self._alive = False
            self._answering.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self._static.show(self.static_html())
        return super()._repr_mimebundle_(**kwargs)

    def _send_down(self, message: m.Message, buffers: list[bytes]) -> None:
        with self._send_lock:
            mend_routing(self.comm)
            self.send(message.wire(), buffers=buffers)

    def _on_message(self, _widget: object, content: object, buffers: Buffers) -> None:
        self._answering.receive(content, buffers)

    def _reply(self, reply: m.Message, buffers: list[bytes]) -> None:
        self._send_down(reply, buffers)

    def _carry_out(self, command: Command, buffers: Buffers) -> Answer:
        action = self.actions().get(type(command))
        if action is None:
            raise InputError(f"This widget has no {command.kind}.")
        return action(command, buffers)

    def _read_bundle(self, command: m.ReadBundle, _: Buffers) -> Answer:
        return m.Bundle(id=command.id, name=command.name), [bundle(command.name).encode()]


def clip_poster(command: m.ReadPoster, clip: Clip) -> Answer:
    """The picture of a clip that was asked for."""
    from qcut_nb.media import poster

    at_s = clip.start_s if command.at_s is None else command.at_s
    return m.Poster(id=command.id, clip_id=command.clip_id), [poster(clip.path, at_s or None)]


def clip_chunk(command: m.ReadClip, path: Path) -> Answer:
    """The part of a clip's file that was asked for; only that part is ever in memory."""
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


def mend_routing(comm: Any) -> None:
    """Keep clicks working while a cell is busy.

    ipykernel 7.4 sends a click to the thread that last sent on the comm, which is blocked while a
    cell runs. Without this attribute it goes where the browser said. To be removed when
    https://github.com/ipython/ipykernel no longer has `_reply_subshell_for`.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = None
