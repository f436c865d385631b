"""A database remade from what lies beside it."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import ProjectError
from .clips import CLIP_COLUMNS
from .database import JOURNAL_NAME
from .jobs import UNFINISHED
from .journal import Journal, JournalLine, read_journal
from .lease import of_this_process, surely_dead
from .migrations import prepare_schema, refuse_newer
from .records import ClipRow, JobRow

log = logging.getLogger("qcut_nb.store")
JOB_COLUMNS = tuple(name.name for name in fields(JobRow))
_STATE_OF = {"intent": "reserved", "sent": "submit_unknown", "submitted": "submitted"}
_LATER = ("lease_owner", "reused_clip", "instead_of")
_BY_FILE = (
    "charge",
    "reserved_micro_usd",
    "spent_micro_usd",
    "metered_micro_usd",
    "request_id",
    "ended_at",
)
_CHUNK = 500
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass
class Remains:
    """What is known of a project without its database.

    Attributes:
        jobs: Columns of jobs, by job.
        clips: Columns of clips, by clip.
    """

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    clips: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of_journal(cls, folder: Path) -> Remains:
        """What `journal.jsonl` tells.

        A job that was about to be sent and of which no answer is known is `submit_unknown`: it is
        looked up, and never sent again.

        Raises:
            OSError: It cannot be read.
        """
        remains = cls()
        for line in read_journal(folder / JOURNAL_NAME):
            remains._take(line)
        for job in remains.jobs.values():
            if job["state"] in UNFINISHED:
                job["charge"] = "open"
        return remains

    def _take(self, line: JournalLine) -> None:
        if line.kind == "clip":
            clip = {name: line.columns.get(name) for name in CLIP_COLUMNS}
            if isinstance(clip["id"], str) and isinstance(clip["file"], str):
                self.clips[clip["id"]] = clip
            return
        known = {name: value for name, value in line.columns.items() if name in JOB_COLUMNS}
        known.pop("id", None)
        if line.kind == "intent":
            self.jobs[line.job_id] = {"id": line.job_id, "state": "reserved", **known}
        elif line.job_id in self.jobs:
            state = _STATE_OF.get(line.kind)
            self.jobs[line.job_id] |= {**({"state": state} if state else {}), **known}

    def add(self, job: Mapping[str, Any], clip: ClipRow) -> None:
        """Add a clip that only its own file tells of, with the job that made it.

        Args:
            job: What the file tells of the job; where that had not ended, its end as well.
            clip: The clip.
        """
        known = self.jobs.setdefault(clip.job_id, dict(job))
        if known["state"] in UNFINISHED:
            known |= {name: job[name] for name in _BY_FILE if name in job}
        known |= {"state": "stored", "id": clip.job_id}
        self.clips[clip.id] = {name: getattr(clip, name) for name in CLIP_COLUMNS}


def remake(folder: Path, name: str, remains: Remains) -> Path | None:
    """Write a new database in the place of the old one, which is kept aside.

    Nobody may have the old one open. A crash on the way leaves the old one, or the new one, or
    neither under its name; then this is done again.

    Args:
        folder: The project's.
        name: File name of the database.
        remains: What goes into it; what the database refuses is taken out.

    Returns:
        Where the old one is now; `None` where there was none.

    Raises:
        ProjectError: The new one cannot be written; the old one is untouched.
    """
    path = folder / name
    fresh = folder / f"{name}.new"
    fresh.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            prepare_schema(db, fresh)
            db.execute("BEGIN IMMEDIATE")
            _fill(db, remains)
            db.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        fresh.unlink(missing_ok=True)
        raise ProjectError(
            f"The project database cannot be remade: {error}.",
            money="Nothing was spent, and the old one is untouched.",
            remedy="Make room or allow writing, then call it again.",
        ) from error
    aside = _set_aside(path)
    fresh.replace(path)
    _journal_strangers(folder, remains)
    return aside


def _fill(db: sqlite3.Connection, remains: Remains) -> None:
    jobs = {
        job_id
        for job_id, job in remains.jobs.items()
        if _insert(db, "jobs", job | dict.fromkeys(_LATER))
    }
    clips = {
        clip_id
        for clip_id, clip in remains.clips.items()
        if _is_among(clip["job_id"], jobs) and _insert(db, "clips", clip)
    }
    remains.jobs = {job_id: job for job_id, job in remains.jobs.items() if job_id in jobs}
    remains.clips = {clip_id: clip for clip_id, clip in remains.clips.items() if clip_id in clips}
    for job_id, job in remains.jobs.items():
        at = job.get("ended_at") or job["created_at"]
        db.execute(
            "INSERT INTO events (job_id, at, state) VALUES (?, ?, ?)", (job_id, at, job["state"])
        )
        for name, there in (("reused_clip", clips), ("instead_of", jobs)):
            if _is_among(job.get(name), there):
                db.execute(f"UPDATE jobs SET {name} = ? WHERE id = ?", (job[name], job_id))


def _is_among(value: object, ids: Set[str]) -> bool:
    """A spoilt line may hold anything, also what cannot be in a set."""
    return isinstance(value, str) and value in ids


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> bool:
    """Whether the table takes a row; one that it refuses came of a line that was spoilt."""
    known = {name: value for name, value in row.items() if value is not None}
    marks = ", ".join("?" for _ in known)
    try:
        db.execute(
            f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks})", tuple(known.values())
        )
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError) as error:
        log.warning("a row of %s was left out: %s", table, error)
        return False
    return True


def _set_aside(path: Path) -> Path | None:
    """The side files first: without them, what is left under the name is at least what it was."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    found = None
    for ending in reversed(_SIDE_FILES):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
            found = aside
    return found


