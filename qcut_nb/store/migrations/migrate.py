"""From the schema that a file has to the one that this version knows, with a backup first."""

from __future__ import annotations

import sqlite3
import time
from importlib.resources import files
from pathlib import Path

from ...errors import ProjectError
from ..lease import surely_dead

SCHEMA_VERSION = 2
UNTOUCHED = "Nothing was spent, and nothing in it was changed."


def prepare_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file, or bring those of an older version up to date.

    A file of an older version is copied to `<name>.v<version>.bak` first. All steps are one
    transaction: one that fails leaves the file as it was.

    Raises:
        ProjectError: A newer version made it, or an older one has it open.
        sqlite3.Error: The file cannot be read or written.
    """
    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        refuse_newer(version, path)
        if version == 0:
            _run(connection, _package("schema.sql"))
        elif version < SCHEMA_VERSION:
            _refuse_while_open(connection, path)
            _back_up(path, path.with_name(f"{path.name}.v{version}.bak"))
            for step in range(version + 1, SCHEMA_VERSION + 1):
                _run(connection, _package("migrations", f"to_{step}.sql"))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(version: int, path: Path) -> None:
    """Refuse a file of a version that this one does not know.

    Raises:
        ProjectError: Says both versions.
    """
    if version > SCHEMA_VERSION:
        raise ProjectError(
            f"{path} was made by a newer qcut_nb (schema {version}; this one knows "
            f"{SCHEMA_VERSION}).",
            money=UNTOUCHED,
            remedy="Upgrade: pip install -U qcut-nb.",
        )


def _refuse_while_open(connection: sqlite3.Connection, path: Path) -> None:
    """A kernel of version 1 that still watches jobs would stumble over tables it does not know."""
    rows = connection.execute(
        "SELECT DISTINCT lease_owner FROM jobs WHERE lease_until > ?", (time.time(),)
    ).fetchall()
    if any(not surely_dead(row[0]) for row in rows):
        raise ProjectError(
            f"{path} is in use by a kernel with an older qcut_nb.",
            money=UNTOUCHED,
            remedy="Shut that kernel down (its jobs go on at fal), wait 20 s, and open it again.",
        )


def _back_up(path: Path, copy: Path) -> None:
    """A whole copy under its name, or none: the WAL's content is in it."""
    part = copy.with_name(copy.name + ".part")
    part.unlink(missing_ok=True)
    source, target = sqlite3.connect(path), sqlite3.connect(part)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    part.replace(copy)


def _package(*parts: str) -> str:
    return files("qcut_nb.store").joinpath(*parts).read_text(encoding="utf-8")


def _run(connection: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(statement)
