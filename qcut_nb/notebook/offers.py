"""From a catalogue record and a wish to an offer: what is sent, what it costs, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcut_nb.catalog import Change, InputFile, ModelSpec, Quote, Request, quote_for
from qcut_nb.errors import UnsupportedInputError

from .messages import ChangeText, FieldProblem, InputText, Offer, QuoteText


def make_offer(
    spec: ModelSpec,
    settings: Mapping[str, Any],
    overrides: Mapping[str, Any],
    problems: tuple[FieldProblem, ...] = (),
) -> Offer:
    """What one model makes of settings that are meant for several.

    Args:
        spec: The model.
        settings: What is asked of all models; files are `InputFile`s that were looked at.
        overrides: This model's own settings, which are never bent.
        problems: What is known to be wrong, such as a file that this model does not take.
    """
    changes: tuple[ChangeText, ...] = ()
    values: dict[str, Any] = dict(settings)
    try:
        fitted = spec.fit(**settings)
        changes = tuple(change_text(change) for change in fitted.changes)
        values = fitted.values | dict(overrides)
        request = spec.request(**values)
    except UnsupportedInputError as error:
        field = f"{spec.id}.{error.field}" if error.field in overrides else error.field
        problem = FieldProblem(field=field, text=f"{error.what} {error.remedy}".strip())
        return Offer(
            model_id=spec.id,
            endpoint=spec.endpoint,
            quote=quote_text(_nearest_quote(spec, values)),
            will_send=changes,
            problems=(*problems, problem),
        )
    return Offer(
        model_id=spec.id,
        endpoint=spec.endpoint,
        quote=quote_text(request.quote),
        will_send=changes,
        problems=problems,
        body={} if problems else request.body,
        inputs=input_texts(request),
    )


def input_texts(request: Request) -> tuple[InputText, ...]:
    """The files of a request, by digest."""
    return tuple(
        InputText(name=use.name, label=use.file.label, sha256=use.file.sha256)
        for use in request.files
    )


def _nearest_quote(spec: ModelSpec, values: Mapping[str, Any]) -> Quote:
    """The price of what is right about settings that are not whole yet."""
    known = {
        parameter.name: values.get(parameter.name, parameter.default)
        for parameter in spec.parameters
    }
    facts = {name: v.facts for name, v in values.items() if isinstance(v, InputFile)}
    return quote_for(spec, {n: v for n, v in known.items() if v is not None}, facts)


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
