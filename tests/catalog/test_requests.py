"""Checking, bending and encoding requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcut_nb.catalog import ModelSpec, check_wire, models
from qcut_nb.errors import UnknownModelError, UnsupportedInputError

# Every id and endpoint string that the original model list printed.
PRINTED = re.findall(
    r"\S+",
    """
sora2 sora2_pro veo31_fast veo31 veo3_fast veo3 ltxv2_pro ltxv2_fast hailuo_02 hailuo_02_pro
hailuo_23_standard hailuo_23_pro seedance_lite seedance_pro kling_v2_1 kling_v2_5 wan_25 wan_turbo
sora2_i2v sora2_i2v_pro veo31_fast_i2v veo31_fast_f2v veo31_i2v veo31_f2v ltxv2_i2v ltxv2_fast_i2v
seedance_pro_fast_i2v seedance_pro_i2v kling_v2_5_i2v hailuo_23_fast_pro wan_25_i2v vidu_q2_i2v
fal-ai/sora-2/text-to-video fal-ai/sora-2/text-to-video/pro fal-ai/veo3.1/fast fal-ai/veo3.1
fal-ai/google/veo3/fast fal-ai/google/veo3 fal-ai/ltxv-2/text-to-video
fal-ai/ltxv-2/text-to-video/fast fal-ai/ltxv-2/image-to-video fal-ai/ltxv-2/image-to-video/fast
fal-ai/minimax/hailuo-02/standard/text-to-video fal-ai/minimax/hailuo-02/pro/text-to-video
fal-ai/minimax/hailuo-2.3/standard/text-to-video fal-ai/minimax/hailuo-2.3/pro/text-to-video
fal-ai/bytedance/seedance/v1/lite/text-to-video fal-ai/bytedance/seedance/v1/pro/text-to-video
fal-ai/kling-video/v2.1/master fal-ai/kling-video/v2.5-turbo/pro/text-to-video
fal-ai/wan-25-preview/text-to-video fal-ai/wan/v2.2-a14b/text-to-video/turbo
fal-ai/sora-2/image-to-video fal-ai/sora-2/image-to-video/pro fal-ai/veo3.1/fast/image-to-video
fal-ai/veo3.1/fast/first-last-frame-to-video fal-ai/veo3.1/image-to-video
fal-ai/veo3.1/first-last-frame-to-video fal-ai/bytedance/seedance/v1/pro/fast/image-to-video
fal-ai/bytedance/seedance/v1/pro/image-to-video
fal-ai/kling-video/v2.5-turbo/pro/image-to-video
fal-ai/minimax/hailuo-2.3/standard/image-to-video
fal-ai/minimax/hailuo-2.3-fast/pro/image-to-video fal-ai/minimax/hailuo-2.3/pro/image-to-video
fal-ai/wan-25-preview/image-to-video fal-ai/vidu/q2/image-to-video/turbo
""",
)


@pytest.mark.parametrize("name", PRINTED)
def test_every_printed_name_resolves(name: str) -> None:
    assert models.resolve(name).id in models


def test_a_name_that_stood_for_two_models_goes_by_the_mode() -> None:
    assert models.resolve("hailuo_23_pro").mode == "text"
    assert models.resolve("hailuo_23_pro", "image").id == "hailuo_23_pro_i2v"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("kling_2_5", "kling_v2_5"),
        ("VEO31", "veo31"),
        ("LTX", "ltxv2_pro"),
        *[(spec.name, spec.id) for spec in models.values()],
        *[(spec.endpoint.upper(), spec.id) for spec in models.values()],
        (5, ""),
        (["veo31"], ""),
        ("", ""),
    ],
)
def test_an_unknown_model_names_the_nearest_by_their_ids(name: Any, meant: str) -> None:
    with pytest.raises(UnknownModelError, match="Nothing was spent") as caught:
        models[name]
    near = caught.value.remedy.removeprefix("Nearest: ").split(";")[0].split(", ")
    assert len(near) == 3
    assert set(near) <= set(models)
    assert meant == "" or meant in near


@pytest.mark.parametrize(
    ("model", "settings", "field"),
    [
        ("veo31", {"duration_s": 5}, "duration_s"),
        ("veo31", {"duration_s": "8"}, "duration_s"),
        ("veo31", {"audio": 1}, "audio"),
        ("kling_v2_5", {"cfg_scale": 1.5}, "cfg_scale"),
        ("kling_v2_5", {"cfg_scale": float("nan")}, "cfg_scale"),
        ("kling_v2_5", {"prompt": "x" * 2501}, "prompt"),
        ("kling_v2_5", {"prompt": "  "}, "prompt"),
        ("kling_v2_5", {"seed": 3}, "seed"),
        ("kling_v2_5", {"duraton_s": 5}, "duraton_s"),
        ("veo31_i2v", {}, "image"),
        ("ltxv2_fast", {"duration_s": 20, "resolution": "2160p"}, "resolution"),
        ("ltxv2_fast", {"duration_s": 20, "fps": 50}, "fps"),
        ("sora2", {"character_ids": ["a", "b", "c"]}, "character_ids"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_field(
    model: str, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        models[model].request(**({"prompt": "a cat"} | settings))
    assert caught.value.field == field
    assert "Nothing was spent" in str(caught.value)


@pytest.mark.parametrize(
    ("model", "settings", "says"),
    [
        ("wan_25", {"seed": -1}, "seed=-1 is outside 0 to 2147483647"),
        ("topaz_upscaler", {"grain": 0.015, "video": "https://x.test/a.mp4"}, "multiple of 0.01"),
    ],
)
def test_a_number_out_of_its_limits_is_told_the_limit_in_full(
    model: str, settings: dict[str, Any], says: str
) -> None:
    needed = {"prompt": "a cat"} if model == "wan_25" else {}
    with pytest.raises(UnsupportedInputError, match=says):
        models[model].request(**needed | settings)


@pytest.mark.parametrize(
    ("bound", "value", "says"),
    [
        ("minimum", 2, "seed=2 is below the smallest, 3"),
        ("maximum", 4, "4 is above the largest, 3"),
    ],
)
def test_a_number_with_one_limit_is_told_that_limit(bound: str, value: int, says: str) -> None:
    spec = models["wan_turbo"]
    seed = spec.parameter("seed")
    assert seed is not None
    others = tuple(p for p in spec.parameters if p is not seed)
    limited = (*others, seed.model_copy(update={bound: 3}))
    with pytest.raises(UnsupportedInputError, match=says):
        spec.model_copy(update={"parameters": limited}).request(prompt="a cat", seed=value)


def test_what_bears_on_the_price_is_sent_explicitly() -> None:
    body = models["veo31"].request(prompt="a cat").body
    assert body == {
        "prompt": "a cat",
        "duration": "8s",
        "resolution": "720p",
        "generate_audio": True,
    }


def test_a_shared_choice_goes_to_the_nearest_and_says_so() -> None:
    fitted = models["veo31_fast"].fit(prompt="x", duration_s=5, resolution="480p", seed=7)
    assert fitted.values == {"prompt": "x", "duration_s": 6, "resolution": "720p", "seed": 7}
    assert [(c.name, c.asked, c.sent) for c in fitted.changes] == [
        ("duration_s", 5, 6),
        ("resolution", "480p", "720p"),
    ]


def test_a_length_that_a_model_always_makes_is_no_change() -> None:
    assert models["hailuo_02_pro"].fit(prompt="x", duration_s=6).changes == ()
    (change,) = models["hailuo_02_pro"].fit(prompt="x", duration_s=5).changes
    assert (change.asked, change.sent) == (5, 6)


def test_the_intersection_names_the_strictest_prompt_limit() -> None:
    caps = models.capabilities("kling_v2_5", "veo31_fast", "wan_25")
    assert caps.prompt_max_chars == 800
    assert caps.prompt_limited_by == "wan_25"
    assert caps.durations_s.common == ()
    assert caps.aspect_ratios.common == ("16:9", "9:16")
    assert caps.negative_prompt
    assert not caps.seed


@pytest.mark.parametrize("spec", list(models.values()), ids=list(models))
@settings(deadline=None)
@given(data=st.data())
def test_whatever_is_fitted_is_taken_by_the_check_and_by_the_wire(
    spec: ModelSpec, data: st.DataObject
) -> None:
    asked = {
        "prompt": "a cat",
        "video_id": "v" if spec.mode == "remix" else None,
        "duration_s": data.draw(st.none() | st.integers(1, 60)),
        "resolution": data.draw(
            st.none() | st.sampled_from(["480p", "720p", "1080p", "4k", "2160p"])
        ),
        "aspect_ratio": data.draw(st.none() | st.sampled_from(["16:9", "1:1", "21:9", "9:16"])),
        "audio": data.draw(st.none() | st.booleans()),
        "fps": data.draw(st.none() | st.integers(1, 120)),
        "seed": data.draw(st.none() | st.integers(0, 2**31 - 1)),
    } | {f.name: f"https://x.test/{f.name}" for f in spec.files if f.required}
    request = spec.request(**spec.fit(**asked).values)
    assert check_wire(spec, request.body) == []
    assert request.with_urls({}).body == request.body
