from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from qcut_nb.errors import MediaError
from qcut_nb.media import probe
from support.media import make_picture, make_sound, make_video
from support.numbered import FFMPEG


def test_a_video_tells_its_size_length_rate_and_sound(tmp_path: Path) -> None:
    facts = probe(make_video(tmp_path / "a.mp4", frames=36, fps=24))
    assert (facts.format, facts.video_codec, facts.audio_codec) == ("mp4", "h264", "aac")
    assert (facts.width_px, facts.height_px, facts.frames, facts.fps) == (64, 48, 36, 24)
    assert facts.duration_s == pytest.approx(1.5)
    assert facts.has_video
    assert facts.has_audio
    assert facts.size_bytes == (tmp_path / "a.mp4").stat().st_size


def test_ntsc_rates_are_not_rounded_to_whole_frames(tmp_path: Path) -> None:
    facts = probe(make_video(tmp_path / "a.mp4", fps=Fraction(30000, 1001), frames=30, audio=False))
    assert facts.fps == pytest.approx(29.97, abs=0.001)
    assert facts.duration_s == pytest.approx(1.001, abs=0.001)


def test_frames_are_counted_where_the_container_does_not_say(tmp_path: Path) -> None:
    facts = probe(make_video(tmp_path / "a.webm", codec="libvpx-vp9", frames=20, fps=20))
    assert (facts.format, facts.frames, facts.video_codec) == ("webm", 20, "vp9")
    assert facts.duration_s == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv"])
@pytest.mark.parametrize("late_s", [0.021, 0.5])
def test_a_video_lasts_from_its_first_frame_whenever_that_is_on(
    tmp_path: Path, name: str, late_s: float
) -> None:
    source = str(make_video(tmp_path / "a.mp4", frames=36))
    late = ["-itsoffset", str(late_s), "-i", source, "-i", source, "-map", "0:v", "-map", "1:a"]
    subprocess.run([FFMPEG, "-v", "error", *late, "-c", "copy", tmp_path / name], check=True)
    facts = probe(tmp_path / name)
    assert facts.first_frame_s == pytest.approx(late_s, abs=0.001)
    assert (facts.duration_s, facts.frames) == (1.5, 36)


def test_the_format_comes_from_the_content_and_not_from_the_name(tmp_path: Path) -> None:
    video = make_video(tmp_path / "a.mp4", audio=False)
    disguised = video.rename(tmp_path / "a.png")
    assert probe(disguised).format == "mp4"
    picture = make_picture(tmp_path / "b.jpg").rename(tmp_path / "b.mp4")
    assert probe(picture).format == "jpeg"


@pytest.mark.parametrize("suffix", ["jpeg", "png", "webp", "gif", "avif"])
def test_pictures_have_sides_and_no_length(tmp_path: Path, suffix: str) -> None:
    facts = probe(make_picture(tmp_path / f"a.{suffix}"))
    assert (facts.format, facts.width_px, facts.height_px) == (suffix, 80, 60)
    assert facts.duration_s is None
    assert not facts.has_video


def test_turned_pictures_and_videos_are_measured_as_they_are_shown(tmp_path: Path) -> None:
    picture = probe(make_picture(tmp_path / "a.jpeg", turned=True))
    assert (picture.width_px, picture.height_px) == (60, 80)
    video = probe(make_video(tmp_path / "a.mp4", rotation=90))
    assert (video.width_px, video.height_px) == (48, 64)


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp3", "libmp3lame", "mp3"),
        ("a.wav", "pcm_s16le", "wav"),
        ("a.aac", "aac", "aac"),
        ("a.m4a", "aac", "m4a"),
        ("a.ogg", "libopus", "ogg"),
    ],
)
def test_sound_has_a_length_and_no_picture(
    tmp_path: Path, name: str, codec: str, form: str
) -> None:
    facts = probe(make_sound(tmp_path / name, codec=codec, duration_s=1.5))
    assert facts.format == form
    assert facts.duration_s == pytest.approx(1.5, abs=0.1)
    assert facts.has_audio
    assert facts.width_px is None


def test_what_is_not_media_is_one_clear_error(tmp_path: Path) -> None:
    text = tmp_path / "a.mp4"
    text.write_text("this is not a video" * 100)
    with pytest.raises(MediaError, match=r"a\.mp4 cannot be read"):
        probe(text)
    text.write_bytes(b"")
    with pytest.raises(MediaError, match="is empty"):
        probe(text)
    with pytest.raises(MediaError, match="There is no file"):
        probe(tmp_path / "none.mp4")
    with pytest.raises(MediaError, match="is not a file"):
        probe(tmp_path)


def test_a_playlist_is_never_followed(tmp_path: Path) -> None:
    make_video(tmp_path / "real.mp4")
    playlist = tmp_path / "clip.mp4"
    playlist.write_text("ffconcat version 1.0\nfile real.mp4\n")
    with pytest.raises(MediaError):
        probe(playlist)
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nreal.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(MediaError):
        probe(playlist)
