"""One daemon thread with one asyncio loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines beside the kernel's main thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()

    def _main(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        with contextlib.closing(self.loop):
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())

    def run(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start a coroutine on the loop; the future is its result.

        The caller's context is left behind: a notebook routes what a task prints by it.
        """
        result: concurrent.futures.Future[T] = concurrent.futures.Future()

        async def watched() -> None:
            try:
                result.set_result(await work)
            except asyncio.CancelledError:
                result.cancel()
                raise
            except BaseException as error:
                result.set_exception(error)

        self.call(lambda: self.loop.create_task(watched(), context=contextvars.Context()))
        return result

    def call(self, work: Callable[[], object]) -> None:
        """Call a function on the loop, soon."""
        self.loop.call_soon_threadsafe(work, context=contextvars.Context())

    def stop(self, timeout_s: float = 5.0) -> None:
        """Cancel what runs and end the thread."""
        if self.loop.is_closed():
            return
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout_s)
