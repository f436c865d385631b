"""A kernel that is killed loses no clip and pays nothing twice."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qcut_nb import Clip, Studio
from qcut_nb.simulator import Fault, Simulator
from support.waiting import wait_until

WAIT_S = 60
KERNEL = """
import sys, threading
import qcut_nb as qc
from qcut_nb.simulator import Simulator

studio = qc.Studio("crash", mode="simulated")
reached = threading.Event()
wanted = sys.argv[1]
stop = studio._core.engine.listen(lambda view: reached.set() if view.state == wanted else None)
batch = studio.generate("survivor", models="wan_turbo", resolution="480p")
assert reached.wait(60)
print("now", flush=True)
threading.Event().wait(60)
"""


@pytest.fixture
def fal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    with Simulator(tmp_path / "fal", speed=1.0, max_height_px=96) as simulator:
        monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
        yield simulator


def kill_a_kernel(state: str, folder: Path, until: Callable[[], object] = lambda: True) -> None:
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL, state],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert kernel.stdout is not None
    with kernel.stdout:
        assert kernel.stdout.readline() == "now\n"
        wait_until(until)
        kernel.send_signal(signal.SIGKILL)
        kernel.wait(WAIT_S)


@pytest.mark.parametrize("state", ["submitted", "running", "completed", "downloading", "stored"])
def test_a_killed_kernel_gets_its_clip_with_one_accepted_submit(
    state: str, fal: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if state == "completed":  # its own step only where the verdict does not come at once
        fal.faults = [Fault(kind="result_error", status=404)]
    kill_a_kernel(state, tmp_path)
    studio = Studio("crash", mode="simulated", root=tmp_path)
    (job,) = studio.jobs
    clip = job.wait(WAIT_S)
    assert clip.prompt == "survivor"
    assert [p.name for p in clip.path.parent.iterdir()] == [clip.path.name]
    assert fal.accepted_submits == 1
    if state != "stored":
        assert "1 unfinished job picked up" in capsys.readouterr().out
    studio.close()


def test_a_kernel_killed_while_the_reply_was_under_way_never_sends_again(
    fal: Simulator, tmp_path: Path
) -> None:
    fal.faults = [Fault(kind="stalled_reply", delay_s=30)]
    kill_a_kernel("submitting", tmp_path, until=lambda: fal.accepted_submits)
    studio = Studio("crash", mode="simulated", root=tmp_path)
    (job,) = studio.jobs
    assert job.wait(WAIT_S).prompt == "survivor"
    assert "submit_unknown" in [s for _, s in studio._core.project.store.events(job.id)]
    assert fal.accepted_submits == 1
    studio.close()


def test_the_built_in_simulator_goes_on_where_a_killed_kernel_left_it(tmp_path: Path) -> None:
    kill_a_kernel("submitted", tmp_path)
    studio = Studio("crash", mode="simulated", root=tmp_path)
    (job,) = studio.jobs
    assert job.wait(WAIT_S).path.exists()
    assert studio.simulator is not None
    assert studio.simulator.accepted_submits == 1
    studio.close()


def test_who_waits_for_a_job_of_a_kernel_that_is_killed_takes_it_over(
    fal: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.ExitStack() as opened:
        waiting: list[concurrent.futures.Future[Clip]] = []

        def wait_here() -> bool:
            studio = opened.enter_context(Studio("crash", mode="simulated", root=tmp_path))
            assert "1 unfinished job left to another kernel" in capsys.readouterr().out
            waiting.append(studio.jobs[0].outcome)
            return not waiting[0].done()

        kill_a_kernel("submitted", tmp_path, until=wait_here)
        assert waiting[0].result(WAIT_S).prompt == "survivor"
    assert fal.accepted_submits == 1
