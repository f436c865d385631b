"""What the projects beside this one sent: fal's list does not say which project a request is of."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("qcut_nb.store")


@dataclass(frozen=True, slots=True)
class SentElsewhere:
    """A request that another project sent, or may have sent.

    Attributes:
        request_id: fal's id; `None` where it is not known.
        request: The frozen request as JSON.
    """

    project: str
    request_id: str | None
    request: str


def sent_elsewhere(
    database: Path, model_id: str, *, since: float, until: float
) -> list[SentElsewhere]:
    """Requests to a model by the projects in the same `qcut` folder.

    A project that cannot be read is left out.

    Args:
        database: This project's database.
        model_id: The model.
        since: Sent at or after this moment, Unix seconds.
        until: Sent before this moment.
    """
    found: list[SentElsewhere] = []
    for other in sorted(database.parent.parent.glob(f"*/{database.name}")):
        if other.parent == database.parent:
            continue
        try:
            with closing(sqlite3.connect(f"{other.as_uri()}?mode=ro", uri=True)) as db:
                rows = db.execute(
                    "SELECT request_id, request FROM jobs"
                    " WHERE model_id = ? AND submitting_at BETWEEN ? AND ?",
                    (model_id, since, until),
                ).fetchall()
        except sqlite3.Error as error:
            log.info("%s cannot be read: %s", other, error)
            continue
        found += [SentElsewhere(other.parent.name, *row) for row in rows]
    return found
