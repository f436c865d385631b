"""What can be seen of a job, as frozen snapshots."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from decimal import Decimal

from ..catalog import Change, Quote
from ..errors import QcutError
from ..store import Charge, State


@dataclass(frozen=True, slots=True)
class JobProblem:
    """Why a job has no clip (yet), in the three lines that people see.

    Attributes:
        kind: Name of the error class.
        what: What happened.
        money: Whether money was spent, is reserved, or may be.
        remedy: What to do now.
    """

    kind: str
    what: str
    money: str
    remedy: str

    def to_json(self) -> str:
        """The problem as the store keeps it."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, error: QcutError, *, money: str | None = None) -> JobProblem:
        """The problem that an error tells of."""
        return cls(
            kind=type(error).__name__,
            what=error.what,
            money=error.money if money is None else money,
            remedy=error.remedy,
        )


@dataclass(frozen=True, slots=True)
class JobView:
    """A job at one moment. Times are Unix seconds.

    Attributes:
        state: Where it is in its life (see the architecture's drawing).
        queue_position: Requests ahead of it at fal, 0-based, while it is queued.
        received_bytes: Downloaded so far.
        total_bytes: Size of the clip, when the server said it.
        upload_fraction: Part of its input files that is uploaded, 0 to 1; `None` otherwise.
        logs: Lines that the model wrote, the newest last, at most 200.
        error: Why it has no clip, if so.
        quote: The price before it was sent.
        metered_usd: What fal metered; `None` is unknown.
        changes: What was bent to fit the model.
        expected_s: Usual time from submit to result, seconds (low, high).
        lost_contact: fal cannot be reached at the moment; the job goes on there.
        settled: Nothing more happens by itself.
        charge: What became of its reservation: "open" while it is held, "none" when it was given
            back, "settled" when it is what it came to, "possible" when the job ended and may
            still be charged.
        billed_usd: What fal billed; `None` is unknown.
        reused: A clip that was there already answers it, at no cost; nothing was sent.
        cell: Key of the sweep's cell that it belongs to.
    """

    id: str
    batch_id: str
    model_id: str
    model_name: str
    prompt: str
    mode: str
    state: State
    queue_position: int | None
    created_at: float
    submitted_at: float | None
    ended_at: float | None
    received_bytes: int
    total_bytes: int | None
    upload_fraction: float | None
    logs: tuple[str, ...]
    error: JobProblem | None
    quote: Quote
    metered_usd: Decimal | None
    changes: tuple[Change, ...]
    clip_id: str | None
    request_id: str | None
    expected_s: tuple[float, float] | None
    lost_contact: bool
    settled: bool
    charge: Charge = "open"
    billed_usd: Decimal | None = None
    reused: bool = False
    cell: str | None = None
