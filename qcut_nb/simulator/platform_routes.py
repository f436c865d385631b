"""The platform API: models, prices, estimates, past requests."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from ..catalog import ModelSpec, models
from .faults import FaultKind
from .prices import UnitPrice, unit_price
from .queue_routes import outcome_of
from .records import Record
from .web import REASONS, Handler

T = TypeVar("T")
PAGE = 50
MOST_ENDPOINTS = 50
MOST_REQUESTS = 100
CATEGORIES = {
    "text": "text-to-video",
    "image": "image-to-video",
    "frames": "image-to-video",
    "avatar": "audio-to-video",
    "remix": "video-to-video",
    "upscale": "video-to-video",
}


class ApiError(Exception):
    """An answer in the platform API's error form."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error_type, self.message = status, error_type, message


class PlatformHandler(Handler):
    """Base of the platform API's handlers."""

    kind = "platform"

    def refuse(self, status: int, error_type: str, message: str) -> None:
        """End with an error in the platform's form."""
        self.answer({"error": {"type": error_type, "message": message}}, status)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Turn an `ApiError` into its answer."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, ApiError):
            self.set_status(error.status, REASONS.get(error.status))
            return self.refuse(error.status, error.error_type, error.message)
        super().write_error(status_code, **kwargs)

    def log_exception(self, *args: Any) -> None:
        """An `ApiError` is an answer, not a defect."""
        if not isinstance(args[1], ApiError):
            super().log_exception(*args)

    def fail_on_request(self, kind: FaultKind) -> None:
        """Answer with an error where a fault asks for it.

        Raises:
            ApiError: It does.
        """
        if fault := self.world.faults.take(kind):
            raise ApiError(fault.status, "server_error", "Something went wrong")

    def endpoints(self) -> list[str]:
        """The `endpoint_id` arguments: repeated, comma lists, or both."""
        given = self.get_query_arguments("endpoint_id")
        return [part.strip() for text in given for part in text.split(",") if part.strip()]

    def page(self, items: Sequence[T], most: int) -> tuple[list[T], dict[str, Any]]:
        """The page that `cursor` and `limit` name, and what is said about the next."""
        start = self.number("cursor", 0, 0)
        end = start + min(self.number("limit", most, 1), most)
        more = end < len(items)
        return list(items[start:end]), {
            "next_cursor": str(end) if more else None,
            "has_more": more,
        }

    def number(self, name: str, default: int, least: int) -> int:
        """An integer argument.

        Raises:
            ApiError: It is none, or too small.
        """
        text = self.get_query_argument(name, str(default))
        if not text.isdecimal() or int(text) < least:
            raise ApiError(400, "validation_error", f"Invalid {name}")
        return int(text)

    def moment(self, name: str) -> float | None:
        """A time argument as Unix seconds.

        Raises:
            ApiError: It is not an ISO time.
        """
        text = self.get_query_argument(name, "")
        if not text:
            return None
        try:
            when = datetime.fromisoformat(text)
        except ValueError as error:
            raise ApiError(400, "validation_error", f"Invalid {name}") from error
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


class ModelsHandler(PlatformHandler):
    """GET /v1/models; the key is optional."""

    needs_key = False

    def get(self) -> None:
        """The catalogue."""
        wanted = self.endpoints()
        for endpoint in wanted:
            known(endpoint)
        query = self.get_query_argument("q", "").lower()
        category = self.get_query_argument("category", "")
        status = self.get_query_argument("status", "")
        entries = [
            entry
            for entry in map(_entry, models.values())
            if (not wanted or entry["endpoint_id"] in wanted)
            and query in f"{entry['endpoint_id']} {entry['metadata']['display_name']}".lower()
            and category in ("", entry["metadata"]["category"])
            and status in ("", entry["metadata"]["status"])
        ]
        page, cursor = self.page(entries, PAGE)
        self.answer({"models": page, **cursor})


class PricingHandler(PlatformHandler):
    """GET /v1/models/pricing."""

    def get(self) -> None:
        """One price per endpoint; endpoints without a known price are left out."""
        self.fail_on_request("pricing_error")
        wanted = self.endpoints()
        if not 1 <= len(wanted) <= MOST_ENDPOINTS:
            raise ApiError(400, "validation_error", "Pass 1 to 50 endpoint_id")
        prices = [
            {
                "endpoint_id": endpoint,
                "unit_price": float(price.usd),
                "unit": price.unit,
                "currency": "USD",
            }
            for endpoint, price in _priced(wanted)
        ]
        self.answer({"prices": prices, "next_cursor": None, "has_more": False})


class EstimateHandler(PlatformHandler):
    """POST /v1/models/pricing/estimate."""

    def post(self) -> None:
        """The price of a number of calls, or of units."""
        body = self.json_body()
        kind = body.get("estimate_type") if isinstance(body, dict) else None
        field = {"historical_api_price": "call_quantity", "unit_price": "unit_quantity"}.get(
            str(kind)
        )
        endpoints = body.get("endpoints") if isinstance(body, dict) else None
        if field is None or not isinstance(endpoints, dict) or not endpoints:
            raise ApiError(400, "validation_error", "estimate_type and endpoints are required")
        total = Decimal(0)
        for endpoint, price in _priced(endpoints):
            quantity = endpoints[endpoint].get(field)
            if not isinstance(quantity, int | float) or quantity <= 0:
                raise ApiError(400, "validation_error", f"{field} must be positive")
            total += price.usd * Decimal(str(quantity))
        self.answer({"estimate_type": kind, "total_cost": float(total), "currency": "USD"})


