"""The one price per endpoint that fal's platform publishes, from the catalogue's price rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..catalog import ModelSpec, default_quote

UNITS = {
    "per_second": "second",
    "per_source_second": "second",
    "per_token": "1m tokens",
    "per_megapixel_frame": "megapixel",
}


@dataclass(frozen=True)
class UnitPrice:
    """US dollars for one unit, at the endpoint's default settings."""

    usd: Decimal
    unit: str


def unit_price(spec: ModelSpec) -> UnitPrice | None:
    """The published price of an endpoint, or `None` where the catalogue knows none.

    Settings that change the price change the number of billed units, not the unit's price.
    """
    rule = spec.price
    unit = UNITS.get(rule.kind, "video")
    match rule.kind:
        case "unknown":
            return None
        case "per_second" | "per_source_second":
            return UnitPrice(max(rate.usd for rate in rule.rates), unit)
        case "per_token":
            return UnitPrice(rule.usd_per_million, unit)
        case "per_megapixel_frame":
            return UnitPrice(rule.usd, unit)
        case "base_plus_second":
            return UnitPrice(rule.base_usd, unit)
        case "per_video":
            usd = default_quote(spec).high_usd or max(rate.usd for rate in rule.rates)
            return UnitPrice(usd, unit)
