"""The rows of a project's store, typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "planned",
    "reserved",
    "submitting",
    "submit_unknown",
    "submitted",
    "queued",
    "running",
    "cancelling",
    "completed",
    "downloading",
    "stored",
    "failed",
    "cancelled",
    "expired",
]

Charge = Literal["open", "none", "settled", "possible"]
"""What became of a reservation: "open" still holds it, "none" gave it back, "settled" is what it
came to, "possible" holds it for a job that ended and may be charged."""

ENDED: frozenset[State] = frozenset({"stored", "failed", "cancelled", "expired"})

NEXT_STATES: dict[State, frozenset[State]] = {
    "planned": frozenset({"reserved"}),
    "reserved": frozenset({"submitting", "failed", "cancelled"}),
    "submitting": frozenset({"submitted", "submit_unknown", "failed"}),
    "submit_unknown": frozenset({"submitted", "failed"}),
    "submitted": frozenset({"queued", "running", "completed", "cancelling", "failed", "expired"}),
    "queued": frozenset({"running", "completed", "cancelling", "failed", "expired"}),
    "running": frozenset({"queued", "completed", "cancelling", "failed", "expired"}),
    "cancelling": frozenset({"completed", "cancelled", "failed", "expired"}),
    "completed": frozenset({"downloading", "failed", "cancelled", "expired"}),
    "downloading": frozenset({"stored", "failed", "expired"}),
    "stored": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}
"""Where a job can go from each state: the drawing in the architecture, as data."""

ENDING_CHARGE: dict[State, Charge] = {
    "stored": "settled",
    "failed": "none",
    "cancelled": "none",
    "expired": "possible",
}
"""What the end of a job usually means for its reservation."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """One intent to pay, before anything is sent.

    Attributes:
        id: The intent; also the job's id.
        request: The frozen request as JSON.
        changes: What was bent to fit the model, as JSON.
        low_micro_usd: Lower end of the quote in millionths of a US dollar; `None` is unknown.
        high_micro_usd: Upper end, likewise; it is what gets reserved.
        length_ms: Length of the video that is asked for, milliseconds; `None` is unknown.
        cell: Key of the sweep's cell that it belongs to.
        reuse_key: Digest of the request and its inputs, where it has a fixed seed.
        reused_clip: The clip that answers it at no cost: then it is no intent to pay.
        instead_of: The job of unknown fate that it is sent in place of.
    """

    id: str
    batch_id: str
    place: int
    mode: Literal["simulated", "live"]
    model_id: str
    catalog_version: str
    request: str
    changes: str
    low_micro_usd: int | None
    high_micro_usd: int | None
    length_ms: int | None = None
    cell: str | None = None
    reuse_key: str | None = None
    reused_clip: str | None = None
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it is stored. Times are Unix seconds, money is millionths of a US dollar.

    Attributes:
        charge: What became of the reservation.
        reserved_micro_usd: What is held for it; 0 for simulated jobs.
        spent_micro_usd: What it came to once settled: billed, else metered, else the quote.
        unit_price_usd: fal's price of one billable unit around its submit.
        price_source: Where that was read.
        price_at: When.
    """

    id: str
    batch_id: str
    place: int
    mode: Literal["simulated", "live"]
    state: State
    model_id: str
    catalog_version: str
    request: str
    changes: str
    low_micro_usd: int | None
    high_micro_usd: int | None
    length_ms: int | None
    cell: str | None
    reuse_key: str | None
    reused_clip: str | None
    instead_of: str | None
    charge: Charge
    reserved_micro_usd: int
    spent_micro_usd: int
    metered_micro_usd: int | None
    billed_micro_usd: int | None
    billable_units: str | None
    unit_price_usd: str | None
    price_source: str | None
    price_at: float | None
    billed_at: float | None
    request_id: str | None
    status_url: str | None
    response_url: str | None
    cancel_url: str | None
    output: str | None
    problem: str | None
    created_at: float
    submitting_at: float | None
    submitted_at: float | None
    completed_at: float | None
    ended_at: float | None
    lease_owner: str | None


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A stored clip.

    Attributes:
        file: Path below the project folder, with forward slashes.
        facts: `MediaFacts` as JSON.
        recipe: `Recipe` as JSON.
        name: The user's title.
        rating: 1 to 5.
    """

    id: str
    job_id: str
    file: str
    sha256: str
    size_bytes: int
    facts: str
    recipe: str
    created_at: float
    deleted_at: float | None = None
    name: str | None = None
    rating: int | None = None
