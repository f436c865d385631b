"""What jobs cost, summed up and one by one; and what fal billed for them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from .database import Database
from .records import Charge, State

IN_DOUBT = (
    "(charge = 'possible' OR state = 'submit_unknown' OR (charge = 'settled' AND"
    " billed_micro_usd IS NULL AND metered_micro_usd IS NULL AND high_micro_usd IS NULL))"
)
"""What may have cost something that nobody knows; also the condition of index `jobs_in_doubt`."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The money of one job. Amounts are millionths of a US dollar, times Unix seconds.

    Attributes:
        quote_source: Where the price of the estimate was read.
        quote_checked_on: When, as an ISO date.
        price_source: Where the price of one billable unit was read.
        price_at: When.
        billed_at: When fal's bill was read.
    """

    id: str
    batch_id: str
    cell: str | None
    mode: Literal["simulated", "live"]
    state: State
    model_id: str
    created_at: float
    request_id: str | None
    reused_clip: str | None
    charge: Charge
    low_micro_usd: int | None
    high_micro_usd: int | None
    metered_micro_usd: int | None
    billed_micro_usd: int | None
    reserved_micro_usd: int
    spent_micro_usd: int
    billable_units: str | None
    unit_price_usd: str | None
    price_source: str | None
    price_at: float | None
    billed_at: float | None
    quote_source: str | None = None
    quote_checked_on: str | None = None


@dataclass(frozen=True, slots=True)
class MoneySums:
    """The money of many live jobs, in millionths of a US dollar.

    Attributes:
        spent_micro_usd: What settled jobs came to: billed, else metered, else estimated.
        reserved_micro_usd: What is held for jobs under way and for those that may be charged.
        unknown: How many jobs may have cost something that is not known.
    """

    spent_micro_usd: int
    reserved_micro_usd: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Experience:
    """What finished live runs of a model cost, where that and the estimate are known.

    Attributes:
        runs: How many there were.
        low_micro_usd: Sum of the lower ends of their estimates, millionths of a US dollar.
        high_micro_usd: Sum of the upper ends.
        actual_micro_usd: What they came to: billed, else metered.
    """

    runs: int
    low_micro_usd: int
    high_micro_usd: int
    actual_micro_usd: int


_QUOTED = ("quote_source", "quote_checked_on")
_PLAIN = tuple(f.name for f in fields(LedgerRow) if f.name not in _QUOTED)


class LedgerTable(Database):
    """The money of all jobs. Nothing overwrites an estimate or what was metered."""

    def ledger(self) -> list[LedgerRow]:
        """The money of every job, the oldest first."""
        rows = self.read(
            f"SELECT {', '.join(_PLAIN)},"
            " json_extract(request, '$.quote.source') AS quote_source,"
            " json_extract(request, '$.quote.checked_on') AS quote_checked_on"
            " FROM jobs ORDER BY created_at, place"
        )
        return [LedgerRow(**row) for row in rows]

    def money(self, *, since: float = 0.0) -> MoneySums:
        """The money of live jobs that were recorded at or after a moment, Unix seconds."""
        sums = self.read(
            "SELECT coalesce(sum(spent_micro_usd), 0) AS spent,"
            " coalesce(sum(reserved_micro_usd), 0) AS reserved"
            " FROM jobs WHERE mode = 'live' AND created_at >= ?",
            (since,),
        )[0]
        doubt = self.read(
            f"SELECT count(*) AS jobs FROM jobs WHERE {IN_DOUBT} AND mode = 'live'"
            " AND created_at >= ?",
            (since,),
        )[0]
        return MoneySums(sums["spent"], sums["reserved"], doubt["jobs"])

    def experience(self, model_id: str) -> Experience:
        """What live runs of a model really cost so far."""
        row = self.read(
            "SELECT count(*) AS runs, coalesce(sum(low_micro_usd), 0) AS low,"
            " coalesce(sum(high_micro_usd), 0) AS high,"
            " coalesce(sum(coalesce(billed_micro_usd, metered_micro_usd)), 0) AS actual"
            " FROM jobs WHERE model_id = ? AND mode = 'live' AND state = 'stored'"
            " AND charge = 'settled' AND high_micro_usd IS NOT NULL"
            " AND coalesce(billed_micro_usd, metered_micro_usd) IS NOT NULL",
            (model_id,),
        )[0]
        return Experience(row["runs"], row["low"], row["high"], row["actual"])

    def unbilled(self) -> dict[str, tuple[str, float]]:
        """Live jobs that ended and whose bill is not known: (job, submit) by fal's request id."""
        rows = self.read(
            "SELECT request_id, id, coalesce(submitting_at, created_at) AS at FROM jobs"
            " WHERE mode = 'live' AND billed_micro_usd IS NULL AND request_id IS NOT NULL"
            " AND ended_at IS NOT NULL"
        )
        return {row["request_id"]: (row["id"], row["at"]) for row in rows}

    def record_bills(self, bills: Mapping[str, int]) -> None:
        """Record what fal billed for jobs that ended, and settle them with it.

        Args:
            bills: Millionths of a US dollar by job.
        """
        now = time.time()
        with self.transaction() as db:
            for job_id, billed_micro_usd in bills.items():
                known = {"billed_micro_usd": billed_micro_usd, "billed_at": now}
                settled = {"charge": "settled", "reserved_micro_usd": 0}
                settled |= {"spent_micro_usd": billed_micro_usd}
                columns = known | settled
                sets = ", ".join(f"{name} = ?" for name in columns)
                done = db.execute(
                    f"UPDATE jobs SET {sets} WHERE id = ? AND mode = 'live' AND charge != 'open'",
                    (*columns.values(), job_id),
                )
                if done.rowcount:
                    self.journal("ended", job_id, columns)
