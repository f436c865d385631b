"""From fal's error answers, in both of their shapes, to errors that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..errors import (
    FalAccountError,
    FalAuthError,
    FalError,
    FalRateLimitError,
    FalRejectedError,
    FalServerError,
)
from .amounts import MOST_UNITS, amount

MAX_TEXT = 500
CHANGE_IT = "Change what the message names, then call generate() again."
REMEDIES = {
    401: "Check the key at fal.ai/dashboard/keys, then studio.ask_key().",
    403: "Look at fal.ai/dashboard/billing: add credit or unlock the account, then go on.",
    404: "fal does not know this; the model may have been renamed or retired: see qcut_nb.models.",
    429: "Wait a moment, or use max_parallel=1, and try again.",
    500: "Call generate() again: a new request. If it fails again, ask fal's support.",
    502: "Call generate() again in a moment: a new request.",
    503: "Call generate() again in a moment: a new request.",
    504: "The model took longer than fal allows. Ask for less (a shorter clip, a smaller size), or "
    "call generate() again later: a new request.",
}
HINTS = {
    "content_policy_violation": "fal's content check refused it. Change the prompt or the picture.",
    "file_download_error": "fal could not read an input file. Pass a local path or a public URL.",
    "image_load_error": "fal could not read the picture. Save it again as PNG or JPEG.",
    "generation_timeout": "The model took too long. Ask for less (a shorter clip, a smaller size), "
    "or call generate() again: a new request.",
    "no_media_generated": "The model made nothing. Change the prompt and try again.",
}


def failure(
    status: int,
    body: object,
    headers: Mapping[str, str],
    *,
    money: str,
    request_id: str | None = None,
) -> FalError:
    """The error that an answer means.

    Args:
        status: HTTP status.
        body: The decoded body; a text where it is not JSON.
        headers: The answer's headers.
        money: What this means for the user's money.
        request_id: fal's id of the request, when there is one.
    """
    kind, text, field = _read(body)
    kind = kind or headers.get("x-fal-error-type")
    error = _class(status)(
        f"fal answered {status}: {text or kind or 'no reason given'}",
        money=money,
        remedy=HINTS.get(kind or "") or REMEDIES.get(status, CHANGE_IT if status < 499 else ""),
        request_id=request_id,
        error_type=kind,
        status_code=status,
    )
    error.billable_units = billable_units(headers)
    if isinstance(error, FalRejectedError):
        error.field = field
    return error


def charge_of_run(status: int, headers: Mapping[str, str]) -> str:
    """What a run that ended like this cost, as far as it is known.

    Source:
        fal's documentation, queue and billing pages, read on 2026-08-02: server errors are not
        billed; a refused input may be, where the model had begun on it.
    """
    units = billable_units(headers)
    if units is not None:
        counted = f"fal counted {units.normalize():f} units for this run"
        return f"{counted}: it was charged." if units else f"Not charged: {counted}."
    if status >= 500:
        return "Not charged: fal does not bill runs that end in a server error."
    if status == 422:
        return "Usually not charged; fal may bill the time if the model had begun on the input."
    if status == 499:
        return "Not charged if it still waited in the queue; fal may bill the time that it ran."
    if status == 404:
        return "Whether it was charged is not known here: see the usage page at fal.ai/dashboard."
    return "The run may have been charged: see the usage page at fal.ai/dashboard."


def billable_units(headers: Mapping[str, str]) -> Decimal | None:
    """What an answer counts for the bill; `None` where it does not say, or says nonsense."""
    return amount(headers.get("x-fal-billable-units"), MOST_UNITS)


def _class(status: int) -> type[FalError]:
    named: dict[int, type[FalError]] = {
        401: FalAuthError,
        403: FalAccountError,
        429: FalRateLimitError,
        499: FalError,
    }
    if status in named:
        return named[status]
    return FalServerError if status >= 500 else FalRejectedError


def _read(body: object) -> tuple[str | None, str, str | None]:
    """The error code, the text and the field. The input that fal repeats is left out."""
    if not isinstance(body, Mapping):
        return None, _short(body) if isinstance(body, str) else "", None
    if isinstance(error := body.get("error"), Mapping):
        return _text(error.get("type")), _short(error.get("message")), None
    detail = body.get("detail")
    if not isinstance(detail, list):
        return _text(body.get("error_type")), _short(detail or body.get("error")), None
    items = [item for item in detail if isinstance(item, Mapping)]
    if not items:
        return None, "", None
    first = items[0]
    words = "; ".join(_sentence(item) for item in items[:5])
    return _text(first.get("type")), words, _field(first)


def _sentence(item: Mapping[str, Any]) -> str:
    field, said = _field(item), _short(item.get("msg"))
    context = item.get("ctx")
    allowed = ""
    if isinstance(context, Mapping) and context:
        allowed = " (" + ", ".join(f"{k}: {_short(v)}" for k, v in context.items()) + ")"
    return f"{field}: {said}{allowed}" if field else f"{said}{allowed}"


def _field(item: Mapping[str, Any]) -> str | None:
    place = item.get("loc")
    if not isinstance(place, list) or len(place) < 2:
        return None
    return whole_text(".".join(str(part) for part in place[1:]))


def whole_text(text: str) -> str:
    """A text that can be written anywhere: JSON can carry halves of characters, UTF-8 cannot."""
    return text.encode(errors="replace").decode()


def _text(value: object) -> str | None:
    return whole_text(value) if isinstance(value, str) and value else None


def _short(value: object) -> str:
    if value is None:
        return ""
    text = whole_text(" ".join(str(value).split()))
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
