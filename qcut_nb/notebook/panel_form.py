"""What the panel's form asks for: prices, the cell that does the same, and to generate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from qcut_nb.errors import ConfirmationNeededError, ReuseQuestionError

from . import messages as m
from .answering import Answer, Buffers
from .host import PanelHost
from .widget import Action

_REUSE: dict[str, Literal["ask", "always", "never"]] = {
    "ask": "ask",
    "yes": "always",
    "no": "never",
}


class FormActions:
    """Answers the commands of the form.

    Attributes:
        host: The studio.
    """

    def __init__(self, host: PanelHost) -> None:
        self.host = host

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {
            m.Price: self._price,
            m.Generate: self._generate,
            m.ReadPython: self._read_python,
            m.Recall: self._recall,
            m.RememberChoice: self._remember_choice,
        }

    def _price(self, command: m.Price, _: Buffers) -> Answer:
        return m.Priced(id=command.id, offers=tuple(self.host.price(command.wish))), []

    def _generate(self, command: m.Generate, _: Buffers) -> Answer:
        approved = command.approved_usd
        try:
            batch_id = self.host.generate_wish(
                command.wish,
                approved_usd=None if approved is None else Decimal(approved),
                reuse=_REUSE[command.reuse],
            )
        except ConfirmationNeededError as question:
            needed = f"{question.needed:f}"
            return m.Question(
                id=command.id, about="cost", text=question.what, amount_usd=needed
            ), []
        except ReuseQuestionError as question:
            return m.Question(id=command.id, about="reuse", text=question.what), []
        return m.Accepted(id=command.id, batch_id=batch_id), []

    def _read_python(self, command: m.ReadPython, _: Buffers) -> Answer:
        return m.PythonText(id=command.id, text=self.host.python_text(command.wish)), []

    def _recall(self, command: m.Recall, _: Buffers) -> Answer:
        wish, missing = self.host.recall(command.job_id)
        return m.Recalled(id=command.id, wish=wish, missing=tuple(missing)), []

    def _remember_choice(self, command: m.RememberChoice, _: Buffers) -> Answer:
        self.host.remember_choice(command.choice.wire())
        return m.Done(id=command.id), []
