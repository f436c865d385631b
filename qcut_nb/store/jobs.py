"""Jobs and the states they go through."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from .caps import Cap, refuse_over
from .clips import CLIP_COLUMNS, INSERT_CLIP, clip_values
from .database import NOTHING_SENT, Database
from .leases import lease
from .records import ENDED, ENDING_CHARGE, NEXT_STATES, Charge, ClipRow, JobRow, NewJob, State

_STAMPS = {"submitting": "submitting_at", "submitted": "submitted_at", "completed": "completed_at"}
ASKED_AGAIN: frozenset[State] = frozenset({"queued", "running", "completed", "downloading"})
"""States that a power cut may undo: fal is asked again, and says the same."""
_COLUMNS = tuple(field.name for field in fields(JobRow))
_NOT_YET = dict.fromkeys(_COLUMNS) | {"spent_micro_usd": 0}
_INTENT = tuple(field.name for field in fields(NewJob))
_ADDED = (
    *_INTENT,
    "state",
    "charge",
    "reserved_micro_usd",
    "created_at",
    "ended_at",
    "lease_owner",
)
_INSERT = f"INSERT INTO jobs ({', '.join(_ADDED)}) VALUES ({', '.join('?' for _ in _ADDED)})"

_ENDING = (
    "state",
    "charge",
    "reserved_micro_usd",
    "spent_micro_usd",
    "metered_micro_usd",
    "billed_micro_usd",
    "billable_units",
    "unit_price_usd",
    "price_source",
    "price_at",
    "problem",
    "completed_at",
    "ended_at",
)


Guard = Callable[[sqlite3.Connection], None]
"""Looks at the store in the transaction that records jobs; what it raises refuses them."""


class StateConflictError(Exception):
    """A job was not in the state that a change wanted to leave."""


class NotLostError(Exception):
    """A job that was to be sent again is not lost any more, or was sent again already."""


def still_lost(job_id: str) -> Guard:
    """A guard that refuses to send a job again unless its fate is unknown and nobody did so yet."""

    def look(db: sqlite3.Connection) -> None:
        lost = db.execute(
            "SELECT 1 FROM jobs WHERE id = :id AND state = 'submit_unknown' AND NOT EXISTS"
            " (SELECT 1 FROM jobs WHERE instead_of = :id AND charge != 'none')",
            {"id": job_id},
        ).fetchone()
        if lost is None:
            raise NotLostError

    return look


class JobTable(Database):
    """Jobs: intents to pay, and what became of them."""

    def add_jobs(
        self,
        jobs: Sequence[NewJob],
        *,
        owner: str,
        caps: Sequence[Cap] = (),
        guard: Guard | None = None,
    ) -> list[JobRow]:
        """Record intents and reserve their quotes, all in one transaction.

        A job that is answered by a clip of the project (`reused_clip`) is stored from the start:
        it reserves nothing and is no intent to pay.

        Args:
            jobs: The intents.
            owner: Who watches them.
            caps: What may not be exceeded; checked in the same transaction.
            guard: Called first in the same transaction; what it raises undoes the whole.

        Returns:
            The jobs as they are stored, in the order of the intents.

        Raises:
            CapExceededError: They do not fit under a cap; nothing was recorded.
            ProjectError: They could not be recorded.
        """
        now = time.time()
        rows = []
        # It is on the disk when its state is `submitting`: that waits, and nothing is sent before.
        with self.transaction(money=NOTHING_SENT, waits=False) as db:
            self.refuse_remade()
            if guard is not None:
                guard(db)
            refuse_over(db, caps, [job for job in jobs if job.reused_clip is None])
            lease(db, owner)
            for job in jobs:
                intent = job.reused_clip is None
                money = (job.high_micro_usd or 0) if job.mode == "live" and intent else 0
                rest = (
                    ("reserved", "open", money, now, None, owner)
                    if intent
                    else ("stored", "none", 0, now, now, None)
                )
                values = (*(getattr(job, name) for name in _INTENT), *rest)
                db.execute(_INSERT, values)
                known = dict(zip(_ADDED, values, strict=True))
                self.journal("intent", job.id, known)
                rows.append(JobRow(**{**_NOT_YET, **known}))
                _record(db, job.id, "reserved" if intent else "stored", now)
        return rows

    def advance(
        self,
        job_id: str,
        leave: State,
        to: State,
        *,
        through: State | None = None,
        charge: Charge | None = None,
        **columns: Any,
    ) -> None:
        """Move a job from one state to the next, with what is learnt on the way.

        Args:
            job_id: The job.
            leave: The state it is in.
            to: The state it comes into.
            through: A state that it passes on the way: both changes or none.
            charge: What its end means for its reservation; by default what the state usually
                means (`ENDING_CHARGE`). Given in a state that is no end, it is an error.
            columns: What to record with it.

        Raises:
            StateConflictError: The job is not in the state to leave.
            ValueError: A job never goes from the one state to the other.
        """
        with self.transaction(waits=to not in ASKED_AGAIN) as db:
            if through is not None:
                self._advance(db, job_id, leave, through, None, {})
                leave = through
            self._advance(db, job_id, leave, to, charge, columns)

    def _advance(
        self,
        db: sqlite3.Connection,
        job_id: str,
        leave: State,
        to: State,
        charge: Charge | None,
        columns: dict[str, Any],
    ) -> None:
        if to not in NEXT_STATES[leave] or (charge is not None and to not in ENDED):
            message = f"a job never goes from {leave} to {to} with charge {charge}"
            raise ValueError(message)
        now = time.time()
        changed = {"state": to, **columns}
        if to == "submitting":
            # As it is sent, where that is not how it was recorded: files have URLs by then.
            self.journal("sent", job_id, {"submitting_at": now, "request": columns.get("request")})
        if to in _STAMPS:
            changed[_STAMPS[to]] = now
        if to in ENDED:
            changed |= {"ended_at": now, "lease_owner": None}
        sets = ", ".join(f"{_column(name)} = ?" for name in changed)
        done = db.execute(
            f"UPDATE jobs SET {sets} WHERE id = ? AND state = ?",
            (*changed.values(), job_id, leave),
        )
        if done.rowcount != 1:
            message = f"job {job_id} is not in state {leave}"
            raise StateConflictError(message)
        if to == "submitted":
            self.journal("submitted", job_id, changed)
        if to in ENDED:
            _settle(db, job_id, charge or ENDING_CHARGE[to])
            self.journal("ended", job_id, _ending(db, job_id))
        _record(db, job_id, to, now)

    def store_clip(self, clip: ClipRow, **columns: Any) -> None:
        """Record a clip whose file is in place, and end its job; one transaction."""
        # Undone by a power cut, it is found again: the file is on the disk, with its recipe.
        with self.transaction(waits=False) as db:
            job_id, learnt = clip.job_id, {"problem": None, **columns}
            self._advance(db, job_id, "downloading", "stored", None, learnt)
            values = clip_values(clip)
            db.execute(INSERT_CLIP, values)
            self.journal("clip", job_id, dict(zip(CLIP_COLUMNS, values, strict=True)))

    def note(self, job_id: str, **columns: Any) -> None:
        """Record something about a job that does not change its state."""
        sets = ", ".join(f"{_column(name)} = ?" for name in columns)
        with self.transaction() as db:
            db.execute(f"UPDATE jobs SET {sets} WHERE id = ?", (*columns.values(), job_id))

    def job(self, job_id: str) -> JobRow | None:
        """The job of this id."""
        return next(iter(self._jobs("WHERE id = ?", (job_id,))), None)

    def jobs(
        self, *, batch_id: str | None = None, cell: str | None = None, limit: int = 1000
    ) -> list[JobRow]:
        """Jobs, the newest first; those of one batch, or of a sweep's cell, in their order."""
        if batch_id is not None:
            return self._jobs("WHERE batch_id = ? ORDER BY place", (batch_id,))
        if cell is not None:
            return self._jobs("WHERE cell = ? ORDER BY created_at, place", (cell,))
        return self._jobs("ORDER BY created_at DESC, place LIMIT ?", (limit,))

    def unfinished(self) -> list[JobRow]:
        """Jobs that have not ended, the oldest first."""
        marks = ", ".join("?" for _ in UNFINISHED)
        return self._jobs(f"WHERE state IN ({marks}) ORDER BY created_at, place", UNFINISHED)

    def of_unknown_fate(self, model_id: str) -> list[JobRow]:
        """Jobs of a model that are being sent, or whose reply was lost."""
        clause = "WHERE state IN ('submitting', 'submit_unknown') AND model_id = ?"
        return self._jobs(clause, (model_id,))

    def _jobs(self, clause: str, values: Sequence[Any]) -> list[JobRow]:
        rows = self.read(f"SELECT {', '.join(_COLUMNS)} FROM jobs {clause}", values)
        return [JobRow(**row) for row in rows]

    def events(self, job_id: str) -> list[tuple[float, str]]:
        """When a job came into which state: (Unix seconds, state), in order."""
        rows = self.read("SELECT at, state FROM events WHERE job_id = ? ORDER BY id", (job_id,))
        return [(row["at"], row["state"]) for row in rows]

    def known_request_ids(self) -> set[str]:
        """Every request id of fal's that belongs to a job here."""
        rows = self.read("SELECT request_id FROM jobs WHERE request_id IS NOT NULL")
        return {row["request_id"] for row in rows}


