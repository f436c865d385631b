"""A file is read once for as long as it stays the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qcut_nb.errors import MediaError
from qcut_nb.media import examine, sha256_file
from support.media import make_picture


def test_the_same_file_is_not_read_again_and_a_changed_one_is(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "a.png")
    first, times = examine(path), path.stat()
    assert first.sha256 == sha256_file(path)
    # Other bytes behind the same size and time: only a second reading could tell.
    path.write_bytes(bytes(reversed(path.read_bytes())))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert examine(path) == first
    os.utime(path)
    with pytest.raises(MediaError):
        examine(path)


def test_what_is_wrong_with_a_file_is_found_out_once_and_said_each_time(tmp_path: Path) -> None:
    path = tmp_path / "words.png"
    path.write_text("no picture")
    for _ in range(2):
        with pytest.raises(MediaError, match="words"):
            examine(path)
