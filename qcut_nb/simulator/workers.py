"""A few threads for rendering that never keep an interpreter from ending.

`concurrent.futures` waits for its threads before anything can tell them to give up.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Workers:
    """Daemon threads that take work in order.

    Args:
        count: How many.
        name: Prefix of the threads' names.
    """

    def __init__(self, count: int, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], None]) -> None:
        """Do this as soon as a thread is free; it must not raise."""
        self._work.put(work)

    def stop(self) -> None:
        """Wait for what is under way; what waits is not done."""
        self._stopping.set()
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (work := self._work.get()) is not None and not self._stopping.is_set():
            work()