UNFINISHED = tuple(state for state in NEXT_STATES if state not in ENDED)


def _record(db: sqlite3.Connection, job_id: str, state: str, at: float) -> None:
    db.execute("INSERT INTO events (job_id, at, state) VALUES (?, ?, ?)", (job_id, at, state))


def _ending(db: sqlite3.Connection, job_id: str) -> dict[str, Any]:
    """How a job ended, and what it came to."""
    query = f"SELECT {', '.join(_ENDING)} FROM jobs WHERE id = ?"
    return dict(db.execute(query, (job_id,)).fetchone())


def _settle(db: sqlite3.Connection, job_id: str, charge: Charge) -> None:
    """Turn a reservation into what it came to: once, and in the transaction of the job's end."""
    done = db.execute(
        "UPDATE jobs SET charge = :charge,"
        " reserved_micro_usd = CASE :charge WHEN 'possible' THEN reserved_micro_usd ELSE 0 END,"
        " spent_micro_usd = CASE WHEN :charge = 'settled' AND mode = 'live'"
        "  THEN coalesce(billed_micro_usd, metered_micro_usd, high_micro_usd, 0) ELSE 0 END"
        " WHERE id = :id AND charge = 'open'",
        {"charge": charge, "id": job_id},
    )
    if done.rowcount != 1:
        message = f"the reservation of job {job_id} was settled before"
        raise StateConflictError(message)


def _column(name: str) -> str:
    if name not in _COLUMNS:
        message = f"jobs have no column {name!r}"
        raise ValueError(message)
    return name
