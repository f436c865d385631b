"""The simulator's own calls: counts, and faults for whoever runs it in another process."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from .faults import Fault
from .web import Handler

FAULTS = TypeAdapter(list[Fault])


class StatsHandler(Handler):
    """GET /_simulator/stats."""

    needs_key = False
    kind = "control"

    def get(self) -> None:
        """Counts; see `World.stats`."""
        self.answer(self.world.stats())


class FaultsHandler(Handler):
    """GET and POST /_simulator/faults."""

    needs_key = False
    kind = "control"

    def get(self) -> None:
        """The faults in force."""
        faults = self.world.faults.current
        self.answer({"faults": [fault.model_dump(mode="json") for fault in faults]})

    def post(self) -> None:
        """Put a JSON list of faults in force, instead of those there were."""
        try:
            faults = FAULTS.validate_json(self.request.body)
        except ValidationError as error:
            return self.answer(
                {"detail": error.errors(include_url=False, include_context=False)}, 400
            )
        self.world.faults.replace(faults)
        self.get()
