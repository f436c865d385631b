"""Price rules, and the quotes that come of them.

Every amount is in US dollars, as `Decimal`. Several rates that fit one request are several
published formulas: the quote is then a range. No fitting rate, or a missing fact, is unknown.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MICRO = Decimal("0.000001")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Usage(_Frozen):
    """What a request uses, as far as it is known beforehand.

    Attributes:
        values: The settings in effect, in the caller's spelling.
        seconds: Length of the result, seconds.
        source_seconds: Length of the file that is billed by its length, seconds.
        out_width_px: Width of the result.
        out_height_px: Height of the result.
        frames: Number of frames of the result.
        out_fps: Frames a second of the result.
    """

    values: dict[str, Any]
    seconds: float | None = None
    source_seconds: float | None = None
    out_width_px: int | None = None
    out_height_px: int | None = None
    frames: int | None = None
    out_fps: float | None = None


class Quote(_Frozen):
    """The price of one request before it is sent.

    Attributes:
        amount_usd: The price; `None` for a range and where it is unknown (unknown is not free).
        low_usd: Lower end; equals `amount_usd` for an exact price, `None` when unknown.
        high_usd: Upper end, likewise.
        source: Where the price was read.
        checked_on: When it was read.
        detail: How the amount comes about, or why it is unknown.
    """

    amount_usd: Decimal | None = None
    low_usd: Decimal | None = None
    high_usd: Decimal | None = None
    source: str = ""
    checked_on: date | None = None
    detail: str = ""

    @property
    def kind(self) -> Literal["exact", "range", "unknown"]:
        """Which of the three a quote is."""
        if self.amount_usd is not None:
            return "exact"
        return "unknown" if self.high_usd is None else "range"

    def __str__(self) -> str:
        if self.kind == "unknown":
            return "price unknown"
        low, high = money(self.low_usd), money(self.high_usd)
        return low if low == high else f"{low}-{high[1:]}"


def money(amount_usd: Decimal | None) -> str:
    """An amount for people: two decimals, more where cents would hide it."""
    if amount_usd is None:
        return "unknown"
    if (amount_usd and abs(amount_usd) < Decimal("0.10")) or amount_usd % Decimal("0.01"):
        text = f"{amount_usd:.4f}".rstrip("0")
        whole, _, cents = text.partition(".")
        return f"${whole}.{cents.ljust(2, '0')}"
    return f"${amount_usd:.2f}"


class Total(_Frozen):
    """The sum of several quotes.

    Attributes:
        low_usd: Sum of the lower ends of all known prices.
        high_usd: Sum of the upper ends of all known prices.
        known: How many quotes have a price.
        unknown: How many have none.
    """

    low_usd: Decimal
    high_usd: Decimal
    known: int
    unknown: int

    def __str__(self) -> str:
        if not self.known and self.unknown:
            return "price unknown"
        low, high = money(self.low_usd), money(self.high_usd)
        text = low if low == high else f"{low}-{high[1:]}"
        return f"{text} + unknown" if self.unknown else text


def total(quotes: Iterable[Quote]) -> Total:
    """Add quotes up; unknown ones are counted, not added."""
    all_quotes = list(quotes)
    known = [q for q in all_quotes if q.low_usd is not None and q.high_usd is not None]
    return Total(
        low_usd=sum((q.low_usd for q in known if q.low_usd is not None), Decimal(0)),
        high_usd=sum((q.high_usd for q in known if q.high_usd is not None), Decimal(0)),
        known=len(known),
        unknown=len(all_quotes) - len(known),
    )


class Rate(_Frozen):
    """One published price.

    Attributes:
        usd: Price of one unit of the rule.
        base_usd: Price before the first unit.
        when: Settings under which it holds.
    """

    usd: Decimal
    base_usd: Decimal = Decimal(0)
    when: dict[str, bool | int | float | str] = {}

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Whether the rate holds for these settings."""
        return all(values.get(name) == wanted for name, wanted in self.when.items())


