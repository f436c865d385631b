"""The journal: whole lines, in order, before money can be spent; and where a WAL is no good."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcut_nb.store import JournalLine, NewJob, Store, is_on_network, read_journal
from qcut_nb.store.journal import Journal

MOUNTS = """\
sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ana/local ext4 rw 0 0
//nas/films /mnt/my\\040films cifs rw 0 0
/dev/sdc1 /mnt/twice ext4 rw 0 0
sshfs#host: /mnt/twice fuse.sshfs rw 0 0
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def line(job_id: str, kind: str = "ended") -> JournalLine:
    return JournalLine(kind, job_id, {})  # type: ignore[arg-type]  # a kind


def jobs_in(path: Path) -> list[str]:
    return [line.job_id for line in read_journal(path)]


def test_half_a_line_spoils_neither_the_one_before_nor_the_one_after(path: Path) -> None:
    journal = Journal(path)
    journal.write([line("a"), line("b")])
    journal.close()
    path.write_bytes(path.read_bytes()[:-5])
    journal = Journal(path)
    journal.write([line("c")])
    journal.close()
    assert jobs_in(path) == ["a", "c"]


def test_a_line_that_may_be_late_comes_with_the_next_and_one_that_may_not_is_an_error(
    path: Path,
) -> None:
    path.mkdir()
    journal = Journal(path)
    journal.write([line("late")])
    with pytest.raises(OSError, match="directory"):
        journal.write([line("now", "sent")])
    path.rmdir()
    journal.write([line("next")])
    journal.close()
    assert jobs_in(path) == ["late", "next"]


def test_what_was_undone_in_the_database_is_not_in_the_journal(tmp_path: Path, path: Path) -> None:
    store = Store.open(tmp_path / "project.sqlite3")
    new = [NewJob(i, "b", 0, "live", "m", "v", "{}", "[]", 1, 1) for i in ("a", "b")]
    store.together(
        [
            lambda: store.add_jobs(new, owner="o"),
            lambda: store.add_jobs(new[:1], owner="o"),
            lambda: store.advance("a", "reserved", "submitting"),
            lambda: store.advance("b", "submitting", "submitted", request_id="r"),
        ]
    )
    store.close()
    assert [(line.kind, line.job_id) for line in read_journal(path)] == [
        ("intent", "a"),
        ("intent", "b"),
        ("sent", "a"),
    ]


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        ("/work", False),
        ("/home/ana/project", True),
        ("/home/ana/local/project", False),
        ("/homes", False),
        ("/mnt/my films/project", True),
        ("/mnt/twice", True),
    ],
)
def test_a_folder_of_several_machines_is_told_by_its_mount(folder: str, shared: bool) -> None:
    assert is_on_network(Path(folder), MOUNTS) is shared


@pytest.mark.parametrize(("on_network", "mode"), [(True, "delete"), (False, "wal")])
def test_a_database_of_several_machines_has_no_wal(
    on_network: bool, mode: str, tmp_path: Path
) -> None:
    for _ in range(2):
        store = Store.open(tmp_path / "project.sqlite3", on_network=on_network)
        assert store.read("PRAGMA journal_mode")[0][0] == mode
        store.close()
