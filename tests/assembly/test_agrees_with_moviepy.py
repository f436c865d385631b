"""What is rendered here is what MoviePy renders, as far as two encoders can agree."""

from __future__ import annotations

import gc
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moviepy
import numpy as np
import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from support.media import loudness, make_sound
from support.numbered import FFMPEG, make_numbered

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

Edit = Callable[[Clip, Clip, Path], tuple[Timeline, Any]]


def ssim(one: Path, other: Path) -> float:
    """Mean similarity of all frames; both must have the same number of them."""
    shown = subprocess.run(
        [FFMPEG, "-i", str(one), "-i", str(other), "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"],
        capture_output=True,
        check=True,
        text=True,
    )
    return float(re.findall(r"All:([\d.]+)", shown.stderr)[-1])


def onset_s(path: Path) -> float:
    """When its sound begins."""
    samples, rate = loudness(path)
    return float(np.flatnonzero(np.abs(samples) > 0.1)[0]) / rate


opened: list[Any] = []


def numbered(path: Path, first: int = 0) -> Path:
    options = {"g": "24", "crf": "12"}
    return make_numbered(path, first=first, options=options, width_px=320, height_px=180)


def movie(clip: Clip) -> Any:
    opened.append(clip.to_moviepy())
    return opened[-1]


def trimmed(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    parts = [one[0.25:1.5], other[0.5:]]
    return Timeline(parts), moviepy.concatenate_videoclips([movie(part) for part in parts])


def crossfaded(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    fade = [moviepy.vfx.CrossFadeIn(0.5), moviepy.afx.AudioFadeIn(0.5)]
    first = movie(one).with_effects([moviepy.afx.AudioFadeOut(0.5)])
    clips = [first, movie(other).with_effects(fade)]
    joined = moviepy.concatenate_videoclips(clips, padding=-0.5, method="compose")
    return Timeline([one, other]).crossfade(0.5), joined


def with_music(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    plain = moviepy.concatenate_videoclips([movie(one), movie(other)])
    music = moviepy.AudioFileClip(str(song)).with_volume_scaled(0.5).with_start(1)
    mixed = moviepy.CompositeAudioClip([plain.audio, music.subclipped(0, 3)])
    return Timeline([one, other]).music(song, 0.5, at=1), plain.with_audio(mixed)


def faster(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    return (
        Timeline([one, other]).speed(2, 0),
        moviepy.concatenate_videoclips([movie(one).with_speed_scaled(2), movie(other)]),
    )


def mirrored(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    effects = [moviepy.vfx.MirrorX()]
    return (
        Timeline([one, other]).with_effects(effects, 0),
        moviepy.concatenate_videoclips([movie(one).with_effects(effects), movie(other)]),
    )


def bridged(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    timeline = Timeline([one, other]).crossfade(0.5)
    return timeline, timeline.to_moviepy()


def handed_in(one: Clip, other: Clip, song: Path) -> tuple[Timeline, Any]:
    return Timeline.from_moviepy(movie(one)), movie(one)


@pytest.mark.parametrize(
    ("edit", "strategy"),
    [
        (trimmed, "smart"),
        (crossfaded, "filter"),
        (with_music, "copy"),
        (faster, "filter"),
        (mirrored, "moviepy"),
        (bridged, "filter"),
        (handed_in, "moviepy"),
    ],
)
def test_a_render_agrees_with_moviepys_own(tmp_path: Path, edit: Edit, strategy: str) -> None:
    one = Clip.from_file(numbered(tmp_path / "a.mp4"))
    other = Clip.from_file(numbered(tmp_path / "b.mp4", first=300))
    song = make_sound(tmp_path / "song.wav", codec="pcm_s16le", duration_s=4, hz=880)
    timeline, plain = edit(one, other, song)
    plan = timeline.plan()
    assert strategy in {each.strategy for each in plan.stretches}
    ours = timeline.render(tmp_path / "ours.mp4")
    theirs = tmp_path / "theirs.mp4"
    plain.write_videofile(str(theirs), fps=24, logger=None, ffmpeg_params=["-crf", "12"])
    plain.close()
    while opened:
        opened.pop().close()
    assert ours.facts.frames == Clip.from_file(theirs).facts.frames
    assert ssim(ours.path, theirs) >= 0.98
    assert abs(onset_s(ours.path) - onset_s(theirs)) < 0.02
    del plain, timeline
    gc.collect()  # MoviePy's readers leave pipes open: they shall go while this test is told