def _journal_strangers(folder: Path, remains: Remains) -> None:
    """What the journal did not know is in it from now on."""
    path = folder / JOURNAL_NAME
    known = {line.job_id for line in read_journal(path) if line.kind == "clip"}
    journal = Journal(path)
    try:
        for clip in remains.clips.values():
            if clip["job_id"] not in known and clip["job_id"] in remains.jobs:
                journal.write(lines_of(remains.jobs[clip["job_id"]], clip))
    finally:
        journal.close()


def lines_of(job: Mapping[str, Any], clip: Mapping[str, Any] | None) -> list[JournalLine]:
    """The journal's lines of a job as it stands."""
    job_id, state = job["id"], job["state"]
    lines = [JournalLine("intent", job_id, {**job, "state": "reserved", "lease_owner": None})]
    if state not in ("planned", "reserved"):
        lines.append(JournalLine("sent", job_id, {}))
    if job.get("request_id"):
        lines.append(JournalLine("submitted", job_id, {}))
    if job.get("ended_at") or state == "stored":
        lines.append(JournalLine("ended", job_id, {"state": state}))
    if clip is not None:
        lines.append(JournalLine("clip", job_id, clip))
    return lines


def begin_journal(jobs: Iterable[JobRow], clips: Iterable[ClipRow], folder: Path) -> None:
    """Write the journal of a project that had none, as older versions made them.

    Raises:
        OSError: It cannot be written.
    """
    path = folder / JOURNAL_NAME
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    by_job = {clip.job_id: {name: getattr(clip, name) for name in CLIP_COLUMNS} for clip in clips}
    journal = Journal(part)
    lines: list[JournalLine] = []
    try:
        for row in jobs:
            job = {name: getattr(row, name) for name in JOB_COLUMNS}
            lines += lines_of(job, by_job.get(row.id))
            if len(lines) > _CHUNK:
                journal.write(lines)
                lines = []
        journal.write(lines)
    finally:
        journal.close()
    if part.exists():
        part.replace(path)


def refuse_in_use(path: Path, *, open_here: bool = False) -> None:
    """Refuse to touch a database that another process works with, as far as it can be read.

    Args:
        path: The database.
        open_here: It is open in this process, too, which counts for nothing.

    Raises:
        ProjectError: Another process has leases in it that have not run out, or a newer version
            made it and would lose what this one does not know.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            rows = db.execute("SELECT owner FROM leases WHERE until > ?", (time.time(),)).fetchall()
    except sqlite3.Error:
        return
    refuse_newer(version, path)
    owners = [str(row[0]) for row in rows if not surely_dead(str(row[0]))]
    if any(not (open_here and of_this_process(owner)) for owner in owners):
        raise ProjectError(
            f"Another kernel works on {path.parent.name}.",
            money="Nothing was changed.",
            remedy="Shut that kernel down (its jobs go on at fal), wait 20 s, and call it again.",
        )
