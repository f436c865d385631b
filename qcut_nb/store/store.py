"""One SQLite file per project: every change is one transaction, guarded by the state it leaves."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import ProjectError
from .lease import LEASE_S, surely_dead
from .records import ENDED, NEXT_STATES, ClipRow, JobRow, NewJob, State

SCHEMA_VERSION = 1
_STAMPS = {"submitting": "submitting_at", "submitted": "submitted_at", "completed": "completed_at"}
_JOB_COLUMNS = tuple(field.name for field in fields(JobRow))
_CLIP_COLUMNS = tuple(field.name for field in fields(ClipRow))


class StateConflictError(Exception):
    """A job was not in the state that a change wanted to leave."""


class Store:
    """What must survive: jobs, their events, clips, uploads.

    Safe to use from several threads; several processes may open the same file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._grouped = False
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open or create a project's database.

        Raises:
            ProjectError: It was made by a newer version, is damaged, or cannot be written.
        """
        connection = None
        try:
            connection = sqlite3.connect(
                path, check_same_thread=False, timeout=10, isolation_level=None
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            store = cls(connection)
            store._prepare_schema(path)
        except (sqlite3.Error, ProjectError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, ProjectError):
                raise
            raise ProjectError(
                f"The project database {path} cannot be opened: {error}.",
                money="Nothing was spent, and nothing in it was changed.",
                remedy="Check that the folder is writable and the disk is not full.",
            ) from error
        return store

    def _prepare_schema(self, path: Path) -> None:
        with self._transaction() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise ProjectError(
                    f"{path} was made by a newer qcut_nb (schema {version}; this one knows "
                    f"{SCHEMA_VERSION}).",
                    money="Nothing was spent, and nothing in it was changed.",
                    remedy="Upgrade: pip install -U qcut-nb.",
                )
            if version == 0:
                for statement in _schema():
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._check_open()
            begin, commit, undo = (
                ("SAVEPOINT one", "RELEASE one", "ROLLBACK TO one; RELEASE one")
                if self._grouped
                else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
            )
            try:
                self._connection.execute(begin)
                yield self._connection
                self._connection.execute(commit)
            except BaseException as error:
                if self._connection.in_transaction:
                    for statement in undo.split("; "):
                        self._connection.execute(statement)
                if isinstance(error, sqlite3.Error):
                    raise ProjectError(
                        f"The project database could not be written: {error}.",
                        remedy="Free some disk space or mend the folder, then call "
                        "studio.resume(): nothing that was recorded is lost.",
                    ) from error
                raise

    def together(self, calls: Sequence[Callable[[], Any]]) -> list[tuple[Any, Exception | None]]:
        """Run calls of this store in one transaction: one wait for the disk instead of many.

        Each call keeps its own guard; one that fails is undone by itself. When this returns, what
        the others wrote is on the disk.

        Returns:
            For each call its value, or the error that it raised.

        Raises:
            ProjectError: The whole could not be written, and nothing of it was.
        """
        if len(calls) == 1:
            return [_attempt(calls[0])]
        with self._lock, self._transaction():
            self._grouped = True
            try:
                return [_attempt(call) for call in calls]
            finally:
                self._grouped = False

    def _read(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._lock:
            self._check_open()
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise ProjectError(f"The project database could not be read: {error}.") from error

    def close(self) -> None:
        """Close the database; what was committed is on disk."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ProjectError(
                "The project was closed.",
                money="Nothing was spent.",
                remedy="Open it again: qcut_nb.Studio(name).",
            )

    # -- jobs ---------------------------------------------------------------------------------

    def add_jobs(self, jobs: Sequence[NewJob], *, owner: str) -> None:
        """Record intents and reserve their quotes, all in one transaction."""
        now = time.time()
        with self._transaction() as db:
            for job in jobs:
                db.execute(
                    "INSERT INTO jobs (id, batch_id, place, mode, state, model_id,"
                    " catalog_version, request, changes, low_micro_usd, high_micro_usd,"
                    " reserved_micro_usd, created_at, lease_owner, lease_until)"
                    " VALUES (?, ?, ?, ?, 'reserved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        job.id,
                        job.batch_id,
                        job.place,
                        job.mode,
                        job.model_id,
                        job.catalog_version,
                        job.request,
                        job.changes,
                        job.low_micro_usd,
                        job.high_micro_usd,
                        job.high_micro_usd or 0,
                        now,
                        owner,
                        now + LEASE_S,
                    ),
                )
                db.execute(
                    "INSERT INTO events (job_id, at, state) VALUES (?, ?, 'reserved')",
                    (job.id, now),
                )

    def advance(self, job_id: str, leave: State, to: State, **columns: Any) -> None:
        """Move a job from one state to the next, with what is learnt on the way.

        Raises:
            StateConflictError: The job is not in the state to leave.
            ValueError: A job never goes from the one state to the other.
        """
        with self._transaction() as db:
            self._advance(db, job_id, leave, to, columns)

    def _advance(
        self, db: sqlite3.Connection, job_id: str, leave: State, to: State, columns: dict[str, Any]
    ) -> None:
        if to not in NEXT_STATES[leave]:
            message = f"a job never goes from {leave} to {to}"
            raise ValueError(message)
        now = time.time()
        changed = {"state": to, **columns}
        if to in _STAMPS:
            changed[_STAMPS[to]] = now
        if to in ENDED:
            changed |= {"ended_at": now, "lease_owner": None, "lease_until": None}
        if to in ("failed", "cancelled", "expired"):
            changed["reserved_micro_usd"] = 0
        sets = ", ".join(f"{_column(name)} = ?" for name in changed)
        done = db.execute(
            f"UPDATE jobs SET {sets} WHERE id = ? AND state = ?",
            (*changed.values(), job_id, leave),
        )
        if done.rowcount != 1:
            message = f"job {job_id} is not in state {leave}"
            raise StateConflictError(message)
        db.execute("INSERT INTO events (job_id, at, state) VALUES (?, ?, ?)", (job_id, now, to))

    def note(self, job_id: str, **columns: Any) -> None:
        """Record something about a job that does not change its state."""
        sets = ", ".join(f"{_column(name)} = ?" for name in columns)
        with self._transaction() as db:
            db.execute(f"UPDATE jobs SET {sets} WHERE id = ?", (*columns.values(), job_id))

    def job(self, job_id: str) -> JobRow | None:
        """The job of this id."""
        return next(iter(self._jobs("WHERE id = ?", (job_id,))), None)

    def jobs(self, *, batch_id: str | None = None, limit: int = 1000) -> list[JobRow]:
        """Jobs, the newest first; those of one batch in the batch's order."""
        if batch_id is not None:
            return self._jobs("WHERE batch_id = ? ORDER BY place", (batch_id,))
        return self._jobs("ORDER BY created_at DESC, place LIMIT ?", (limit,))

    def unfinished(self) -> list[JobRow]:
        """Jobs that have not ended, the oldest first."""
        marks = ", ".join("?" for _ in ENDED)
        return self._jobs(f"WHERE state NOT IN ({marks}) ORDER BY created_at, place", tuple(ENDED))

    def _jobs(self, clause: str, values: Sequence[Any]) -> list[JobRow]:
        rows = self._read(f"SELECT {', '.join(_JOB_COLUMNS)} FROM jobs {clause}", values)
        return [JobRow(**row) for row in rows]

    def events(self, job_id: str) -> list[tuple[float, str]]:
        """When a job came into which state: (Unix seconds, state), in order."""
        rows = self._read("SELECT at, state FROM events WHERE job_id = ? ORDER BY id", (job_id,))
        return [(row["at"], row["state"]) for row in rows]

    def known_request_ids(self) -> set[str]:
        """Every request id of fal's that belongs to a job here."""
        rows = self._read("SELECT request_id FROM jobs WHERE request_id IS NOT NULL")
        return {row["request_id"] for row in rows}

    # -- leases -------------------------------------------------------------------------------

    def claim(self, job_ids: Iterable[str], owner: str) -> list[str]:
        """Take over the watch of jobs that nobody watches; gives the ids that were taken."""
        taken = []
        now = time.time()
        with self._transaction() as db:
            for job_id in job_ids:
                row = db.execute(
                    "SELECT state, lease_owner, lease_until FROM jobs WHERE id = ?", (job_id,)
                ).fetchone()
                holder = row["lease_owner"] if row else None
                free = (
                    holder is None
                    or holder == owner
                    or (row["lease_until"] or 0) < now
                    or surely_dead(holder)
                )
                if row is None or row["state"] in ENDED or not free:
                    continue
                db.execute(
                    "UPDATE jobs SET lease_owner = ?, lease_until = ? WHERE id = ?",
                    (owner, now + LEASE_S, job_id),
                )
                taken.append(job_id)
        return taken

    def renew(self, owner: str) -> None:
        """Keep all leases of an owner alive for another `LEASE_S` seconds."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET lease_until = ? WHERE lease_owner = ?",
                (time.time() + LEASE_S, owner),
            )

    def release(self, owner: str) -> None:
        """Give all leases of an owner back."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?",
                (owner,),
            )

    # -- clips --------------------------------------------------------------------------------

    def store_clip(self, clip: ClipRow, **columns: Any) -> None:
        """Record a clip whose file is in place, and end its job; one transaction."""
        with self._transaction() as db:
            self._advance(db, clip.job_id, "downloading", "stored", {"problem": None, **columns})
            marks = ", ".join("?" for _ in _CLIP_COLUMNS)
            db.execute(
                f"INSERT INTO clips ({', '.join(_CLIP_COLUMNS)}) VALUES ({marks})",
                tuple(getattr(clip, name) for name in _CLIP_COLUMNS),
            )

    def clip(self, clip_id: str) -> ClipRow | None:
        """The clip of this id."""
        return next(iter(self._clips("WHERE id = ?", (clip_id,))), None)

    def clips(self, *, limit: int = 1000, offset: int = 0) -> list[ClipRow]:
        """Clips that were not deleted, the newest first."""
        return self._clips(
            "WHERE deleted_at IS NULL ORDER BY created_at DESC LIMIT ? OFFSET ?", (limit, offset)
        )

    def _clips(self, clause: str, values: Sequence[Any]) -> list[ClipRow]:
        rows = self._read(f"SELECT {', '.join(_CLIP_COLUMNS)} FROM clips {clause}", values)
        return [ClipRow(**row) for row in rows]

    # -- uploads, preferences, money ----------------------------------------------------------

    def upload_url(self, sha256: str, origin: str, *, max_age_s: float) -> str | None:
        """Where a file of this digest was uploaded to, if that was not too long ago."""
        rows = self._read(
            "SELECT url FROM uploads WHERE sha256 = ? AND origin = ? AND uploaded_at > ?",
            (sha256, origin, time.time() - max_age_s),
        )
        return rows[0]["url"] if rows else None

    def record_upload(self, sha256: str, origin: str, url: str) -> None:
        """Remember where a file was uploaded to."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO uploads (sha256, origin, url, uploaded_at)"
                " VALUES (?, ?, ?, ?)",
                (sha256, origin, url, time.time()),
            )

    def preference(self, name: str) -> str | None:
        """A remembered choice, as it was given."""
        rows = self._read("SELECT value FROM preferences WHERE name = ?", (name,))
        return rows[0]["value"] if rows else None

    def remember(self, name: str, value: str) -> None:
        """Remember a choice."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO preferences (name, value) VALUES (?, ?)", (name, value)
            )

    def spent_micro_usd(self) -> int:
        """What live jobs cost: billed, else metered, else the quote of a job that fal ran."""
        rows = self._read(
            "SELECT coalesce(sum(coalesce(billed_micro_usd, metered_micro_usd, high_micro_usd, 0)),"
            " 0) AS spent FROM jobs WHERE mode = 'live' AND state IN"
            " ('completed', 'downloading', 'stored')"
        )
        return int(rows[0]["spent"])


def _attempt(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return call(), None
    except Exception as error:
        return None, error


def _schema() -> list[str]:
    text = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
    return [statement for statement in text.split(";") if statement.strip()]


def _column(name: str) -> str:
    if name not in _JOB_COLUMNS:
        message = f"jobs have no column {name!r}"
        raise ValueError(message)
    return name
