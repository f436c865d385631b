from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qcut_nb.clip import Clip
from qcut_nb.errors import FfmpegMissingError, InputError, MediaError
from qcut_nb.media import RecipeCost
from support.media import grey, make_picture, make_sound, make_video

MakeClip = Callable[..., Clip]


def test_a_file_gives_back_how_its_clip_was_made(make_clip: MakeClip) -> None:
    clip = make_clip()
    assert (clip.model_id, clip.prompt, clip.seed) == ("kling_v2_5", "a cat playing with yarn", 42)
    assert clip.name == "AI (Kling 2.5 Turbo): a cat playing with yarn"
    assert clip.duration_s == pytest.approx(1.0)
    assert clip.is_whole
    with pytest.raises(dataclasses.FrozenInstanceError):
        clip.start_s = 1  # type: ignore[misc]


def test_cost_is_metered_else_quoted_else_unknown_and_nothing_when_simulated(
    make_clip: MakeClip,
) -> None:
    assert make_clip().cost_usd == Decimal("0.35")
    metered = RecipeCost(estimate_usd=Decimal("0.35"), metered_usd=Decimal("0.40"))
    assert make_clip(cost=metered).cost_usd == Decimal("0.40")
    assert make_clip(cost=RecipeCost()).cost_usd is None
    simulated = make_clip(mode="simulated")
    assert (simulated.cost_usd, simulated.quote_usd) == (Decimal(0), Decimal("0.35"))


def test_a_file_without_a_recipe_is_a_clip_without_a_recipe(tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "mine.mp4"))
    assert (clip.recipe, clip.cost_usd, clip.name) == (None, None, "mine")


def test_what_is_no_video_is_no_clip(tmp_path: Path) -> None:
    others = [
        make_picture(tmp_path / "a.png"),
        make_sound(tmp_path / "a.mp3", codec="libmp3lame"),
    ]
    for path in others:
        with pytest.raises(MediaError, match="no video in it"):
            Clip.from_file(path)
    with pytest.raises(MediaError, match="There is no file"):
        Clip.from_file(tmp_path / "none.mp4")


def test_ranges_nest_and_count_from_their_own_start(make_clip: MakeClip) -> None:
    clip = make_clip(video={"frames": 120})
    part = clip[1.5:4]
    assert (part.start_s, part.end_s, part.duration_s) == (1.5, 4.0, 2.5)
    inner = part[0.5:-1]
    assert (inner.start_s, inner.end_s) == (2.0, 3.0)
    assert clip[:].is_whole
    assert clip[-1:].start_s == pytest.approx(4.0)
    assert clip[0:5.04].is_whole
    assert part.recipe == clip.recipe


@pytest.mark.parametrize("times", [slice(0, 7), slice(3, 1), slice(-9, 2), slice(2, 2)])
def test_a_range_outside_the_clip_is_refused_with_the_times_there_are(
    make_clip: MakeClip, times: slice
) -> None:
    clip = make_clip(video={"frames": 120})
    with pytest.raises(InputError, match="0 to 5 s"):
        clip[times]


@pytest.mark.parametrize("times", [1, slice(0, 1, 2), slice("a", "b"), None])
def test_only_ranges_of_seconds_cut_a_clip(make_clip: MakeClip, times: Any) -> None:
    clip = make_clip()
    with pytest.raises(InputError):
        clip[times]


def test_frames_of_a_range_count_from_its_start(make_clip: MakeClip) -> None:
    clip = make_clip(video={"frames": 48})
    part = clip[0.5:1.5]
    for number in range(24):
        assert abs(float(part.frame(number / 24).mean()) - grey(12 + number)) < 2.5
    with pytest.raises(InputError, match="from 0 to 1 s"):
        part.frame(1.2)


def test_a_copy_keeps_everything_and_never_replaces_by_accident(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    clip = make_clip()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "best.mp4.part").write_bytes(b"of another")
    copy = clip.save(tmp_path / "out" / "best.mp4")
    assert (tmp_path / "out" / "best.mp4.part").read_bytes() == b"of another"
    (tmp_path / "out" / "best.mp4.part").unlink()
    assert Clip.from_file(copy).recipe == clip.recipe
    assert copy.read_bytes() == clip.path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        clip.save(copy)
    with pytest.raises(InputError, match="exists already"):
        clip.save(clip.path, overwrite=True)
    clip.save(copy, overwrite=True)
    assert clip.save(tmp_path / "out").name == "clip.mp4"
    with pytest.raises(InputError, match="Timeline"):
        clip[0:0.5].save(tmp_path / "part.mp4")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["best.mp4", "clip.mp4"]


def test_moviepy_gets_the_range_with_its_frames_and_sound(make_clip: MakeClip) -> None:
    part = make_clip(video={"frames": 48})[0.5:1.5]
    video = part.to_moviepy()
    try:
        assert video.duration == pytest.approx(1.0, abs=0.02)
        assert video.audio is not None
        assert np.abs(video.get_frame(0.25).mean() - part.frame(0.25).mean()) < 3
    finally:
        video.close()


def test_moviepy_without_ffmpeg_says_how_to_get_one(
    make_clip: MakeClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip()

    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "no-ffmpeg"))
    with pytest.raises(FfmpegMissingError, match="pip install"):
        clip.to_moviepy()


def test_rerun_goes_to_the_studio_that_made_it_and_else_says_how(make_clip: MakeClip) -> None:
    asked: list[Any] = []

    class Studio:
        def rerun(self, clip: Clip, **changes: Any) -> str:
            asked.append((clip.path.name, changes))
            return "batch"

    clip = make_clip()
    with pytest.raises(InputError, match=r"studio\.rerun\(clip"):
        clip.rerun(seed=7)
    studio: Any = Studio()  # only what is asked of it here
    owned = dataclasses.replace(clip, owner=studio)
    assert owned[0:0.5].rerun(seed=7) == "batch"
    assert asked == [("clip.mp4", {"seed": 7})]
    assert owned == clip


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_moviepy_gets_a_turned_video_upright(make_clip: MakeClip) -> None:
    clip = make_clip(video={"rotation": 90})
    video = clip.to_moviepy()
    try:
        assert tuple(video.size) == (48, 64)
        assert video.get_frame(0).shape == clip.frame(0).shape
    finally:
        video.close()
