from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from qcut_nb.assembly import Timeline
from support.media import levels
from support.numbered import make_numbered


# A worker that is killed leaves its connections and its process object to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::RuntimeWarning")
def test_a_cluster_renders_a_timeline_although_one_of_two_workers_is_killed(
    tmp_path: Path,
) -> None:
    sources = [
        make_numbered(tmp_path / f"{n}.mp4", first=100 * n, options={"g": "250"}) for n in range(6)
    ]
    timeline = Timeline(list(sources)).with_size(96, 72)
    assert len(timeline.plan().stretches) == 6
    killed: list[int] = []
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        victim = min(client.run(os.getpid).values())

        def on_progress(fraction: float) -> None:
            if 0 < fraction < 1 and not killed:
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

        result = timeline.render(
            tmp_path / "out.mp4", executor=client.get_executor(), on_progress=on_progress
        )
    assert killed
    assert result.facts.frames == 6 * 48
    here = timeline.render(tmp_path / "here.mp4", may_copy=False, quality="best")
    one, other = levels(result.path), levels(here.path)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2
