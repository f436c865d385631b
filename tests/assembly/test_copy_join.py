from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from support.media import decoded, levels, loudness, make_video, packets

X264 = [
    {"preset": "ultrafast", "g": "12"},
    {"preset": "medium", "bf": "3", "g": "250"},
    {"preset": "medium", "bf": "2", "g": "8", "x264-params": "open-gop=1"},
]


def payloads(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as container:
        stream = next(s for s in container.streams if s.type == kind)
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


@pytest.mark.parametrize("options", X264)
@pytest.mark.parametrize("audio", [True, False])
def test_whole_clips_of_equal_format_keep_every_frame_bit_for_bit(
    tmp_path: Path, options: dict[str, str], audio: bool
) -> None:
    sources = [
        make_video(tmp_path / f"{n}.mp4", options=options, frames=20 + n, first=30 * n, audio=audio)
        for n in range(3)
    ]
    timeline = Timeline(list(sources))
    assert timeline.plan().kind == "copy"
    result = timeline.render(tmp_path / "out.mp4")
    assert payloads(result.path, "video") == [p for s in sources for p in payloads(s, "video")]
    wanted = [frame for source in sources for frame in decoded(source)]
    found = decoded(result.path)
    assert len(found) == len(wanted) == result.facts.frames
    assert all((one == other).all() for one, other in zip(found, wanted, strict=True))
    assert result.duration_s == pytest.approx(63 / 24)


def test_times_rise_and_pictures_follow_without_a_gap(tmp_path: Path) -> None:
    options = {"preset": "medium", "bf": "3"}
    make_video(tmp_path / "a.mp4", options=options, frames=31)
    result = Timeline([tmp_path / "a.mp4"] * 4).render(tmp_path / "out.mp4")
    decoding: dict[int, list[int]] = {}
    for stream, _, dts, _, _ in packets(result.path):
        assert dts is not None
        decoding.setdefault(stream, []).append(dts)
    assert all(np.all(np.diff(times) > 0) for times in decoding.values())
    with av.open(str(result.path)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert np.allclose(np.diff(times), 1 / 24, atol=1e-4)


@pytest.mark.parametrize(("fps", "frames"), [(24, 17), (Fraction(30000, 1001), 19), (25, 31)])
def test_sound_stays_in_step_however_many_clips_are_joined(
    tmp_path: Path, fps: int | Fraction, frames: int
) -> None:
    loud = make_video(tmp_path / "loud.mp4", fps=fps, frames=frames)
    silent = make_video(tmp_path / "silent.mp4", fps=fps, frames=frames, tone_hz=0)
    timeline = Timeline([loud, silent] * 8)
    assert timeline.plan().kind == "copy"
    result = timeline.render(tmp_path / "out.mp4")
    starts = [pts for stream, pts, *_ in packets(result.path) if stream == 1 and pts is not None]
    assert set(np.diff(starts)) == {1024}
    samples, rate = loudness(result.path)
    clip_s = float(frames / Fraction(fps))
    window = rate // 200
    power = np.sqrt(np.convolve(samples**2, np.ones(window) / window, "same"))
    is_loud = power > 0.14
    onsets = np.flatnonzero(is_loud[1:] & ~is_loud[:-1]) / rate
    for number in range(1, 8):
        wanted = 2 * number * clip_s
        assert min(abs(onset - wanted) for onset in onsets) < 0.02, number


def test_one_whole_clip_is_copied_too(tmp_path: Path) -> None:
    source = make_video(tmp_path / "a.mp4")
    result = Timeline([source]).render(tmp_path / "out.mp4")
    assert sorted(packets(result.path)) == sorted(packets(source))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"width_px": 96}, "a.mp4 has another size"),
        ({"fps": 25}, "a.mp4 has another frame rate"),
        ({"options": {"preset": "medium", "bf": "3"}}, "b.mp4 has other encoder settings"),
        ({"codec": "libx265", "options": {"x265-params": "log-level=none"}}, "b.mp4 is hev1"),
        ({"options": {"profile": "baseline", "level": "4.2"}}, "other encoder settings"),
    ],
)
def test_what_differs_is_encoded_again_and_the_plan_says_why(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    one = make_video(tmp_path / "a.mp4")
    other = make_video(tmp_path / "b.mp4", **changes)
    plan = Timeline([one, other]).plan()
    assert plan.kind == "filter"
    assert says in plan.reason


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"audio": False}, "b.mp4 has no sound, unlike others"),
        ({"sample_rate": 44_100}, "another format"),
    ],
)
def test_sound_that_differs_is_encoded_while_the_picture_is_copied(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    one = make_video(tmp_path / "a.mp4")
    other = make_video(tmp_path / "b.mp4", **changes)
    plan = Timeline([one, other]).plan()
    assert (plan.kind, plan.sound) == ("copy", "encode")
    assert says in plan.sound_reason


def test_sound_that_copying_would_bring_out_of_step_is_encoded(tmp_path: Path) -> None:
    source = make_video(tmp_path / "a.mp4", sample_rate=16_000)
    plan = Timeline([source, source]).plan()
    assert (plan.kind, plan.sound) == ("copy", "encode")
    assert "too long to stay in step" in plan.sound_reason
    assert "within 11 ms" in Timeline([make_video(tmp_path / "b.mp4")] * 2).plan().sound_reason


def test_effects_and_ranges_are_encoded_and_the_plan_says_which(tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4"))
    two = Timeline([clip, clip])
    assert "before a keyframe" in Timeline([clip, clip[0.1:]]).plan().reason
    assert "crossfade" in two.crossfade(0.2).plan().reason
    assert "Music" in two.music(clip.path).plan().sound_reason
    assert two.music(clip.path).plan().kind == "copy"
    assert "another size" in two.with_size(32, 32).plan().reason
    assert "another frame rate" in two.with_fps(30).plan().reason
    assert "fades" in two.fade_out(0.5).plan().reason
    assert two.with_size(64, 48).with_fps(24).crossfade(0).plan().kind == "copy"


def test_other_containers_are_encoded(tmp_path: Path) -> None:
    source = make_video(tmp_path / "a.webm", codec="libvpx-vp9")
    assert "is not an MP4" in Timeline([source]).plan().reason


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lengths=st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=5))
def test_no_frame_is_lost_or_doubled(tmp_path: Path, lengths: list[int]) -> None:
    sources = [
        make_video(tmp_path / f"{place}.mp4", frames=length, first=9 * place)
        for place, length in enumerate(lengths)
    ]
    timeline = Timeline(list(sources))
    assert timeline.plan().kind == "copy"
    result = timeline.render(tmp_path / "out.mp4", overwrite=True)
    assert levels(result.path) == [level for source in sources for level in levels(source)]
    assert timeline.duration_s == pytest.approx(sum(lengths) / 24, abs=1e-4)
