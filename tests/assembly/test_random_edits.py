"""Any row of edits gives the frames that the same edits give on a list of numbers."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from support.numbered import make_numbered, numbers

FPS = Fraction(24)
FRAMES = 36
SOURCES = {
    "b_frames": {"preset": "medium", "bf": "3", "g": "12"},
    "open_gop": {"preset": "medium", "bf": "2", "g": "12", "x264-params": "open-gop=1"},
    "one_gop": {"preset": "medium", "g": "250"},
}
Items = list[list[int]]
"""The frames of each item."""

edits = st.tuples(
    st.sampled_from(["trim", "cut", "insert", "split", "reverse", "remove", "replace"]),
    st.floats(0, 1),
    st.floats(0, 1),
)
beside = st.floats(-0.45, 0.45)
"""By how many frames a time is beside the one that it means."""
parts = st.tuples(
    st.integers(0, 2), st.integers(0, FRAMES - 2), st.integers(2, FRAMES), beside, beside
)
Part = tuple[int, int, int, float, float]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    folder = tmp_path_factory.mktemp("sources")
    return [
        Clip.from_file(
            make_numbered(folder / f"{name}.mp4", options=options, frames=FRAMES, first=100 * place)
        )
        for place, (name, options) in enumerate(SOURCES.items())
    ]


def part_of(sources: list[Clip], part: Part) -> tuple[Clip, list[int]]:
    which, start, length, *off = part
    end = min(FRAMES, start + length)
    clip = sources[which][max(0.0, (start + off[0]) / float(FPS)) : (end + off[1]) / float(FPS)]
    return clip, [100 * which + number for number in range(start, end)]


def sliced(items: Items, first: int, end: int) -> Items:
    found, at = [], 0
    for item in items:
        kept = item[max(0, first - at) : max(0, end - at)]
        at += len(item)
        found += [kept] if kept else []
    return found


def edited(
    timeline: Timeline,
    items: Items,
    edit: tuple[str, float, float],
    other: tuple[Clip, list[int]],
) -> tuple[Timeline, Items]:
    kind, one, two = edit
    total = sum(map(len, items))
    low, high = sorted((round(one * total), round(two * total)))
    index = min(int(one * len(items)), len(items) - 1)
    clip, frames = other
    match kind:
        case "trim" if low < high:
            return timeline.trim(f"{low}f", f"{high}f"), sliced(items, low, high)
        case "cut" if low < high and high - low < total:
            rest = sliced(items, 0, low) + sliced(items, high, total)
            return timeline.cut(f"{low}f", f"{high}f"), rest
        case "insert":
            around = sliced(items, 0, low), sliced(items, low, total)
            return timeline.insert(f"{low}f", clip), [*around[0], frames, *around[1]]
        case "split" if 0 < low < total:
            before, after = timeline.split(float(low / FPS))
            return after + before, sliced(items, low, total) + sliced(items, 0, low)
        case "reverse":
            turned = [item[::-1] if place == index else item for place, item in enumerate(items)]
            return timeline.reverse(index), turned
        case "remove" if len(items) > 1:
            return timeline.remove(index), items[:index] + items[index + 1 :]
        case "replace":
            new = [frames if place == index else item for place, item in enumerate(items)]
            return timeline.replace(index, clip), new
    return timeline, items


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.lists(parts, min_size=1, max_size=3),
    steps=st.lists(st.tuples(edits, parts), min_size=1, max_size=6),
)
def test_edits_in_any_row_lose_and_double_no_frame(
    sources: list[Clip],
    tmp_path: Path,
    start: list[Part],
    steps: list[tuple[tuple[str, float, float], Part]],
) -> None:
    first = [part_of(sources, each) for each in start]
    timeline, items = Timeline([clip for clip, _ in first]), [frames for _, frames in first]
    for edit, other in steps:
        timeline, items = edited(timeline, items, edit, part_of(sources, other))
    wanted = list(itertools.chain.from_iterable(items))
    assert timeline.layout.frames == len(wanted)
    assert timeline.duration_s == pytest.approx(len(wanted) / FPS)
    result = timeline.render(tmp_path / "out.mp4", overwrite=True, check="full")
    assert numbers(result.path) == wanted
