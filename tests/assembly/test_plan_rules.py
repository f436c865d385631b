"""What holds for the plan of any timeline, without rendering it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcut_nb.assembly import Timeline
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
}
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
    plan, naive = timeline.plan(), plan_edit(timeline.edit, may_copy=False)
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
