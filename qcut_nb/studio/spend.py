"""What the project has cost: estimated, metered, billed."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from html import escape
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import models, money
from ..errors import InputError
from ..media import finish_file, part_name
from ..store import LedgerRow

if TYPE_CHECKING:
    import pandas as pd

MICRO = Decimal(1_000_000)
HEAD = ("", "jobs", "spent", "under way", "may be charged", "unknown", "metered / estimated")


@dataclass(frozen=True, slots=True)
class Charge:
    """The money of one job; amounts in US dollars, `None` is unknown.

    Attributes:
        fate: "open" while its reservation is held, "none" when it was given back, "settled" when
            it is known or taken from the estimate, "possible" when the job ended and may be
            charged.
        spent_usd: What it came to: billed, else metered, else the estimate's upper end.
        reserved_usd: What is held for it.
        estimate_low_usd: The quote before it was sent.
        estimate_high_usd: Its upper end.
        metered_usd: Billable units times their price.
        billed_usd: What fal billed.
        unit_price_usd: Price of one billable unit around its submit.
        estimate_source: Where the quote's price was read.
        estimate_checked_on: When, as an ISO date.
        price_source: Where the unit price was read.
        price_at: When.
        billed_at: When the bill was read.
    """

    job_id: str
    created_at: datetime
    model_id: str
    state: str
    fate: str
    spent_usd: Decimal | None
    reserved_usd: Decimal
    estimate_low_usd: Decimal | None
    estimate_high_usd: Decimal | None
    metered_usd: Decimal | None
    billed_usd: Decimal | None
    billable_units: Decimal | None
    unit_price_usd: Decimal | None
    estimate_source: str | None
    estimate_checked_on: str | None
    price_source: str | None
    price_at: datetime | None
    billed_at: datetime | None
    request_id: str | None
    batch_id: str
    cell: str | None

    @property
    def unknown(self) -> bool:
        """Whether it may have cost something that is not known."""
        in_doubt = self.fate == "possible" or self.state == "submit_unknown"
        return in_doubt or (self.fate == "settled" and self.spent_usd is None)

    @classmethod
    def of(cls, row: LedgerRow) -> Charge:
        """The money of a job, from its row."""
        known = _known(row.billed_micro_usd, row.metered_micro_usd, row.high_micro_usd)
        return cls(
            job_id=row.id,
            created_at=_time(row.created_at),
            model_id=row.model_id,
            state=row.state,
            fate=row.charge,
            spent_usd={"settled": known, "none": Decimal(0)}.get(row.charge),
            reserved_usd=row.reserved_micro_usd / MICRO,
            estimate_low_usd=_known(row.low_micro_usd),
            estimate_high_usd=_known(row.high_micro_usd),
            metered_usd=_known(row.metered_micro_usd),
            billed_usd=_known(row.billed_micro_usd),
            billable_units=None if row.billable_units is None else Decimal(row.billable_units),
            unit_price_usd=None if row.unit_price_usd is None else Decimal(row.unit_price_usd),
            estimate_source=row.quote_source,
            estimate_checked_on=row.quote_checked_on,
            price_source=row.price_source,
            price_at=None if row.price_at is None else _time(row.price_at),
            billed_at=None if row.billed_at is None else _time(row.billed_at),
            request_id=row.request_id,
            batch_id=row.batch_id,
            cell=row.cell,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """The money of several jobs, in US dollars.

    Attributes:
        name: What they have in common.
        jobs: How many were asked for.
        spent_usd: What those came to of which that is known.
        reserved_usd: What is held for jobs under way.
        possible_usd: What is held for jobs that ended or were lost and may be charged.
        unknown: How many jobs may have cost something that is not known.
        metered_usd: What was metered where an estimate is known too.
        estimated_usd: What those were estimated at, at most.
    """

    name: str
    jobs: int
    spent_usd: Decimal
    reserved_usd: Decimal
    possible_usd: Decimal
    unknown: int
    metered_usd: Decimal
    estimated_usd: Decimal

    @property
    def drift(self) -> float | None:
        """How far metered is from estimated: 0.1 is 10 % more; `None` where nothing is known."""
        if not self.estimated_usd:
            return None
        return float(self.metered_usd / self.estimated_usd - 1)

    @classmethod
    def of(cls, name: str, charges: Sequence[Charge]) -> Sum:
        """Add up."""
        both = [c for c in charges if c.metered_usd is not None and c.estimate_high_usd is not None]
        doubt = [c for c in charges if c.unknown]
        held = sum((c.reserved_usd for c in charges), Decimal(0))
        possible = sum((c.reserved_usd for c in doubt), Decimal(0))
        return cls(
            name=name,
            jobs=len(charges),
            spent_usd=sum((c.spent_usd or Decimal(0) for c in charges), Decimal(0)),
            reserved_usd=held - possible,
            possible_usd=possible,
            unknown=len(doubt),
            metered_usd=sum((c.metered_usd or Decimal(0) for c in both), Decimal(0)),
            estimated_usd=sum((c.estimate_high_usd or Decimal(0) for c in both), Decimal(0)),
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """As a line of the table."""
        drift = "unknown" if self.drift is None else f"{self.drift:+.1%}"
        sums = f"{money(self.metered_usd)} / {money(self.estimated_usd)} ({drift})"
        return (
            self.name,
            str(self.jobs),
            money(self.spent_usd),
            money(self.reserved_usd),
            money(self.possible_usd),
            f"{self.unknown} jobs" if self.unknown != 1 else "1 job",
            sums if self.estimated_usd else "unknown",
        )


class Spend:
    """What the project's live jobs cost; displays as a table in a cell and as text elsewhere.

    Simulated jobs cost nothing and are only counted; clips that were reused are no jobs.

    Attributes:
        charges: The money of each live job, the oldest first.
        simulated: How many simulated jobs there are.
        reused: How many requests were answered from the project's own clips.
    """

    def __init__(self, project: str, rows: Iterable[LedgerRow]) -> None:
        everything = list(rows)
        paid = [row for row in everything if row.reused_clip is None]
        self.project = project
        self.charges = tuple(Charge.of(row) for row in paid if row.mode == "live")
        self.simulated = sum(row.mode == "simulated" for row in paid)
        self.reused = len(everything) - len(paid)

    @property
    def total(self) -> Sum:
        """All of the project."""
        return Sum.of("project", self.charges)

    @property
    def by_model(self) -> list[Sum]:
        """One sum per model, the most expensive first."""
        sums = self._by(lambda c: models[c.model_id].name if c.model_id in models else c.model_id)
        return sorted(sums, key=lambda one: one.spent_usd, reverse=True)

    @property
    def by_day(self) -> list[Sum]:
        """One sum per day (local time) on which jobs were asked for, the latest first."""
        return sorted(self._by(_day), key=lambda one: one.name, reverse=True)

    def on(self, day: date) -> Sum:
        """The sum of one day, local time."""
        return Sum.of(day.isoformat(), [c for c in self.charges if _day(c) == day.isoformat()])

    def _by(self, key: Callable[[Charge], str]) -> list[Sum]:
        groups: dict[str, list[Charge]] = {}
        for charge in self.charges:
            groups.setdefault(key(charge), []).append(charge)
        return [Sum.of(name, charges) for name, charges in groups.items()]

    def to_dataframe(self) -> pd.DataFrame:
        """One row per live job, the columns of `Charge`; needs `pip install 'qcut-nb[pandas]'`."""
        import pandas as pd

        names = [field.name for field in fields(Charge)]
        return pd.DataFrame([[getattr(c, n) for n in names] for c in self.charges], columns=names)

    def to_csv(self, path: str | PathLike[str]) -> Path:
        """Write one line per live job, the columns of `Charge`; an empty cell is unknown.

        Raises:
            InputError: The file cannot be written.
        """
        names = [field.name for field in fields(Charge)]
        target = Path(path)
        part = part_name(target)
        try:
            with part.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(names)
                for charge in self.charges:
                    writer.writerow([_plain(getattr(charge, name)) for name in names])
            finish_file(part, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise InputError(
                f"{target} cannot be written: {error.strerror or error}.",
                money="",
                remedy="Make room there, or pass a path in a folder that may be written.",
            ) from error
        return target

    def _tables(self) -> list[tuple[str, list[Sum]]]:
        return [("model", self.by_model), ("day", self.by_day), ("", [self.total])]

    @property
    def notes(self) -> list[str]:
        """What the table does not say in numbers."""
        said = []
        if self.total.unknown:
            many = "1 job" if self.total.unknown == 1 else f"{self.total.unknown} jobs"
            said.append(
                f"What {many} came to is not known: see fal.ai/dashboard, or "
                "studio.fetch_bills(admin_key)."
            )
        if self.simulated:
            said.append(f"Simulated runs ({self.simulated}) cost nothing and are not counted.")
        if self.reused:
            said.append(f"Answered from the project's own clips, at no cost: {self.reused}.")
        return said

    def __repr__(self) -> str:
        rows: list[tuple[str, ...]] = [HEAD]
        for title, sums in self._tables():
            rows += [(title and f"by {title}", *[""] * (len(HEAD) - 1))] if title else []
            rows += [one.cells for one in sums]
        widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
        return "\n".join([f"Spend of {self.project}", *map(str.rstrip, lines), *self.notes])

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str = "td") -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "".join(
            (f'<tr><th colspan="{len(HEAD)}">by {title}</th></tr>' if title else "")
            + "".join(line(one.cells) for one in sums)
            for title, sums in self._tables()
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<table>{line(HEAD, 'th')}{body}</table>{notes}"


def _known(*micro_usd: int | None) -> Decimal | None:
    return next((amount / MICRO for amount in micro_usd if amount is not None), None)


def _time(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s).astimezone()


def _day(charge: Charge) -> str:
    return charge.created_at.date().isoformat()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
