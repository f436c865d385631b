"""A disk without room: nothing half-written counts, and the clip is fetched later for free."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np

from qcut_nb.media import probe
from qcut_nb.simulator import Simulator

# A limit on the size of files is what an unprivileged process can have of a full disk.
LIMIT_BYTES = 500_000
KERNEL = (
    f"LIMIT_BYTES = {LIMIT_BYTES}"
    + """
import resource
import qcut_nb as qc
from qcut_nb.errors import DownloadError

studio = qc.Studio("full", mode="simulated")
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
job = studio.generate("noise", models="wan_turbo", resolution="720p").jobs[0]
try:
    job.wait(60)
except DownloadError as error:
    print(error)
print(job.state, len(studio.clips))
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
job.retry_download()
print(studio.job(job.id).wait(60).path)
studio.close()
"""
)


def noise(path: Path) -> Path:
    """A short film that no encoder makes small."""
    grain = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(24):
            pixels = grain.integers(0, 256, (270, 320), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="yuv420p")))
        container.mux(stream.encode())
    return path


def test_a_clip_that_did_not_fit_is_fetched_again_for_free(tmp_path: Path) -> None:
    film = noise(tmp_path / "noise.mp4")
    assert film.stat().st_size > 2 * LIMIT_BYTES
    with Simulator(tmp_path / "fal", speed="instant", media_file=film) as simulator:
        done = subprocess.run(
            [sys.executable, "-c", KERNEL],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "QCUT_NB_FAL_URL": simulator.origin,
            },
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.stderr == ""
        assert len(done.stdout.splitlines()) == 3, done.stdout
        problem, state, path = done.stdout.splitlines()
        assert "cannot be written" in problem
        assert "free" in problem
        assert state == "downloading 0"
        assert probe(path).size_bytes > LIMIT_BYTES
        assert simulator.accepted_submits == 1
