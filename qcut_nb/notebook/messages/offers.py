"""What it costs and what will be sent."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from .base import Message, Scalar, Usd


class QuoteText(Message):
    """A price before anything is sent.

    Attributes:
        text: For people: "$0.35", "$0.70-0.80", "price unknown".
        low_usd: Lower end; `None` when unknown, which is not free.
        high_usd: Upper end, likewise.
        detail: How it comes about.
        source: Where the price was read.
        checked_on: When, as ISO date.
    """

    kind: Literal["exact", "range", "unknown"]
    text: str
    low_usd: Usd | None = None
    high_usd: Usd | None = None
    detail: str = ""
    source: str = ""
    checked_on: str | None = None


class ChangeText(Message):
    """A shared setting that a model cannot take as asked, and what it gets instead."""

    name: str
    asked: Scalar | None = None
    sent: Scalar | None = None
    why: str


class FieldProblem(Message):
    """What keeps a model from being generated with, and which control is wrong.

    Attributes:
        field: "prompt", a setting, an input file, "models", or "<model>.<own setting>".
        text: In words, with what is allowed.
    """

    field: str
    text: str


class InputText(Message):
    """A file in its place in a request.

    Attributes:
        name: The input.
        label: The file's name.
        sha256: Digest of its content; `None` for a URL, which is not read here.
    """

    name: str
    label: str
    sha256: str | None = None


class Offer(Message):
    """What one model makes of a wish.

    Attributes:
        endpoint: Where it is sent.
        will_send: What is sent instead of what was asked.
        problems: Empty when it can be generated.
        body: The exact request; a local file stands as "upload:<name>". Empty with problems.
        inputs: The files of the request.
    """

    model_id: str
    endpoint: str
    quote: QuoteText
    will_send: tuple[ChangeText, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    body: dict[str, Any] = Field(default_factory=dict)
    inputs: tuple[InputText, ...] = ()
