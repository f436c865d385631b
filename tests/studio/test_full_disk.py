"""A disk without room: nothing half-written counts, and the clip is fetched later for free."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from qcut_nb import Studio
from qcut_nb.errors import InputError, MediaError, UploadRejectedError
from qcut_nb.media import probe
from qcut_nb.simulator import Simulator
from support.full_disk import no_room

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


def test_an_input_that_cannot_be_copied_says_the_next_step(
    studio: Studio, simulator: Simulator, tmp_path: Path
) -> None:
    picture = tmp_path / "noise.png"
    Image.effect_noise((640, 360), 90).save(picture)
    with no_room(beyond_bytes=1000), pytest.raises(UploadRejectedError) as caught:
        studio.generate("x", models="kling_v2_5_i2v", image=picture)
    assert caught.value.money == "Nothing was spent."
    assert caught.value.remedy.startswith("Make room")
    assert list((studio.folder / "inputs").iterdir()) == []
    assert (studio.jobs, simulator.accepted_submits) == ([], 0)


def test_what_is_written_for_people_is_whole_or_as_it_was(studio: Studio, tmp_path: Path) -> None:
    (clip,) = studio.generate("x", models="wan_turbo").wait(60)
    target = tmp_path / "spend.csv"
    target.write_text("as it was")
    shared = tmp_path / "shared"
    spend = studio.spend()
    with no_room():
        with pytest.raises(InputError, match="Make room") as caught:
            spend.to_csv(target)
        with pytest.raises(MediaError, match="Make room"):
            studio.gallery(shared, [clip])
        with pytest.raises(MediaError, match=r"Make room.* another folder"):
            clip.save(tmp_path / "copy.mp4")
    assert "cannot be written" in caught.value.what
    assert target.read_text() == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"fal", "qcut", "spend.csv"}
    assert spend.to_csv(target).read_text().startswith("job_id")
