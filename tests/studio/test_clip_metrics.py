"""Metrics of a project's clips: measured once, stored, documented, extended."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError
from qcut_nb.media import METRICS
from qcut_nb.studio.metrics import stored_metrics
from support.media import make_picture, make_video

DOCS = Path(__file__).parents[2] / "docs/compare.md"


def test_every_metric_is_documented_with_its_unit_and_none_is_called_quality() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    for metric in METRICS:
        (line,) = [line for line in lines if line.startswith(f"| `{metric.name}` |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == (metric.unit or "ratio" if metric.name != "scene_cuts" else "cuts")
        assert len(cells) == 5
        assert all(cells)
        assert "quality" not in metric.name


def test_a_clip_is_measured_once_also_when_its_file_is_gone_later(
    studio: Studio, tmp_path: Path
) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    first = dict(studio.metrics.of(clip))
    make_video(tmp_path / "b.mp4", first=3)
    other = Clip.from_file(tmp_path / "b.mp4")
    assert dict(studio.metrics.of(other)) != first
    key = next(iter(stored_metrics(studio._core, [])), None)
    assert key is None
    batch = studio.generate("x", models="wan_25", duration_s=5)
    (made,) = batch.wait(60)
    values = dict(studio.metrics.of(made))
    made.path.unlink()
    assert dict(studio.metrics.of(made)) == values
    (rows,) = stored_metrics(studio._core, [batch.jobs[0].id]).values()
    assert {metric.name: value for metric, value in rows} == values


def test_a_prompt_that_all_clips_share_is_said_once_and_their_differences_are_the_headings(
    studio: Studio,
) -> None:
    prompt = "a paper boat in the rain"
    one = studio.generate(prompt, models=["wan_25", "seedance_lite"], duration_s=5, seed=7).wait(60)
    again = studio.generate(prompt, models=["wan_25"], duration_s=5, seed=8).wait(60)
    head = re.split(" {2,}", repr(studio.metrics.of([*one, *again])).splitlines()[0])
    assert head == [
        prompt,
        "WAN v2.5 Preview, seed 7",
        "Seedance v1 Lite",
        "WAN v2.5 Preview, seed 8",
    ]
    other = studio.generate("a dog", models=["wan_25"], duration_s=5).wait(60)
    mixed = repr(studio.metrics.of([*one, *other])).splitlines()[0]
    assert mixed.split("  ")[-1] == other[0].name
    assert prompt in mixed


def test_the_first_picture_is_held_against_the_image_that_was_given(
    studio: Studio, tmp_path: Path
) -> None:
    picture = make_picture(tmp_path / "first.png", width_px=640, height_px=360)
    (clip,) = studio.generate("go", models="kling_v2_5_i2v", image=picture).wait(60)
    table = studio.metrics.of(clip)
    assert table["first_frame_fidelity"] is not None
    assert table["last_frame_fidelity"] is None
    assert "not measurable" in repr(table)


def test_a_metric_of_ones_own_gets_pictures_and_is_measured_again_when_its_code_changes(
    studio: Studio, tmp_path: Path
) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4", frames=48))
    seen: list[tuple[int, ...]] = []

    def redness(frames: NDArray[np.uint8]) -> float:
        seen.append(frames.shape)
        return float(frames[..., 0].mean())

    studio.metrics.register("redness", redness, unit="levels")
    value = studio.metrics.of(clip)["redness"]
    assert value == pytest.approx(110, abs=40)
    assert studio.metrics.of(clip)["redness"] == value
    assert len(seen) == 1
    assert seen[0][1:] == (48, 64, 3)
    assert 2 <= seen[0][0] <= 32
    studio.metrics.register("redness", lambda frames: None, unit="levels")
    assert studio.metrics.of(clip)["redness"] is None
    table = studio.metrics.of(clip)
    assert "redness" in table
    assert "Redness, levels" in table._repr_html_()
    assert "Scene cuts" in repr(table)


def test_what_cannot_be_measured_is_refused(studio: Studio, tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    with pytest.raises(InputError, match="whole clip"):
        studio.metrics.of(clip[0.2:0.6])
    with pytest.raises(InputError, match="sharpness"):
        studio.metrics.register("sharpness", lambda frames: 1.0)
