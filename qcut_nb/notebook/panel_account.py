"""The key and the mode, as the panel changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qcut_nb.errors import MissingKeyError

from . import messages as m
from .answering import Answer, Buffers
from .host import AccountHost
from .widget import Action


class AccountActions:
    """Answers the commands about the key and the mode.

    Attributes:
        host: The studio.
        snapshot: Makes the whole state anew.
    """

    def __init__(self, host: AccountHost, snapshot: Callable[[], m.State]) -> None:
        self.host = host
        self.snapshot = snapshot

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {m.SetKey: self._set_key, m.SetMode: self._set_mode}

    def _set_key(self, command: m.SetKey, _: Buffers) -> Answer:
        self.host.set_key(command.key, remember=command.remember)
        reply = m.KeySet(
            id=command.id,
            last_four=self.host.key_last_four or "",
            kept=self.host.key_kept or "",
        )
        return reply, []

    def _set_mode(self, command: m.SetMode, _: Buffers) -> Answer:
        if command.mode == "live" and not command.confirmed:
            last_four = self.host.key_last_four
            if last_four is None:
                raise MissingKeyError(
                    "Live mode needs a fal.ai API key, and none was found.",
                    remedy="Enter one here, or set FAL_KEY before the kernel starts.",
                )
            text = (
                "Live mode spends real money at fal.ai, with the key that ends in "
                f"{last_four or '(too short to show)'}. Change to live?"
            )
            return m.Question(id=command.id, about="live", text=text), []
        self.host.set_mode(command.mode)
        return m.Snapshot(id=command.id, state=self.snapshot()), []
