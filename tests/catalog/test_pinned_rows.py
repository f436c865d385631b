"""Every row of the catalogue is pinned, so that no refactoring can drop or bend one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcut_nb.catalog import InputFile, MediaFacts, models

PINNED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "pinned.json").read_text(encoding="utf-8")
)


def test_the_catalogue_has_exactly_the_pinned_models() -> None:
    assert sorted(models) == sorted(PINNED)
    assert len(models) == 43


@pytest.mark.parametrize("model_id", PINNED)
def test_a_row_keeps_its_endpoint_its_enums_and_its_wire_types(model_id: str) -> None:
    spec, pinned = models[model_id], PINNED[model_id]
    parameters = {}
    for p in spec.parameters:
        row: dict[str, Any] = {"type": p.type}
        if p.choices is not None:
            row["enum"] = [p.encode(choice) for choice in p.choices]
        if p.default is not None:
            row["default"] = p.encode(p.default)
        if p.required:
            row["required"] = True
        parameters[p.wire] = row
    assert spec.endpoint == pinned["endpoint"]
    assert spec.mode == pinned["mode"]
    assert {f.wire: f.required for f in spec.files} == pinned["files"]
    assert parameters == pinned["parameters"]
    for p in spec.parameters:
        for choice in p.choices or ():
            assert type(p.encode(choice)) is type(pinned["parameters"][p.wire]["enum"][0])


LIMITS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "pinned_limits.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("model_id", PINNED)
def test_a_row_keeps_its_names_its_limits_and_its_life_cycle(model_id: str) -> None:
    spec = models[model_id]
    assert LIMITS[model_id] == {
        "aliases": list(spec.aliases),
        "list_price": spec.list_price,
        "life_cycle": [
            spec.life_cycle.state,
            spec.life_cycle.replacement or spec.life_cycle.successor_endpoint,
        ],
        "constraints": [rule.model_dump(mode="json") for rule in spec.constraints],
        "ranges": {
            p.wire: [p.minimum, p.maximum, p.min_length, p.max_length, p.nullable]
            for p in spec.parameters
        },
        "steps": {p.wire: p.multiple_of for p in spec.parameters if p.multiple_of},
        "most_items": {p.wire: p.max_items for p in spec.parameters if p.max_items},
        "files": {
            f.wire: [list(f.formats), f.max_bytes, f.min_side_px, f.max_side_px, f.min_s, f.max_s]
            for f in spec.files
        },
        "shapes": {
            f.wire: [f.min_aspect, f.max_aspect, list(f.aspects)]
            for f in spec.files
            if f.min_aspect or f.max_aspect or f.aspects
        },
    }


PICTURE = InputFile(
    url="https://x.test/a.png",
    facts=MediaFacts(format="png", size_bytes=9, width_px=1280, height_px=720),
)


def sound(seconds: float) -> InputFile:
    return InputFile(
        url="https://x.test/a.mp3",
        facts=MediaFacts(format="mp3", size_bytes=9, duration_s=seconds, audio_codec="mp3"),
    )


def video(seconds: float, width_px: int = 1280, height_px: int = 720, fps: float = 24) -> InputFile:
    return InputFile(
        url="https://x.test/a.mp4",
        facts=MediaFacts(
            format="mp4",
            size_bytes=9,
            width_px=width_px,
            height_px=height_px,
            duration_s=seconds,
            fps=fps,
            frames=round(seconds * fps),
            video_codec="h264",
        ),
    )


HD = "720p"
FULL = "1080p"
# Model, settings, dollars: one amount, a range, or None for unknown.
PRICES: list[tuple[str, dict[str, Any], str | tuple[str, str] | None]] = [
    ("sora2", {"duration_s": 4}, "0.40"),
    ("sora2", {"duration_s": 12}, "1.20"),
    ("sora2", {"duration_s": 20}, "2.00"),
    ("sora2_pro", {"duration_s": 4, "resolution": HD}, "1.20"),
    ("sora2_pro", {"duration_s": 4, "resolution": FULL}, "2.00"),
    ("sora2_pro", {"duration_s": 4, "resolution": "true_1080p"}, None),
    ("sora2_i2v", {"duration_s": 4}, "0.40"),
    ("sora2_i2v", {"duration_s": 8, "resolution": HD}, "0.80"),
    ("sora2_i2v", {"duration_s": 16}, "1.60"),
    ("sora2_i2v_pro", {"duration_s": 4}, ("1.20", "2.00")),
    ("sora2_i2v_pro", {"duration_s": 4, "resolution": HD}, "1.20"),
    ("sora2_i2v_pro", {"duration_s": 8, "resolution": FULL}, "4.00"),
    ("sora2_remix", {"video_id": "v"}, None),
    ("sora2_remix", {"video_id": "v", "delete_video": False}, None),
    ("sora2_remix", {"video_id": "w"}, None),
    *[
        row
        for model in ("veo31", "veo31_i2v", "veo31_f2v")
        for row in (
            (model, {"duration_s": 8, "audio": True}, "3.20"),
            (model, {"duration_s": 4, "audio": False, "resolution": FULL}, "0.80"),
            (model, {"duration_s": 6, "audio": True, "resolution": "4k"}, "3.60"),
        )
    ],
    *[
        row
        for model in ("veo31_fast", "veo31_fast_i2v", "veo31_fast_f2v")
        for row in (
            (model, {"duration_s": 8, "audio": True}, "1.20"),
            (model, {"duration_s": 4, "audio": False, "resolution": FULL}, "0.40"),
            (model, {"duration_s": 6, "resolution": "4k"}, None),
        )
    ],
    ("veo3", {"duration_s": 8}, "3.20"),
    ("veo3", {"duration_s": 4, "audio": False}, "0.80"),
    ("veo3", {"duration_s": 6, "resolution": FULL}, "2.40"),
    ("veo3_fast", {"duration_s": 8}, "1.20"),
    ("veo3_fast", {"duration_s": 4, "audio": False}, "0.40"),
    ("veo3_fast", {"duration_s": 6, "resolution": FULL}, "0.90"),
    *[
        row
        for model in ("ltxv2_pro", "ltxv2_i2v")
        for row in (
            (model, {"duration_s": 6}, "0.36"),
            (model, {"duration_s": 8, "resolution": "1440p"}, "0.96"),
            (model, {"duration_s": 10, "resolution": "2160p"}, "2.40"),
        )
    ],
    *[
        row
        for model in ("ltxv2_fast", "ltxv2_fast_i2v")
        for row in (
            (model, {"duration_s": 20}, "0.80"),
            (model, {"duration_s": 6, "resolution": "1440p"}, "0.48"),
            (model, {"duration_s": 10, "resolution": "2160p"}, "1.60"),
        )
    ],
    ("hailuo_02", {"duration_s": 6}, "0.27"),
    ("hailuo_02", {"duration_s": 10}, "0.45"),
    ("hailuo_02", {"prompt_optimizer": False}, "0.27"),
    ("hailuo_02_pro", {}, "0.48"),
    ("hailuo_02_pro", {"prompt_optimizer": False}, "0.48"),
    ("hailuo_02_pro", {"prompt_optimizer": True}, "0.48"),
    *[
        row
        for model in ("hailuo_23_standard", "hailuo_23_standard_i2v")
        for row in (
            (model, {}, "0.28"),
            (model, {"duration_s": 6}, "0.28"),
            (model, {"duration_s": 10}, "0.56"),
        )
    ],
    *[
        row
        for model, usd in (
            ("hailuo_23_pro", "0.49"),
            ("hailuo_23_pro_i2v", "0.49"),
            ("hailuo_23_fast_pro_i2v", "0.33"),
        )
        for row in (
            (model, {}, usd),
            (model, {"prompt_optimizer": False}, usd),
            (model, {"prompt_optimizer": True}, usd),
        )
    ],
    ("seedance_lite", {"duration_s": 5, "resolution": HD}, "0.1944"),
    ("seedance_lite", {"duration_s": 10, "resolution": HD}, "0.3888"),
    ("seedance_lite", {"duration_s": 5, "resolution": FULL}, "0.4374"),
    ("seedance_pro", {"duration_s": 5, "resolution": FULL}, "0.6075"),
    ("seedance_pro", {"duration_s": 10, "resolution": FULL}, "1.215"),
    ("seedance_pro", {"num_frames": 48, "resolution": FULL}, "0.243"),
    ("seedance_pro_i2v", {"duration_s": 5, "resolution": FULL}, "0.6075"),
    ("seedance_pro_i2v", {"duration_s": 5, "resolution": HD}, "0.27"),
    ("seedance_pro_i2v", {"duration_s": 12, "resolution": FULL}, "1.458"),
    ("seedance_pro_fast_i2v", {"duration_s": 5, "resolution": FULL}, "0.243"),
    ("seedance_pro_fast_i2v", {"duration_s": 5, "resolution": HD}, "0.108"),
    ("seedance_pro_fast_i2v", {"duration_s": 10, "resolution": FULL}, "0.486"),
    ("kling_v2_1", {"duration_s": 5}, "1.40"),
    ("kling_v2_1", {"duration_s": 10}, "2.80"),
    ("kling_v2_1", {"cfg_scale": 0.7}, "1.40"),
    *[
        row
        for model in ("kling_v2_5", "kling_v2_5_i2v")
        for row in (
            (model, {"duration_s": 5}, "0.35"),
            (model, {"duration_s": 10}, "0.70"),
            (model, {"cfg_scale": 0.7}, "0.35"),
        )
    ],
    ("kling_avatar_pro", {"audio_file": sound(10)}, "1.15"),
    ("kling_avatar_pro", {"audio_file": sound(2)}, "0.23"),
    ("kling_avatar_pro", {"audio_file": "https://x.test/unread.mp3"}, None),
    ("kling_avatar_standard", {"audio_file": sound(10)}, "0.562"),
    ("kling_avatar_standard", {"audio_file": sound(1)}, "0.0562"),
    ("kling_avatar_standard", {"audio_file": "https://x.test/unread.mp3"}, None),
    ("omnihuman_v1_5", {"audio_file": sound(10)}, ("1.40", "1.60")),
    ("omnihuman_v1_5", {"audio_file": sound(50), "resolution": HD}, ("7.00", "8.00")),
    ("omnihuman_v1_5", {"audio_file": "https://x.test/unread.mp3"}, None),
    *[
        row
        for model in ("wan_25", "wan_25_i2v")
        for row in (
            (model, {"duration_s": 5, "resolution": "480p"}, "0.25"),
            (model, {"duration_s": 5, "resolution": HD}, "0.50"),
            (model, {"duration_s": 10, "resolution": FULL}, "1.50"),
        )
    ],
    ("wan_turbo", {"resolution": "480p"}, "0.05"),
    ("wan_turbo", {"resolution": "580p"}, "0.075"),
    ("wan_turbo", {}, "0.10"),
    *[
        row
        for model in ("wan_animate_move", "wan_animate_replace")
        for row in (
            (model, {"video": video(4)}, "0.30"),
            (model, {"video": video(4), "resolution": "580p"}, "0.45"),
            (model, {"video": video(4), "resolution": HD}, "0.60"),
        )
    ],
    ("vidu_q2_i2v", {"duration_s": 4}, "0.20"),
    ("vidu_q2_i2v", {"duration_s": 8, "resolution": FULL}, ("0.60", "0.80")),
    ("vidu_q2_i2v", {"duration_s": 4, "resolution": FULL}, "0.40"),
    ("bytedance_upscaler", {"video": video(10)}, "0.072"),
    (
        "bytedance_upscaler",
        {"video": video(10), "target_resolution": "4k", "target_fps": "60fps"},
        "0.576",
    ),
    (
        "bytedance_upscaler",
        {"video": video(10), "target_resolution": "2k", "enhancement_tier": "pro"},
        "1.44",
    ),
    ("flashvsr_upscaler", {"video": video(2, 640, 360)}, "0.022118"),
    ("flashvsr_upscaler", {"video": video(2, 640, 360), "upscale_factor": 4}, "0.088474"),
    ("flashvsr_upscaler", {"video": "https://x.test/unread.mp4"}, None),
    ("topaz_upscaler", {"video": video(10, 640, 360)}, "0.10"),
    ("topaz_upscaler", {"video": video(10, 640, 360), "target_fps": 60}, "0.20"),
    ("topaz_upscaler", {"video": video(10, 1280, 720), "model": "Gaia 2"}, "0.40"),
]


def settings_for(model_id: str, settings: dict[str, Any]) -> dict[str, Any]:
    spec = models[model_id]
    filled = dict(settings)
    if spec.parameter("prompt") is not None and spec.parameter("prompt").required:  # type: ignore[union-attr]  # checked just before
        filled.setdefault("prompt", "a cat")
    for want in spec.files:
        if want.required:
            filled.setdefault(want.name, PICTURE if want.kind == "image" else sound(5))
    return filled


@pytest.mark.parametrize(("model_id", "settings", "usd"), PRICES)
def test_a_request_is_quoted_at_the_published_price(
    model_id: str, settings: dict[str, Any], usd: str | tuple[str, str] | None
) -> None:
    quote = models[model_id].request(**settings_for(model_id, settings)).quote
    if usd is None:
        assert quote.kind == "unknown"
        assert (quote.amount_usd, quote.low_usd, quote.high_usd) == (None, None, None)
    elif isinstance(usd, tuple):
        assert quote.kind == "range"
        assert (quote.low_usd, quote.high_usd) == (Decimal(usd[0]), Decimal(usd[1]))
    else:
        assert quote.amount_usd == Decimal(usd)


def test_every_model_is_priced_at_three_settings() -> None:
    counts = {model_id: 0 for model_id in models}
    for model_id, _, _ in PRICES:
        counts[model_id] += 1
    assert [m for m, n in counts.items() if n < 3] == []
