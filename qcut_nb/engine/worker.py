"""One thread for the blocking calls of a loop: a turn of the loop each way, and no more."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Call = Callable[[], Any]
Answer = tuple[Any, Exception | None]


class Worker:
    """Makes calls off the loop, in their order. Used on one loop only.

    A daemon: unlike a pool's, its thread still works when the interpreter begins to end, which is
    when what is left has to be written.

    Args:
        name: Of the thread.
        together: Makes all calls that wait at once, and gives for each its value or its error.
            `None`: they are made one by one.
    """

    def __init__(
        self, name: str, together: Callable[[Sequence[Call]], Sequence[Answer]] | None = None
    ) -> None:
        self._together = together
        self._waiting: queue.SimpleQueue[tuple[Call, asyncio.Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gives_up = False

    def call(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have a call made; it is made even when nobody waits for its answer any more."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._thread.start()
        answer: asyncio.Future[T] = self._loop.create_future()
        self._waiting.put((work, answer))
        return answer

    def close(self, *, give_up: bool = False) -> None:
        """Wait for what is under way and waiting, and end the thread.

        Args:
            give_up: Calls that wait are not made.
        """
        self._gives_up = give_up
        if self._loop is not None:
            self._waiting.put(None)
            self._thread.join()

    def _serve(self) -> None:
        assert self._loop is not None
        going_on = True
        while going_on:
            group = [self._waiting.get()]
            while self._together is not None and not self._waiting.empty():
                group.append(self._waiting.get())
            going_on = None not in group
            calls = [each for each in group if each is not None and not self._gives_up]
            answers = self._made([work for work, _ in calls])
            self._loop.call_soon_threadsafe(_settle, [answer for _, answer in calls], answers)

    def _made(self, calls: Sequence[Call]) -> Sequence[Answer]:
        try:
            if self._together is None:
                return [(call(), None) for call in calls]
            return self._together(calls) if calls else ()
        except Exception as error:
            return [(None, error)] * len(calls)


def _settle(waiting: Sequence[asyncio.Future[Any]], answers: Sequence[Answer]) -> None:
    for future, (value, error) in zip(waiting, answers, strict=True):
        if future.cancelled():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
