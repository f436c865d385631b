"""How long a model takes: by the project's own past runs, as soon as there are any."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..catalog import models
from ..notebook import Expected
from ..store import Shelf

if TYPE_CHECKING:
    from ..engine import JobView
    from .core import Core

QUARTILES_FROM = 4
"""Fewer runs than this have no middle half; their shortest and longest are given."""


class Expectations:
    """Usual times from submit to result, of a project's own runs in one mode.

    They are read from the store when first asked for, and again after a job of the model ended.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._own: dict[str, Expected] | None = None

    def of(self, model_id: str) -> Expected:
        """The middle half of the model's own runs; the published range until there are any."""
        with self._lock:
            if self._own is None:
                runs = Shelf(self._core.project.store).runtimes_s(mode=self._core.connection.mode)
                self._own = {name: middle_half(took_s) for name, took_s in runs.items()}
            own = self._own.get(model_id)
        return own or Expected(range_s=models[model_id].expected_s)

    def note(self, view: JobView) -> None:
        """Take in a change of a job."""
        if view.state == "stored":
            with self._lock:
                self._own = None


def middle_half(took_s: Sequence[float]) -> Expected:
    """The range from the first to the third quartile of run times, seconds."""
    if len(took_s) < QUARTILES_FROM:
        return Expected((min(took_s), max(took_s)), len(took_s))
    low, _, high = statistics.quantiles(took_s, n=4, method="inclusive")
    return Expected((low, high), len(took_s))
