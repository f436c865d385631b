"""The same studio works with two servers that were written apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import JobCancelledError, QcutError
from qcut_nb.media import read_recipe
from qcut_nb.simulator import Fault, Simulator
from support.media import make_picture
from support.other_fal import LINES, OtherFal
from support.waiting import wait_until

KEY = "two-servers:0123456789abcdef"
WAIT_S = 60
MODEL = "kling_v2_5"


@dataclass
class Place:
    """A fal to work with; `name` tells which."""

    name: str
    server: Simulator | OtherFal

    @property
    def accepted(self) -> int:
        return self.server.accepted_submits

    def trouble(self, *faults: Fault) -> None:
        """What the other server is told by the prompt."""
        if isinstance(self.server, Simulator):
            self.server.faults = faults


@pytest.fixture(params=["simulator", "other"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    server: Simulator | OtherFal = (
        Simulator(tmp_path / "fal", speed="instant", key=KEY, media_file=film)
        if request.param == "simulator"
        else OtherFal(film, KEY)
    )
    with server:
        monkeypatch.setenv("QCUT_NB_FAL_URL", server.origin)
        yield Place(request.param, server)


@pytest.fixture
def studio(place: Place, tmp_path: Path) -> Iterator[Studio]:
    opened = Studio("two", mode="live", key=KEY, root=tmp_path)
    yield opened
    opened.close()


def test_every_job_becomes_a_clip_with_one_submit(place: Place, studio: Studio) -> None:
    batches = [studio.generate(f"a kite {n}", models=MODEL) for n in range(4)]
    clips = [clip for batch in batches for clip in batch.wait(WAIT_S)]
    assert [clip.prompt for clip in clips] == [f"a kite {n}" for n in range(4)]
    assert place.accepted == 4
    for clip in clips:
        recipe = read_recipe(clip.path)
        assert recipe is not None
        assert recipe.request_id
        assert clip.path.parent == studio.folder / "clips"


def test_no_log_line_is_lost_or_repeated(place: Place, studio: Studio) -> None:
    batch = studio.generate("chatty", models=MODEL)
    batch.wait(WAIT_S)
    logs = batch.jobs[0].logs
    assert len(set(logs)) == len(logs) > 0
    if place.name == "other":
        assert list(logs) == [line for line in LINES if line in logs]
        assert len(logs) > 3


@pytest.mark.parametrize(("word", "status"), [("refused", 422), ("invalid", 422)])
def test_a_failed_run_says_why_and_is_no_clip(
    place: Place, studio: Studio, word: str, status: int
) -> None:
    place.trouble(Fault(kind="verdict", status=status))
    job = studio.generate(f"a {word} wish", models=MODEL).jobs[0]
    with pytest.raises(QcutError, match=str(status)):
        job.wait(WAIT_S)
    assert job.error is not None
    assert job.error.money
    assert (job.state, studio.clips) == ("failed", [])


def test_a_full_house_is_asked_again(place: Place, studio: Studio) -> None:
    place.trouble(Fault(kind="rate_limited"))
    studio.generate("a busy street", models=MODEL).wait(WAIT_S)
    assert place.accepted == 1


def test_a_lost_reply_is_found_again(place: Place, studio: Studio) -> None:
    place.trouble(Fault(kind="lost_reply"))
    (clip,) = studio.generate("lost in the woods", models=MODEL).wait(WAIT_S)
    assert clip.prompt == "lost in the woods"
    assert place.accepted == 1


def test_a_local_picture_arrives_as_it_was(place: Place, studio: Studio, tmp_path: Path) -> None:
    picture = make_picture(tmp_path / "p.png", width_px=400, height_px=300)
    studio.generate("x", models="kling_v2_5_i2v", image=picture).wait(WAIT_S)
    if isinstance(place.server, OtherFal):
        sent = list(place.server.uploads.values())
    else:
        sent = [p.read_bytes() for p in (tmp_path / "fal").rglob("*.png") if p.is_file()]
    assert sent == [picture.read_bytes()]


def test_a_cancelled_job_ends_as_cancelled(
    place: Place, tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch, studio: Studio
) -> None:
    if isinstance(place.server, Simulator):
        place.server.stop()
        slow = Simulator(tmp_path / "slow", speed=60.0, key=KEY, media_file=film)
        monkeypatch.setenv("QCUT_NB_FAL_URL", slow.start())
        studio.close()
        studio = Studio("two", mode="live", key=KEY, root=tmp_path)
    job = studio.generate("an endless river", models=MODEL).jobs[0]
    wait_until(lambda: job.state == "running")
    job.cancel()
    with pytest.raises(JobCancelledError):
        job.wait(WAIT_S)
    assert job.state == "cancelled"
    studio.close()


def test_another_kernel_goes_on_with_what_the_first_sent(
    place: Place, studio: Studio, tmp_path: Path
) -> None:
    job = studio.generate("a long way", models=MODEL).jobs[0]
    wait_until(lambda: job.request_id)
    studio.close()
    again = Studio("two", mode="live", key=KEY, root=tmp_path)
    assert again.job(job.id).wait(WAIT_S).prompt == "a long way"
    assert place.accepted == 1
    again.close()
