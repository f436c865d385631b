from __future__ import annotations

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from qcut_nb.errors import InputError, MediaError
from qcut_nb.media import decoder_of, filmstrip, frame_at, poster, sample_packet, sample_tables
from qcut_nb.media.sample_decoding import is_reference
from qcut_nb.media.sparse_frames import cheap_groups, decode_group
from support.media import grey, make_picture, make_sound, make_video

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


@pytest.mark.parametrize(
    "options",
    [
        {"preset": "ultrafast", "g": "6"},
        {"preset": "medium", "bf": "3", "g": "250"},
        {"preset": "medium", "bf": "2", "g": "8", "x264-params": "open-gop=1"},
    ],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_every_frame_is_found_at_its_start_and_until_the_next(
    tmp_path: Path, options: dict[str, str], name: str
) -> None:
    path = make_video(tmp_path / name, options=options, frames=26, fps=24)
    # Matroska keeps milliseconds, so a frame may start that much later than it did.
    late_s = 0.001 if name == "a.mkv" else 0.0
    for number in range(26):
        for moment in (number / 24 + late_s, (number + 0.9) / 24):
            frame = frame_at(path, moment)
            assert frame.shape == (48, 64, 3)
            assert frame.dtype == np.uint8
            assert abs(float(frame.mean()) - grey(number)) < 2.5, (number, moment)


def test_the_end_of_a_video_shows_its_last_frame(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", frames=24)
    assert abs(float(frame_at(path, 1.0).mean()) - grey(23)) < 2.5


@pytest.mark.parametrize("t_s", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_moment_outside_the_video_is_refused_with_its_range(tmp_path: Path, t_s: float) -> None:
    path = make_video(tmp_path / "a.mp4", frames=24)
    with pytest.raises(InputError, match="from 0 to 1 s"):
        frame_at(path, t_s)


def test_a_poster_is_small_and_keeps_the_shape(tmp_path: Path) -> None:
    data = poster(make_video(tmp_path / "a.mp4", width_px=640, height_px=360), max_side_px=320)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (320, 180))
    assert Image.open(io.BytesIO(poster(tmp_path / "a.mp4", t_s=0.5))).size == (480, 270)


def test_a_turned_video_stands_upright_in_its_poster_and_frames(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", rotation=90)
    assert Image.open(io.BytesIO(poster(path))).size == (48, 64)
    assert frame_at(path, 0).shape == (64, 48, 3)


def test_a_picture_is_its_own_poster_turned_upright(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "a.jpeg", width_px=800, height_px=600, turned=True)
    assert Image.open(io.BytesIO(poster(path))).size == (360, 480)


def test_sound_has_no_poster(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no video"):
        poster(make_sound(tmp_path / "a.mp3", codec="libmp3lame"))


@pytest.mark.parametrize("keyframes", ["4", "250"])
def test_a_filmstrip_shows_the_video_from_left_to_right(tmp_path: Path, keyframes: str) -> None:
    path = make_video(tmp_path / "a.mp4", frames=24, options={"g": keyframes})
    image = Image.open(io.BytesIO(filmstrip(path, 6, 24)))
    assert image.size == (6 * 32, 24)
    strip = np.asarray(image.convert("L"))
    shown = [float(strip[:, 32 * n + 8 : 32 * n + 24].mean()) for n in range(6)]
    for place, level in enumerate(shown):
        assert min(abs(level - grey(4 * place + near)) for near in (-2, -1, 0, 1)) < 4, place


def test_a_filmstrip_of_a_short_clip_repeats_frames(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", frames=2)
    assert Image.open(io.BytesIO(filmstrip(path, 8, 24))).size == (256, 24)


@pytest.mark.parametrize(
    "codec",
    [
        ["libx264", "-bf", "3"],
        ["libx265", "-tag:v", "hvc1", "-x265-params", "bframes=3:log-level=none"],
    ],
    ids=lambda codec: codec[0],
)
def test_samples_that_no_other_leans_on_are_those_the_decoder_passes_over(
    tmp_path: Path, codec: list[str]
) -> None:
    path = tmp_path / "a.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2"]
    subprocess.run([FFMPEG, "-v", "error", *picture, "-c:v", *codec, str(path)], check=True)
    table = sample_tables(path)[0]
    decoder = decoder_of(table)
    assert decoder is not None
    decoder.skip_frame = "NONREF"
    with path.open("rb") as file:
        packets = [sample_packet(file, table, sample) for sample in range(len(table.pts))]
    leaned_on = {each.pts for each in packets if is_reference(table, bytes(each))}
    shown = {frame.pts for packet in (*packets, None) for frame in decoder.decode(packet)}
    assert shown == leaned_on
    assert len(shown) < 50


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("options", "most_decoded"),
    [
        ("preset=veryfast:g=250", 0.35),
        ("preset=superfast:slices=3:g=250", 0.35),
        ("preset=medium:ref=1:weightp=2:g=250:open_gop=1:keyint=20", 1),
        ("preset=medium:ref=3:g=250", 1),
        ("preset=fast:g=20:cabac=0", 1),
        ("preset=ultrafast", 1),
    ],
)
def test_frames_of_a_strip_are_the_files_own_though_few_are_decoded(
    tmp_path: Path, options: str, most_decoded: float, threads: int
) -> None:
    path = tmp_path / "a.mp4"
    preset, _, rest = options.partition(":")
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=4,noise=alls=9:allf=t"]
    codec = [
        "-c:v",
        "libx264",
        "-preset",
        preset.split("=")[1],
        "-x264-params",
        rest or "bframes=0",
    ]
    subprocess.run([FFMPEG, "-v", "error", *picture, *codec, str(path)], check=True)
    table = sample_tables(path)[0]
    decoder = decoder_of(table)
    assert decoder is not None
    decoder.options = {"skip_loop_filter": "all"}
    with path.open("rb") as file:
        packets = [sample_packet(file, table, sample) for sample in range(len(table.pts))]
    exact = {frame.pts: frame for packet in (*packets, None) for frame in decoder.decode(packet)}
    times = sorted(table.pts.tolist())
    wanted = [(times[n], times[n + 6]) for n in range(0, 94, 7)]
    groups = cheap_groups(table, wanted)
    found = [frame for group in groups for frame in decode_group(path, table, group, threads)]
    for frame, (early, late) in zip(found, wanted, strict=True):
        assert frame.pts is not None and early <= frame.pts <= late
        assert np.array_equal(frame.to_ndarray(), exact[frame.pts].to_ndarray())
    every = [(time, time) for time in times[:90]]
    dense = [
        frame
        for group in cheap_groups(table, every)
        for frame in decode_group(path, table, group, threads)
    ]
    assert len({frame.pts for frame in dense}) <= most_decoded * 90 + 1
    assert all(np.array_equal(f.to_ndarray(), exact[f.pts].to_ndarray()) for f in dense)
