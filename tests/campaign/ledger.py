"""What must hold at every moment of a campaign, read from the files and from fal's own books."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from campaign.kernel import PROJECT
from campaign.simulator_process import SimulatorProcess
from qcut_nb.media import check_clip, read_recipe, sha256_file
from qcut_nb.store import ENDED, Remains

DATABASE = "project.sqlite3"
QUOTE_MICRO_USD = 50_000
USED = "SELECT coalesce(sum(reserved_micro_usd + spent_micro_usd), 0) FROM jobs WHERE mode = 'live'"
WATCH_CAP = "".join(
    ["CREATE TABLE IF NOT EXISTS watched_cap (micro_usd INTEGER);"]
    + ["CREATE TABLE IF NOT EXISTS broken_caps (job_id TEXT, state TEXT);"]
    + [
        f"CREATE TRIGGER IF NOT EXISTS cap_after_{change} AFTER {change} ON jobs"
        f" WHEN ({USED}) > (SELECT micro_usd FROM watched_cap)"
        " BEGIN INSERT INTO broken_caps VALUES (new.id, new.state); END;"
        for change in ("insert", "update")
    ]
)
UNKNOWN = ("submitting", "submit_unknown")
NOT_CLIPS = (".part", ".etag", ".broken")


class Ledger:
    """Looks at a project from outside while its kernels come and go.

    Attributes:
        folder: The project's.
        states: How many jobs are in which state, at the last look.
    """

    def __init__(self, root: Path, fal: SimulatorProcess) -> None:
        self.folder = root / "qcut" / PROJECT
        self.states: Counter[str] = Counter()
        self._fal = fal
        self._whole: dict[str, tuple[int, int]] = {}

    def query(self, text: str) -> list[sqlite3.Row]:
        """Rows of the project's database."""
        with closing(sqlite3.connect(self.folder / DATABASE)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(text).fetchall()

    def cap(self, share: float, jobs: int) -> int:
        """Choose a cap under which only a share of so many more jobs fits, and watch it.

        A trigger in the database itself compares at every change, not only where we look.

        Returns:
            The cap, millionths of a US dollar.
        """
        more = int(jobs * share) * QUOTE_MICRO_USD
        if not (self.folder / DATABASE).exists():
            return more
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=20)) as db:
            db.executescript(WATCH_CAP)
            db.execute("DELETE FROM watched_cap")
            cap = int(db.execute(USED).fetchone()[0]) + more
            db.execute("INSERT INTO watched_cap VALUES (?)", (cap,))
            db.commit()
        return cap

    def check(self) -> None:
        """What holds at every moment, also right after a kill.

        Raises:
            AssertionError: Says what does not.
        """
        assert self.query("PRAGMA integrity_check")[0][0] == "ok"
        if self.query("SELECT 1 FROM sqlite_master WHERE name = 'broken_caps'"):
            assert not self.query("SELECT * FROM broken_caps"), "a cap was broken"
        jobs = self.query("SELECT id, request, request_id, state FROM jobs")
        self.states = Counter(job["state"] for job in jobs)
        by_prompt = {_prompt(job["request"]): job for job in jobs}
        assert len(by_prompt) == len(jobs), "an intent was recorded twice"
        accepted = Counter(record["body"]["prompt"] for record in self._fal.accepted())
        twice = [prompt for prompt, times in accepted.items() if times > 1]
        assert not twice, f"paid twice: {twice}"
        for record in self._fal.accepted():
            job = by_prompt.get(record["body"]["prompt"])
            assert job is not None, f"paid without an intent: {record}"
            known = job["request_id"] == record["request_id"]
            assert known or job["state"] in UNKNOWN, f"an id was lost: {dict(job)}"
        self._check_files()

    def _check_journal(self) -> None:
        """The journal alone knows what the database knows of every settled or accepted job."""
        remains = Remains.of_journal(self.folder)
        for job in self.query("SELECT id, state, request_id, spent_micro_usd FROM jobs"):
            known = remains.jobs[job["id"]]
            assert known.get("request_id") == job["request_id"]
            if job["state"] in ENDED:
                assert known["state"] == job["state"]
                assert known["spent_micro_usd"] == job["spent_micro_usd"]
        assert set(remains.clips) == {clip["id"] for clip in self.query("SELECT id FROM clips")}

    def _check_files(self) -> None:
        for path in (self.folder / "clips").iterdir():
            stat = path.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            if path.name.endswith(NOT_CLIPS) or self._whole.get(path.name) == seen:
                continue
            check_clip(path)
            recipe = read_recipe(path)
            assert recipe is not None
            assert recipe.job_id is not None
            assert recipe.job_id in path.name
            self._whole[path.name] = seen

    def all_delivered(self) -> bool:
        """Whether everything that fal accepted has come to its end here."""
        rows = self.query("SELECT request_id, state FROM jobs WHERE request_id IS NOT NULL")
        states = {row["request_id"]: row["state"] for row in rows}
        return all(states.get(record["request_id"]) in ENDED for record in self._fal.accepted())

    def check_settled(self) -> None:
        """What holds once nothing moves any more.

        Raises:
            AssertionError: Says what does not.
        """
        self.check()
        self._check_journal()
        jobs = {
            job["request_id"]: job
            for job in self.query("SELECT * FROM jobs WHERE request_id IS NOT NULL")
        }
        for record in self._fal.accepted():
            job = jobs.get(record["request_id"])
            assert job is not None, f"never adopted: {record['body']}"
            assert job["state"] == _fate(record), (dict(job), record)
        clips = {clip["file"]: clip for clip in self.query("SELECT * FROM clips")}
        stored = self.query("SELECT id FROM jobs WHERE state = 'stored'")
        assert {clip["job_id"] for clip in clips.values()} == {job["id"] for job in stored}
        for file, clip in clips.items():
            assert sha256_file(self.folder / file) == clip["sha256"]
        left = {path.name for path in (self.folder / "clips").iterdir()}
        lost = {
            name: next((dict(job) for job in jobs.values() if str(job["id"]) in name), None)
            for name in left ^ {Path(file).name for file in clips}
        }
        assert not lost, f"something was left lying about: {lost}"


def _fate(record: dict[str, Any]) -> str:
    """How fal ended a request."""
    prompt = record["body"]["prompt"]
    if record["outcome"] is not None and record["outcome"]["status"] != 200:
        return "failed"
    if record["cancelled_at"] is not None:
        return "cancelled"
    return "expired" if "expired" in prompt else "stored"


def _prompt(request: str) -> str:
    return str(json.loads(request)["body"]["prompt"])
