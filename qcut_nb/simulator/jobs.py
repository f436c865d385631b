"""The life of simulated jobs: accepted, rendered in a few threads, watched, cancelled."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from ..catalog import ModelSpec
from .encode import RenderStoppedError
from .records import Outcome, Record, RecordBook
from .shelf import Shelf
from .timeline import Span, Standing, run_span, schedule, standing
from .work import Workshop
from .workers import Workers

log = logging.getLogger(__name__)

Speed = Literal["instant", "default", "realtime"] | float
RENDER_THREADS = 2
CACHE_S = 0.02
FOREIGN_POLL_S = 1.0
DEFAULT_QUEUE_S, DEFAULT_RUN_S = 0.4, 1.6
UNKNOWN_RUN_S = 60.0
RELAPSE_RUN_S = 1.8


class Jobs:
    """Accepted requests and the work on them.

    Args:
        folder: The state folder; shared with whoever else simulates in it.
        speed: How long a job takes; a number is seconds of running without a queue.
        concurrency: Jobs in progress at once.
        max_height_px: Cap on the height of what is rendered.
        media_file: A file to deliver instead of rendering.
    """

    def __init__(
        self,
        folder: Path,
        *,
        speed: Speed,
        concurrency: int,
        max_height_px: int | None,
        media_file: Path | None,
    ) -> None:
        self.speed = speed
        self.concurrency = concurrency
        self.book = RecordBook(folder / "requests")
        self.workshop = Workshop(Shelf(folder, self.book), max_height_px, media_file)
        self._pool = Workers(RENDER_THREADS, "qcut-simulator-render")
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._spans: dict[str, Span] = {}
        self._spans_of = (-1, -math.inf)
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Take up unfinished work; call it on the server's loop."""
        self._loop = asyncio.get_running_loop()
        for record in self.book.all():
            self._ensure_work(record)

    def stop(self) -> None:
        """Give up renders; what is not finished stays on disk for the next simulator."""
        self.workshop.stopping.set()
        self._pool.stop()

    def accept(
        self,
        spec: ModelSpec,
        body: dict[str, Any],
        *,
        verdict: Outcome | None = None,
        relapse: bool = False,
        stubborn: bool = False,
        start_timeout_s: float | None = None,
    ) -> Record:
        """Accept a request; it is on disk when this returns.

        Args:
            spec: The model.
            body: The input.
            verdict: An outcome that is decided already.
            relapse: Let the job fall back into the queue once.
            stubborn: Let the job finish although it is cancelled while running.
            start_timeout_s: How long the job may wait before it starts.
        """
        queue_s, run_s = self._times(spec)
        now = time.time()
        record = Record(
            request_id=str(uuid4()),
            endpoint=spec.endpoint,
            body=body,
            submitted_at=now,
            queue_s=queue_s,
            run_s=max(run_s, RELAPSE_RUN_S) if relapse else run_s,
            relapse=relapse,
            stubborn=stubborn,
            start_timeout_s=start_timeout_s,
            ready_at=now if verdict else None,
            outcome=verdict,
        )
        self.book.add(record)
        self._ensure_work(record)
        return record

    def look(self, record: Record) -> Standing:
        """Where a job stands now."""
        self._ensure_work(record)
        now = time.time()
        if record.unqueued:
            span: Span | None = run_span(record, record.submitted_at)
        else:
            span = self._schedule(now).get(record.request_id)
        if span is None:
            # Accepted by another process less than one look into the folder ago.
            span = Span(now + CACHE_S, math.inf)
        return standing(record, span, now)

    def cancel(self, record: Record) -> bool:
        """Ask for the end of a job; `False` when it has completed already."""
        if self.look(record).state == "COMPLETED":
            return False
        if record.cancelled_at is None:
            self.book.change(record.request_id, cancelled_at=time.time())
        self._wake(record.request_id)
        return True

    def waiting(self, endpoint: str) -> int:
        """How many jobs of an endpoint wait in the queue."""
        now = time.time()
        spans = self._schedule(now)
        return sum(
            spans[record.request_id].start > now
            for record in self.book.all()
            if record.endpoint == endpoint and record.request_id in spans
        )

    async def wait(self, record: Record, until: float) -> None:
        """Return at the time `until` (Unix seconds), or earlier when the job may have changed."""
        event = asyncio.Event()
        waiters = self._waiters[record.request_id]
        waiters.add(event)
        timeout_s = max(0.001, min(until - time.time(), FOREIGN_POLL_S))
        handle = asyncio.get_running_loop().call_later(timeout_s, event.set)
        try:
            await event.wait()
        finally:
            handle.cancel()
            waiters.discard(event)
            if not waiters:
                self._waiters.pop(record.request_id, None)

    def wake_all(self) -> None:
        """Let every `wait` return now."""
        for request_id in list(self._waiters):
            self._wake(request_id)

    def _schedule(self, now: float) -> dict[str, Span]:
        version, made_at = self._spans_of
        if version != self.book.version or not 0 <= now - made_at < CACHE_S:
            records = self.book.all()
            self._spans = schedule(records, self.concurrency, now)
            self._spans_of = (self.book.version, now)
        return self._spans

    def _times(self, spec: ModelSpec) -> tuple[float, float]:
        if self.speed == "instant":
            return 0.0, 0.0
        if self.speed == "default":
            return DEFAULT_QUEUE_S, DEFAULT_RUN_S
        if self.speed == "realtime":
            total_s = sum(spec.expected_s) / 2 if spec.expected_s else UNKNOWN_RUN_S
            return 0.1 * total_s, 0.9 * total_s
        return 0.0, self.speed

    def _ensure_work(self, record: Record) -> None:
        if record.ready_at is not None or record.abandoned:
            return
        with self._lock:
            if record.request_id in self._busy:
                return
            self._busy.add(record.request_id)
        self._pool.submit(partial(self._work, record))

    def _work(self, record: Record) -> None:
        try:
            current = self.book.get(record.request_id)
            if current is None or current.abandoned:
                return
            outcome = self.workshop.make(record)
            self.book.change(record.request_id, outcome=outcome, ready_at=time.time())
        except RenderStoppedError:
            return
        except Exception:
            log.exception("The simulated request %s was lost", record.request_id)
            return
        finally:
            with self._lock:
                self._busy.discard(record.request_id)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, record.request_id)

    def _wake(self, request_id: str) -> None:
        for event in self._waiters.get(request_id, ()):
            event.set()
