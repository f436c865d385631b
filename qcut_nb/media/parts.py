"""Files that are written under another name until they are whole."""

from __future__ import annotations

import glob
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LEFT_BEHIND_S = 24 * 3600.0
"""A part that nothing was written to for so long is of a process that was killed."""
_NEW_PART = re.compile(r"\.[0-9a-f]{8}\.part")


def part_name(path: Path) -> Path:
    """Where a file that nobody else writes is put until it is whole: beside its final place."""
    return path.with_name(path.name + ".part")


def new_part(path: Path) -> Path:
    """An empty file to write until it is whole: beside its final place, under a name of its own.

    Parts for the same place that a killed process left behind are removed.

    Raises:
        OSError: It cannot be made.
    """
    for old in path.parent.glob(f"{glob.escape(path.name)}.*.part"):
        if _NEW_PART.fullmatch(old.name.removeprefix(path.name)):
            with suppress(OSError):  # another process may remove it, too
                if time.time() - old.stat().st_mtime > LEFT_BEHIND_S:
                    old.unlink()
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    part.touch(exist_ok=False)
    return part


def finish_file(part: Path, path: Path) -> None:
    """Give a whole file its final name, so that it survives a crash of the machine.

    Args:
        part: The written file.
        path: The final name, in the same folder; replaced if it exists.
    """
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A part to write, which takes its final name when it is whole and goes when writing fails.

    Raises:
        OSError: It cannot be written.
    """
    part = new_part(path)
    try:
        yield part
        finish_file(part, path)
    finally:
        part.unlink(missing_ok=True)
