"""Burnt-in frame numbers, read back after every kind of cut."""

from __future__ import annotations

import itertools
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from qcut_nb.media import sample_tables
from support.media import decoded
from support.numbered import FFMPEG, make_numbered, numbers, numbers_by_ffmpeg

GOPS = {
    "no_b_frames": {"preset": "ultrafast", "g": "12"},
    "b_frames": {"preset": "medium", "bf": "3", "g": "12"},
    "b_pyramid": {"preset": "medium", "bf": "5", "g": "12", "x264-params": "b-pyramid=normal"},
    "open_gop": {"preset": "medium", "bf": "2", "g": "12", "x264-params": "open-gop=1"},
    "one_gop": {"preset": "medium", "g": "250"},
    "main": {"preset": "medium", "profile": "main", "bf": "1", "g": "12"},
    "baseline": {"profile": "baseline", "g": "12"},
}
RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60),
]


def at(frame: int, fps: Fraction) -> float:
    return float(frame / fps)


@pytest.mark.parametrize("gop", GOPS)
@pytest.mark.parametrize("audio", [True, False])
def test_every_cut_around_a_keyframe_shows_the_right_frames(
    tmp_path: Path, gop: str, audio: bool
) -> None:
    fps = Fraction(24)
    clip = Clip.from_file(
        make_numbered(tmp_path / "a.mp4", options=GOPS[gop], frames=40, audio=audio)
    )
    whole = list(range(40))
    for cut in range(11, 25):
        start, end = clip[at(cut, fps) :], clip[: at(cut, fps)]
        result = Timeline([start, end, clip]).render(
            tmp_path / "out.mp4", overwrite=True, check="full"
        )
        assert numbers(result.path) == whole[cut:] + whole[:cut] + whole, cut
    assert numbers_by_ffmpeg(result.path) == whole[cut:] + whole[:cut] + whole


@pytest.mark.parametrize("fps", RATES, ids=lambda fps: f"{float(fps):.3f}")
@pytest.mark.parametrize("gop", ["b_frames", "open_gop"])
def test_cuts_are_exact_at_every_rate(tmp_path: Path, fps: Fraction, gop: str) -> None:
    clip = Clip.from_file(make_numbered(tmp_path / "a.mp4", fps=fps, options=GOPS[gop], frames=40))
    for start, end in ((11, 31), (12, 30), (13, 29), (1, 25), (0, 17)):
        timeline = Timeline([clip[at(start, fps) : at(end, fps)], clip])
        assert timeline.fps == fps
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        wanted = [*range(start, end), *range(40)]
        assert numbers(result.path) == wanted
        assert timeline.duration_s == pytest.approx(len(wanted) / fps)
        with av.open(str(result.path)) as container:
            times = [frame.time for frame in container.decode(video=0)]
        assert np.allclose(times, np.arange(len(wanted)) / float(fps), atol=1e-4)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cuts=st.lists(st.floats(0.05, 1.95), min_size=1, max_size=4),
    fps=st.sampled_from([24, 25, 30, 60]),
)
def test_ranges_that_touch_at_any_times_share_no_frame_and_leave_none_out(
    tmp_path: Path, cuts: list[float], fps: int
) -> None:
    path = tmp_path / "a.mp4"
    if not path.exists():
        make_numbered(path, options=GOPS["b_frames"], frames=48)
    clip, edges = Clip.from_file(path), [0.0]
    for cut in sorted(cuts):
        if cut - edges[-1] > 1 / 24:
            edges.append(cut)
    parts = [clip[start:end] for start, end in itertools.pairwise([*edges, 2.0])]
    timeline = Timeline(parts).with_fps(fps)
    assert timeline.layout.frames == 2 * fps
    shown = [numbers(Timeline([part]).render(tmp_path / "out.mp4", True).path) for part in parts]
    assert list(itertools.chain(*shown)) == list(range(48))
    found = numbers(timeline.render(tmp_path / "out.mp4", overwrite=True).path)
    for slot, wanted in zip(timeline.layout.slots, shown, strict=True):
        assert [number for number, _ in itertools.groupby(found[slot.first : slot.end])] == wanted


