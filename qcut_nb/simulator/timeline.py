"""Where every job stands at a moment: a pure function of the requests on disk and the time.

Jobs start in the order of acceptance, as many at once as the concurrency limit allows, and none
before its shortest wait is over. A job completes when its time is over and its media exists.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from .records import Record

State = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
STRANGERS = 3
CANCEL_S = 0.2


@dataclass(frozen=True)
class Span:
    """When a job runs, in Unix seconds.

    Attributes:
        start: When it starts or started.
        end: When it completes; infinite while its media is not there.
        ahead: Own jobs that wait before it.
        cancelled: Whether it ends without a result because the client said so.
        expired: Whether it ends without a result because it waited too long.
    """

    start: float
    end: float
    ahead: int = 0
    cancelled: bool = False
    expired: bool = False


@dataclass(frozen=True)
class Standing:
    """A job at a moment.

    Attributes:
        queue_position: Jobs ahead, 0-based; only in the queue.
        log_count: How many log lines are out.
        next_at: When the standing changes by itself; infinite when only the media can change it.
    """

    state: State
    span: Span
    queue_position: int | None
    log_count: int
    next_at: float


LOGS = (
    (0.0, "Loading model"),
    (0.1, "Model ready"),
    (0.25, "Sampling: 25%"),
    (0.45, "Sampling: 50%"),
    (0.65, "Sampling: 75%"),
    (0.85, "Sampling: 100%"),
    (0.95, "Encoding video"),
)


def schedule(records: Iterable[Record], concurrency: int, now: float) -> dict[str, Span]:
    """When each job runs, as far as it is known now.

    Args:
        records: Every request, in the order of acceptance.
        concurrency: Jobs that run at once.
        now: Unix time, seconds.
    """
    spans: dict[str, Span] = {}
    slots = [-math.inf] * concurrency
    waiting_starts: list[float] = []
    for record in records:
        if record.unqueued:
            spans[record.request_id] = run_span(record, record.submitted_at)
            continue
        start = max(record.submitted_at + record.queue_s, slots[0])
        if record.cancelled_at is not None and record.cancelled_at < start:
            moment = record.cancelled_at
            spans[record.request_id] = Span(moment, moment, cancelled=True)
            continue
        latest = record.submitted_at + (record.start_timeout_s or math.inf)
        if start > latest and now >= latest:
            spans[record.request_id] = Span(latest, latest, expired=True)
            continue
        span = run_span(record, start)
        heapq.heapreplace(slots, max(span.end, now) if span.end == math.inf else span.end)
        ahead = sum(other > now for other in waiting_starts)
        if start > now:
            waiting_starts.append(start)
        spans[record.request_id] = Span(span.start, span.end, ahead, span.cancelled)
    return spans


def standing(record: Record, span: Span, now: float) -> Standing:
    """Where a job stands, given its place in the schedule."""
    if now >= span.end:
        return Standing("COMPLETED", span, None, len(LOGS), math.inf)
    if now < span.start:
        return _queued(record, span, now)
    if record.relapse:
        third = record.run_s / 3
        if span.start + third <= now < span.start + 2 * third:
            return Standing("IN_QUEUE", span, 0, 0, span.start + 2 * third)
    log_times = [span.start + part * record.run_s for part, _ in LOGS]
    out = sum(moment <= now for moment in log_times)
    changes = [*log_times[out:], span.end, span.start + record.run_s]
    if record.relapse:
        changes.append(span.start + record.run_s / 3)
    following = min((moment for moment in changes if moment > now), default=math.inf)
    return Standing("IN_PROGRESS", span, None, out, following)


def logs(record: Record, where: Standing) -> list[dict[str, Any]]:
    """The log lines that are out, as fal sends them."""
    lines = []
    for part, message in LOGS[: where.log_count]:
        moment = min(where.span.start + part * record.run_s, where.span.end)
        stamp = datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
        lines.append({"message": message, "timestamp": stamp, "level": "INFO", "source": "USER"})
    return lines


def run_span(record: Record, start: float) -> Span:
    """When a job that starts at `start` (Unix seconds) ends."""
    end = math.inf
    if record.ready_at is not None:
        end = max(start + record.run_s, record.ready_at)
    cancelled_at = record.cancelled_at
    if cancelled_at is not None and not record.stubborn and cancelled_at < end:
        return Span(start, max(start, min(end, cancelled_at + CANCEL_S)), cancelled=True)
    return Span(start, end)


def _queued(record: Record, span: Span, now: float) -> Standing:
    """The queue is shared: strangers' jobs go away while the shortest wait runs down."""
    left = record.submitted_at + record.queue_s - now
    strangers, following = 0, span.start
    if left > 0:
        step = record.queue_s / STRANGERS
        strangers = min(STRANGERS - 1, int(left / step))
        if strangers:
            following = min(span.start, now + left - strangers * step)
    return Standing("IN_QUEUE", span, span.ahead + strangers, 0, following)
