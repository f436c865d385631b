"""Stopping jobs, one after another, and waiting for them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qcut_nb import Batch, Studio
from qcut_nb.errors import (
    FalAccountError,
    InputError,
    JobCancelledError,
    JobFailedError,
    ProjectError,
)
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.studio.panel_host import StudioHost
from support.waiting import wait_until

WAIT_S = 60
KEY = "id:slow-canary"


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Studio]:
    """One job at a time, each running for ten minutes."""
    with Simulator(tmp_path / "fal", speed=600, max_height_px=96, concurrency=1) as simulator:
        studio = Studio("slow", simulator=simulator, root=tmp_path)
        yield studio
        studio.close()


@pytest.fixture
def slow_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The same with a server that stands for fal, and knows one key."""
    with Simulator(tmp_path / "live", speed=600, max_height_px=96, key=KEY) as simulator:
        monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
        studio = Studio("slow", mode="live", key=KEY, root=tmp_path)
        yield studio
        studio.close()


def taken_elsewhere(closed: Studio, job_id: str) -> None:
    """Give a job to a kernel on another machine, for a minute."""
    with closing(sqlite3.connect(closed.folder / "project.sqlite3", isolation_level=None)) as db:
        db.execute("INSERT INTO leases VALUES ('elsewhere|1|a', ?)", (time.time() + 60,))
        db.execute("UPDATE jobs SET lease_owner = 'elsewhere|1|a' WHERE id = ?", (job_id,))


def wait_for_state(studio: Studio, job_id: str, state: str) -> None:
    wait_until(lambda: studio.job(job_id).state == state)


def test_a_queued_job_is_cancelled_before_it_costs_anything(slow: Studio) -> None:
    first = slow.generate("one", models="wan_turbo").jobs[0]
    wait_for_state(slow, first.id, "running")
    second = slow.generate("two", models="wan_turbo").jobs[0]
    wait_for_state(slow, second.id, "queued")
    second.cancel()
    with pytest.raises(JobCancelledError, match="before it started"):
        second.wait(WAIT_S)
    assert second.error is not None
    assert second.error.money == "Not charged."


def test_a_running_job_is_asked_to_stop_and_may_still_be_charged(slow: Studio) -> None:
    job = slow.generate("one", models="wan_turbo").jobs[0]
    wait_for_state(slow, job.id, "running")
    job.cancel()
    with pytest.raises(JobCancelledError, match="while it ran"):
        job.wait(WAIT_S)
    assert job.error is not None
    assert "may charge" in job.error.money


def test_what_waits_for_its_turn_is_never_sent_once_it_is_cancelled(slow: Studio) -> None:
    batch = slow.generate("x", models=["wan_turbo", "seedance_lite"], max_parallel=1)
    wait_for_state(slow, batch.jobs[0].id, "running")
    batch.cancel()
    for job in batch.jobs:
        with pytest.raises(JobCancelledError):
            job.wait(WAIT_S)
    assert slow.simulator is not None
    assert slow.simulator.accepted_submits == 1


def test_a_clip_that_came_all_the_same_is_kept(tmp_path: Path) -> None:
    with Simulator(tmp_path / "fal", speed=1.0, max_height_px=96) as simulator:
        simulator.faults = [Fault(kind="ignores_cancel")]
        studio = Studio("late", simulator=simulator, root=tmp_path)
        job = studio.generate("x", models="wan_turbo").jobs[0]
        wait_for_state(studio, job.id, "running")
        job.cancel()
        assert job.wait(WAIT_S).path.exists()
        studio.close()


def test_a_deadline_ends_the_waiting_and_not_the_job(slow: Studio) -> None:
    batch = slow.generate("x", models="wan_turbo")
    with pytest.raises(TimeoutError, match="Nothing is lost"):
        batch.wait(0.05)
    assert batch.jobs[0].error is None
    assert not batch.jobs[0].view.settled


def test_a_panel_stops_a_job_of_the_mode_that_it_has_left(slow_live: Studio) -> None:
    host = StudioHost(slow_live._core)
    job = slow_live.generate("one", models="wan_turbo").jobs[0]
    wait_for_state(slow_live, job.id, "running")
    host.set_mode("simulated")
    assert not host.job(job.id).settled
    assert [view.settled for view in host.jobs()] == [False]
    host.cancel_job(job.id)
    with pytest.raises(JobCancelledError, match="while it ran"):
        job.wait(WAIT_S)
    host._core.close()


def test_a_job_that_nobody_watches_any_more_is_stopped_at_fal(
    slow_live: Studio, tmp_path: Path
) -> None:
    job_id = slow_live.generate("one", models="wan_turbo").jobs[0].id
    wait_for_state(slow_live, job_id, "running")
    slow_live.close()
    with Studio("slow", mode="live", key="id:another", root=tmp_path) as studio:
        job = studio.job(job_id)
        with pytest.raises(FalAccountError):
            job.wait(WAIT_S)
        studio.key = KEY
        job.cancel()
        with pytest.raises(JobCancelledError, match="while it ran"):
            job.wait(WAIT_S)


def test_what_another_kernel_works_on_is_not_said_to_be_stopped(slow: Studio) -> None:
    mine = slow.generate("one", models="wan_turbo").jobs[0]
    theirs = slow.generate("two", models="wan_turbo").jobs[0]
    wait_for_state(slow, theirs.id, "queued")
    slow.close()
    taken_elsewhere(slow, theirs.id)
    with Studio("slow", simulator=slow.simulator, root=slow.folder.parents[1]) as studio:
        resumed = studio.resume()
        assert [job.id for job in resumed.jobs] == [mine.id]
        for stop in (studio.job(theirs.id).cancel, Batch(studio._core, "all", studio.jobs).cancel):
            with pytest.raises(ProjectError, match=r"Another kernel works on .* Cancel it there"):
                stop()
        with pytest.raises(JobFailedError, match="Cancelled while it ran"):
            resumed.wait(WAIT_S)
        assert studio.job(theirs.id).state == "queued"
        assert not studio.job(theirs.id).view.settled


def test_a_job_that_has_ended_is_said_to_have_ended(studio: Studio) -> None:
    batch = studio.generate("x", models="wan_turbo")
    batch.wait(WAIT_S)
    with pytest.raises(InputError, match="is stored: there is nothing left to stop"):
        batch[0].cancel()
    batch.cancel()
    assert batch[0].state == "stored"
