"""A machine that stops in the middle of a write: what was committed is there, and nothing half."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from qcut_nb.store import NEXT_STATES, Cap, CapExceededError, ClipRow, NewJob, Remains, State, Store

NAME = "project.sqlite3"
CAP = 500_000
PRICE = 100_000
WAL_HEADER, FRAME_HEADER = 32, 24
"""Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log, read 2026-08."""
LIFE: tuple[State, ...] = ("submitting", "submitted", "running", "completed", "downloading")


class Story(NamedTuple):
    """A project, and what had been promised when its WAL was how long.

    Attributes:
        promises: (length of the WAL in bytes, state by job) after each commit.
    """

    folder: Path
    promises: list[tuple[int, dict[str, State]]]


def new_job(job_id: str) -> NewJob:
    return NewJob(job_id, "b", 0, "live", "m", "v", "{}", "[]", PRICE, PRICE)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Seven intents under a cap that holds five, each further in its life than the next."""
    folder = tmp_path_factory.mktemp("story")
    store = Store.open(folder / NAME)
    wal = folder / f"{NAME}-wal"
    promises: list[tuple[int, dict[str, State]]] = []

    def commit_was_promised() -> None:
        now = {row.id: row.state for row in store.jobs()}
        promises.append((wal.stat().st_size, dict(now)))

    commit_was_promised()
    caps = [Cap("project_usd", "usd", CAP)]
    for number in range(7):
        job_id = f"j{number}"
        try:
            store.add_jobs([new_job(job_id)], owner="o", caps=caps)
        except CapExceededError:
            continue
        commit_was_promised()
        leave: State = "reserved"
        for to in LIFE[: 5 - number]:
            if to == "submitted":
                store.advance(job_id, leave, to, request_id=f"r{number}", status_url="s")
            else:
                store.advance(job_id, leave, to)
            leave = to
            commit_was_promised()
        if leave == "downloading":
            clip = ClipRow(job_id, job_id, "clips/x.mp4", "0" * 64, 1, "{}", "{}", 0.0)
            store.store_clip(clip)
            commit_was_promised()
    copy = tmp_path_factory.mktemp("copy")
    for name in (NAME, f"{NAME}-wal", "journal.jsonl"):
        shutil.copy(folder / name, copy / name)
    store.close()
    yield Story(copy, promises)


def cuts(story: Story) -> list[int]:
    """Every boundary of a frame, and odd places within frames."""
    wal = (story.folder / f"{NAME}-wal").read_bytes()
    page = struct.unpack(">I", wal[8:12])[0]
    frame = FRAME_HEADER + page
    whole = range(0, (len(wal) - WAL_HEADER) // frame + 1)
    ends = [WAL_HEADER + n * frame for n in whole]
    odd = [end + more for end in ends for more in (-1, 1, 7, FRAME_HEADER, FRAME_HEADER + 100)]
    return sorted({0, 1, 31, *ends, *(place for place in odd if 0 <= place <= len(wal))})


def check(path: Path, at_least: dict[str, State]) -> None:
    """What holds when a project is opened after a crash."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    store = Store.open(path)
    try:
        rows = {row.id: row for row in store.jobs()}
        for job_id, state in at_least.items():
            assert rows[job_id].state == state or _later(state, rows[job_id].state)
        for row in rows.values():
            # Rule 1: an intent is there whole, with its reservation, before anything else.
            assert (row.request, row.high_micro_usd) == ("{}", PRICE)
            assert row.reserved_micro_usd + row.spent_micro_usd == PRICE
            # Rule 4: no job is at fal without the id that it has there.
            sent = row.state not in ("reserved", "submitting")
            assert (row.request_id is not None) == sent
            assert store.events(row.id)[-1][1] == row.state
        assert sum(row.reserved_micro_usd + row.spent_micro_usd for row in rows.values()) <= CAP
        stored = {row.id for row in rows.values() if row.state == "stored"}
        assert {clip.job_id for clip in store.clips()} == stored
    finally:
        store.close()


def _later(state: State, other: State) -> bool:
    reached: set[State] = set()
    fresh = {state}
    while fresh:
        reached |= fresh
        fresh = {to for one in fresh for to in NEXT_STATES[one]} - reached
    return other in reached


def test_a_wal_cut_anywhere_leaves_what_was_promised_by_then(story: Story, tmp_path: Path) -> None:
    wal = (story.folder / f"{NAME}-wal").read_bytes()
    for number, cut in enumerate(cuts(story)):
        folder = tmp_path / str(number)
        shutil.copytree(story.folder, folder)
        (folder / f"{NAME}-wal").write_bytes(wal[:cut])
        promised = [states for length, states in story.promises if length <= cut]
        if not promised:
            continue
        check(folder / NAME, promised[-1])
        shutil.rmtree(folder)


def test_garbage_behind_the_wal_is_not_believed(story: Story, tmp_path: Path) -> None:
    wal = (story.folder / f"{NAME}-wal").read_bytes()
    for number, (length, states) in enumerate(story.promises):
        folder = tmp_path / str(number)
        shutil.copytree(story.folder, folder)
        (folder / f"{NAME}-wal").write_bytes(wal[:length] + bytes(range(256)) * 20)
        check(folder / NAME, states)


def test_a_journal_cut_anywhere_knows_every_intent_that_was_sent(
    story: Story, tmp_path: Path
) -> None:
    journal = (story.folder / "journal.jsonl").read_bytes()
    for cut in range(0, len(journal) + 1, 37):
        (tmp_path / "journal.jsonl").write_bytes(journal[:cut])
        remains = Remains.of_journal(tmp_path)
        whole = journal[:cut].decode(errors="ignore").count("\n")
        assert len(remains.jobs) <= whole + 1
        for job in remains.jobs.values():
            assert job["state"] in NEXT_STATES
            assert job["request"] == "{}"
