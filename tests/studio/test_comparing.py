"""What `studio.compare` takes, and how it arranges it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import moviepy
import pytest

import qcut_nb as qc
from qcut_nb.clip import Clip
from qcut_nb.errors import InputError
from qcut_nb.notebook import CompareItem
from qcut_nb.simulator import Simulator
from qcut_nb.store import Measured, add_metrics, ballots
from qcut_nb.studio.clip_keys import clip_key
from qcut_nb.studio.comparing import CompareDesk
from qcut_nb.studio.comparing_matrix import matrix
from support.media import make_video


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[qc.Studio]:
    simulator = Simulator(speed="instant", max_height_px=64)
    made = qc.Studio("compare", simulator=simulator, root=tmp_path)
    yield made
    made.close()


@dataclass
class Cell:
    """A cell of a sweep, as far as the comparison looks at one."""

    clip: Clip | None
    values: dict[str, Any] = field(default_factory=dict)
    state: str = "planned"
    error: None = None


def test_a_batch_is_compared_with_its_failures_in_their_places(studio: qc.Studio) -> None:
    batch = studio.generate("waves", models=["kling_v2_5", "veo31_fast"], duration_s=5)
    batch.wait()
    widget = studio.compare(batch)
    clips = widget.snapshot().clips
    assert [clip.model_name for clip in clips] == ["Kling v2.5 Turbo Pro", "Veo 3.1 Fast"]
    assert all(clip.time_to_result_s is not None for clip in clips)
    assert clips[0].cost == "free ($0.35 live)"
    assert clips[0].cost_per_s == "$0.07/s live"
    widget.close()


def test_paths_clips_ranges_and_movies_stand_beside_each_other(
    studio: qc.Studio, tmp_path: Path
) -> None:
    path = make_video(tmp_path / "a.mp4", frames=48)
    movie = moviepy.ColorClip((64, 48), color=(200, 30, 30), duration=1).with_fps(24)
    widget = studio.compare([path, Clip.from_file(path)[0.5:1.5], movie, movie])
    first, part, written, again = widget.snapshot().clips
    assert (first.end_s, part.start_s, part.end_s) == (2, 0.5, 1.5)
    assert written.problem is None
    assert written.file_name == again.file_name
    assert len(list((studio.folder / "previews").glob("*.mp4"))) == 1
    widget.close()


def test_a_matrix_has_every_cell(studio: qc.Studio, tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    cells = [
        Cell(clip, {"prompt": "cat", "model": "A"}),
        Cell(clip, {"prompt": "cat", "model": "B"}),
        Cell(None, {"prompt": "dog", "model": "B"}, "running"),
    ]
    widget = studio.compare(cells, rows="prompt", columns="model")
    state = widget.snapshot()
    assert (state.rows, state.columns) == (("cat", "dog"), ("A", "B"))
    assert [clip.problem is None for clip in state.clips] == [True, True, False, False]
    assert state.clips[3].problem is not None
    assert "running" in state.clips[3].problem.what
    widget.close()


def test_several_clips_of_one_cell_get_rows_of_their_own() -> None:
    items = [CompareItem(label=name, row="cat", column="A") for name in "12"]
    cells, rows, columns = matrix(items, with_columns=True)
    assert ([cell.label for cell in cells], rows, columns) == (
        ["1", "2"],
        ["cat", "cat (2)"],
        ["A"],
    )
    cells, rows, columns = matrix(items, with_columns=False)
    assert (len(cells), rows, columns) == (2, ["cat"], ["", ""])


@pytest.mark.parametrize(
    ("axes", "names", "said"),
    [
        (("prompt", "model"), ["a", "a (2)", "b", "b (2)"], "As above"),
        (("seed", "model"), ["1", "1 (2)", "2", "2 (2)"], "As above"),
        (("model", "seed"), [], "As on the left"),
    ],
)
def test_a_sweep_says_where_a_model_does_not_tell_its_axes_apart(
    studio: qc.Studio, axes: tuple[str, str], names: list[str], said: str
) -> None:
    plan = studio.sweep(
        prompt=["a", "b"], seed=[1, 2], models=["wan_25", "kling_v2_5"], duration_s=5
    )
    assert len(plan) == 6
    widget = studio.compare(plan, rows=axes[0], columns=axes[1])
    state = widget.snapshot()
    widget.close()
    assert not names or list(state.rows) == names
    problems = [clip.problem.what for clip in state.clips if clip.problem is not None]
    assert len(problems) == 8
    assert problems.count("Not run yet.") == 6
    assert sum(what.startswith(said) for what in problems) == 2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"clips": 7}, "clips=7"),
        ({"clips": [7]}, "7 is no clip"),
        ({"clips": [], "labels": ["a"]}, "labels has 1 values for 0 clips"),
        ({"clips": ["a.mp4"], "sync_s": [-1]}, r"sync_s\[0\]=-1"),
    ],
)
def test_what_cannot_be_compared_is_named(
    studio: qc.Studio, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(InputError, match=named):
        studio.compare(**arguments)


def test_stored_metrics_are_shown_and_none_is_made(studio: qc.Studio, tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4")
    store = studio._core.project.store
    add_metrics(store, clip_key(Clip.from_file(path)), [Measured("loudness", "1", None)])
    widget = studio.compare([path, make_video(tmp_path / "b.mp4", first=5)])
    with_one, without = widget.snapshot().clips
    assert [(m.name, m.value, m.unit) for m in with_one.metrics] == [("loudness", None, "LUFS")]
    assert without.metrics == ()
    widget.close()


def test_votes_are_kept_by_what_a_clip_is(studio: qc.Studio, tmp_path: Path) -> None:
    batch = studio.generate("waves", models="kling_v2_5", duration_s=5)
    (made,) = batch.wait()
    found = Clip.from_file(make_video(tmp_path / "a.mp4"))
    desk = CompareDesk(studio._core)
    desk.record_ballot([[found], [made]], voter=None, blind=True)
    (ballot,) = ballots(studio._core.project.store)
    assert (ballot.voter, ballot.blind) == (None, True)
    assert ballot.ranking[0][0].startswith("sha256:")
    assert ballot.ranking[1] == (batch.jobs[0].id,)


def test_a_clip_is_not_voted_against_itself(studio: qc.Studio, tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    desk = CompareDesk(studio._core)
    with pytest.raises(InputError, match="ranges of one clip count as that clip"):
        desk.record_ballot([[clip[0:0.4]], [clip[0.5:1]]], voter=None, blind=True)
    assert ballots(studio._core.project.store) == []
