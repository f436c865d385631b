"""Exactly one reply to every command, whatever happens."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from pydantic import ValidationError

from qcut_nb.errors import QcutError

from .messages import (
    Bundle,
    ClipChunk,
    Command,
    Poster,
    Problem,
    Refused,
    Reply,
    ZipChunk,
    parse_command,
)
from .rows import problem_of

Buffers = Sequence[bytes | memoryview]
Answer = tuple[Reply, list[bytes]]
log = logging.getLogger(__name__)

_REMEMBERED = 512
_THREADS = 3


class Answering:
    """Carries commands out on threads of its own and sends one reply to each.

    The browser sends a command again, under the same id, when no reply came: it is then answered
    again but never carried out twice.

    Attributes:
        carry_out: Does what a command says; may raise.
        send: Brings a reply to the browser; called on any thread.
    """

    def __init__(
        self,
        carry_out: Callable[[Command, Buffers], Answer],
        send: Callable[[Reply, list[bytes]], None],
    ) -> None:
        self.carry_out = carry_out
        self.send = send
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="qcut-panel")
        self._lock = Lock()
        self._answers: OrderedDict[str, Answer | None] = OrderedDict()

    def receive(self, content: object, buffers: Buffers) -> None:
        """Take a message in; returns at once."""
        self._pool.submit(self._handle, content, buffers)

    def close(self) -> None:
        """Take nothing more in; what is being carried out is still answered."""
        self._pool.shutdown(wait=False)

    def _handle(self, content: object, buffers: Buffers) -> None:
        try:
            self._answer(content, buffers)
        except Exception:
            # There is nobody to raise to on this thread.
            log.exception("a reply could not be sent")

    def _answer(self, content: object, buffers: Buffers) -> None:
        try:
            command = parse_command(content)
        except ValidationError as error:
            given = content.get("id") if isinstance(content, dict) else None
            if isinstance(given, str):
                self.send(_fault(given, f"a message was not understood: {error}"), [])
            return
        with self._lock:
            if command.id in self._answers:
                answer = self._answers[command.id]
                if answer is None:
                    return  # being carried out: its reply is on the way
            else:
                answer = None
                self._answers[command.id] = None
        if answer is None:
            answer = self._outcome(command, buffers)
            self._remember(command.id, answer)
        self.send(*answer)

    def _outcome(self, command: Command, buffers: Buffers) -> Answer:
        try:
            return self.carry_out(command, buffers)
        except QcutError as error:
            field = getattr(error, "field", None) or None
            return Refused(id=command.id, problem=problem_of(error), field=field), []
        except OSError as error:
            problem = Problem(
                what=f"The kernel's machine refused: {error}.",
                remedy="Check its disk and try again; studio.history() shows what was started.",
            )
            return Refused(id=command.id, problem=problem), []
        except Exception as error:
            log.exception("the command %s failed", command.kind)
            return _fault(command.id, f"{type(error).__name__}: {error}"), []

    def _remember(self, command_id: str, answer: Answer) -> None:
        with self._lock:
            if isinstance(answer[0], ClipChunk | Poster | ZipChunk | Bundle):
                del self._answers[command_id]  # large, and harmless to do again
                return
            self._answers[command_id] = answer
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)


def _fault(command_id: str, text: str) -> Refused:
    problem = Problem(
        what=f"This is a fault in qcut_nb: {text}",
        remedy="Please report it; studio.history() shows what was started.",
    )
    return Refused(id=command_id, problem=problem)