class _Rule(_Frozen, ABC):
    @abstractmethod
    def _amounts(self, usage: Usage) -> list[Decimal]:
        """Every published price of this usage, in US dollars."""

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the settings that bear on the price."""
        return self._priced_by()

    def _priced_by(self) -> frozenset[str]:
        return frozenset()

    def _unknown(self) -> str:
        return "No price is published for these settings."


class _Rated(_Rule):
    rates: tuple[Rate, ...]

    @abstractmethod
    def _units(self, usage: Usage) -> Decimal | None:
        """How many units are billed; `None` where that is not known yet."""

    def _amounts(self, usage: Usage) -> list[Decimal]:
        units = self._units(usage)
        if units is None:
            return []
        return [r.base_usd + r.usd * units for r in self.rates if r.fits(usage.values)]

    def _priced_by(self) -> frozenset[str]:
        return frozenset(name for rate in self.rates for name in rate.when)


class PerSecond(_Rated):
    """Dollars per second of the result, by resolution, audio, fps or tier."""

    kind: Literal["per_second"]

    def _units(self, usage: Usage) -> Decimal | None:
        return _decimal(usage.seconds)

    def _priced_by(self) -> frozenset[str]:
        return super()._priced_by() | {"duration_s"}


class PerVideo(_Rated):
    """Dollars per video, whatever its length (unless a rate names one)."""

    kind: Literal["per_video"]

    def _units(self, usage: Usage) -> Decimal | None:
        return Decimal(1)


class BasePlusSecond(_Rule):
    """A price for the first seconds, and one for each further second."""

    kind: Literal["base_plus_second"]
    base_usd: Decimal
    base_s: int
    extra_usd_per_s: Decimal

    def _amounts(self, usage: Usage) -> list[Decimal]:
        seconds = _decimal(usage.seconds)
        if seconds is None:
            return []
        return [self.base_usd + self.extra_usd_per_s * max(Decimal(0), seconds - self.base_s)]

    def _priced_by(self) -> frozenset[str]:
        return frozenset({"duration_s"})


class PerToken(_Rule):
    """Dollars per million video tokens: height x width x fps x seconds / 1024."""

    kind: Literal["per_token"]
    usd_per_million: Decimal
    fps: int

    def _amounts(self, usage: Usage) -> list[Decimal]:
        if usage.seconds is None or usage.out_width_px is None or usage.out_height_px is None:
            return []
        pixels = Decimal(usage.out_width_px * usage.out_height_px)
        tokens = pixels * self.fps * Decimal(str(usage.seconds)) / 1024
        return [tokens * self.usd_per_million / 1_000_000]

    def _priced_by(self) -> frozenset[str]:
        return frozenset({"duration_s", "resolution", "aspect_ratio", "num_frames"})


class PerMegapixelFrame(_Rule):
    """Dollars per million output pixels, over all frames."""

    kind: Literal["per_megapixel_frame"]
    usd: Decimal

    def _amounts(self, usage: Usage) -> list[Decimal]:
        if usage.out_width_px is None or usage.out_height_px is None or usage.frames is None:
            return []
        pixels = Decimal(usage.out_width_px) * usage.out_height_px * usage.frames
        return [pixels * self.usd / 1_000_000]

    def _priced_by(self) -> frozenset[str]:
        return frozenset({"upscale_factor"})

    def _unknown(self) -> str:
        return "The price needs the size and the number of frames of the source video."


class Factor(_Frozen):
    """Multiplies a price under some settings."""

    by: Decimal
    when: dict[str, bool | int | float | str]


class SizeClass(_Frozen):
    """A price step: results whose shorter side is at most this many pixels."""

    name: str
    max_short_side_px: int


class PerSourceSecond(_Rated):
    """Dollars per second of the file that decides the length.

    Attributes:
        size_classes: Where the price goes by the size of the result, its steps in order; a rate
            names its step as `size_class`.
        factors: Multipliers for single settings.
        double_above_fps: Results of at least twice this rate cost double; those between cost
            somewhere from once to twice.
    """

    kind: Literal["per_source_second"]
    size_classes: tuple[SizeClass, ...] = ()
    factors: tuple[Factor, ...] = ()
    double_above_fps: int | None = None

    def _units(self, usage: Usage) -> Decimal | None:
        return _decimal(usage.source_seconds)

    def _amounts(self, usage: Usage) -> list[Decimal]:
        values = dict(usage.values)
        if self.size_classes:
            if usage.out_width_px is None or usage.out_height_px is None:
                return []
            short = min(usage.out_width_px, usage.out_height_px)
            values["size_class"] = next(
                (c.name for c in self.size_classes if short <= c.max_short_side_px), None
            )
        amounts = super()._amounts(usage.model_copy(update={"values": values}))
        for factor in self.factors:
            if all(values.get(name) == wanted for name, wanted in factor.when.items()):
                amounts = [amount * factor.by for amount in amounts]
        return self._by_fps(amounts, usage.out_fps)

    def _by_fps(self, amounts: list[Decimal], out_fps: float | None) -> list[Decimal]:
        limit = self.double_above_fps
        if limit is None or (out_fps is not None and out_fps <= limit):
            return amounts
        doubled = [amount * 2 for amount in amounts]
        return doubled if out_fps is not None and out_fps >= 2 * limit else [*amounts, *doubled]

    def _priced_by(self) -> frozenset[str]:
        return (
            super()._priced_by()
            | frozenset(name for factor in self.factors for name in factor.when)
            | frozenset({"upscale_factor", "scale_ratio", "target_resolution", "target_fps"})
        ) - {"size_class"}

    def _unknown(self) -> str:
        return "The price needs the length of the source file, or is not published for this size."


class UnknownPrice(_Rule):
    """No price is published."""

    kind: Literal["unknown"]

    def _amounts(self, usage: Usage) -> list[Decimal]:
        return []


PriceRule = Annotated[
    PerSecond
    | PerVideo
    | BasePlusSecond
    | PerToken
    | PerMegapixelFrame
    | PerSourceSecond
    | UnknownPrice,
    Field(discriminator="kind"),
]


def quote(rule: PriceRule, usage: Usage, *, source: str, checked_on: date) -> Quote:
    """Price what a request uses."""
    amounts = [amount.quantize(MICRO) for amount in rule._amounts(usage)]
    if not amounts:
        return Quote(source=source, checked_on=checked_on, detail=rule._unknown())
    low, high = min(amounts), max(amounts)
    return _shared(
        Quote(
            amount_usd=low if low == high else None,
            low_usd=low,
            high_usd=high,
            source=source,
            checked_on=checked_on,
            detail=rule.kind.replace("_", " "),
        )
    )


@lru_cache(maxsize=256)
def _shared(quote: Quote) -> Quote:
    """One object for all quotes that say the same: it is half of what a request weighs."""
    return quote


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))
