"""Many changes, few messages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread, current_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcut_nb.engine import JobView

log = logging.getLogger(__name__)

INTERVAL_S = 0.11
"""Shortest time between two messages: under ten a second."""

PER_JOB_S = 0.001
"""What each job in a message adds to that: the page must not spend its time on reading."""

CLOSE_S = 2.0


class Throttle:
    """Collects job changes and hands the latest of each job on, on a thread of its own.

    Attributes:
        flush: Called with the jobs that changed, at most once per `interval_s`.
        interval_s: Shortest time between two calls, seconds; longer after one with many jobs.
    """

    def __init__(
        self, flush: Callable[[list[JobView]], None], *, interval_s: float = INTERVAL_S
    ) -> None:
        self.flush = flush
        self.interval_s = interval_s
        self._changed: dict[str, JobView] = {}
        self._condition = Condition()
        self._closed = False
        self._thread = Thread(target=self._run, name="qcut-panel-events", daemon=True)
        self._thread.start()

    def put(self, view: JobView) -> None:
        """Note a change; returns at once."""
        with self._condition:
            self._changed[view.id] = view
            self._condition.notify()

    def close(self) -> None:
        """Stop, after what is noted was handed on."""
        with self._condition:
            self._closed = True
            self._condition.notify()
        if current_thread() is not self._thread:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        next_at = 0.0
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._changed or self._closed)
                if not self._closed:
                    self._condition.wait_for(
                        lambda: self._closed, timeout=next_at - time.monotonic()
                    )
                changed, self._changed = list(self._changed.values()), {}
                closed = self._closed
            if changed:
                next_at = time.monotonic() + self.interval_s + len(changed) * PER_JOB_S
                try:
                    self.flush(changed)
                except Exception:
                    # One bad message must not end all later ones; there is nobody to raise to.
                    log.exception("changes of jobs could not be shown")
            if closed:
                return
