"""One line per claim, the same from every script."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A measured figure and the limit that it has to keep.

    Attributes:
        what: The claim, in words.
        measured: The figure.
        limit: The highest figure allowed, or the lowest with `at_least`; `None`: only told.
        unit: Unit of both; "x" is a ratio.
        detail: What the figure was made of.
    """

    what: str
    measured: float
    limit: float | None
    unit: str
    detail: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        if self.limit is None:
            return True
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def __str__(self) -> str:
        figure = f"{self.measured:8.2f} {self.unit:9}"
        if self.limit is None:
            return f"     {self.what:58} {figure} {'':10} {self.detail}"
        sign = ">=" if self.at_least else "<="
        verdict = "ok  " if self.holds else "FAIL"
        return f"{verdict} {self.what:58} {figure} {f'({sign} {self.limit:g})':10} {self.detail}"
