"""Stopping jobs, one after another, and waiting for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import JobCancelledError
from qcut_nb.simulator import Fault, Simulator
from support.waiting import wait_until

WAIT_S = 60


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Studio]:
    """One job at a time, each running for ten minutes."""
    with Simulator(tmp_path / "fal", speed=600, max_height_px=96, concurrency=1) as simulator:
        studio = Studio("slow", simulator=simulator, root=tmp_path)
        yield studio
        studio.close()


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
