"""Stored clips, and where files were uploaded to."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from .database import Database
from .records import ClipRow

CLIP_COLUMNS = tuple(field.name for field in fields(ClipRow))
INSERT_CLIP = (
    f"INSERT INTO clips ({', '.join(CLIP_COLUMNS)}) VALUES ({', '.join('?' for _ in CLIP_COLUMNS)})"
)


def clip_values(clip: ClipRow) -> tuple[Any, ...]:
    """A clip's row as `INSERT_CLIP` takes it."""
    return tuple(getattr(clip, name) for name in CLIP_COLUMNS)


class ClipTable(Database):
    """Clips and uploads."""

    def clip(self, clip_id: str) -> ClipRow | None:
        """The clip of this id."""
        return next(iter(self._clips("WHERE id = ?", (clip_id,))), None)

    def clips(self, *, limit: int = 1000, offset: int = 0) -> list[ClipRow]:
        """Clips that were not deleted, the newest first."""
        return self._clips(
            "WHERE deleted_at IS NULL ORDER BY created_at DESC LIMIT ? OFFSET ?", (limit, offset)
        )

    def clips_of_request(self, reuse_key: str, mode: str) -> list[ClipRow]:
        """Clips of exactly this request, the newest first; see `NewJob.reuse_key`."""
        return self._clips(
            "WHERE deleted_at IS NULL AND job_id IN"
            " (SELECT id FROM jobs WHERE reuse_key = ? AND mode = ?) ORDER BY created_at DESC",
            (reuse_key, mode),
        )

    def _clips(self, clause: str, values: Sequence[Any]) -> list[ClipRow]:
        rows = self.read(f"SELECT {', '.join(CLIP_COLUMNS)} FROM clips {clause}", values)
        return [ClipRow(**row) for row in rows]

    def upload_url(self, sha256: str, origin: str, *, max_age_s: float) -> str | None:
        """Where a file of this digest was uploaded to, if that was not too long ago."""
        rows = self.read(
            "SELECT url FROM uploads WHERE sha256 = ? AND origin = ? AND uploaded_at > ?",
            (sha256, origin, time.time() - max_age_s),
        )
        return rows[0]["url"] if rows else None

    def record_upload(self, sha256: str, origin: str, url: str) -> None:
        """Remember where a file was uploaded to."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO uploads (sha256, origin, url, uploaded_at)"
                " VALUES (?, ?, ?, ?)",
                (sha256, origin, url, time.time()),
            )
