"""Waiting in plain code and in a running loop: it can be stopped, and stops nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.simulator import Simulator

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
