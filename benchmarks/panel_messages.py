"""Messages a second to the browser with 100 running jobs; size of the widgets' bundles."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from claims import Claim
from serving import make_clip, simulator

JOBS = 100
JOB_S = 10.0


def busiest_second(times: list[float]) -> int:
    """The most messages within any one second."""
    return max((sum(start <= moment < start + 1 for moment in times) for start in times), default=0)


def message_times(origin: str, folder: Path) -> list[float]:
    """When the panel sent something, from the first job to the last clip."""
    import comm
    from comm.base_comm import BaseComm

    sent: list[float] = []

    class CountingComm(BaseComm):
        def publish_msg(self, msg_type: str, *_args: Any, **_named: Any) -> None:
            if msg_type == "comm_msg":
                sent.append(time.monotonic())

    comm.create_comm = CountingComm
    os.environ["QCUT_NB_FAL_URL"] = origin
    import qcut_nb as qc

    studio = qc.Studio("panel", mode="simulated", root=folder)
    panel = studio.panel()
    sent.clear()
    batches = [studio.generate("waves", models="wan_turbo", seed=n) for n in range(JOBS)]
    for batch in batches:
        batch.wait()
    panel.close()
    studio.close()
    del os.environ["QCUT_NB_FAL_URL"]
    return sent


def measure() -> list[Claim]:
    """Both claims."""
    import qcut_nb

    static = Path(qcut_nb.__file__).parent / "notebook/static"
    sizes = {path.name: path.stat().st_size / 1000 for path in static.glob("*.js")}
    with tempfile.TemporaryDirectory() as folder:
        clip = make_clip(Path(folder))
        with simulator(speed=JOB_S, media_file=str(clip), concurrency=JOBS) as origin:
            times = message_times(origin, Path(folder))
    return [
        Claim(
            f"messages to the browser in the busiest second, {JOBS} jobs",
            float(busiest_second(times)),
            10,
            "messages",
            f"{len(times)} in {times[-1] - times[0]:.0f} s",
        ),
        Claim(
            "largest widget bundle, minified",
            max(sizes.values()),
            60,
            "kB",
            ", ".join(f"{name} {size:.1f}" for name, size in sizes.items()),
        ),
    ]


if __name__ == "__main__":
    for claim in measure():
        print(claim)
