"""Budget: what a project may spend, and what needs a yes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Literal

from ..errors import InputError
from ..store import Cap

Amount = float | Decimal | None
Scope = Literal["per_batch", "per_day", "project"]
SCOPES: tuple[Scope, ...] = ("per_batch", "per_day", "project")
STEPS = {"usd": 1_000_000, "clips": 1, "s": 1000}
"""How many of the store's steps one unit of a cap has."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Caps that are held whatever runs at the same time: spent plus reserved never exceeds them.

    A batch that does not fit under every cap is refused as a whole, before anything is sent.
    Amounts in US dollars count live jobs only; simulated ones cost nothing. Caps in clips and in
    seconds of video count within the studio's mode. What counts of a job is its highest quoted
    price until it is known what it came to. A day begins at midnight, local time of this machine,
    and a job counts on the day on which it was asked for.

    Attributes:
        per_batch_usd: For one call of `generate`, one press of Generate, or one run of a sweep;
            a sweep that is run again is a new batch, of the cells that are still to be paid.
        per_day_usd: For one day; 20 unless said otherwise, `None` for no cap.
        project_usd: For the project's whole life.
        ask_above_usd: Calls that may cost more than this need `confirm=True` or `max_cost_usd=`;
            the panel asks.
        per_batch_clips: The same caps in numbers of clips.
        per_day_clips: See there.
        project_clips: See there.
        per_batch_s: The same caps in seconds of video.
        per_day_s: See there.
        project_s: See there.

    Raises:
        InputError: A cap is no number of its kind, or negative.
    """

    per_batch_usd: Amount = None
    per_day_usd: Amount = Decimal(20)
    project_usd: Amount = None
    ask_above_usd: Amount = None
    per_batch_clips: int | None = None
    per_day_clips: int | None = None
    project_clips: int | None = None
    per_batch_s: Amount = None
    per_day_s: Amount = None
    project_s: Amount = None

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name))

    def caps(self, batch_id: str) -> list[Cap]:
        """The caps as they hold for a batch that is started now."""
        found = []
        for scope in SCOPES:
            for unit in STEPS:
                limit = self._limit(scope, unit)
                if limit is not None:
                    found.append(
                        Cap(
                            name=f"{scope}_{unit}",
                            unit=unit,  # type: ignore[arg-type]  # the keys of STEPS are the units
                            limit=int(limit * STEPS[unit]),
                            batch_id=batch_id if scope == "per_batch" else None,
                            since=midnight() if scope == "per_day" else None,
                        )
                    )
        return found

    @property
    def caps_money(self) -> bool:
        """Whether any cap is in US dollars."""
        return any(self._limit(scope, "usd") is not None for scope in SCOPES)

    @property
    def caps_length(self) -> str | None:
        """The first cap that is in seconds of video, if any."""
        return next((f"{s}_s" for s in SCOPES if self._limit(s, "s") is not None), None)

    @property
    def asks_above(self) -> Decimal | None:
        """What may be spent without a yes, US dollars."""
        return None if self.ask_above_usd is None else Decimal(str(self.ask_above_usd))

    def _limit(self, scope: str, unit: str) -> Decimal | None:
        value = getattr(self, f"{scope}_{unit}")
        return None if value is None else Decimal(str(value))


def midnight() -> float:
    """When this day began, local time of this machine, as Unix seconds."""
    return datetime.combine(date.today(), time.min).astimezone().timestamp()


def usd(name: str, value: float | Decimal) -> Decimal:
    """An amount in US dollars that a caller gave.

    Raises:
        InputError: It is none.
    """
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise InputError(
            f"{name}={value!r} is no amount in US dollars.", remedy="Pass a number such as 3."
        )
    return amount


def _check(name: str, value: Amount) -> None:
    if value is None:
        return
    if name.endswith("_clips"):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise InputError(
                f"{name}={value!r} is no number of clips.", remedy="Pass 0 or more, or None."
            )
    elif name.endswith("_usd"):
        usd(name, value)
    else:
        seconds = Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
        if seconds is None or isinstance(value, bool) or not seconds.is_finite() or seconds < 0:
            raise InputError(
                f"{name}={value!r} is no number of seconds.", remedy="Pass 0 or more, or None."
            )
