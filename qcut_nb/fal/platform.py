"""fal's platform API: prices, and the list of past requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from .amounts import MOST_USD, amount
from .failures import whole_text
from .wire import Wire

MAX_ENDPOINTS = 50
MAX_PAGES = 100
MAX_BILL_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """fal's price of one unit, for the default configuration of an endpoint."""

    unit_price: Decimal
    unit: str
    currency: str


@dataclass(frozen=True, slots=True)
class PastRequest:
    """A request in fal's list.

    Attributes:
        input: The body that was sent; `None` where fal does not keep it.
    """

    request_id: str
    sent_at: datetime | None
    ended_at: datetime | None
    status_code: int | None
    input: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of fal's list of requests.

    Attributes:
        requests: What was read of it.
        whole: Whether that is all; `False` where the list has no end that can be reached.
    """

    requests: tuple[PastRequest, ...]
    whole: bool


async def prices(wire: Wire, endpoints: Iterable[str]) -> dict[str, Price]:
    """Unit prices by endpoint; an endpoint without one is left out.

    Raises:
        FalError: fal refused or cannot be reached.
    """
    wanted = list(dict.fromkeys(endpoints))
    found = {}
    for start in range(0, len(wanted), MAX_ENDPOINTS):
        query = [("endpoint_id", endpoint) for endpoint in wanted[start : start + MAX_ENDPOINTS]]
        body = wire.json_object(await wire.get(f"{wire.hosts.api}/v1/models/pricing", params=query))
        for row in _rows(body, "prices"):
            price = amount(row.get("unit_price"), MOST_USD)
            if price is None:
                continue
            found[str(row.get("endpoint_id"))] = Price(
                price, str(row.get("unit", "")), str(row.get("currency", "USD"))
            )
    return found


@dataclass(frozen=True, slots=True)
class Bill:
    """What fal billed for a request.

    Attributes:
        total_usd: US dollars after discounts.
    """

    request_id: str
    total_usd: Decimal


async def bills(wire: Wire, start: datetime, end: datetime) -> list[Bill]:
    """What was billed in a span of time; needs an admin key.

    Several events of one request are added up.

    Raises:
        FalAccountError: The key is no admin key.
        FalError: fal refused or cannot be reached.

    Source:
        fal's platform API, GET /v1/models/billing-events.
    """
    query = {"start": start.isoformat(), "end": end.isoformat(), "limit": "100"}
    totals: dict[str, Decimal] = {}
    for _ in range(MAX_BILL_PAGES):
        url = f"{wire.hosts.api}/v1/models/billing-events"
        body = wire.json_object(await wire.get(url, params=query))
        for row in _rows(body, "billing_events", "items"):
            total = amount(row.get("cost_total"), MOST_USD)
            request_id = str(row.get("request_id", ""))
            if total is not None:
                totals[request_id] = totals.get(request_id, Decimal(0)) + total
        cursor = whole_text(str(body.get("next_cursor") or ""))
        if not body.get("has_more") or not cursor or cursor == query.get("cursor"):
            break
        query["cursor"] = cursor
    return [Bill(request_id, total) for request_id, total in totals.items()]


async def find_requests(wire: Wire, endpoint: str, start: datetime, end: datetime) -> Listing:
    """Requests of this account to an endpoint in a span of time, with what was sent.

    At most `MAX_PAGES` pages are read; the answer says whether that was all.

    Raises:
        FalError: fal refused or cannot be reached.
    """
    query = {
        "endpoint_id": endpoint,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "limit": "100",
        "expand": "json_input",
    }
    found: dict[str, PastRequest] = {}
    for _ in range(MAX_PAGES):
        url = f"{wire.hosts.api}/v1/models/requests/by-endpoint"
        body = wire.json_object(await wire.get(url, params=query))
        rows = _rows(body, "items", "requests")
        found |= {past.request_id: past for past in map(_past, rows)}
        cursor = whole_text(str(body.get("next_cursor") or ""))
        if not body.get("has_more", bool(cursor)):
            return Listing(tuple(found.values()), whole=True)
        if not cursor or cursor == query.get("cursor"):
            break
        query["cursor"] = cursor
    return Listing(tuple(found.values()), whole=False)


def _past(row: dict[str, Any]) -> PastRequest:
    sent = row.get("json_input")
    code = row.get("status_code")
    return PastRequest(
        request_id=str(row.get("request_id", "")),
        sent_at=_time(row.get("sent_at")),
        ended_at=_time(row.get("ended_at")),
        status_code=code if isinstance(code, int) else None,
        input=sent if isinstance(sent, dict) else None,
    )


def _time(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _rows(body: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    rows: list[Any] = next((body[name] for name in names if isinstance(body.get(name), list)), [])
    return [row for row in rows if isinstance(row, dict)]
