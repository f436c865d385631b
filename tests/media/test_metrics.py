"""Metrics against inputs whose measure is known, and against FFmpeg's own filters."""

from __future__ import annotations

import math
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest
from av.filter import Graph
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from qcut_nb.errors import MediaError
from qcut_nb.media import METRICS, few_frames, measure
from qcut_nb.simulator.encode import write_video
from support.media import grey, make_video

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SIZE_PX = (320, 180)
FPS = 24


def scene(number: int) -> NDArray[np.uint8]:
    """A grey picture with hard edges that move."""
    y, x = np.mgrid[0 : SIZE_PX[1], 0 : SIZE_PX[0]]
    return np.where(((x + 3 * number) // 20 + y // 20) % 2, 190, 60).astype(np.uint8)


def clip(
    path: Path,
    pictures: list[NDArray[np.uint8]],
    sound: NDArray[np.float32] | None = None,
    fps: int = FPS,
) -> Path:
    def paint(number: int, planes: tuple[NDArray[np.uint8], ...]) -> None:
        planes[0][:], planes[1][:], planes[2][:] = pictures[number], 128, 128

    write_video(
        path,
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        fps=Fraction(fps),
        frames=len(pictures),
        paint=paint,
        sound=sound,
    )
    return path


def flat(level: int) -> NDArray[np.uint8]:
    return np.full(SIZE_PX[::-1], level, np.uint8)


def ffmpeg(*arguments: str | Path) -> str:
    """What FFmpeg's own program says."""
    command = [FFMPEG, "-hide_banner", "-nostdin", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def blurred(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(2)))


def test_a_blurred_copy_is_less_sharp_and_moves_as_much_or_less(tmp_path: Path) -> None:
    pictures = [scene(n) for n in range(FPS)]
    sharp = measure(clip(tmp_path / "sharp.mp4", pictures))
    soft = measure(clip(tmp_path / "soft.mp4", [blurred(p) for p in pictures]))
    assert (soft["sharpness"] or 0) < 0.8 * (sharp["sharpness"] or 0)
    assert 0 < (soft["motion"] or 0) <= (sharp["motion"] or 0)


def test_a_still_has_no_motion_no_flicker_no_cut_and_no_seam(tmp_path: Path) -> None:
    still = measure(clip(tmp_path / "still.mp4", [scene(0)] * FPS))
    assert still["motion"] == pytest.approx(0, abs=0.05)
    assert still["flicker"] == pytest.approx(0, abs=0.01)
    assert still["scene_cuts"] == 0
    assert still["loop_seam"] == pytest.approx(1, abs=0.01)


def test_the_same_motion_measures_the_same_at_another_frame_rate(tmp_path: Path) -> None:
    slow = measure(clip(tmp_path / "24.mp4", [scene(2 * n) for n in range(24)], fps=24))
    fast = measure(clip(tmp_path / "48.mp4", [scene(n) for n in range(48)], fps=48))
    assert fast["motion"] == pytest.approx(slow["motion"], rel=0.1)


def test_flicker_is_how_far_each_second_picture_is_off_and_a_cut_is_none(tmp_path: Path) -> None:
    pulsing = measure(clip(tmp_path / "pulse.mp4", [flat(100 + 8 * (n % 2)) for n in range(24)]))
    assert pulsing["flicker"] == pytest.approx(100 * 8 / 219, rel=0.1)  # of the limited range
    fading = measure(clip(tmp_path / "fade.mp4", [flat(60 + 4 * n) for n in range(24)]))
    assert (fading["flicker"] or 0) < 0.3
    cut = measure(clip(tmp_path / "cut.mp4", [flat(40)] * 12 + [flat(200)] * 12))
    assert cut["flicker"] == pytest.approx(0, abs=0.01)
    assert cut["scene_cuts"] == 1


def test_brightness_is_the_mean_luma_as_ffmpeg_measures_it(tmp_path: Path) -> None:
    path = clip(tmp_path / "scene.mp4", [scene(n) for n in range(12)])
    yavg = [float(f.metadata["lavfi.signalstats.YAVG"]) for f in filtered(path, "signalstats")]
    expected = (float(np.mean(yavg)) - 16) / 219 * 100
    assert measure(path)["brightness"] == pytest.approx(expected, abs=0.5)
    assert measure(clip(tmp_path / "white.mp4", [flat(235)] * 3))["brightness"] == pytest.approx(
        100, abs=0.5
    )


def test_motion_is_the_temporal_information_that_ffmpeg_measures(tmp_path: Path) -> None:
    path = clip(tmp_path / "scene.mp4", [scene(n) for n in range(9)], fps=8)
    ti = [float(f.metadata["lavfi.siti.ti"]) for f in filtered(path, "siti")][1:]
    assert measure(path)["motion"] == pytest.approx(float(np.mean(ti)), rel=0.02)


def test_sharpness_is_the_spatial_information_that_ffmpeg_measures(tmp_path: Path) -> None:
    # FFmpeg's `blurdetect` is another measure: the width of edges, not their strength.
    path = clip(tmp_path / "scene.mp4", [scene(n) for n in range(12)])
    show = "siti,metadata=print:key=lavfi.siti.si"
    said = ffmpeg("-i", path, "-vf", show, "-frames:v", "1", "-f", "null", "-")
    si, *_ = re.findall(r"siti\.si=([\d.]+)", said)
    assert measure(path)["sharpness"] == pytest.approx(float(si), rel=0.01)


@pytest.mark.parametrize(("step", "cuts"), [(23, 0), (28, 1)], ids=["below", "above"])
def test_scene_cuts_are_those_that_ffmpeg_finds(step: int, cuts: int, tmp_path: Path) -> None:
    path = clip(tmp_path / "cut.mp4", [flat(110)] * 12 + [flat(110 + step)] * 12)
    found = ffmpeg("-i", path, "-vf", "scdet", "-f", "null", "-").count("lavfi.scd.time")
    assert measure(path)["scene_cuts"] == found == cuts


def filtered(path: Path, name: str) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        graph = Graph()
        source, sink = graph.add_buffer(template=stream), graph.add("buffersink")
        graph.link_nodes(source, graph.add(name), sink).configure()
        out = []
        for frame in container.decode(stream):
            source.push(frame)
            ready = sink.pull()
            assert isinstance(ready, av.VideoFrame)
            out.append(ready)
        return out


def tone(level_dbfs: float, seconds: float) -> NDArray[np.float32]:
    """A sine of 997 Hz; mono at -20 dBFS it is -23 LUFS (EBU Tech 3341 has stereo at -23)."""
    moments = np.arange(int(seconds * 48_000)) / 48_000
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * 997 * moments)
    return np.asarray(wave, np.float32)


def test_a_tone_of_minus_23_lufs_reads_minus_23(tmp_path: Path) -> None:
    heard = measure(clip(tmp_path / "tone.mp4", [flat(90)] * 5 * FPS, tone(-20, 5)))
    assert heard["loudness"] == pytest.approx(-23, abs=0.5)
    assert heard["silence"] == 0


def test_silence_is_its_part_of_the_sound(tmp_path: Path) -> None:
    quiet = np.concatenate([tone(-20, 1), np.zeros(3 * 48_000, np.float32)])
    heard = measure(clip(tmp_path / "quiet.mp4", [flat(90)] * 4 * FPS, quiet))
    assert heard["silence"] == pytest.approx(75, abs=3)


def test_loudness_is_what_ffmpeg_measures(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    noise = np.asarray(0.1 * random.standard_normal(3 * 48_000), np.float32)
    sound = np.concatenate([tone(-20, 3), tone(-70, 2), noise, tone(-33, 2)])
    path = clip(tmp_path / "sound.mp4", [flat(90)] * 10 * FPS, sound)
    said = ffmpeg("-i", path, "-vn", "-af", "ebur128=framelog=quiet", "-f", "null", "-")
    (integrated,) = re.findall(r"I:\s+(-[\d.]+) LUFS", said)
    assert measure(path)["loudness"] == pytest.approx(float(integrated), abs=0.1)


@pytest.mark.parametrize("late_s", [0, 2])
def test_silence_is_what_ffmpeg_detects_wherever_the_sound_begins(
    late_s: int, tmp_path: Path
) -> None:
    levels = [(-20, 1), (-60, 1), (-20, 1), (-60, 0.4), (-20, 2)]
    sound = np.concatenate([tone(level, seconds) for level, seconds in levels])
    source = clip(tmp_path / "source.mp4", [flat(90)] * 5 * FPS, sound)
    path = tmp_path / "late.mp4"
    streams = ("-map", "0:v", "-map", "1:a", "-c", "copy")
    ffmpeg("-i", source, "-itsoffset", str(late_s), "-i", source, *streams, path)
    detect = "silencedetect=noise=-50dB:duration=0.5"
    said = ffmpeg("-i", path, "-vn", "-af", detect, "-f", "null", "-")
    (silent_s,) = re.findall(r"silence_duration: ([\d.]+)", said)
    expected = 100 * float(silent_s) / 5
    assert measure(path)["silence"] == pytest.approx(expected, abs=1)


def test_what_cannot_be_measured_is_none_and_not_nought(tmp_path: Path) -> None:
    mute = measure(clip(tmp_path / "mute.mp4", [flat(90)]))
    nothing = ("loudness", "silence", "motion", "flicker", "loop_seam", "first_frame_fidelity")
    assert [mute[name] for name in nothing] == [None] * len(nothing)
    silent = np.zeros(2 * 48_000, np.float32)
    still = measure(clip(tmp_path / "silent.mp4", [flat(90)] * 2 * FPS, silent))
    assert still["loudness"] is None
    assert still["silence"] == pytest.approx(100, abs=1)


def test_an_unchanged_first_picture_is_entirely_faithful_and_another_is_not(
    tmp_path: Path,
) -> None:
    path = clip(tmp_path / "scene.mp4", [scene(n) for n in range(FPS)])
    with av.open(str(path)) as container:
        pictures = [
            Image.fromarray(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in container.decode(video=0)
        ]
    pictures[0].save(tmp_path / "first.png")
    pictures[-1].save(tmp_path / "last.png")
    same = measure(path, first_image=tmp_path / "first.png", last_image=tmp_path / "last.png")
    assert same["first_frame_fidelity"] == pytest.approx(1, abs=0.005)
    assert same["last_frame_fidelity"] == pytest.approx(1, abs=0.005)
    Image.fromarray(flat(20)).save(tmp_path / "other.png")
    other = measure(path, first_image=tmp_path / "other.png")
    assert (other["first_frame_fidelity"] or 1) < 0.6


def test_likeness_is_the_similarity_that_ffmpeg_measures(tmp_path: Path) -> None:
    path = clip(tmp_path / "scene.mp4", [scene(n) for n in range(FPS)])
    image = tmp_path / "soft.png"
    Image.fromarray(blurred(scene(2))).save(image)
    pair = "[0:v]trim=end_frame=1[a];[1:v]format=yuv420p[b];[a][b]ssim"
    said = ffmpeg("-i", path, "-i", image, "-lavfi", pair, "-f", "null", "-")
    (ssim,) = re.findall(r"SSIM .*All:([\d.]+)", said)
    fidelity = measure(path, first_image=image)["first_frame_fidelity"]
    assert fidelity == pytest.approx(float(ssim), abs=0.005)
    assert 0.4 < float(ssim) < 0.95


@pytest.mark.parametrize("kind", ["mp4", "mkv", "webm", "a stream"])
def test_few_pictures_are_from_even_moments_in_every_container(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{'mkv' if kind == 'a stream' else kind}"
    make_video(path, fps=25, frames=100, codec="libvpx" if kind == "webm" else "libx264")
    if kind == "a stream":  # Matroska that was never sought in tells no length at all
        with (tmp_path / "b.mkv").open("wb") as out:
            command = [FFMPEG, "-i", path, "-c", "copy", "-f", "matroska", "-"]
            subprocess.run(command, check=True, stdout=out, stderr=subprocess.DEVNULL)
        path = tmp_path / "b.mkv"
    pictures = few_frames(path)
    expected = [grey(math.ceil(100 * n / 32)) for n in range(32)]
    assert pictures.mean(axis=(1, 2, 3)).tolist() == pytest.approx(expected, abs=6)


def test_every_metric_has_a_value_within_its_range(tmp_path: Path) -> None:
    values = measure(clip(tmp_path / "scene.mp4", [scene(n) for n in range(FPS)], tone(-20, 1)))
    assert list(values) == [metric.name for metric in METRICS]
    for metric in METRICS:
        value = values[metric.name]
        if value is not None:
            assert metric.low is None or value >= metric.low
            assert metric.high is None or value <= metric.high


def test_a_file_without_pictures_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(MediaError):
        measure(tmp_path / "text.mp4")
