"""Waiting in plain code and in a running loop: it can be stopped, and stops nothing else."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import JobFailedError, QcutError
from qcut_nb.simulator import Simulator
from support.waiting import wait_until

WAIT_S = 60
INTERRUPTED = """
import qcut_nb as qc

studio = qc.Studio("wait", mode="simulated")
studio._core.engine.listen(lambda v: v.state == "running" and print("waiting", flush=True))
batch = studio.generate("x", models="wan_turbo")
try:
    batch.wait()
except KeyboardInterrupt as stop:
    print(stop)
print(len(batch.wait()), "clip")
"""
NESTED = """
import asyncio
import qcut_nb as qc

async def cell():
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    qc.allow_nested_loops()
    studio = qc.Studio("wait", mode="simulated")
    before = len(ticks)
    clips = studio.generate("x", models="wan_turbo").wait(60)
    print(len(clips), "clip,", "alive" if len(ticks) - before > 10 else "dead")
    ticking.cancel()

asyncio.run(cell())
"""


@pytest.fixture
def fal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(tmp_path / "fal", speed=1.0, max_height_px=96) as simulator:
        monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
        yield simulator


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_stops_the_waiting_and_not_the_job(fal: Simulator, tmp_path: Path) -> None:
    kernel = start(INTERRUPTED, tmp_path)
    assert kernel.stdout is not None
    assert kernel.stdout.readline() == "waiting\n"
    kernel.send_signal(signal.SIGINT)
    out, err = kernel.communicate(timeout=WAIT_S)
    assert "Stopped waiting; the job goes on" in out
    assert out.endswith("1 clip\n")
    assert err == ""
    assert fal.accepted_submits == 1


def test_nested_loops_keep_the_notebooks_tasks_going(fal: Simulator, tmp_path: Path) -> None:
    out, err = start(NESTED, tmp_path).communicate(timeout=WAIT_S)
    assert (out, err) == ("1 clip, alive\n", "")


def test_clips_are_given_as_they_finish(tmp_path: Path) -> None:
    with Simulator(tmp_path / "fal", speed=0.2, concurrency=1, max_height_px=96) as simulator:
        studio = Studio("order", simulator=simulator, root=tmp_path)
        batch = studio.generate("x", models=["wan_turbo", "seedance_lite"], duration_s=2)
        clips = iter(batch)
        next(clips)
        assert len(batch.clips) == 1
        assert next(clips) in batch.clips
        assert next(clips, None) is None
        studio.close()


async def test_who_gives_up_waiting_disturbs_neither_job_nor_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    simulator = Simulator(tmp_path / "fal", speed=0.5, max_height_px=96)
    with simulator, Studio("given up", simulator=simulator, root=tmp_path) as studio:
        batch = studio.generate("x", models="wan_turbo")
        for waited in (batch, batch[0]):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(waited, 0.05)
        assert len(await batch) == 1
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_closed_studio_s_jobs_are_said_to_go_on(tmp_path: Path) -> None:
    with Simulator(tmp_path / "fal", speed=600, max_height_px=96) as simulator:
        with Studio("closed", simulator=simulator, root=tmp_path) as studio:
            batch = studio.generate("x", models=["wan_turbo", "seedance_lite"])
        with pytest.raises(QcutError, match="No clip yet of 2 jobs") as closed:
            batch.wait(WAIT_S)
        assert not isinstance(closed.value, JobFailedError)
        assert "goes on there" in closed.value.money
        assert "Open the project again" in closed.value.remedy
        assert batch.failed == []


async def test_resume_gives_what_opening_the_project_picked_up(
    tmp_path: Path, fal: Simulator
) -> None:
    with Studio("again", mode="simulated", root=tmp_path) as studio:
        job = studio.generate("x", models="wan_turbo")[0]
        wait_until(lambda: job.state == "running")
    with Studio("again", mode="simulated", root=tmp_path) as studio:
        (clip,) = await studio.resume()
        assert clip.prompt == "x"
        assert len(studio.resume()) == 0


def test_waiting_for_a_job_of_another_engine_follows_it(tmp_path: Path, fal: Simulator) -> None:
    with Studio("two", mode="simulated", root=tmp_path) as at_work:
        job_id = at_work.generate("x", models="wan_turbo").jobs[0].id
        with Studio("two", mode="live", key="id:canary", root=tmp_path) as looking_on:
            assert looking_on.job(job_id).wait(WAIT_S).prompt == "x"
