"""A job goes on after a network that was away, under another key, until fal forgets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import QcutError
from qcut_nb.simulator import Fault, Simulator
from support.media import make_video
from support.other_fal import OtherFal
from support.waiting import wait_until

WAIT_S = 60
FIRST, SECOND = "first:0123456789abcdef", "second:0123456789abcdef"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_video(tmp_path / "film.mp4", frames=12, noise=True)


@pytest.fixture
def other(tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherFal]:
    with OtherFal(film, FIRST) as server:
        monkeypatch.setenv("QCUT_NB_FAL_URL", server.origin)
        yield server


def port_of(simulator: Simulator) -> int:
    return int(simulator.origin.rsplit(":", 1)[1])


@pytest.mark.parametrize(
    ("state", "faults"),
    [("running", []), ("downloading", [Fault(kind="media_drip", bytes_per_s=4_000)])],
    ids=["while it runs", "while it is downloaded"],
)
def test_a_network_that_is_away_is_said_and_waited_out(
    state: str,
    faults: list[Fault],
    tmp_path: Path,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = Simulator(tmp_path / "fal", speed=1.0, media_file=film, faults=faults)
    monkeypatch.setenv("QCUT_NB_FAL_URL", near.start())
    port = port_of(near)
    with Studio("away", mode="live", key=FIRST, root=tmp_path) as studio:
        job = studio.generate("x", models="kling_v2_5").jobs[0]
        wait_until(lambda: job.state == state)
        near.stop()
        wait_until(lambda: job.view.lost_contact)
        assert not job.view.settled
        assert job.state in ("running", "downloading")
        with Simulator(tmp_path / "fal", speed=1.0, media_file=film, port=port) as back:
            assert job.wait(WAIT_S).path.exists()
            assert not job.view.lost_contact
            assert back.accepted_submits == 1


@pytest.mark.parametrize("word", ["endless", "vanished"])
def test_a_request_of_another_key_is_explained_and_not_given_up(
    word: str, other: OtherFal, tmp_path: Path
) -> None:
    with Studio("keys", mode="live", key=FIRST, root=tmp_path) as studio:
        job_id = studio.generate(f"an {word} day", models="kling_v2_5").jobs[0].id
        wait_until(lambda: studio.job(job_id).request_id)
    if word == "vanished":
        other.key = SECOND
    with Studio("keys", mode="live", key=SECOND, root=tmp_path) as studio:
        with pytest.raises(QcutError, match="with another key"):
            studio.job(job_id).wait(WAIT_S)
        job = studio.job(job_id)
        assert job.state not in ("expired", "failed")
        assert job.error is not None
        assert "studio.key" in job.error.remedy
        assert "resumable" in job.error.money
        other.key = FIRST
        for ticket in other.tickets.values():
            ticket.body["prompt"] = "found again"
        studio.key = FIRST
        studio.resume()
        assert studio.job(job_id).wait(WAIT_S).path.exists()
    assert other.accepted_submits == 1


def test_an_answer_that_fal_keeps_no_more_is_said_to_be_expired(
    other: OtherFal, tmp_path: Path
) -> None:
    with Studio("old", mode="live", key=FIRST, root=tmp_path) as studio:
        job = studio.generate("a vanished civilisation", models="kling_v2_5").jobs[0]
        with pytest.raises(QcutError):
            job.wait(WAIT_S)
        assert job.state == "expired"
        assert job.error is not None
        assert "30 days" in job.error.what
        assert "charged" in job.error.money


def test_a_key_that_is_set_is_used_and_never_shown(
    other: OtherFal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Studio("set", mode="live", key=SECOND, root=tmp_path) as studio:
        job = studio.generate("x", models="kling_v2_5").jobs[0]
        with pytest.raises(QcutError, match="401"):
            job.wait(WAIT_S)
        studio.key = FIRST
        assert studio.generate("x", models="kling_v2_5").wait(WAIT_S)
        assert studio.key == "...cdef"
        for wrong in ("no key at all", 5, None):
            with pytest.raises(QcutError, match="key"):
                studio.key = wrong  # type: ignore[assignment]  # wrong kinds are the test
    said = capsys.readouterr().out
    assert "kept for this kernel only" in said
    assert FIRST not in said
