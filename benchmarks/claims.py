"""One line per claim, the same from every script."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A measured figure and the limit that it has to keep.

    Attributes:
        what: The claim, in words.
        measured: The figure.
        limit: The highest figure allowed, or the lowest with `at_least`.
        unit: Unit of both; "x" is a ratio.
        detail: What the figure was made of.
    """

    what: str
    measured: float
    limit: float
    unit: str
    detail: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok  " if self.holds else "FAIL"
        figures = f"{self.measured:8.2f} {self.unit:9} ({sign} {self.limit:g})"
        return f"{verdict} {self.what:58} {figures}  {self.detail}"
