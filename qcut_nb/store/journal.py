"""`journal.jsonl`: what the database has to be remade from, should it be lost."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

log = logging.getLogger("qcut_nb.store")
Kind = Literal["intent", "sent", "submitted", "ended", "clip"]
DURABLE: frozenset[Kind] = frozenset({"sent"})
"""Lines that are on the disk before the next step is taken: that money may have been spent is known
for ever. A later line is in the file before the next step as well, and on the disk when the system
writes it: only a power cut that takes the database too could lose it, and then fal is asked.
"""
VERSION = 1
_AS_IS = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One thing that happened to a job.

    Attributes:
        kind: An intent to pay was recorded; its request is about to be sent; fal's ids came; the
            job ended; its clip is stored.
        job_id: The job.
        columns: What is known by it, under the database's names.
    """

    kind: Kind
    job_id: str
    columns: Mapping[str, Any]

    def to_text(self) -> str:
        """The line, with its end."""
        known = {name: value for name, value in self.columns.items() if value is not None}
        line = {"v": VERSION, "kind": self.kind, "job": self.job_id, **known}
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def from_text(cls, text: str) -> JournalLine | None:
        """The line in a text; `None` where it is none, such as half of one."""
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(line, dict) or line.pop("v", None) != VERSION:
            return None
        kind, job_id = line.pop("kind", None), line.pop("job", None)
        if kind not in get_args(Kind) or not isinstance(job_id, str) or not job_id:
            return None
        return cls(kind, job_id, line)


class Journal:
    """The file; lines are only ever added to it, whole ones, in the order of the transactions.

    The database's write lock keeps several processes apart.

    Args:
        path: The file; it is made with its first line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None
        self._behind = ""

    def write(self, lines: list[JournalLine]) -> None:
        """Add lines; on the disk at return where the next step needs that.

        A line that only repeats what the database holds may be late: it is kept, and added with
        the next. One that has to be there before money can be spent may not.

        Raises:
            OSError: A line that may not be late could not be written; none was.
        """
        if not lines:
            return
        text = self._behind + "".join(line.to_text() for line in lines)
        try:
            self._append(text.encode(), durable=any(line.kind in DURABLE for line in lines))
        except OSError as error:
            if any(line.kind in DURABLE for line in lines):
                raise
            self._behind = text
            log.warning("%s is behind: %s", self.path.name, error)
        else:
            self._behind = ""

    def _append(self, data: bytes, *, durable: bool) -> None:
        if self._file is None:
            self._file = self._open()
        start = os.fstat(self._file).st_size
        try:
            while data:
                data = data[os.write(self._file, data) :]
            if durable:
                os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, start)
            raise

    def _open(self) -> int:
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _AS_IS, 0o644)
        if os.fstat(file).st_size:
            os.lseek(file, -1, os.SEEK_END)
            # A machine that went down in the middle of a line must not spoil the next one.
            if os.read(file, 1) != b"\n":
                os.write(file, b"\n")
        return file

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read_journal(path: Path) -> Iterator[JournalLine]:
    """The lines of a journal in their order; none where there is no file.

    What is no line, such as half of one, is left out.

    Raises:
        OSError: It cannot be read.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            line = JournalLine.from_text(text)
            if line is not None:
                yield line
