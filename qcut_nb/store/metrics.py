"""What was measured of clips, so that it is measured once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .database import Database

MOST_MARKS = 500
"""SQLite takes a limited number of values in one query."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of one clip.

    Attributes:
        version: Of the metric.
        value: `None`: it cannot be measured.
    """

    name: str
    version: str
    value: float | None


def add_metrics(store: Database, clip_key: str, measured: Iterable[Measured]) -> None:
    """Keep measurements of a clip; those of an older version of the metric go."""
    now = time.time()
    with store.transaction() as db:
        for one in measured:
            db.execute("DELETE FROM metrics WHERE clip_key = ? AND name = ?", (clip_key, one.name))
            db.execute(
                "INSERT INTO metrics (clip_key, name, version, value, computed_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (clip_key, one.name, one.version, one.value, now),
            )


def metrics_of(store: Database, clip_keys: Iterable[str]) -> Mapping[str, list[Measured]]:
    """What is known of some clips, by clip key and in the order of measuring."""
    keys = list(dict.fromkeys(clip_keys))
    found: dict[str, list[Measured]] = {key: [] for key in keys}
    for start in range(0, len(keys), MOST_MARKS):
        some = keys[start : start + MOST_MARKS]
        marks = ", ".join("?" for _ in some)
        rows = store.read(
            f"SELECT * FROM metrics WHERE clip_key IN ({marks}) ORDER BY computed_at, rowid", some
        )
        for row in rows:
            found[row["clip_key"]].append(Measured(row["name"], row["version"], row["value"]))
    return found