class RequestsHandler(PlatformHandler):
    """GET /v1/models/requests/by-endpoint."""

    kind = "search"

    def get(self) -> None:
        """Requests to an endpoint, the last ended first; those under way come before them."""
        self.fail_on_request("search_error")
        wanted = self.endpoints()
        if not wanted:
            raise ApiError(400, "validation_error", "endpoint_id is required")
        for endpoint in wanted:
            known(endpoint)
        start, end = self.moment("start"), self.moment("end")
        status = self.get_query_argument("status", "")
        expand = {
            part for text in self.get_query_arguments("expand") for part in text.split(",") if part
        }
        items = [
            self._item(record, expand)
            for record in self.world.jobs.book.all()
            if record.endpoint in wanted
            and (start is None or record.submitted_at >= start)
            and (end is None or record.submitted_at <= end)
        ]
        items = [item for item in items if not status or _status_class(item) == status]
        items.sort(key=lambda item: item["ended_at"] or "9", reverse=True)
        page, cursor = self.page(items, MOST_REQUESTS)
        self.answer({"items": page, **cursor})

    def _item(self, record: Record, expand: set[str]) -> dict[str, Any]:
        where = self.world.jobs.look(record)
        done = where.state == "COMPLETED"
        outcome = outcome_of(record, where) if done else None
        started = where.span.start <= time.time()
        item: dict[str, Any] = {
            "request_id": record.request_id,
            "endpoint_id": record.endpoint,
            "sent_at": _iso(record.submitted_at),
            "started_at": _iso(where.span.start) if started else None,
            "ended_at": _iso(where.span.end) if done else None,
            "status_code": outcome.status if outcome else None,
            "duration": round(where.span.end - where.span.start, 3) if done else None,
        }
        if expand & {"json_input", "payloads"}:
            item["json_input"] = record.body
        if expand & {"json_output", "payloads"}:
            item["json_output"] = outcome.body if outcome else None
        return item


class BillingHandler(PlatformHandler):
    """GET /v1/models/billing-events, for admin keys: those that begin with "admin"."""

    def get(self) -> None:
        """One event per finished request that has a price, the earliest first."""
        if not self.request.headers.get("Authorization", "").startswith("Key admin"):
            raise ApiError(403, "authorization_error", "This call needs an admin key")
        start, end = self.moment("start"), self.moment("end")
        wanted, request_ids = self.endpoints(), self.get_query_arguments("request_id")
        events = [
            event
            for record in self.world.jobs.book.all()
            if (start is None or record.submitted_at >= start)
            and (end is None or record.submitted_at <= end)
            and (not wanted or record.endpoint in wanted)
            and (not request_ids or record.request_id in request_ids)
            and (event := self._event(record)) is not None
        ]
        page, cursor = self.page(events, MOST_REQUESTS)
        self.answer({"billing_events": page, **cursor})

    def _event(self, record: Record) -> dict[str, Any] | None:
        where = self.world.jobs.look(record)
        price = unit_price(known(record.endpoint))
        if where.state != "COMPLETED" or price is None:
            return None
        units = Decimal(outcome_of(record, where).units or 0)
        subtotal = units * price.usd
        discount = subtotal * self.world.discount_percent / 100
        return {
            "request_id": record.request_id,
            "endpoint_id": record.endpoint,
            "timestamp": _iso(where.span.end),
            "output_units": float(units),
            "unit_price": float(price.usd),
            "percent_discount": float(self.world.discount_percent),
            "cost_subtotal": float(subtotal),
            "cost_discount": float(discount),
            "cost_total": float(subtotal - discount),
            "cost_estimate_nano_usd": int((subtotal - discount) * 1_000_000_000),
        }


class NotOfferedHandler(PlatformHandler):
    """The rest of /v1: calls for admin keys, and unknown ones."""

    def get(self, rest: str) -> None:
        """Say why not."""
        if rest.startswith(("account/", "models/usage")):
            raise ApiError(403, "authorization_error", "This call needs an admin key")
        raise ApiError(404, "not_found", "Not found")


def known(endpoint: str) -> ModelSpec:
    """The model behind an endpoint.

    Raises:
        ApiError: There is none.
    """
    spec = models.by_endpoint(endpoint)
    if spec is None:
        raise ApiError(404, "not_found", f"Endpoint not found: {endpoint}")
    return spec


def _priced(endpoints: Iterable[str]) -> list[tuple[str, UnitPrice]]:
    prices = [(endpoint, unit_price(known(endpoint))) for endpoint in endpoints]
    return [(endpoint, price) for endpoint, price in prices if price is not None]


def _entry(spec: ModelSpec) -> dict[str, Any]:
    retired = spec.life_cycle.state == "retired"
    return {
        "endpoint_id": spec.endpoint,
        "metadata": {
            "display_name": spec.name,
            "category": CATEGORIES[spec.mode],
            "description": spec.name,
            "status": "deprecated" if retired else "active",
            "tags": list(spec.use_cases),
        },
    }


def _status_class(item: dict[str, Any]) -> str:
    code = item["status_code"] or 0
    if code == 200:
        return "success"
    return "user_error" if 400 <= code < 500 else "error" if code else "pending"


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
