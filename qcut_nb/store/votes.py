"""Votes: who ranked which clips how, and when."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .database import Database

MOST_MARKS = 500
"""SQLite takes a limited number of values in one query."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote.

    Attributes:
        at: When, Unix seconds.
        voter: Who, when they said so.
        blind: Whether names were hidden.
        ranking: Clip keys, best first; those that share a place stand together.
    """

    id: str
    at: float
    voter: str | None
    blind: bool
    ranking: tuple[tuple[str, ...], ...]


def add_ballot(
    store: Database, ranking: Sequence[Sequence[str]], *, voter: str | None, blind: bool
) -> str:
    """Keep a vote.

    Args:
        store: The project's store.
        ranking: Clip keys, best first; those that share a place stand together.
        voter: Who voted, when they said so.
        blind: Whether names were hidden.

    Returns:
        The ballot's id.
    """
    ballot_id = secrets.token_hex(8)
    text = json.dumps([list(level) for level in ranking])
    with store.transaction() as db:
        db.execute(
            "INSERT INTO ballots (id, at, voter, blind, ranking) VALUES (?, ?, ?, ?, ?)",
            (ballot_id, time.time(), voter, int(blind), text),
        )
    return ballot_id


def ballots(store: Database) -> list[Ballot]:
    """All votes, the oldest first."""
    rows = store.read("SELECT * FROM ballots ORDER BY at, rowid")
    return [
        Ballot(
            id=row["id"],
            at=row["at"],
            voter=row["voter"],
            blind=bool(row["blind"]),
            ranking=tuple(tuple(level) for level in json.loads(row["ranking"])),
        )
        for row in rows
    ]


def recipes_of_jobs(store: Database, job_ids: Sequence[str]) -> dict[str, str]:
    """The recipes (JSON) of the clips of some jobs, deleted clips too, by job."""
    found: dict[str, str] = {}
    for start in range(0, len(job_ids), MOST_MARKS):
        some = job_ids[start : start + MOST_MARKS]
        marks = ", ".join("?" for _ in some)
        rows = store.read(f"SELECT job_id, recipe FROM clips WHERE job_id IN ({marks})", some)
        found |= {row["job_id"]: row["recipe"] for row in rows}
    return found