@pytest.mark.parametrize("gop", ["b_frames", "one_gop", "open_gop"])
def test_around_a_transition_no_frame_is_missing_or_twice(tmp_path: Path, gop: str) -> None:
    one = Clip.from_file(make_numbered(tmp_path / "a.mp4", options=GOPS[gop], frames=48))
    other = Clip.from_file(
        make_numbered(tmp_path / "b.mp4", options=GOPS[gop], frames=48, first=1000)
    )
    for overlap in (1, 5, 12, 13):
        timeline = Timeline([one, other]).crossfade(f"{overlap}f")
        result = timeline.render(tmp_path / "out.mp4", overwrite=True, check="full")
        found = numbers(result.path)
        assert found[: 48 - overlap] == list(range(48 - overlap))
        assert found[48:] == list(range(1000 + overlap, 1048))
        assert len(found) == 96 - overlap
        if gop == "b_frames":
            assert any(each.copied and each.first >= 48 for each in timeline.plan().stretches)


def test_copied_frames_are_identical_and_only_the_named_stretches_are_not(tmp_path: Path) -> None:
    path = make_numbered(tmp_path / "a.mp4", options=GOPS["b_frames"], frames=48)
    clip = Clip.from_file(path)
    timeline = Timeline([clip[0.3:1.7], clip])
    plan = timeline.plan()
    assert {each.strategy for each in plan.stretches} == {"copy", "smart"}
    frames = decoded(timeline.render(tmp_path / "out.mp4").path)
    source = decoded(path)
    wanted = source[7:41] + source
    for stretch in plan.stretches:
        for number in range(stretch.first, stretch.end):
            off = np.abs(frames[number].astype(int) - wanted[number]).max()
            if stretch.copied is not None:
                assert off == 0, number
            else:
                assert np.abs(frames[number].astype(int) - wanted[number]).mean() < 3, number


def test_a_file_that_was_cut_by_an_edit_list_shows_what_players_show(tmp_path: Path) -> None:
    source = make_numbered(tmp_path / "a.mp4", options=GOPS["b_frames"], frames=48)
    cut = tmp_path / "cut.mp4"
    subprocess.run(
        [
            FFMPEG,
            "-v",
            "error",
            "-ss",
            "0.7",
            "-i",
            str(source),
            "-t",
            "0.9",
            "-c",
            "copy",
            str(cut),
        ],
        check=True,
    )
    shown = numbers(cut)
    assert sample_tables(cut)[0].zero > 0
    assert len(shown) < len(sample_tables(cut)[0].sizes)
    clip = Clip.from_file(cut)
    for timeline, wanted in (
        (Timeline([clip, clip]), shown * 2),
        (Timeline([clip[at(5, Fraction(24)) :], source]), [*shown[5:], *range(48)]),
    ):
        result = timeline.render(tmp_path / "out.mp4", overwrite=True, check="full")
        assert numbers(result.path) == wanted


cuts = st.tuples(
    st.integers(0, 1),
    st.integers(0, 44),
    st.integers(1, 48),
    st.integers(0, 6),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(cuts, min_size=1, max_size=5))
def test_random_timelines_have_each_frame_once_and_copies_are_stable(
    tmp_path: Path, pieces: list[tuple[int, int, int, int]]
) -> None:
    fps = Fraction(24)
    sources = []
    for place, gop in enumerate(("b_frames", "open_gop")):
        path = tmp_path / f"{gop}.mp4"
        if not path.exists():
            make_numbered(path, options=GOPS[gop], frames=48, first=1000 * place)
        sources.append(Clip.from_file(path))
    clips, wanted = [], []
    for which, start, length, _ in pieces:
        end = min(48, start + length)
        clips.append(sources[which][at(start, fps) : at(end, fps)])
        wanted.append([1000 * which + number for number in range(start, end)])
    timeline = Timeline(clips)
    overlaps = [0]
    for number in range(1, len(pieces)):
        room = min((len(wanted[number]) - 1) // 2, (len(wanted[number - 1]) - 1) // 2)
        overlap = min(pieces[number][3], room)
        timeline = timeline.crossfade(f"{overlap}f", at=number)
        overlaps.append(overlap)
    overlaps.append(0)
    assert timeline.layout.frames == sum(map(len, wanted)) - sum(overlaps)
    plan = timeline.plan()
    assert [each.first for each in plan.stretches[1:]] == [e.end for e in plan.stretches[:-1]]
    one = timeline.render(tmp_path / "one.mp4", overwrite=True)
    found, begin = numbers(one.path), 0
    assert len(found) == timeline.layout.frames
    for number, each in enumerate(wanted):
        plain = each[overlaps[number] : len(each) - overlaps[number + 1]]
        begin += overlaps[number]
        assert found[begin : begin + len(plain)] == plain
        begin += len(plain)
    other = timeline.render(tmp_path / "other.mp4", overwrite=True)
    assert one.path.read_bytes() == other.path.read_bytes()
