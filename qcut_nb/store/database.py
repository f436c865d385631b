"""One SQLite file: its connection, its transactions, its errors."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from ..errors import ProjectError
from .filesystem import is_on_network
from .journal import Journal, JournalLine, Kind, read_journal
from .migrations import prepare_schema

JOURNAL_NAME = "journal.jsonl"
NOTHING_SENT = "Nothing was sent, nothing was spent."
REBUILD = "Call qcut_nb.Studio(name, rebuild=True): it remakes the database from the clips and "
REBUILD += "journal.jsonl, keeps the damaged one aside, and is free."


class Database:
    """A project's database. Every change is one transaction.

    Those that money hangs on wait until they are on the disk.

    Safe to use from several threads; several processes may open the same file.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, is_wal: bool) -> None:
        self.path = path
        self._connection = connection
        self._is_wal = is_wal
        self._lock = threading.RLock()
        self._file = path.stat()
        self._process = os.getpid()
        self._grouped = False
        self._waits = True
        self._closed = False
        self._journal = Journal(path.with_name(JOURNAL_NAME))
        self._lines: list[JournalLine] = []

    @classmethod
    def open(cls, path: Path, *, on_network: bool | None = None) -> Self:
        """Open or create a project's database; one of an older version is brought up to date.

        Args:
            path: The file.
            on_network: Whether other machines may write to it as well; found out by default. Then
                it works without a WAL, whose shared memory needs one machine.

        Raises:
            ProjectError: It was made by a newer version, is damaged, lost, or cannot be written.
        """
        _refuse_lost(path)
        connection = None
        try:
            connection = sqlite3.connect(
                path, check_same_thread=False, timeout=10, isolation_level=None
            )
            connection.row_factory = sqlite3.Row
            shared = is_on_network(path.parent) if on_network is None else on_network
            mode = "DELETE" if shared else "WAL"
            connection.execute(f"PRAGMA journal_mode = {mode}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            prepare_schema(connection, path)
        except (sqlite3.Error, ProjectError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, ProjectError):
                raise
            raise ProjectError(
                f"The project database {path} cannot be opened: {error}.",
                money="Nothing was spent, and nothing in it was changed.",
                remedy=_remedy(
                    error, "Check that the folder is writable and the disk is not full."
                ),
            ) from error
        return cls(path, connection, is_wal=mode == "WAL")

    @contextmanager
    def transaction(self, *, money: str = "", waits: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing: committed at the end, undone by any exception.

        Nobody else writes to the file meanwhile, so what is read in it stays true until its end.

        Args:
            money: What it means for the user's money that it could not be written.
            waits: Until it is on the disk, and all before it. Otherwise it is safe from the death
                of this process, and comes to the disk with the next that waits; a power cut before
                undoes it. A group waits.

        Raises:
            ProjectError: It could not be written, and nothing of it was.
        """
        self._check_process()
        with self._lock:
            self._check_open()
            begin, commit, undo = (
                ("SAVEPOINT one", "RELEASE one", "ROLLBACK TO one; RELEASE one")
                if self._grouped
                else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
            )
            known = len(self._lines)
            try:
                if not self._grouped:
                    self._set_waiting(waits)
                self._connection.execute(begin)
                yield self._connection
                if commit == "COMMIT":
                    self._journal.write(self._lines)
                self._connection.execute(commit)
                if commit == "COMMIT":
                    self._lines.clear()
            except BaseException as error:
                del self._lines[known:]
                if self._connection.in_transaction:
                    for statement in undo.split("; "):
                        self._connection.execute(statement)
                if isinstance(error, sqlite3.Error | OSError):
                    raise ProjectError(
                        f"The project could not be written: {error}.",
                        money=money,
                        remedy=_remedy(
                            error,
                            "Free some disk space or mend the folder, then do it again; "
                            "studio.resume() picks up jobs that were under way. Nothing that was "
                            "recorded is lost.",
                        ),
                    ) from error
                raise

    def _set_waiting(self, waits: bool) -> None:
        if waits != self._waits and self._is_wal:  # without a WAL, less would risk the whole file
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if waits else 'NORMAL'}")
            self._waits = waits

    def journal(self, kind: Kind, job_id: str, columns: Mapping[str, Any]) -> None:
        """Add a line to `journal.jsonl` with the transaction that is under way."""
        self._lines.append(JournalLine(kind, job_id, columns))

    def together(self, calls: Sequence[Callable[[], Any]]) -> list[tuple[Any, Exception | None]]:
        """Run calls of this store in one transaction: one wait for the disk instead of many.

        Each call keeps its own guard; one that fails is undone by itself. When this returns, what
        the others wrote is on the disk; a call that is alone decides that itself.

        Returns:
            For each call its value, or the error that it raised.

        Raises:
            ProjectError: The whole could not be written, and nothing of it was.
        """
        if len(calls) == 1:
            return [_attempt(calls[0])]
        with self._lock, self.transaction():
            self._grouped = True
            try:
                return [_attempt(call) for call in calls]
            finally:
                self._grouped = False

    def read(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows that a query gives.

        Raises:
            ProjectError: It could not be read.
        """
        self._check_process()
        with self._lock:
            self._check_open()
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise ProjectError(
                    f"The project database could not be read: {error}.",
                    money="Nothing was sent, and nothing in it was changed.",
                    remedy=_remedy(error, "Check the disk and the folder, and open it again."),
                ) from error

    def close(self) -> None:
        """Close the database; what was committed is on disk."""
        with self._lock:
            self._closed = True
            self._connection.close()
            self._journal.close()

    def refuse_remade(self) -> None:
        """Refuse to begin anything in a database that is not the project's any more.

        Another process that remade it cannot see what is recorded here: caps would not hold.

        Raises:
            ProjectError: The file under the path is another one, or gone.
        """
        try:
            in_place = os.path.samestat(self._file, self.path.stat())
        except OSError:
            in_place = False
        if not in_place:
            raise ProjectError(
                f"{self.path} was remade, moved or deleted while it was open here.",
                money="Nothing was sent.",
                remedy="Open it again: studio.close(), then qcut_nb.Studio(name).",
            )

    def _check_process(self) -> None:
        """SQLite's connections and the engine's threads do not live on in a fork."""
        if os.getpid() != self._process:
            raise ProjectError(
                f"The project was opened in process {self._process}; this is a fork of it.",
                money="Nothing was spent.",
                remedy="Use it there, or start processes by 'spawn' and open it in them.",
            )

    def _check_open(self) -> None:
        if self._closed:
            raise ProjectError(
                "The project was closed.",
                money="Nothing was spent.",
                remedy="Open it again: qcut_nb.Studio(name).",
            )


def _refuse_lost(path: Path) -> None:
    """An empty store in a lost one's place would forget what was paid and what is under way."""
    if path.exists() and path.stat().st_size:
        return
    jobs = {line.job_id for line in read_journal(path.with_name(JOURNAL_NAME))}
    if jobs or any(path.parent.glob("clips/*")):
        known = (
            f"{JOURNAL_NAME} beside it knows of {len(jobs)} jobs" if jobs else "its clips are there"
        )
        raise ProjectError(
            f"{path} is gone; {known}.",
            money="Nothing was spent now.",
            remedy=f"{REBUILD} For a new start, take another name, or move the old folder away.",
        )


def _remedy(error: Exception, otherwise: str) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    damaged = code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return REBUILD if damaged else otherwise


def _attempt(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return call(), None
    except Exception as error:
        return None, error
