"""Jobs by the sweep's cell that they were started for."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from .database import Database
from .jobs import Guard
from .records import Charge, State

MOST_MARKS = 500
"""SQLite takes a limited number of values in one query."""


@dataclass(frozen=True, slots=True)
class CellJob:
    """A job of a cell, the little that a sweep needs of it.

    Attributes:
        clip_id: Its clip, unless that was deleted.
        file: Of that clip, below the project's folder.
        instead_of: The job of unknown fate that it was sent in place of.
    """

    id: str
    cell: str
    state: State
    charge: Charge
    clip_id: str | None
    file: str | None
    instead_of: str | None


def jobs_of_cells(store: Database, cells: Sequence[str], mode: str) -> dict[str, list[CellJob]]:
    """The jobs of some cells, by cell, the oldest first; only those of one mode."""
    found: dict[str, list[CellJob]] = {}
    for some in _portions(cells):
        rows = store.read(
            "SELECT jobs.id, cell, state, charge, instead_of,"
            " coalesce(own.id, other.id) AS clip_id, coalesce(own.file, other.file) AS file"
            " FROM jobs"
            " LEFT JOIN clips AS own ON own.job_id = jobs.id AND own.deleted_at IS NULL"
            " LEFT JOIN clips AS other ON other.id = jobs.reused_clip AND other.deleted_at IS NULL"
            f" WHERE cell IN ({_marks(some)}) AND mode = ? ORDER BY jobs.created_at, place",
            (*some, mode),
        )
        for row in rows:
            found.setdefault(row["cell"], []).append(CellJob(**row))
    return found


class CellsChangedError(Exception):
    """Somebody else started a job of these cells in the meantime."""


def unchanged(cells: Sequence[str], mode: str, count: int) -> Guard:
    """A guard that refuses new jobs when some cells have not as many as they had."""

    def look(db: sqlite3.Connection) -> None:
        if _count(db, cells, mode) != count:
            raise CellsChangedError

    return look


def _count(db: sqlite3.Connection, cells: Sequence[str], mode: str) -> int:
    return sum(
        db.execute(
            f"SELECT count(*) FROM jobs WHERE cell IN ({_marks(some)}) AND mode = ?", (*some, mode)
        ).fetchone()[0]
        for some in _portions(cells)
    )


def _portions(cells: Sequence[str]) -> list[Sequence[str]]:
    return [cells[start : start + MOST_MARKS] for start in range(0, len(cells), MOST_MARKS)]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)
