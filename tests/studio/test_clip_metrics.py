"""Metrics of a project's clips: measured once, stored, documented, extended."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError
from qcut_nb.media import METRICS
from qcut_nb.studio.code_digest import code_digest
from qcut_nb.studio.metrics import stored_metrics
from support.media import make_picture, make_video

DOCS = Path(__file__).parents[2] / "docs/compare.md"


@pytest.fixture(autouse=True)
def own_metrics(studio: Studio) -> Iterator[None]:
    """Leaves no metric registered: they outlive a studio."""
    yield
    for name in set(studio.metrics.names) - {metric.name for metric in METRICS}:
        studio.metrics.unregister(name)


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
    with pytest.raises(InputError, match="sharpnes"):
        studio.metrics.unregister("sharpness")


def test_a_metric_that_fails_is_said_in_its_place_and_costs_no_other(
    studio: Studio, tmp_path: Path
) -> None:
    clips = [
        Clip.from_file(make_video(tmp_path / f"{frames}.mp4", frames=frames)) for frames in (6, 48)
    ]
    studio.metrics.register("pictures", lambda frames: len(frames), unit="n")
    studio.metrics.register("longest", lambda frames: float(frames[20].mean()))
    studio.metrics.register("worded", lambda frames: "many")  # type: ignore[arg-type, return-value]  # what a user may pass
    table = studio.metrics.of(clips)
    assert [set(values) & {"pictures", "longest"} for values in table.values_of.values()] == [
        {"pictures"},
        {"pictures", "longest"},
    ]
    assert "Metric longest failed: IndexError: index 20 is out of bounds" in repr(table)
    assert "IndexError" in table._repr_html_()
    assert table.to_dataframe()["longest"].isna().tolist() == [True, False]
    one = studio.metrics.of(clips[0])
    assert "longest" not in one
    assert dict(one)["pictures"] == 6
    with pytest.raises(InputError, match=r"IndexError.*unregister\('longest'\)") as caught:
        one["longest"]
    assert isinstance(caught.value.__cause__, IndexError)
    with pytest.raises(InputError, match="no number"):
        one["worded"]
    studio.metrics.unregister("longest")
    assert "longest" not in studio.metrics.names
    assert "IndexError" not in repr(studio.metrics.of(clips))


def made(source: str) -> Callable[[Any], float]:
    """The function `f` of a cell, as a kernel makes it when the cell runs."""
    around: dict[str, Any] = {"__name__": "__main__"}
    exec(source, around)
    function: Callable[[Any], float] = around["f"]
    return function


CELL = """
import numpy as np
LIMIT = 3
KERNEL = np.array([1.0, 2.0])
def helper(x):
    return helper(x - 1) if x > LIMIT else x
def around(k):
    def f(frames, low=1, *, high={"a": [4]}):
        return sum(map(lambda p: helper(p) + k + KERNEL[0], frames)) in {"no", "yes"}
    return f
f = around(7)
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("1.0, 2.0", "1.0, 3.0"),
        ("x - 1", "x - 2"),
        ("low=1", "low=2"),
        ("[4]", "[5]"),
        ("helper(p) + k", "helper(p) - k"),
        ('"yes"', '"maybe"'),
        ("around(7)", "around(8)"),
    ],
)
def test_what_a_metric_computes_has_one_digest_and_all_that_it_takes_in_changes_it(
    old: str, new: str
) -> None:
    assert code_digest(made(CELL)) == code_digest(made(CELL)) is not None
    assert code_digest(made(CELL.replace(old, new))) != code_digest(made(CELL))


def test_functions_of_libraries_count_by_name_and_what_has_no_stable_form_has_no_digest() -> None:
    named = [np.mean, np.add, len, functools.partial(np.mean, axis=0)]
    assert len({code_digest(fn) for fn in named} - {None}) == len(named)
    thing = object()
    assert code_digest(lambda frames: thing) is None
    assert code_digest(np.vectorize(lambda frames: 1.0)) is None


def test_a_number_is_not_taken_for_that_of_another_closure_or_of_something_unstable(
    studio: Studio, tmp_path: Path
) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    for scale in (1.0, 2.0):
        studio.metrics.register("scaled", (lambda k: lambda frames: k)(scale))
        assert studio.metrics.of(clip)["scaled"] == scale
    seen: list[int] = []

    class Model:
        def __call__(self, frames: NDArray[np.uint8]) -> float:
            seen.append(len(frames))
            return 1.0

    model = Model()
    for _ in range(2):
        studio.metrics.register("scored", model)
        assert studio.metrics.of(clip)["scored"] == studio.metrics.of(clip)["scored"]
    assert len(seen) == 2
