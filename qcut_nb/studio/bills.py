"""What fal really billed, fetched with an admin key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ..errors import ConfigError, FalAccountError
from ..fal import Key

if TYPE_CHECKING:
    from .core import Core

MARGIN = timedelta(hours=1)
MICRO = 1_000_000


async def fetch_bills(core: Core, admin_key: str | None) -> int:
    """Record the bills of finished live jobs; see `Studio.fetch_bills`."""
    store = core.project.store
    waiting = store.unbilled()
    if not waiting:
        return 0
    if core.connection.mode != "live":
        raise ConfigError(
            "Bills are fetched in live mode only.",
            money="Nothing was spent.",
            remedy='Use Studio(..., mode="live").',
        )
    client = core.connection.client(Key(admin_key) if admin_key else None)
    first = datetime.fromtimestamp(min(at for _, at in waiting.values()), UTC)
    try:
        bills = await client.bills(first - MARGIN, datetime.now(UTC) + MARGIN)
    except FalAccountError as error:
        raise FalAccountError(
            "This key may not read what was billed.",
            money="Nothing was spent; what is known stays as it is.",
            remedy="Pass an admin key: studio.fetch_bills(admin_key). It is used for this call "
            "and not kept.",
            status_code=error.status_code,
        ) from None
    finally:
        await client.aclose()
    found = {
        waiting[bill.request_id][0]: int((bill.total_usd * MICRO).to_integral_value())
        for bill in bills
        if bill.request_id in waiting
    }
    store.record_bills(found)
    return len(found)
