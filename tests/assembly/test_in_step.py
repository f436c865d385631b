"""A flash and a click at the same moments, before and after every way of rendering."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import moviepy
import numpy as np
import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.check import check_mp4, check_other
from qcut_nb.assembly.sound_plan import copied_sound
from qcut_nb.clip import Clip
from qcut_nb.errors import RenderError
from support.numbered import FFMPEG

RATE = 48_000
RATES = ["24000/1001", "24", "25", "30000/1001", "30", "60"]
WITHIN_S = 0.02
FRAMES_AT = [1, 2, 3]
"""Seconds; flashes are on the frames next to these."""


def make_flashing(path: Path, fps: Fraction = Fraction(24), **options: str) -> Path:
    """Four seconds, grey and silent but for a white frame with a click each second."""
    marks = [round(t_s * fps) for t_s in FRAMES_AT]
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"g": "24", **options})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.time_base = 1 / fps
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        assert isinstance(sound, av.AudioStream)
        for number in range(round(4 * fps)):
            luma = np.full((72, 64), 128, np.uint8)
            luma[:48] = 235 if number in marks else 16 + number * 3 % 40
            frame = av.VideoFrame.from_ndarray(luma, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        samples = np.zeros((1, 4 * RATE), np.float32)
        for mark in marks:
            at = round(mark / fps * RATE)
            samples[0, at : at + 200] = 0.8 * np.sin(np.arange(200) / 2.5)
        for at in range(0, samples.shape[1], 1024):
            block = np.ascontiguousarray(samples[:, at : at + 1024])
            heard = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = RATE, at, Fraction(1, RATE)
            container.mux(sound.encode(heard))
        container.mux(sound.encode(None))
    return path


def flashes_s(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        light = [
            (frame.time or 0.0, frame.to_ndarray(format="gray").mean() > 140)
            for frame in container.decode(video=0)
        ]
    return [t_s for place, (t_s, on) in enumerate(light) if on and not light[place - 1][1]]


def clicks_s(path: Path) -> list[float]:
    found: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()).max(axis=0) > 0.15)
            for t_s in (frame.time or 0.0) + loud[:1] / frame.sample_rate:
                if not found or t_s - found[-1] > 0.1:
                    found.append(float(t_s))
    return found


def off_s(path: Path) -> list[float]:
    """By how much each click is late."""
    seen, heard = flashes_s(path), clicks_s(path)
    assert len(seen) == len(heard) >= 2, (seen, heard)
    return [click - flash for click, flash in zip(heard, seen, strict=True)]


WAYS: dict[str, tuple[Callable[[Timeline], Timeline], str, str]] = {
    "copy": (lambda timeline: timeline, "smart", "copy"),
    "mix": (lambda timeline: timeline.volume(0.9), "smart", "encode"),
    "filter": (lambda timeline: timeline.with_size(32, 24), "filter", "copy"),
    "moviepy": (
        lambda timeline: timeline.with_effects([moviepy.vfx.MirrorX()]),
        "moviepy",
        "encode",
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate", RATES)
def test_ranges_that_start_between_frames_stay_in_step(tmp_path: Path, rate: str, way: str) -> None:
    clip = Clip.from_file(make_flashing(tmp_path / "a.mp4", Fraction(rate)))
    change, picture, sound = WAYS[way]
    timeline = change(Timeline([clip[0.037:], clip[0.53:3.51], clip[0.0213:2.5]]))
    plan = timeline.plan()
    assert (plan.kind, plan.sound) == (picture, sound)
    result = timeline.render(tmp_path / "out.mp4", check="full")
    assert max(map(abs, off_s(result.path))) < WITHIN_S


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_clips_of_another_rate_stay_in_step(tmp_path: Path, fps: int) -> None:
    clip = Clip.from_file(make_flashing(tmp_path / "a.mp4"))
    timeline = Timeline([clip, clip[0.037:], clip[0.53:]]).with_fps(fps)
    assert max(map(abs, off_s(timeline.render(tmp_path / "out.mp4").path))) < WITHIN_S


@pytest.mark.parametrize("delayed", ["picture", "sound"])
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_track_that_starts_late_stays_as_late(tmp_path: Path, suffix: str, delayed: str) -> None:
    source, path = make_flashing(tmp_path / "a.mp4"), tmp_path / f"late{suffix}"
    files = ["-itsoffset", "0.3", "-i", str(source), "-i", str(source)]
    late, other = ("v", "a") if delayed == "picture" else ("a", "v")
    tracks = ["-map", f"0:{late}", "-map", f"1:{other}"]
    subprocess.run([FFMPEG, "-v", "error", *files, *tracks, "-c", "copy", str(path)], check=True)
    wanted_s = -0.3 if delayed == "picture" else 0.3
    clip = Clip.from_file(path)
    for timeline in (Timeline([clip]), Timeline([clip[0.5:]]), Timeline([clip]).with_size(32, 24)):
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        for flash_s in flashes_s(result.path):
            assert min(abs(t_s - flash_s - wanted_s) for t_s in clicks_s(result.path)) < WITHIN_S


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.37, 2, 4])
def test_slow_and_fast_sound_is_where_its_picture_is(tmp_path: Path, speed: float) -> None:
    path = make_flashing(tmp_path / "a.mp4")
    result = Timeline([path]).speed(speed).render(tmp_path / "out.mp4")
    with av.open(str(result.path)) as container:
        samples = np.concatenate(
            [frame.to_ndarray().mean(axis=0) for frame in container.decode(audio=0)]
        )
    for t_s in FRAMES_AT:
        low, high = (round((t_s + by_s) / speed * RATE) for by_s in (-0.4, 0.4))
        power = samples[low:high].astype(float) ** 2
        centre_s = (low + (power * np.arange(high - low)).sum() / power.sum()) / RATE
        assert abs(centre_s - t_s / speed) < WITHIN_S


def test_the_check_refuses_sound_that_is_not_as_planned(tmp_path: Path) -> None:
    source = make_flashing(tmp_path / "a.mp4")
    timeline = Timeline([source])
    layout = timeline.layout
    sound = copied_sound(layout)
    whole = timeline.render(tmp_path / "out.mp4", check="full").path
    check_mp4(whole, layout, np.arange(layout.frames), sound=sound, check="full", decode_end=True)
    late = ["-i", str(source), "-itsoffset", "0.055", "-i", str(source), "-c", "copy"]
    early = ["-i", str(source), "-ss", "0.5", "-i", str(source), "-c:v", "copy", "-c:a", "aac"]
    for arguments in (late, [*early, "-af", "apad=whole_dur=4"]):
        path = tmp_path / "off.mp4"
        tracks = ["-map", "0:v", "-map", "1:a"]
        command = [FFMPEG, "-v", "error", "-y", *arguments, *tracks, str(path)]
        subprocess.run(command, check=True)
        with pytest.raises(RenderError, match="sound is not the one that was planned"):
            check_mp4(
                path, layout, np.arange(layout.frames), sound=sound, check="quick", decode_end=True
            )


def test_the_check_knows_where_copied_sound_belongs(tmp_path: Path) -> None:
    clip = Clip.from_file(make_flashing(tmp_path / "a.mp4"))
    meant, other = Timeline([clip[0.5:3]]), Timeline([clip[0.542:3.042]])
    result = other.render(tmp_path / "out.mp4")
    with pytest.raises(RenderError, match=r"its sound is -\d+ ms off the picture"):
        check_mp4(
            result.path,
            meant.layout,
            np.arange(meant.layout.frames),
            sound=copied_sound(other.layout),
            check="quick",
            decode_end=False,
        )


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".mkv", "h264"), (".webm", None), (".mov", None), (".mp4", "hevc")]
)
def test_other_files_are_checked_as_well(tmp_path: Path, suffix: str, codec: str | None) -> None:
    timeline = Timeline([make_flashing(tmp_path / "a.mp4")])
    layout, path = timeline.layout, tmp_path / f"out{suffix}"
    timeline.render(path, codec=codec, check="full")  # type: ignore[arg-type]
    assert max(map(abs, off_s(path))) < WITHIN_S
    other = tmp_path / f"other{suffix}"
    two = ["-i", str(path), "-itsoffset", "0.08", "-i", str(path), "-map", "0:v", "-map", "1:a"]
    for arguments, says in (
        (["-i", str(path), "-an"], "sound is missing"),
        (two, "sound starts at 0.0"),
        (["-i", str(path), "-map", "0", "-ss", "0", "-t", "3"], "frames where 96 were planned"),
    ):
        command = [FFMPEG, "-v", "error", "-y", *arguments, "-c", "copy", str(other)]
        subprocess.run(command, check=True)
        with pytest.raises(RenderError, match=says):
            check_other(other, layout, has_sound=True, check="quick")


def test_only_the_full_check_decodes_other_files(tmp_path: Path) -> None:
    timeline = Timeline([make_flashing(tmp_path / "a.mp4")])
    path = timeline.render(tmp_path / "out.mp4", codec="hevc").path
    with av.open(str(path)) as container:
        largest = max(container.demux(video=0), key=lambda packet: packet.size)
        data = bytes(largest)
    before, after = path.read_bytes().split(data)
    path.write_bytes(before + data[:8] + bytes(len(data) - 8) + after)
    check_other(path, timeline.layout, has_sound=True, check="quick")
    with pytest.raises(RenderError, match="decode"):
        check_other(path, timeline.layout, has_sound=True, check="full")
