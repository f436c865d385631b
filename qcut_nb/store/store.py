"""What must survive: all tables of a project behind one name."""

from __future__ import annotations

from .clips import ClipTable
from .jobs import JobTable
from .leases import LeaseTable
from .ledger import LedgerTable


class Store(JobTable, LeaseTable, ClipTable, LedgerTable):
    """A project's jobs with their events and leases, its clips, uploads and preferences.

    Safe to use from several threads; several processes may open the same file.
    """

    def preference(self, name: str) -> str | None:
        """A remembered choice, as it was given."""
        rows = self.read("SELECT value FROM preferences WHERE name = ?", (name,))
        return rows[0]["value"] if rows else None

    def remember(self, name: str, value: str) -> None:
        """Remember a choice."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO preferences (name, value) VALUES (?, ?)", (name, value)
            )
