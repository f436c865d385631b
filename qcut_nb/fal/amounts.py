"""Numbers that money is made of, read with suspicion."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MOST_USD = Decimal(10_000)
"""No unit price is higher than this; one that is, is a mistake of the server's."""
MOST_UNITS = Decimal(100_000_000)
"""No run counts more units than this. Price times units fits the store's 64 bits."""


def amount(value: object, most: Decimal) -> Decimal | None:
    """A number as it came, text or not; `None` where it is no amount from 0 to `most`."""
    try:
        read = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return read if read.is_finite() and 0 <= read <= most else None
