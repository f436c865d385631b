"""What holds for the plan of any timeline, without rendering it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import moviepy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.movie_pace import MoviePace
from qcut_nb.assembly.planner import plan_edit
from qcut_nb.clip import Clip
from support.numbered import make_numbered

FRAMES = 48
CHANGES: dict[str, Callable[[Timeline], Timeline]] = {
    "none": lambda t: t,
    "title": lambda t: t.title("x", "1f", "3f", fade=0),
    "fade": lambda t: t.fade_in("1f"),
    "slow": lambda t: t.speed(0.5, 0),
    "backwards": lambda t: t.reverse(-1),
    "smaller": lambda t: t.with_size(32, 24),
    "faster": lambda t: t.with_fps(30),
    "mirrored": lambda t: t.with_effects([moviepy.vfx.MirrorX()], 0),
}
PACE = MoviePace()
SOURCES = {
    "b_frames": {"preset": "medium", "bf": "3", "g": "12"},
    "open_gop": {"preset": "medium", "bf": "2", "g": "12", "x264-params": "open-gop=1"},
    "one_gop": {"preset": "medium", "g": "250"},
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    folder = tmp_path_factory.mktemp("sources")
    return [
        Clip.from_file(make_numbered(folder / f"{name}.mp4", options=options, frames=FRAMES))
        for name, options in SOURCES.items()
    ]


@settings(max_examples=80, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, FRAMES - 4), st.integers(4, FRAMES)),
        min_size=1,
        max_size=8,
    ),
    overlap=st.integers(0, 2),
    change=st.sampled_from(sorted(CHANGES)),
)
def test_a_plan_is_never_more_work_than_encoding_everything(
    sources: list[Clip], cuts: list[tuple[int, int, int]], overlap: int, change: str
) -> None:
    fps = Fraction(24)
    clips, lengths = [], []
    for which, start, length in cuts:
        end = min(FRAMES, start + length)
        clips.append(sources[which][float(start / fps) : float(end / fps)])
        lengths.append(end - start)
    plain = Timeline(clips).crossfade(f"{overlap}f")
    assert plain.layout.frames == sum(lengths) - overlap * (len(lengths) - 1)
    timeline = CHANGES[change](plain)
    plan = plan_edit(timeline.edit, pace=PACE)
    naive = plan_edit(timeline.edit, pace=PACE, may_copy=False)
    assert plan.estimate_s is not None
    assert naive.estimate_s is not None
    assert plan.estimate_s <= naive.estimate_s
    assert plan.encoded_frames <= naive.encoded_frames == timeline.layout.frames
    for each in (plan, naive):
        assert each.stretches[0].first == 0
        assert each.stretches[-1].end == timeline.layout.frames
        assert all(one.end == two.first for one, two in itertools.pairwise(each.stretches))
    for stretch in plan.stretches:
        if stretch.copied is not None:
            assert stretch.copied.end - stretch.copied.first == stretch.frames


def test_what_moviepy_takes_is_measured_and_counted_for_each_of_its_frames(
    sources: list[Clip],
) -> None:
    timeline = Timeline([sources[0], sources[1]]).with_effects([moviepy.vfx.MirrorX()], 1)
    assert timeline.plan().estimate_s is not None
    plain = plan_edit(timeline.edit, pace=lambda *_: 0.0)
    slow = plan_edit(timeline.edit, pace=lambda *_: 2.0)
    assert plain.estimate_s is not None
    assert slow.estimate_s == pytest.approx(plain.estimate_s + 2 * FRAMES)
    assert slow.effort in str(slow)


def test_an_effect_that_fails_makes_the_time_unknown_and_not_zero(sources: list[Clip]) -> None:
    def fails(get_frame: Callable[[float], Any], t: float) -> Any:
        if t > 0:
            raise ValueError("no")
        return get_frame(t)

    movie = moviepy.ColorClip((64, 48), (0, 0, 0), duration=1).with_fps(24).transform(fails)
    plan = Timeline([sources[0], movie]).plan()
    assert plan.estimate_s is None
    assert "not known" in str(plan)
