"""Files as cameras, phones and other encoders make them: rendered right, and the plan says how."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType

from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from qcut_nb.errors import MediaError
from support.media import levels
from support.numbered import FFMPEG, make_numbered, numbers

KINDS: dict[str, tuple[str, list[str], str]] = {
    # name: (file name, arguments of ffmpeg, what the plan says of a cut in it)
    "x264_slow": ("a.mp4", ["-c:v", "libx264", "-preset", "slow", "-g", "12"], "copy"),
    "x264_refresh": (
        "a.mp4",
        ["-c:v", "libx264", "-x264-params", "intra-refresh=1:keyint=12"],
        "copy",
    ),
    "one_slice_each": ("a.mp4", ["-c:v", "libx264", "-slices", "4", "-g", "12"], "copy"),
    "constrained": (
        "a.mp4",
        ["-c:v", "libx264", "-profile:v", "baseline", "-bf", "0", "-g", "8"],
        "copy",
    ),
    "annex_b_in_ts": ("a.ts", ["-c:v", "libx264", "-g", "12"], "is not an MP4"),
    "quicktime": ("a.mov", ["-c:v", "libx264", "-g", "12"], "copy"),
    "late_index": ("a.mp4", ["-c:v", "libx264", "-g", "12", "-movflags", "0"], "copy"),
    "fragmented": (
        "a.mp4",
        ["-c:v", "libx264", "-g", "12", "-movflags", "frag_keyframe"],
        "fragmented",
    ),
    "x265": (
        "a.mp4",
        ["-c:v", "libx265", "-tag:v", "hvc1", "-x265-params", "log-level=none:crf=8"],
        "only H.264",
    ),
    "vp9": ("a.webm", ["-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0", "-an"], "is not an MP4"),
    "mpeg4": ("a.mp4", ["-c:v", "mpeg4", "-q:v", "2"], "only H.264"),
    "ten_bit": ("a.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-g", "12"], "profile"),
    "chroma_444": ("a.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv444p", "-g", "12"], "profile"),
    "full_range": ("a.mp4", ["-c:v", "libx264", "-pix_fmt", "yuvj420p", "-g", "12"], "copy"),
    "interlaced": ("a.mp4", ["-c:v", "libx264", "-flags", "+ildct+ilme", "-g", "12"], "interlaced"),
    "camera_ticks": (
        "a.mp4",
        ["-c:v", "libx264", "-g", "12", "-video_track_timescale", "90000"],
        "copy",
    ),
    "coarse_ticks": (
        "a.mp4",
        ["-c:v", "libx264", "-g", "12", "-video_track_timescale", "600"],
        "copy",
    ),
    "late_sound": ("a.mp4", ["-c:v", "libx264", "-g", "12", "-af", "adelay=200"], "copy"),
    "no_lead_in": ("a.mp4", ["-c:v", "libx264", "-g", "12", "-use_editlist", "0"], "copy"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_cut_to_the_frame(tmp_path: Path, kind: str) -> None:
    name, arguments, says = KINDS[kind]
    source = make_numbered(tmp_path / "source.mp4", options={"crf": "5"})
    path = tmp_path / name
    subprocess.run([FFMPEG, "-v", "error", "-i", str(source), *arguments, str(path)], check=True)
    assert numbers(path) == list(range(48))
    clip = Clip.from_file(path)
    timeline = Timeline([clip[0.3:1.8], clip])
    plan = timeline.plan()
    assert says in str(plan), plan
    result = timeline.render(tmp_path / "out.mp4", check="full")
    assert numbers(result.path) == [*range(7, 43), *range(48)]


@pytest.mark.parametrize(
    ("codec", "arguments"),
    [
        ("hevc", ["-c:v", "libx265", "-tag:v", "hvc1", "-x265-params", "log-level=none:crf=8"]),
        ("av1", ["-c:v", "libsvtav1", "-preset", "10", "-crf", "15"]),
        ("vp9", ["-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0"]),
        ("mpeg4", ["-c:v", "mpeg4", "-q:v", "2"]),
    ],
)
def test_whole_clips_of_other_codecs_are_joined_as_they_are(
    tmp_path: Path, codec: str, arguments: list[str]
) -> None:
    source = make_numbered(tmp_path / "source.mp4", options={"crf": "5"})
    path = tmp_path / "a.mp4"
    subprocess.run([FFMPEG, "-v", "error", "-i", str(source), *arguments, str(path)], check=True)
    for count in (1, 2):
        timeline = Timeline([path] * count)
        assert timeline.plan().kind == "copy", timeline.plan()
        result = timeline.render(tmp_path / "out.mp4", overwrite=True, check="full")
        assert numbers(result.path) == [*range(48)] * count
        assert result.facts.video_codec == codec == Clip.from_file(result.path).facts.video_codec


def test_a_phone_held_upright_with_an_uneven_rate_is_shown_upright_and_evenly(
    tmp_path: Path,
) -> None:
    source = make_numbered(tmp_path / "source.mp4", options={"crf": "5"})
    uneven, turned = tmp_path / "vfr.mp4", tmp_path / "turned.mp4"
    drop = ["-vf", r"select=not(eq(mod(n\,5)\,3))", "-fps_mode", "vfr"]
    subprocess.run([FFMPEG, "-v", "error", "-i", str(source), *drop, str(uneven)], check=True)
    turn = ["-display_rotation", "90", "-i", str(uneven), "-c", "copy"]
    subprocess.run([FFMPEG, "-v", "error", *turn, str(turned)], check=True)
    flat = Timeline([uneven]).with_fps(24)
    assert "variable frame rate: at an even 24 frames a second some" in str(flat.plan())
    shown = numbers(flat.render(tmp_path / "flat.mp4").path)
    assert shown[:9] == [0, 1, 2, 2, 4, 5, 6, 7, 7]
    upright = Timeline([turned]).with_fps(24)
    assert "turned" in str(upright.plan())
    result = upright.render(tmp_path / "upright.mp4")
    assert (result.facts.width_px, result.facts.height_px) == (48, 64)


def test_a_frame_that_stays_long_is_shown_even_if_no_other_frame_needs_it(tmp_path: Path) -> None:
    source = make_numbered(tmp_path / "source.mp4", frames=40, options={"crf": "5"})
    uneven = tmp_path / "vfr.mp4"
    hole = ["-vf", r"select=not(between(n\,8\,21))", "-fps_mode", "vfr"]
    x264 = ["-c:v", "libx264", "-g", "250", "-bf", "1", "-x264-params", "b-adapt=0:scenecut=0"]
    subprocess.run([FFMPEG, "-v", "error", "-i", source, *hole, *x264, uneven], check=True)
    with av.open(str(uneven)) as container:
        kinds = [PictureType(frame.pict_type) for frame in container.decode(video=0)]
    assert kinds[6:9] == [PictureType.P, PictureType.B, PictureType.P]
    late = Timeline([Clip.from_file(uneven)[0.8:]]).with_fps(24)
    shown = numbers(late.render(tmp_path / "out.mp4").path)
    assert shown[:6] == [7, 7, 7, 22, 23, 24]


@pytest.mark.parametrize("left", [0.3, 0.9])
def test_a_file_that_was_cut_off_is_refused_or_named(tmp_path: Path, left: float) -> None:
    path = make_numbered(tmp_path / "a.mp4", frames=96, options={"g": "12"})
    subprocess.run(
        [
            FFMPEG,
            "-v",
            "error",
            "-i",
            str(path),
            "-c",
            "copy",
            "-movflags",
            "+faststart",
            str(tmp_path / "b.mp4"),
        ],
        check=True,
    )
    data = (tmp_path / "b.mp4").read_bytes()
    (tmp_path / "b.mp4").write_bytes(data[: int(len(data) * left)])
    with pytest.raises(MediaError, match=r"b\.mp4"):
        Timeline([tmp_path / "b.mp4", path]).render(tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_clips_of_several_makers_follow_each_other_in_one_film(tmp_path: Path) -> None:
    source = make_numbered(tmp_path / "source.mp4", options={"crf": "5"}, audio=False)
    paths = []
    for kind in ("x264_slow", "vp9", "x265", "full_range"):
        name, arguments, _ = KINDS[kind]
        path = tmp_path / f"{kind}{Path(name).suffix}"
        subprocess.run(
            [FFMPEG, "-v", "error", "-i", str(source), *arguments, str(path)], check=True
        )
        paths.append(path)
    timeline = Timeline(list(paths))
    result = timeline.render(tmp_path / "out.mp4", check="full")
    assert numbers(result.path) == list(range(48)) * 4
    grey = levels(result.path)
    assert max(abs(a - b) for a, b in zip(grey[:48], grey[144:], strict=True)) <= 3
