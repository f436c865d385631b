"""Caps: how much may be reserved and spent together, checked where the intent is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .records import NewJob

Unit = Literal["usd", "clips", "s"]
_RESERVED = {
    "usd": "sum(reserved_micro_usd)",
    "clips": "sum(charge IN ('open', 'possible'))",
    "s": "sum(CASE WHEN charge IN ('open', 'possible') THEN length_ms ELSE 0 END)",
}
_SPENT = {
    "usd": "sum(spent_micro_usd)",
    "clips": "sum(charge = 'settled')",
    "s": "sum(CASE WHEN charge = 'settled' THEN length_ms ELSE 0 END)",
}


@dataclass(frozen=True, slots=True)
class Cap:
    """One limit on what the jobs of a mode may take together.

    Attributes:
        name: As the user knows it: "per_day_usd".
        unit: What is counted: money, clips, or seconds of video.
        limit: The most that may be reserved and spent: millionths of a US dollar, clips, or
            milliseconds.
        batch_id: Count the jobs of this batch only.
        since: Count jobs that were recorded at or after this moment only, Unix seconds.
    """

    name: str
    unit: Unit
    limit: int
    batch_id: str | None = None
    since: float | None = None


class CapExceededError(Exception):
    """Intents do not fit under a cap; amounts are in the unit of its limit."""

    def __init__(self, cap: Cap, *, spent: int, reserved: int, needed: int) -> None:
        self.cap = cap
        self.spent = spent
        self.reserved = reserved
        self.needed = needed
        super().__init__(f"{cap.name}: {spent} + {reserved} + {needed} > {cap.limit}")


def refuse_over(db: sqlite3.Connection, caps: Sequence[Cap], jobs: Sequence[NewJob]) -> None:
    """Refuse intents that would take more than a cap leaves.

    Args:
        db: A connection within the transaction that is going to record them.
        caps: The caps.
        jobs: The intents.

    Raises:
        CapExceededError: The first cap that they break.
    """
    for mode in {job.mode for job in jobs}:
        ours = [job for job in jobs if job.mode == mode]
        for cap in caps:
            needed = sum(_amount(job, cap.unit) for job in ours)
            spent, reserved = used(db, cap, mode)
            if needed and spent + reserved + needed > cap.limit:
                raise CapExceededError(cap, spent=spent, reserved=reserved, needed=needed)


def used(db: sqlite3.Connection, cap: Cap, mode: str) -> tuple[int, int]:
    """What a cap counts so far: (spent, reserved), in the unit of its limit."""
    where, values = "mode = ? AND charge != 'none'", [mode]
    query: list[object] = [*values]
    if cap.since is not None:
        where += " AND created_at >= ?"
        query.append(cap.since)
    if cap.batch_id is not None:
        where += " AND batch_id = ?"
        query.append(cap.batch_id)
    row = db.execute(
        f"SELECT coalesce({_SPENT[cap.unit]}, 0), coalesce({_RESERVED[cap.unit]}, 0)"
        f" FROM jobs WHERE {where}",
        query,
    ).fetchone()
    return int(row[0]), int(row[1])


def _amount(job: NewJob, unit: Unit) -> int:
    if unit == "clips":
        return 1
    if unit == "s":
        return job.length_ms or 0
    return (job.high_micro_usd or 0) if job.mode == "live" else 0
