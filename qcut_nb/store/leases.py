"""Which process watches which job: one row per process keeps all its leases alive."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from .database import NOTHING_SENT, Database
from .lease import LEASE_S, surely_dead
from .records import ENDED


class LeaseTable(Database):
    """Leases: a job belongs to its owner until the owner's row runs out."""

    def claim(self, job_ids: Iterable[str], owner: str) -> list[str]:
        """Take over the watch of jobs that nobody watches; gives the ids that were taken."""
        with self.transaction(money=NOTHING_SENT) as db:
            self.refuse_remade()
            lease(db, owner)
            free = _FreeLeases(db, owner)
            taken = []
            for job_id in job_ids:
                row = db.execute(
                    "SELECT state, lease_owner FROM jobs WHERE id = ?", (job_id,)
                ).fetchone()
                if row is not None and row["state"] not in ENDED and free(row["lease_owner"]):
                    taken.append(job_id)
            db.executemany(
                "UPDATE jobs SET lease_owner = ? WHERE id = ?", [(owner, i) for i in taken]
            )
        return taken

    def watched_elsewhere(self, owner: str) -> set[str]:
        """The jobs that others than this owner watch."""
        rows = self.read(
            "SELECT id, owner FROM leases JOIN jobs ON lease_owner = owner"
            " WHERE owner != ? AND until >= ?",
            (owner, time.time()),
        )
        return {row["id"] for row in rows if not surely_dead(row["owner"])}

    def let_go(self, job_id: str, owner: str) -> None:
        """Give the lease of one job back, if it is this owner's."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET lease_owner = NULL WHERE id = ? AND lease_owner = ?",
                (job_id, owner),
            )

    def renew(self, owner: str) -> None:
        """Keep all leases of an owner alive for another `LEASE_S` seconds."""
        with self.transaction() as db:
            lease(db, owner)

    def release(self, owner: str) -> None:
        """Give all leases of an owner back."""
        with self.transaction() as db:
            db.execute("UPDATE jobs SET lease_owner = NULL WHERE lease_owner = ?", (owner,))
            db.execute("DELETE FROM leases WHERE owner = ?", (owner,))


class _FreeLeases:
    """Whether a job with this owner may be taken; each owner is looked at once."""

    def __init__(self, db: sqlite3.Connection, me: str) -> None:
        self._db = db
        self._known: dict[str | None, bool] = {None: True, me: True}

    def __call__(self, holder: str | None) -> bool:
        if holder not in self._known:
            row = self._db.execute("SELECT until FROM leases WHERE owner = ?", (holder,)).fetchone()
            alive = row is not None and row["until"] >= time.time()
            self._known[holder] = not alive or surely_dead(holder or "")
        return self._known[holder]


def lease(db: sqlite3.Connection, owner: str) -> None:
    """Make an owner's leases good for `LEASE_S` seconds from now."""
    db.execute(
        "INSERT OR REPLACE INTO leases (owner, until) VALUES (?, ?)",
        (owner, time.time() + LEASE_S),
    )
