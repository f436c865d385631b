"""A request that is exactly the same can be answered by a clip that is there: at no cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qcut_nb import Studio
from qcut_nb.errors import InputError, ReuseQuestionError
from qcut_nb.simulator import Simulator
from support.media import make_picture

WAIT_S = 60
SAME: dict[str, Any] = {"prompt": "a kite", "models": "wan_turbo", "seed": 7}


def test_the_same_request_with_a_seed_is_answered_by_the_clip_that_is_there(
    studio: Studio, simulator: Simulator
) -> None:
    (first,) = studio.generate(**SAME).wait(WAIT_S)
    batch = studio.generate(**SAME, reuse="always")
    (again,) = batch.wait(WAIT_S)
    assert again.path == first.path
    (job,) = batch.jobs
    assert (job.state, job.view.reused, job.request_id) == ("stored", True, None)
    assert simulator.accepted_submits == 1
    assert "reused" in repr(studio.history())
    assert studio.spend().reused == 1
    assert len(studio.clips) == 1


def test_other_models_of_the_same_call_are_generated(studio: Studio, simulator: Simulator) -> None:
    studio.generate(**SAME).wait(WAIT_S)
    models = ["wan_turbo", "seedance_lite"]
    batch = studio.generate(**SAME | {"models": models}, reuse="always", resolution="720p")
    assert len(batch.wait(WAIT_S)) == 2
    assert [job.view.reused for job in batch.jobs] == [True, False]


@pytest.mark.parametrize(
    "changed",
    [{"seed": 8}, {"prompt": "a boat"}, {"resolution": "480p"}, {"seed": None}],
    ids=["seed", "prompt", "setting", "no seed"],
)
def test_anything_else_is_a_new_request(
    studio: Studio, simulator: Simulator, changed: dict[str, Any]
) -> None:
    studio.generate(**SAME | ({"seed": None} if changed == {"seed": None} else {})).wait(WAIT_S)
    studio.generate(**SAME | changed, reuse="always").wait(WAIT_S)
    assert simulator.accepted_submits == 2


def test_pictures_are_the_same_by_their_content_and_not_by_their_name(
    studio: Studio, simulator: Simulator, tmp_path: Path
) -> None:
    request: dict[str, Any] = {"prompt": "x", "models": "wan_25_i2v", "seed": 1, "reuse": "always"}
    one = make_picture(tmp_path / "one.png", width_px=400, height_px=300)
    studio.generate(**request, image=one).wait(WAIT_S)
    two = tmp_path / "two.png"
    two.write_bytes(one.read_bytes())
    assert studio.generate(**request, image=two).jobs[0].view.reused
    make_picture(two, width_px=300, height_px=400)
    batch = studio.generate(**request, image=two)
    assert not batch.jobs[0].view.reused
    batch.wait(WAIT_S)


def test_asking_says_which_clip_there_is_and_sends_nothing(
    studio: Studio, simulator: Simulator
) -> None:
    (job,) = studio.generate(**SAME).jobs
    job.wait(WAIT_S)
    with pytest.raises(ReuseQuestionError, match='reuse="always"') as caught:
        studio.generate(**SAME, reuse="ask")
    assert caught.value.clip_ids == (job.id,)
    assert simulator.accepted_submits == 1
    with pytest.raises(InputError, match="reuse='maybe'"):
        studio.generate(**SAME | {"reuse": "maybe"})


def test_a_clip_whose_file_is_gone_answers_nothing(studio: Studio, simulator: Simulator) -> None:
    (clip,) = studio.generate(**SAME).wait(WAIT_S)
    clip.path.unlink()
    studio.generate(**SAME, reuse="always").wait(WAIT_S)
    assert simulator.accepted_submits == 2
