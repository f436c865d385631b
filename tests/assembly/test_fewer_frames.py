"""Where not every frame of a source is shown, some are not decoded; those shown are the right."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.frame_reader import EvenMoments
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
