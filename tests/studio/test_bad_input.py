"""Wrong input is one clear error: what is allowed, that nothing was spent, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import qcut_nb as qc
from qcut_nb import Studio
from qcut_nb.errors import (
    InputError,
    MissingKeyError,
    QcutError,
    RetiredModelError,
    UnknownModelError,
    UnsupportedInputError,
    UploadRejectedError,
)
from qcut_nb.simulator import Simulator


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({"models": "kling_2_5"}, UnknownModelError, "kling_v2_5"),
        ({"models": []}, InputError, "No model"),
        ({"models": ["veo31", "veo31"]}, InputError, "twice"),
        ({"models": "veo31", "duration_s": 5}, UnsupportedInputError, "4, 6, 8"),
        ({"models": "kling_v2_5", "prompt": "x" * 2600}, UnsupportedInputError, "2500"),
        ({"models": "kling_v2_5", "prompt": ""}, UnsupportedInputError, "prompt"),
        ({"models": ["veo31", "kling_v2_5"], "duraton_s": 5}, UnsupportedInputError, "duration_s"),
        (
            {"models": "veo31", "overrides": {"kling_v2_5": {}}},
            UnsupportedInputError,
            "not among",
        ),
        ({"models": "veo31", "max_parallel": 0}, InputError, "1 or more"),
        ({"models": "veo31", "max_cost_usd": float("nan")}, InputError, "no amount"),
        ({"models": "veo31", "max_parallel": "2"}, InputError, "max_parallel='2'"),
        ({"models": None}, InputError, "models=None"),
        ({"models": 3}, InputError, "models=['kling_v2_5']"),
        ({"models": [None]}, UnknownModelError, "Nearest"),
        ({"models": "veo31", "overrides": ["veo31"]}, InputError, "overrides=['veo31']"),
        ({"models": "veo31", "overrides": {"veo31": 5}}, InputError, "overrides['veo31']=5"),
        ({"models": "veo31", "confirm": "no"}, InputError, "confirm='no'"),
        ({"models": "veo31_i2v", "image": b"bytes"}, UnsupportedInputError, "path or a URL"),
        ({"models": "veo31_i2v", "image": ""}, UnsupportedInputError, "image=''"),
        *[
            ({"models": ["veo31", "kling_v2_5"], "duration_s": value}, UnsupportedInputError, "dur")
            for value in (float("nan"), -3, True, "5")
        ],
        ({"models": ["veo31", "wan_25"], "seed": 1.5}, UnsupportedInputError, "seed"),
        (
            {"models": qc.models["veo31"].model_copy(update={"id": "mine"})},
            InputError,
            "catalogue",
        ),
        ({"models": "veo31_i2v"}, UnsupportedInputError, "needs 'image'"),
        ({"models": "veo31_i2v", "image": "nowhere.png"}, UploadRejectedError, "nowhere.png"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_recorded(
    studio: Studio,
    simulator: Simulator,
    call: dict[str, Any],
    error: type[QcutError],
    says: str,
) -> None:
    settings = {"prompt": "a cat"} | call
    with pytest.raises(error) as caught:
        studio.generate(**settings)
    assert says in str(caught.value)
    assert "Nothing was spent" in str(caught.value)
    assert studio.jobs == []
    assert simulator.accepted_submits == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.png", b"", "empty"),
        ("text.png", b"this is no picture", "text.png"),
        ("cut.png", None, "cut.png"),
    ],
)
def test_a_wrong_picture_is_refused_by_its_content(
    studio: Studio, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is None:
        Image.effect_noise((64, 64), 90).save(path)
        content = path.read_bytes()[:300]
    path.write_bytes(content)
    with pytest.raises(UploadRejectedError, match=says) as caught:
        studio.generate("x", models="veo31_i2v", image=path)
    assert caught.value.field == "image"
    assert "Nothing was spent" in str(caught.value)


FIVE: Any = 5
CHEAP: Any = "cheap"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda studio: Studio(FIVE), "5 cannot be a project's name"),
        (lambda studio: Studio("x", mode="simulated", root=FIVE), "root=5"),
        (lambda studio: Studio("x", mode="simulated", budget=FIVE), "budget=5"),
        (lambda studio: setattr(studio, "budget", 5), "Budget("),
        (lambda studio: setattr(studio, "budget", None), "budget=None"),
        (lambda studio: studio.history("x"), "limit='x'"),
        (lambda studio: studio.history(True), "1 or more"),
        (lambda studio: studio.history(search=5), "search=5"),
        (lambda studio: studio.history(model=5), "no model 5"),
        (lambda studio: studio.rerun("clip.mp4"), "Clip.from_file(path)"),
        (lambda studio: studio.sweep(prompt=["a"], models=3), "models=3"),
        (lambda studio: studio.metrics.of(5), "clips=5"),
        (lambda studio: qc.models.find(mode=FIVE), "no mode 5"),
        (lambda studio: qc.models.find(max_usd=CHEAP), "max_usd='cheap'"),
    ],
)
def test_an_argument_of_a_wrong_kind_is_named_with_what_it_may_be(
    studio: Studio, call: Callable[[Any], Any], says: str
) -> None:
    with pytest.raises(InputError) as caught:
        call(studio)
    assert says in str(caught.value)
    assert "Nothing was spent" in str(caught.value)
    assert isinstance(studio.budget, qc.Budget)


def test_a_time_of_a_wrong_kind_stops_neither_jobs_nor_clips(studio: Studio) -> None:
    word: Any = "a"
    batch = studio.generate("x", models="wan_turbo", resolution="480p")
    for waits in (batch, batch[0]):
        with pytest.raises(InputError, match=r"timeout_s='a'.* goes on"):
            waits.wait(word)
    (clip,) = batch.wait(60)
    with pytest.raises(InputError, match=r"t_s='a' is not a time.* from 0 to"):
        clip.frame(word)
    half: Any = np.float32(0.5)
    three: Any = np.int64(3)
    assert (clip.frame(half) == clip.frame(0.5)).all()
    assert len(studio.history(three)) == 1


def test_a_retired_model_is_refused_in_live_mode_and_names_its_replacement(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    studio = Studio("live", mode="live", key="id:secret-canary", root=tmp_path)
    with pytest.raises(RetiredModelError, match="veo31_fast"):
        studio.generate("x", models="sora2")
    assert simulator.accepted_submits == 0
    studio.close()


def test_a_retiring_model_runs_in_live_mode_with_a_word_of_warning(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    studio = Studio("live", mode="live", key="id:secret-canary", root=tmp_path)
    with pytest.warns(FutureWarning, match="veo31_fast"):
        batch = studio.generate("x", models="veo3_fast", duration_s=4)
    assert batch[0].wait(60).path.exists()
    studio.close()


def test_live_mode_without_a_key_says_where_one_can_come_from(tmp_path: Path) -> None:
    studio = Studio("live", mode="live", root=tmp_path)
    with pytest.raises(MissingKeyError, match="FAL_KEY") as caught:
        studio.generate("x", models="kling_v2_5")
    assert "Nothing was spent" in str(caught.value)
    assert "simulated" in str(caught.value)
    studio.close()


def test_auto_mode_is_simulated_without_a_key_and_live_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Studio("auto", root=tmp_path)
    assert free.mode == "simulated"
    free.close()
    monkeypatch.setenv("FAL_KEY", "id:secret-canary")
    paid = Studio("auto", root=tmp_path)
    assert paid.mode == "live"
    assert "canary" not in repr(paid) + repr(paid._core.connection)
    paid.close()


def test_a_typo_in_the_mode_is_not_taken_for_live(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="simulated"):
        Studio("x", mode="simulate", root=tmp_path)  # type: ignore[arg-type]  # the typo is the test


@pytest.mark.parametrize("name", ["a\0b", "x/../kept", "../x", "CON", ""])
def test_a_name_that_cannot_be_a_projects_is_refused(name: str, tmp_path: Path) -> None:
    refused = pytest.raises(InputError, match="cannot be a project's name")
    with Studio("kept", mode="simulated", root=tmp_path), refused:
        Studio(name, mode="simulated", root=tmp_path)


def test_the_public_surface_is_exactly_this() -> None:
    assert set(qc.__all__) == {
        "Batch",
        "Budget",
        "Clip",
        "Job",
        "Studio",
        "Sweep",
        "Timeline",
        "allow_nested_loops",
        "errors",
        "models",
        "provenance",
    }
    for name in qc.__all__:
        assert getattr(qc, name) is not None


def test_overrides_may_name_a_model_as_models_does(studio: Studio) -> None:
    batch = studio.generate(
        "waves",
        models="fal-ai/ltxv-2/text-to-video",
        overrides={"fal-ai/ltxv-2/text-to-video": {"fps": 50}},
    )
    assert batch.jobs[0].view.model_id == "ltxv2_pro"
    with pytest.raises(UnsupportedInputError, match="not among the chosen"):
        studio.generate("waves", models="ltxv2_pro", overrides={"veo31": {"fps": 50}})
