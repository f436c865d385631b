"""What the simulator remembers: one JSON file per accepted request, written atomically.

Files are the only truth: a process that takes over a folder continues the requests in it, and
several processes may share one.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from .locks import file_lock

RESCAN_S = 0.1
SETTLED_NS = 1_000_000_000


class Outcome(BaseModel):
    """How the work on a request ended.

    Attributes:
        status: 200, or the HTTP status of the error.
        body: The answer of an error.
        media: Name of the file in the media folder.
        video: Facts of the file, as fal's VideoFile spells them.
        units: Billable units, as text; `None` where no price is known.
        seed: The seed in effect.
        error_type: fal's code of an error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: int = 200
    body: dict[str, Any] | None = None
    media: str | None = None
    video: dict[str, Any] = {}
    units: str | None = None
    seed: int | None = None
    error_type: str | None = None


class Record(BaseModel):
    """One accepted request.

    Attributes:
        submitted_at: Unix time, seconds.
        queue_s: Shortest wait in the queue.
        run_s: Shortest time of running.
        relapse: Whether the job falls back into the queue in the middle of running.
        stubborn: Whether the job finishes although it was cancelled while running.
        start_timeout_s: Longest wait in the queue; a job that would wait longer fails.
        cancelled_at: When cancelling was accepted.
        ready_at: When the outcome was there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request_id: str
    endpoint: str
    body: dict[str, Any]
    submitted_at: float
    queue_s: float = 0
    run_s: float = 0
    relapse: bool = False
    stubborn: bool = False
    start_timeout_s: float | None = None
    cancelled_at: float | None = None
    ready_at: float | None = None
    outcome: Outcome | None = None

    @property
    def unqueued(self) -> bool:
        """Whether the job takes no time and so no place in the queue."""
        return self.queue_s == 0 and self.run_s == 0

    @property
    def abandoned(self) -> bool:
        """Whether nobody waits for the outcome any more."""
        return self.cancelled_at is not None and not self.stubborn

    @property
    def prompt(self) -> str:
        """The prompt of the request."""
        return str(self.body.get("prompt") or "")


def write_atomically(path: Path, text: str) -> int:
    """Write a file so that a reader, or a crash, sees the old or the new content.

    Returns:
        Its time of change, nanoseconds.
    """
    part = path.with_name(f"{path.name}.{uuid4().hex}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        mtime = os.fstat(file.fileno()).st_mtime_ns
    part.replace(path)
    return mtime


class RecordBook:
    """All requests in a folder, including those that other processes accept.

    Safe to use from several threads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.version = 0
        self._known: dict[str, tuple[int, Record]] = {}
        self._lock = threading.Lock()
        self._scanned_at = 0.0
        self._scanned_mtime = -1
        self.rescan()

    def __len__(self) -> int:
        return sum(1 for _ in self._names())

    def add(self, record: Record) -> None:
        """Accept a request: from here on it is on disk."""
        self._write(record)

    def get(self, request_id: str) -> Record | None:
        """The request as it is on disk now."""
        path = self._path(request_id)
        try:
            mtime = path.stat().st_mtime_ns
            known = self._known.get(request_id)
            if known and known[0] == mtime:
                return known[1]
            record = Record.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        self._remember(mtime, record)
        return record

    def change(self, request_id: str, **fields: Any) -> Record:
        """Set fields of a request.

        Raises:
            KeyError: There is no such request.
        """
        with file_lock(self.folder / "changes.lock"):
            record = self.get(request_id)
            if record is None:
                raise KeyError(request_id)
            record = record.model_copy(update=fields)
            self._write(record)
            return record

    def all(self) -> list[Record]:
        """Every request, in the order of acceptance."""
        self.rescan()
        with self._lock:
            records = [record for _, record in self._known.values()]
        return sorted(records, key=lambda record: (record.submitted_at, record.request_id))

    def rescan(self) -> None:
        """Take in what other processes wrote, at most every tenth of a second."""
        now = time.monotonic()
        if now - self._scanned_at < RESCAN_S:
            return
        self._scanned_at = now
        mtime = self.folder.stat().st_mtime_ns
        # A folder's time may stand still for two changes that follow each other closely.
        if mtime == self._scanned_mtime and time.time_ns() - mtime > SETTLED_NS:
            return
        self._scanned_mtime = mtime
        for name in list(self._names()):
            self.get(name.removesuffix(".json"))

    def _names(self) -> Iterator[str]:
        with os.scandir(self.folder) as entries:
            yield from (entry.name for entry in entries if entry.name.endswith(".json"))

    def _path(self, request_id: str) -> Path:
        return self.folder / f"{request_id}.json"

    def _write(self, record: Record) -> None:
        path = self._path(record.request_id)
        mtime = write_atomically(path, record.model_dump_json())
        self._remember(mtime, record)

    def _remember(self, mtime: int, record: Record) -> None:
        # Never held while a file is touched: the server's loop must not wait for a disk.
        with self._lock:
            self._known[record.request_id] = (mtime, record)
            self.version += 1
