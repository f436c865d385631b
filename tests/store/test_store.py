"""What the store promises: one transaction per change, guarded by the state it leaves."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from qcut_nb.errors import InputError, ProjectError
from qcut_nb.store import (
    NEXT_STATES,
    SCHEMA_VERSION,
    ClipRow,
    NewJob,
    Project,
    Remains,
    State,
    StateConflictError,
    Store,
    disown,
    new_owner,
    remake,
)


def new_job(job_id: str = "j1") -> NewJob:
    return NewJob(
        id=job_id,
        batch_id="b1",
        place=0,
        mode="live",
        model_id="kling_v2_5",
        catalog_version="v",
        request="{}",
        changes="[]",
        low_micro_usd=350_000,
        high_micro_usd=350_000,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "project.sqlite3")) as opened:
        yield opened


def test_an_intent_is_on_disk_with_its_reservation_before_anything_else(store: Store) -> None:
    told = store.add_jobs([new_job()], owner="o")
    job = store.job("j1")
    assert job is not None
    assert told == [job]
    assert (job.state, job.reserved_micro_usd, job.request_id) == ("reserved", 350_000, None)


def test_a_change_from_a_state_that_was_left_is_refused_and_changes_nothing(store: Store) -> None:
    store.add_jobs([new_job()], owner="o")
    store.advance("j1", "reserved", "submitting")
    with pytest.raises(StateConflictError):
        store.advance("j1", "reserved", "cancelled")
    job = store.job("j1")
    assert job is not None
    assert job.state == "submitting"
    assert [state for _, state in store.events("j1")] == ["reserved", "submitting"]


def test_of_many_threads_exactly_one_leaves_a_state(store: Store) -> None:
    store.add_jobs([new_job()], owner="o")

    def leave(_: int) -> bool:
        try:
            store.advance("j1", "reserved", "submitting")
        except StateConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(leave, range(40))) == 1


def test_a_job_never_takes_a_way_that_is_not_drawn(store: Store) -> None:
    store.add_jobs([new_job()], owner="o")
    with pytest.raises(ValueError, match="never goes"):
        store.advance("j1", "reserved", "stored")
    assert "submitting" not in NEXT_STATES["submit_unknown"]


def test_a_failed_job_gives_its_reservation_back(store: Store) -> None:
    store.add_jobs([new_job()], owner="o")
    store.advance("j1", "reserved", "submitting")
    store.advance("j1", "submitting", "failed")
    job = store.job("j1")
    assert job is not None
    assert job.reserved_micro_usd == 0
    assert store.unfinished() == []


def test_one_request_of_fals_belongs_to_one_job(store: Store) -> None:
    store.add_jobs([new_job("a"), new_job("b")], owner="o")
    for job_id in ("a", "b"):
        store.advance(job_id, "reserved", "submitting")
    store.advance("a", "submitting", "submitted", request_id="r")
    with pytest.raises(ProjectError):
        store.advance("b", "submitting", "submitted", request_id="r")
    job = store.job("b")
    assert job is not None
    assert job.state == "submitting"


def test_a_clip_and_the_end_of_its_job_are_recorded_together(store: Store) -> None:
    store.add_jobs([new_job()], owner="o")
    clip = ClipRow("j1", "j1", "clips/a.mp4", "0" * 64, 1, "{}", "{}", 0.0)
    with pytest.raises(StateConflictError):
        store.store_clip(clip)
    assert store.clips() == []


def test_a_job_is_watched_by_one_owner_until_the_lease_is_given_back(store: Store) -> None:
    mine, other = new_owner(), new_owner()
    store.add_jobs([new_job()], owner=mine)
    assert store.claim(["j1"], other) == []
    store.release(mine)
    assert store.claim(["j1"], other) == ["j1"]


def test_a_lease_that_could_not_be_given_back_is_taken_over_at_once(store: Store) -> None:
    mine, other = new_owner(), new_owner()
    store.add_jobs([new_job()], owner=mine)
    assert store.claim(["j1"], other) == []
    disown(mine)
    assert store.claim(["j1"], other) == ["j1"]


def test_the_lease_of_a_dead_process_is_taken_over_at_once(store: Store, tmp_path: Path) -> None:
    code = "from qcut_nb.store import new_owner; print(new_owner())"
    dead = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    store.add_jobs([new_job()], owner=dead)
    assert store.claim(["j1"], new_owner()) == ["j1"]


def test_a_project_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite3"
    Store.open(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()
    with pytest.raises(ProjectError, match="newer") as caught:
        Store.open(path)
    assert "Upgrade" in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(ProjectError, match=r"project\.sqlite3"):
        Store.open(path)


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "a/b", "a\\b", "con", "COM¹", "nul.txt", "x" * 81, "a:b", " a"]
)
def test_a_name_that_some_file_system_cannot_hold_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Project.open(name, tmp_path)


def test_a_place_where_no_folder_can_be_made_is_named(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    with pytest.raises(ProjectError, match="root=") as caught:
        Project.open("teaser", blocker)
    assert "Nothing was spent" in str(caught.value)


def test_calls_that_share_a_transaction_keep_their_own_guards(store: Store) -> None:
    store.add_jobs([new_job("a"), new_job("b")], owner="o")
    answers = store.together(
        [
            lambda: store.advance("a", "reserved", "submitting"),
            lambda: store.advance("a", "reserved", "cancelled"),
            lambda: store.advance("b", "reserved", "cancelled"),
        ]
    )
    assert [type(error) for _, error in answers] == [type(None), StateConflictError, type(None)]
    assert [job.state for job in store.jobs(batch_id="b1")] == ["submitting", "cancelled"]


def test_a_kernel_whose_database_was_remade_records_nothing_in_the_old_one(tmp_path: Path) -> None:
    idle = Project.open("p", tmp_path)
    idle.store.add_jobs([new_job("old")], owner=new_owner())
    remake(idle.folder, "project.sqlite3", Remains.of_journal(idle.folder))
    with pytest.raises(ProjectError, match="remade"):
        idle.store.add_jobs([new_job("new")], owner=new_owner())
    with pytest.raises(ProjectError, match="remade"):
        idle.store.claim(["old"], new_owner())
    idle.store.close()
    again = Project.open("p", tmp_path).store
    assert [job.id for job in again.jobs()] == ["old"]
    again.close()


FORK = """
import os, sys
from pathlib import Path
from qcut_nb.errors import ProjectError
from qcut_nb.store import Store
store = Store.open(Path(sys.argv[1]))
if os.fork() == 0:
    try:
        store.job("j1")
    except ProjectError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
store.close()
"""


def test_a_forked_process_leaves_the_database_to_the_one_that_opened_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORK, str(tmp_path / "project.sqlite3")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert "this is a fork" in said
    assert "Nothing was spent" in said


@pytest.mark.parametrize("on_network", [False, True])
def test_what_money_hangs_on_waits_for_the_disk_and_all_before_it_gets_there_too(
    tmp_path: Path, on_network: bool
) -> None:
    waits, may_be_late = 2, 2 if on_network else 1  # SQLite's FULL and NORMAL, of a WAL
    with closing(Store.open(tmp_path / "project.sqlite3", on_network=on_network)) as store:

        def waited() -> int:
            return int(store.read("PRAGMA synchronous")[0][0])

        store.add_jobs([new_job()], owner="o")
        assert waited() == may_be_late
        leave: State = "reserved"
        steps: list[State] = ["submitting", "submitted", "running", "completed", "downloading"]
        for to in steps:
            store.advance("j1", leave, to)
            assert waited() == (waits if to in ("submitting", "submitted") else may_be_late)
            leave = to
        store.advance("j1", leave, "expired")
        assert waited() == waits
