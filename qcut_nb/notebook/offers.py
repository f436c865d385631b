"""From a catalogue record and a wish to an offer: what is sent, what it costs, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcut_nb.catalog import Change, InputFile, ModelSpec, Quote, quote_for
from qcut_nb.errors import UnsupportedInputError

from .messages import ChangeText, FieldProblem, Offer, QuoteText, Wish


def settings_of(spec: ModelSpec, wish: Wish, files: Mapping[str, InputFile]) -> dict[str, Any]:
    """What a wish asks of one model, before it is bent to what the model takes."""
    settings: dict[str, Any] = wish.shared()
    if wish.prompt.strip():
        settings["prompt"] = wish.prompt
    settings |= {name: file for name, file in files.items() if spec.file(name) is not None}
    return settings


def make_offer(
    spec: ModelSpec,
    wish: Wish,
    files: Mapping[str, InputFile],
    problems: tuple[FieldProblem, ...] = (),
) -> Offer:
    """What one model makes of a wish.

    Args:
        spec: The model.
        wish: What is asked of all models.
        files: The input files that exist, already checked, by name.
        problems: What is known to be wrong, such as a file that this model does not take.
    """
    fitted = spec.fit(**settings_of(spec, wish, files))
    settings = fitted.values | wish.overrides.get(spec.id, {})
    changes = tuple(change_text(change) for change in fitted.changes)
    try:
        request = spec.request(**settings)
    except UnsupportedInputError as error:
        problem = FieldProblem(field=error.field, text=f"{error.what} {error.remedy}".strip())
        values = {p.name: p.default for p in spec.parameters if p.default is not None}
        known = {name: settings[name] for name in settings if spec.parameter(name) is not None}
        quote = quote_for(spec, values | known, {name: f.facts for name, f in files.items()})
        return Offer(
            model_id=spec.id,
            quote=quote_text(quote),
            will_send=changes,
            problems=(*problems, problem),
        )
    return Offer(
        model_id=spec.id,
        quote=quote_text(request.quote),
        will_send=changes,
        problems=problems,
        body={} if problems else request.body,
    )


def quote_text(quote: Quote) -> QuoteText:
    """A quote, for the wire."""
    return QuoteText(
        kind=quote.kind,
        text=str(quote),
        low_usd=None if quote.low_usd is None else f"{quote.low_usd:f}",
        high_usd=None if quote.high_usd is None else f"{quote.high_usd:f}",
        detail=quote.detail,
        source=quote.source,
        checked_on=None if quote.checked_on is None else quote.checked_on.isoformat(),
    )


def change_text(change: Change) -> ChangeText:
    """A change, for the wire."""
    return ChangeText(
        name=change.name, asked=_scalar(change.asked), sent=_scalar(change.sent), why=change.why
    )


def _scalar(value: Any) -> bool | int | float | str | None:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
