"""A job while this process works on it. Touched on the engine's loop only."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import logging
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from ..catalog import Change, ModelSpec, Request, models
from ..errors import QcutError
from ..fal import LogLine
from ..store import ENDED, ENDING_CHARGE, Charge, JobRow, State
from .views import JobProblem, JobView

log = logging.getLogger("qcut_nb.engine")
MAX_LOGS = 200
CHANGES = TypeAdapter(tuple[Change, ...])
MICRO = Decimal(1_000_000)
_ENDING = threading.Lock()


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """fal's price of one billable unit of an endpoint.

    Attributes:
        usd: US dollars.
        source: Where it was read.
        at: When it was read, Unix seconds.
    """

    usd: Decimal
    source: str
    at: float

    @property
    def columns(self) -> dict[str, Any]:
        """The price as a job's row keeps it."""
        return {
            "unit_price_usd": str(self.usd),
            "price_source": self.source,
            "price_at": self.at,
        }


@dataclass(frozen=True)
class Outcome:
    """How a job ended for now: with a clip, or with the error that says why not."""

    clip_id: str | None = None
    error: QcutError | None = None


@dataclass(slots=True)
class LiveJob:
    """The moving parts of one job."""

    id: str
    batch_id: str
    mode: str
    spec: ModelSpec
    request: Request
    changes: tuple[Change, ...]
    state: State
    created_at: float
    submitted_at: float | None = None
    ended_at: float | None = None
    submitting_at: float | None = None
    request_id: str | None = None
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None
    output: dict[str, Any] | None = None
    problem: JobProblem | None = None
    charge: Charge = "open"
    unit_price: UnitPrice | None = None
    metered_usd: Decimal | None = None
    billed_usd: Decimal | None = None
    reused: bool = False
    cell: str | None = None
    queue_position: int | None = None
    received_bytes: int = 0
    total_bytes: int | None = None
    upload_fraction: float | None = None
    log_lines: dict[tuple[str, str], str] = field(default_factory=dict)
    clip_id: str | None = None
    lost_contact: bool = False
    settled: bool = False
    cancel_wanted: bool = False
    was_queued: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    outcome: Outcome | None = None
    waited_for: concurrent.futures.Future[Outcome] | None = None
    shown_at: float = 0.0

    @classmethod
    def from_row(cls, row: JobRow, request: Request | None = None) -> LiveJob:
        """A stored job, to be worked on or looked at.

        Args:
            row: As it is stored.
            request: Its request, where that is at hand: it is not read from the row then.
        """
        return cls(
            id=row.id,
            batch_id=sys.intern(row.batch_id),
            mode=sys.intern(row.mode),
            spec=models[row.model_id],
            request=request or Request.model_validate_json(row.request),
            changes=CHANGES.validate_json(row.changes),
            state=row.state,
            created_at=row.created_at,
            submitting_at=row.submitting_at,
            submitted_at=row.submitted_at,
            ended_at=row.ended_at,
            request_id=row.request_id,
            status_url=row.status_url,
            response_url=row.response_url,
            cancel_url=row.cancel_url,
            output=json.loads(row.output) if row.output else None,
            problem=JobProblem(**json.loads(row.problem)) if row.problem else None,
            charge=row.charge,
            unit_price=_price_of(row),
            metered_usd=_usd(row.metered_micro_usd),
            billed_usd=_usd(row.billed_micro_usd),
            reused=row.reused_clip is not None,
            cell=row.cell,
            clip_id=row.reused_clip or (row.id if row.state == "stored" else None),
            settled=True,
        )

    def entered(self, state: State, charge: Charge | None = None) -> None:
        """Note that the store now has the job in this state."""
        self.state = state
        log.info("job %s (%s): %s", self.id, self.spec.id, state)
        if state in ENDED:
            self.charge = charge or ENDING_CHARGE[state]
        if state == "submitting":
            self.submitting_at = time.time()
        elif state == "submitted":
            self.submitted_at = time.time()
        elif state in ENDED:
            self.ended_at = time.time()
        if state != "queued":
            self.queue_position = None

    def done(self) -> concurrent.futures.Future[Outcome]:
        """How it ends; made when first asked for, since it is the largest part of a waiting job."""
        with _ENDING:
            if self.waited_for is None:
                self.waited_for = concurrent.futures.Future()
                if self.outcome is not None:
                    self.waited_for.set_result(self.outcome)
            return self.waited_for

    def end(self, outcome: Outcome) -> None:
        """Tell those who wait how it ended; only the first time counts."""
        with _ENDING:
            if self.outcome is not None:
                return
            self.outcome, waited_for = outcome, self.waited_for
        if waited_for is not None:
            waited_for.set_result(outcome)

    def add_logs(self, lines: Iterable[LogLine]) -> None:
        """Take in log lines, keeping the newest; fal may repeat all, or show only the last few."""
        for line in lines:
            self.log_lines[line.timestamp, line.message] = line.message
        while len(self.log_lines) > MAX_LOGS:
            del self.log_lines[next(iter(self.log_lines))]

    def view(self) -> JobView:
        """A snapshot."""
        return JobView(
            id=self.id,
            batch_id=self.batch_id,
            model_id=self.spec.id,
            model_name=self.spec.name,
            prompt=self.request.prompt,
            mode=self.mode,
            state=self.state,
            queue_position=self.queue_position,
            created_at=self.created_at,
            submitted_at=self.submitted_at,
            ended_at=self.ended_at,
            received_bytes=self.received_bytes,
            total_bytes=self.total_bytes,
            upload_fraction=self.upload_fraction,
            logs=tuple(self.log_lines.values()),
            error=self.problem,
            quote=self.request.quote,
            metered_usd=self.metered_usd,
            billed_usd=self.billed_usd,
            charge=self.charge,
            reused=self.reused,
            cell=self.cell,
            changes=self.changes,
            clip_id=self.clip_id,
            request_id=self.request_id,
            expected_s=self.spec.expected_s,
            lost_contact=self.lost_contact,
            settled=self.settled,
        )

    @property
    def problem_json(self) -> str | None:
        """The problem as the store keeps it."""
        return None if self.problem is None else self.problem.to_json()


def _usd(micro_usd: int | None) -> Decimal | None:
    return None if micro_usd is None else micro_usd / MICRO


def _price_of(row: JobRow) -> UnitPrice | None:
    if row.unit_price_usd is None:
        return None
    at = row.price_at or row.submitted_at or row.created_at
    return UnitPrice(Decimal(row.unit_price_usd), row.price_source or "", at)
