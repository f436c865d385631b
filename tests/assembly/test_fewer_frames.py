"""Where not every frame of a source is shown, some are not decoded; those shown are the right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.frame_reader import EvenMoments
from qcut_nb.assembly.preview import preview_clip
from qcut_nb.clip import Clip
from support.numbered import make_numbered, numbers

FRAMES = 72
OPTIONS = {
    "b_frames": {"preset": "medium", "bf": "3", "g": "24"},
    "one_gop": {"preset": "medium", "bf": "3", "g": "250"},
    "open_gop": {"preset": "medium", "bf": "2", "g": "12", "x264-params": "open-gop=1"},
    "no_b_frames": {"bf": "0"},
}


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(30000, 1001), Fraction(50), Fraction(60)])
@pytest.mark.parametrize("kind", OPTIONS)
def test_a_preview_shows_each_second_or_third_frame_and_no_other(
    tmp_path: Path, kind: str, fps: Fraction
) -> None:
    one, other = (
        Clip.from_file(
            make_numbered(
                tmp_path / f"{first}.mp4",
                fps=fps,
                frames=FRAMES,
                first=first,
                options=OPTIONS[kind],
                width_px=320,
                height_px=240,
            )
        )
        for first in (0, 500)
    )
    step = 3 if fps == 60 else 2
    start = 6
    small = Timeline([one[float(start / fps) :], other]).preview(240)
    here = range(start, FRAMES, step)
    assert numbers(small.path) == [*here, *range(500, 500 + FRAMES, step)]


@pytest.mark.parametrize("factor", [1.5, 2, 3, 7.3])
@pytest.mark.parametrize("kind", OPTIONS)
def test_a_faster_clip_shows_the_frame_next_to_each_moment(
    tmp_path: Path, kind: str, factor: float
) -> None:
    path = make_numbered(tmp_path / "a.mp4", frames=FRAMES, options=OPTIONS[kind])
    for timeline in (Timeline([path]).speed(factor), Timeline([path]).speed(factor).reverse()):
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        count = round(FRAMES / factor)
        wanted = [int(number * factor + 0.55) for number in range(count)]
        is_reversed = timeline.edit.items[0].is_reversed
        assert numbers(result.path) == (wanted[::-1] if is_reversed else wanted)


def test_moments_fall_on_some_frames_and_near_an_edge_on_both() -> None:
    frame_s = Fraction(1, 24)
    late_s, tick_s = frame_s / 50, Fraction(1, 12_288)
    moments = EvenMoments(late_s, 2 * frame_s, frame_s, 3 * tick_s)
    assert [n for n in range(6) if moments.fall_on(n * frame_s)] == [0, 2, 4]
    on_edge = EvenMoments(tick_s, 2 * frame_s, frame_s, 3 * tick_s)
    assert [n for n in range(6) if on_edge.fall_on(n * frame_s)] == [0, 1, 2, 3, 4, 5]
    assert not moments.fall_on(-frame_s)


@pytest.mark.parametrize("every", [5, 12, 24])
@pytest.mark.parametrize("kind", OPTIONS)
def test_a_quick_look_shows_frames_near_each_moment_and_none_that_was_cut_away(
    tmp_path: Path, kind: str, every: int
) -> None:
    paths = [
        make_numbered(tmp_path / f"{first}.mp4", frames=FRAMES, first=first, options=OPTIONS[kind])
        for first in (0, 500)
    ]
    one, other = (Clip.from_file(path) for path in paths)
    cut = Timeline([one[7 / 24 : 64 / 24], other[13 / 24 :]]).speed(2, 1)
    look = replace(cut.edit.look, is_preview=True, every=every, is_near=True)
    shown = cut._new(replace(cut.edit, look=look)).render(tmp_path / "o.mp4", may_copy=False)
    wanted = [7 + n for n in range(0, 57, every)]
    wanted += [513 + 2 * n for n in range(-57 % every, round(59 / 2), every)]
    found = numbers(shown.path)
    assert len(found) == len(wanted)
    for number, near in zip(found, wanted, strict=True):
        assert number is not None and abs(number - near) <= every * (1 + (near > 500)) / 2 + 4
        assert 7 <= number < 64 or 513 <= number < 572
    assert shown.facts.duration_s == cut.duration_s
    assert Clip.from_file(shown.path).duration_s == pytest.approx(cut.duration_s, abs=0.002)


def test_a_preview_that_would_take_long_shows_fewer_frames_and_says_so(
    tmp_path: Path,
) -> None:
    clips = [
        make_numbered(tmp_path / f"{first}.mp4", fps=30, frames=67, first=first, width_px=320)
        for first in (0, 200, 400)
    ]
    cut = Timeline(clips).crossfade(0.5).title("Home", start=0.5, duration=1)
    small = preview_clip(cut, 240, decoding_s=0)
    assert small.path.name == "Preview of 3 clips, 1 frame a second.mp4"
    assert small.facts.fps == 1
    with av.open(str(small.path)) as container:
        whole_s = [
            float(each.duration * each.time_base)
            for each in container.streams
            if each.duration and each.time_base
        ]
        assert whole_s == pytest.approx([cut.duration_s] * 2, abs=0.03)
        assert Clip.from_file(small.path).duration_s == pytest.approx(cut.duration_s, abs=0.002)
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([float(n) for n in range(len(times))])
