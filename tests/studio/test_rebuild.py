"""A project outlives its database, its folder's name, and its machine."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qcut_nb import Studio, Sweep
from qcut_nb.errors import InputError, ProjectError
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.store import Shelf
from support.media import make_picture
from support.waiting import wait_until

WAIT_S = 60
KEY = "id:rebuild-canary"
DATABASE = "project.sqlite3"


@pytest.fixture
def live(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Studio]]:
    """Opens studios in live mode: only there money counts."""
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    opened: list[Studio] = []

    def open_one(name: str = "live", **settings: object) -> Studio:
        opened.append(Studio(name, mode="live", key=KEY, root=tmp_path, **settings))  # type: ignore[arg-type]  # tests pass few
        return opened[-1]

    yield open_one
    for studio in opened:
        studio.close()


def spent_micro_usd(studio: Studio) -> int:
    query = "SELECT coalesce(sum(spent_micro_usd), 0) FROM jobs"
    return int(studio._core.project.store.read(query)[0][0])


def lose(studio: Studio, how: str) -> None:
    path = studio.folder / DATABASE
    studio.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if how == "lost":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        data = bytearray(path.read_bytes())
        data[:4096] = bytes(4096)
        path.write_bytes(data)


@pytest.mark.parametrize("how", ["lost", "emptied", "damaged"])
def test_the_store_is_remade_with_clips_money_and_unfinished_jobs(
    how: str, live: Callable[..., Studio], simulator: Simulator
) -> None:
    studio = live()
    clip = studio.generate("first", models="wan_turbo").wait(WAIT_S)[0]
    simulator.faults = [Fault(kind="media_truncated", times=None, prompt="half")]
    half = studio.generate("half", models="wan_turbo").jobs[0]
    wait_until(lambda: half.view.settled)
    simulator.faults = [Fault(kind="verdict", status=422)]
    refused = studio.generate("refused", models="wan_turbo").jobs[0]
    wait_until(lambda: refused.view.settled)
    spent = spent_micro_usd(studio)
    assert spent > 0
    lose(studio, how)
    simulator.faults = []

    with pytest.raises(ProjectError, match="rebuild=True"):
        live()
    again = live(rebuild=True)
    assert again.job(half.id).wait(WAIT_S).prompt == "half"
    assert [c.prompt for c in again.clips] == ["half", "first"]
    assert again.clips[1].path == clip.path
    assert again.job(refused.id).state == "failed"
    assert spent_micro_usd(again) == 2 * spent
    assert simulator.accepted_submits == 3
    kept = list(again.folder.glob(f"{DATABASE}.damaged-*"))
    assert len(kept) == (0 if how == "lost" else 1)
    assert again.verify(1).fine


def test_a_submit_whose_answer_the_journal_does_not_have_is_looked_up_and_never_repeated(
    live: Callable[..., Studio], simulator: Simulator
) -> None:
    studio = live()
    job = studio.generate("one payment", models="wan_turbo").jobs[0]
    job.wait(WAIT_S)
    journal = studio.folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    lose(studio, "lost")
    for clip in (studio.folder / "clips").iterdir():
        clip.unlink()
    journal.write_text(lines[0] + lines[1] + lines[2][:40])
    again = live(rebuild=True)
    assert again.job(job.id).wait(WAIT_S).prompt == "one payment"
    assert simulator.accepted_submits == 1


def test_an_intent_that_was_never_sent_is_not_sent_later(
    live: Callable[..., Studio], simulator: Simulator
) -> None:
    studio = live()
    job = studio.generate("never", models="wan_turbo").jobs[0]
    job.wait(WAIT_S)
    journal = studio.folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    lose(studio, "lost")
    for clip in (studio.folder / "clips").iterdir():
        clip.unlink()
    journal.write_text(lines[0])
    again = live(rebuild=True)
    wait_until(lambda: again.job(job.id).state == "cancelled")
    assert simulator.accepted_submits == 1


def test_without_a_journal_the_clips_tell_of_themselves(
    live: Callable[..., Studio], simulator: Simulator
) -> None:
    studio = live()
    for prompt in ("one", "two"):
        studio.generate(prompt, models="wan_turbo").wait(WAIT_S)
    spent = spent_micro_usd(studio)
    (studio.folder / "journal.jsonl").unlink()
    (studio.folder / "clips" / "song.mp4").write_bytes(b"no film")
    done = studio.rebuild()
    assert (done.jobs, done.clips, done.from_files) == (2, 2, 2)
    assert done.left_out == ("song.mp4",)
    assert {clip.prompt for clip in studio.clips} == {"one", "two"}
    assert spent_micro_usd(studio) == spent
    (studio.folder / "journal.jsonl").unlink()
    lose(studio, "lost")
    with pytest.raises(ProjectError, match="its clips are there"):
        live()
    again = live(rebuild=True)
    assert len(again.clips) == 2
    assert spent_micro_usd(again) == spent


def test_the_cells_of_a_sweep_are_found_by_the_clip_files_alone(studio: Studio) -> None:
    def plan() -> Sweep:
        return studio.sweep(prompt=["a", "b"], models=["wan_25", "kling_v2_5"], seed=[1, 2])

    made = plan().run().wait(WAIT_S)
    (studio.folder / "journal.jsonl").unlink()
    assert studio.rebuild().from_files == len(made) == 6
    again = plan()
    assert (again.estimate().done, again.estimate().starts) == (6, 0)
    assert [clip.path for clip in again.clips] == [clip.path for clip in made]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        '{"v":1,"kind":"intent","job":"x","state":"stored"}',
        '{"v":1,"kind":"intent","job":"x","request":"{}","changes":"[]","state":[1]}',
        '{"v":1,"kind":"clip","job":"x","id":"x","file":"../../x.mp4","recipe":"{}"}',
        '{"v":9,"kind":"intent","job":"y"}',
        "[" * 5000,
    ],
    ids=["text", "bare", "list", "path", "future", "deep"],
)
def test_a_spoilt_line_harms_no_other(line: str, live: Callable[..., Studio]) -> None:
    studio = live()
    studio.generate("one", models="wan_turbo").wait(WAIT_S)
    journal = studio.folder / "journal.jsonl"
    journal.write_text(f"{line}\n{journal.read_text()}{line}")
    studio.rebuild()
    assert [clip.prompt for clip in studio.clips] == ["one"]
    assert studio.verify(1).fine


def test_a_project_goes_on_under_another_name_and_place(
    live: Callable[..., Studio], simulator: Simulator, tmp_path: Path
) -> None:
    studio = live()
    picture = make_picture(tmp_path / "p.png", width_px=400, height_px=300)
    clip = studio.generate("x", models="kling_v2_5_i2v", image=picture).wait(WAIT_S)[0]
    simulator.faults = [Fault(kind="media_truncated", times=None)]
    job = studio.generate("half", models="wan_turbo").jobs[0]
    wait_until(lambda: job.view.settled)
    studio.close()
    simulator.faults = []
    shutil.move(studio.folder, studio.folder.with_name("moved"))
    picture.unlink()
    moved = live("moved")
    assert moved.job(job.id).wait(WAIT_S).path.parent == moved.folder / "clips"
    assert moved.verify(1).fine
    again = next(c for c in moved.clips if c.prompt == clip.prompt).rerun().wait(WAIT_S)
    assert again[0].prompt == "x"


def test_titles_ratings_and_deletions_outlive_the_database(studio: Studio) -> None:
    clips = [studio.generate(p, models="wan_turbo").wait(WAIT_S)[0] for p in ("a", "b")]
    ids = [clip.recipe.job_id for clip in clips if clip.recipe is not None]
    shelf = Shelf(studio._core.project.store)
    shelf.rename(ids[0] or "", "The opening")
    shelf.rate(ids[0] or "", 5)
    shelf.delete([ids[1] or ""])
    assert studio.verify(1).strangers == ()
    studio.rebuild()
    (row,) = studio._core.project.store.clips()
    assert (row.id, row.name, row.rating) == (ids[0], "The opening", 5)
    assert studio.verify(1).strangers == ()


def test_verify_names_what_is_missing_and_changed_and_what_is_strange(studio: Studio) -> None:
    clips = [studio.generate(p, models="wan_turbo").wait(WAIT_S)[0] for p in ("a", "b", "c")]
    assert studio.verify().fine
    clips[0].path.unlink()
    data = bytearray(clips[1].path.read_bytes())
    data[-1] ^= 1
    clips[1].path.write_bytes(data)
    shutil.copy(clips[2].path, clips[2].path.with_name("copy.mp4"))
    assert [c.finding for c in studio.verify(0).clips].count("changed") == 0
    report = studio.verify(1)
    assert [c.file for c in report.of("missing")] == [f"clips/{clips[0].path.name}"]
    assert [c.file for c in report.of("changed")] == [f"clips/{clips[1].path.name}"]
    assert report.strangers == ("clips/copy.mp4",)
    assert "studio.rebuild()" in str(report)
    assert "new payment" in report._repr_html_()
    for part in (5, True, "all", None):
        with pytest.raises(InputError, match="read_data"):
            studio.verify(part)  # type: ignore[arg-type]  # wrong kinds are the test


def test_a_project_of_an_older_version_gets_its_journal_when_it_is_opened(
    live: Callable[..., Studio],
) -> None:
    studio = live()
    studio.generate("one", models="wan_turbo").wait(WAIT_S)
    studio.close()
    (studio.folder / "journal.jsonl").unlink()
    live().close()
    lose(studio, "lost")
    assert [clip.prompt for clip in live(rebuild=True).clips] == ["one"]


def test_a_project_of_a_newer_version_is_not_remade_by_this_one(
    live: Callable[..., Studio],
) -> None:
    studio = live()
    studio.close()
    path = studio.folder / DATABASE
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    for again in ({}, {"rebuild": True}):
        with pytest.raises(ProjectError, match="newer") as caught:
            live(**again)
        assert "Nothing was spent" in caught.value.money
    assert list(studio.folder.glob(f"{DATABASE}.damaged*")) == []


def test_a_database_that_cannot_be_read_says_what_that_means_for_money(
    live: Callable[..., Studio],
) -> None:
    studio = live()
    with pytest.raises(ProjectError, match="could not be read") as caught:
        studio._core.project.store.read("SELECT * FROM no_such_table")
    assert "Nothing was sent" in caught.value.money
    assert caught.value.remedy


def test_what_does_not_exist_is_not_rebuilt(live: Callable[..., Studio], tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no project folder"):
        live("nothing here", rebuild=True)
    assert not (tmp_path / "qcut" / "nothing here").exists()


def test_a_clip_in_its_place_settles_the_job_that_the_journal_left_under_way(
    live: Callable[..., Studio],
) -> None:
    studio = live()
    studio.generate("one", models="wan_turbo").wait(WAIT_S)
    spent = spent_micro_usd(studio)
    journal = studio.folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:3]))
    studio.rebuild()
    money = studio._core.project.store.money()
    assert (money.spent_micro_usd, money.reserved_micro_usd) == (spent, 0)
    assert studio.job(studio._core.project.store.jobs()[0].id).view.charge == "settled"


def test_a_rebuild_that_is_refused_leaves_what_runs_alone(
    tmp_path: Path, studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="stalled_reply", delay_s=1.0)]
    batch = studio.generate("goes on", models="wan_turbo")
    store = studio._core.project.store
    with store.transaction() as db:
        db.execute("INSERT INTO leases VALUES ('elsewhere|1|a', ?)", (time.time() + 60,))
    with pytest.raises(ProjectError, match="Another kernel"):
        studio.rebuild()
    with pytest.raises(ProjectError, match="Another kernel"):
        Studio("test", simulator=simulator, root=tmp_path, rebuild=True)
    assert studio._core.project.store is store
    (clip,) = batch.wait(WAIT_S)
    assert clip.prompt == "goes on"


def test_after_a_rebuild_that_fails_the_project_is_open_and_its_jobs_go_on(
    live: Callable[..., Studio], simulator: Simulator
) -> None:
    studio = live()
    simulator.faults = [Fault(kind="media_drip", bytes_per_s=1_000)]
    job_id = studio.generate("goes on", models="wan_turbo").jobs[0].id
    wait_until(lambda: studio.job(job_id).state == "downloading")
    in_the_way = studio.folder / f"{DATABASE}.new"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="new"):
        studio.rebuild()
    in_the_way.rmdir()
    assert studio.job(job_id).wait(WAIT_S).prompt == "goes on"
    assert simulator.accepted_submits == 1
