"""The key, the mode, questions before money, and the widget's own code."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import CommandMessage, ReplyMessage, Usd


class SetKey(CommandMessage):
    """Use a fal key from now on; answered by `KeySet`. It is never sent back.

    Attributes:
        remember: Keep it in the OS keyring where there is a real one.
    """

    kind: Literal["set_key"] = "set_key"
    key: str = Field(min_length=1, max_length=500, repr=False)
    remember: bool = True


class KeySet(ReplyMessage):
    """The key is in use.

    Attributes:
        last_four: Its last characters.
        kept: Where it is kept, for people.
    """

    kind: Literal["key_set"] = "key_set"
    last_four: str
    kept: str


class SetMode(CommandMessage):
    """Change between simulated and live; answered by `Snapshot`, or by a `Question` before live.

    Attributes:
        confirmed: A person was asked and said yes.
    """

    kind: Literal["set_mode"] = "set_mode"
    mode: Literal["simulated", "live"]
    confirmed: bool = False


class Question(ReplyMessage):
    """Nothing was done yet: a person has to be asked first.

    Attributes:
        about: "live": send `SetMode` again with `confirmed`. "cost": send `Generate` again with
            `approved_usd` set to `amount_usd`. "reuse": send `Generate` again with `reuse` "yes"
            or "no".
        text: What to ask.
        amount_usd: The total that is asked about.
    """

    kind: Literal["question"] = "question"
    about: Literal["live", "cost", "reuse"]
    text: str
    amount_usd: Usd | None = None


class ReadBundle(CommandMessage):
    """Ask for a part of the widget's code or texts, by file name; answered by `Bundle`."""

    kind: Literal["read_bundle"] = "read_bundle"
    name: str = Field(pattern=r"^[a-z][a-z0-9-]*\.js$")


class Bundle(ReplyMessage):
    """JavaScript as UTF-8, in the buffer."""

    kind: Literal["bundle"] = "bundle"
    name: str
