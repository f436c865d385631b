"""A project of an earlier version is brought up to date, or left exactly as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qcut_nb.errors import ProjectError
from qcut_nb.store import SCHEMA_VERSION, Store

VERSION_1 = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database as version 1 left it: live and simulated jobs in many states, two clips."""
    path = tmp_path / "project.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(VERSION_1.read_text(encoding="utf-8"))
    database.close()
    return path


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def shape(path: Path) -> dict[str, set[tuple[object, ...]]]:
    tables = [str(row[0]) for row in ask(path, "SELECT name FROM sqlite_schema")]
    columns = "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo('{}')"
    return {
        name: set(ask(path, columns.format(name))) for name in tables if "autoindex" not in name
    }


def test_an_old_project_keeps_its_jobs_and_clips_and_gets_the_new_tables(
    old: Path, tmp_path: Path
) -> None:
    jobs, clips = "SELECT id, state, request FROM jobs", "SELECT id, file, recipe FROM clips"
    before = ask(old, jobs), ask(old, clips)
    store = Store.open(old)
    assert len(store.clips()) == 2
    assert len(store.unfinished()) == 2
    store.close()
    assert (ask(old, jobs), ask(old, clips)) == before
    fresh = tmp_path / "fresh.sqlite3"
    Store.open(fresh).close()
    assert shape(old) == shape(fresh)
    indexes = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    assert ask(old, indexes) == ask(fresh, indexes)
    assert ask(old, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


def test_money_of_an_old_project_is_carried_over_and_doubt_keeps_its_reservation(
    old: Path,
) -> None:
    Store.open(old).close()
    rows = ask(
        old,
        "SELECT mode, state, charge, reserved_micro_usd, spent_micro_usd FROM jobs"
        " ORDER BY created_at",
    )
    assert rows == [
        ("live", "stored", "settled", 0, 50_000),
        ("live", "failed", "possible", 100_000, 0),
        ("live", "submit_unknown", "open", 100_000, 0),
        ("live", "cancelled", "possible", 350_000, 0),
        ("live", "cancelled", "possible", 350_000, 0),
        ("live", "running", "open", 350_000, 0),
        ("simulated", "stored", "settled", 0, 0),
    ]


def test_the_old_file_is_copied_before_it_is_touched(old: Path) -> None:
    before = ask(old, "SELECT * FROM jobs")
    Store.open(old).close()
    backup = old.with_name("project.sqlite3.v1.bak")
    assert ask(backup, "SELECT * FROM jobs") == before
    assert ask(backup, "PRAGMA user_version") == [(1,)]
    assert not list(old.parent.glob("*.part"))


def test_a_migration_that_fails_leaves_the_old_file_as_it_was(old: Path) -> None:
    database = sqlite3.connect(old)
    database.execute("CREATE TABLE metrics (in_the_way INTEGER)")
    database.close()
    before = shape(old), ask(old, "SELECT * FROM jobs")
    with pytest.raises(ProjectError, match="nothing in it was changed"):
        Store.open(old)
    assert (shape(old), ask(old, "SELECT * FROM jobs")) == before
    assert ask(old, "PRAGMA user_version") == [(1,)]


def test_a_project_that_an_older_kernel_watches_is_left_to_it(old: Path) -> None:
    database = sqlite3.connect(old, isolation_level=None)
    database.execute("UPDATE jobs SET lease_owner = 'other|1|x', lease_until = 9e12")
    database.close()
    with pytest.raises(ProjectError, match="older qcut_nb"):
        Store.open(old)
    assert ask(old, "PRAGMA user_version") == [(1,)]
