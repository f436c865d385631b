from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import moviepy
import numpy as np
import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.kept import kept_folder
from qcut_nb.clip import Clip
from qcut_nb.errors import FfmpegMissingError, InputError, MediaError, RenderError
from qcut_nb.media import probe, read_comment
from support.media import (
    decoded,
    grey,
    levels,
    loudness,
    make_font,
    make_picture,
    make_sound,
    make_video,
)


def clip_of(path: Path, **video: Any) -> Clip:
    return Clip.from_file(make_video(path, **video))


def near(found: list[int], wanted: list[int], atol: float = 3) -> bool:
    return len(found) == len(wanted) and bool(np.allclose(found, wanted, atol=atol))


def test_ranges_are_cut_to_the_frame(tmp_path: Path) -> None:
    one = clip_of(tmp_path / "a.mp4", frames=48, options={"preset": "medium", "bf": "3"})
    other = clip_of(tmp_path / "b.mp4", frames=48, first=100)
    result = Timeline([one[0.5:1.25], other[1:], one[:0.25]]).render(tmp_path / "out.mp4")
    wanted = [*range(12, 30), *range(124, 148), *range(6)]
    assert near(levels(result.path), [grey(number) for number in wanted])
    assert result.duration_s == pytest.approx(2.0)
    assert (result.facts.video_codec, result.facts.audio_codec) == ("h264", "aac")


def test_a_crossfade_overlaps_pictures_and_sound(tmp_path: Path) -> None:
    dark = clip_of(tmp_path / "a.mp4", frames=48, tone_hz=440)
    bright = clip_of(tmp_path / "b.mp4", frames=48, first=20, tone_hz=0)
    timeline = Timeline([dark, bright]).crossfade(1)
    assert timeline.duration_s == pytest.approx(3.0)
    result = timeline.render(tmp_path / "out.mp4")
    found = levels(result.path)
    wanted = [grey(n) for n in range(24)]
    for n in range(24):
        wanted.append(round(grey(24 + n) * (1 - n / 24) + grey(20 + n) * n / 24))
    wanted += [grey(44 + n) for n in range(24)]
    assert near(found, wanted, atol=4)
    samples, rate = loudness(result.path)
    power = [float(np.abs(samples[int(t * rate) :][: rate // 10]).mean()) for t in (0.5, 1.45, 2.5)]
    assert power[0] > 1.6 * power[1] > 1.6 * 5 * power[2]


def test_other_sizes_are_fitted_filled_or_stretched(tmp_path: Path) -> None:
    wide = clip_of(tmp_path / "a.mp4", width_px=128, height_px=32, frames=2, first=20, audio=False)
    timeline = Timeline([wide]).with_size(64, 64)
    for fit, bars in (("fit", True), ("fill", False), ("stretch", False)):
        result = timeline.with_fit(fit).render(tmp_path / f"{fit}.mp4")  # type: ignore[arg-type]
        assert (result.facts.width_px, result.facts.height_px) == (64, 64)
        picture = result.frame(0)
        assert abs(float(picture[32].mean()) - grey(20)) < 4
        assert (float(picture[4].mean()) < 8) is bars


def test_the_largest_clip_gives_the_size_and_the_fastest_the_rate(tmp_path: Path) -> None:
    small = clip_of(tmp_path / "a.mp4", fps=24, frames=12)
    large = clip_of(tmp_path / "b.mp4", width_px=96, height_px=64, fps=30, frames=15, audio=False)
    timeline = Timeline([small, large])
    assert (timeline.layout.width_px, timeline.layout.height_px) == (96, 64)
    result = timeline.render(tmp_path / "out.mp4")
    assert (result.facts.width_px, result.facts.fps, result.facts.frames) == (96, 30, 30)
    found = levels(result.path)
    assert near(found[15:], [grey(n) for n in range(15)])


def test_ntsc_rates_stay_exact(tmp_path: Path) -> None:
    ntsc = clip_of(tmp_path / "a.mp4", fps=Fraction(30000, 1001), frames=30, audio=False)
    timeline = Timeline([ntsc[0:0.5], ntsc])
    assert timeline.layout.fps == Fraction(30000, 1001)
    result = timeline.render(tmp_path / "out.mp4")
    assert result.facts.fps == pytest.approx(29.97, abs=0.001)


def test_sound_of_each_clip_is_where_its_picture_is(tmp_path: Path) -> None:
    silent = clip_of(tmp_path / "a.mp4", frames=24, audio=False)
    loud = clip_of(tmp_path / "b.mp4", frames=48)
    result = Timeline([silent, loud[0.5:1.5], silent]).render(tmp_path / "out.mp4")
    samples, rate = loudness(result.path)
    assert len(samples) / rate == pytest.approx(3.0, abs=0.05)
    is_loud = np.abs(samples) > 0.1
    first, last = np.flatnonzero(is_loud)[[0, -1]] / rate
    assert first == pytest.approx(1.0, abs=0.02)
    assert last == pytest.approx(2.0, abs=0.02)


def test_no_sound_anywhere_gives_no_sound_track(tmp_path: Path) -> None:
    silent = clip_of(tmp_path / "a.mp4", audio=False)
    result = Timeline([silent[0:0.5]]).render(tmp_path / "out.mp4")
    assert result.facts.audio_codec is None


def test_music_is_mixed_in_at_its_volume_and_fades(tmp_path: Path) -> None:
    silent = clip_of(tmp_path / "a.mp4", frames=72, audio=False)
    song = make_sound(tmp_path / "song.mp3", codec="libmp3lame", duration_s=5)
    timeline = Timeline([silent]).music(song, volume=0.5, fade_out_s=1)
    result = timeline.render(tmp_path / "out.mp4")
    samples, rate = loudness(result.path)
    peak = [float(np.abs(samples[int(t * rate) :][: rate // 10]).max()) for t in (0.5, 1.5, 2.8)]
    assert peak[0] == pytest.approx(0.2, abs=0.03)
    assert peak[1] == pytest.approx(0.2, abs=0.03)
    assert peak[2] < 0.06
    assert result.duration_s == pytest.approx(3.0)


def test_turned_and_odd_sources_become_upright_and_even(tmp_path: Path) -> None:
    turned = clip_of(tmp_path / "a.mp4", rotation=90, frames=3, audio=False)
    result = Timeline([turned[0:0.1]]).render(tmp_path / "out.mp4")
    assert (result.facts.width_px, result.facts.height_px) == (48, 64)
    odd = clip_of(
        tmp_path / "odd.webm", codec="libvpx-vp9", width_px=61, height_px=47, frames=3, audio=False
    )
    result = Timeline([odd]).render(tmp_path / "odd.mp4")
    assert (result.facts.width_px, result.facts.height_px) == (60, 46)


def test_a_timeline_is_a_moviepy_clip_with_the_same_frames(tmp_path: Path) -> None:
    one = clip_of(tmp_path / "a.mp4", frames=24)
    timeline = Timeline([one, one]).crossfade(0.5)
    movie = timeline.to_moviepy()
    assert (movie.size, movie.fps, movie.duration) == ((64, 48), 24, pytest.approx(1.5))
    rendered = timeline.render(tmp_path / "out.mp4")
    for t_s in (0.0, 0.25, 0.75, 1.4):
        assert abs(float(movie.get_frame(t_s).mean()) - float(rendered.frame(t_s).mean())) < 3
    assert movie.audio.get_frame(0.25).shape == (2,)
    assert movie.audio.get_frame(np.arange(0, 0.1, 0.001)).shape == (100, 2)
    faster = movie.with_speed_scaled(2)
    assert faster.duration == pytest.approx(0.75)
    assert np.array_equal(faster.get_frame(0.25), movie.get_frame(0.5))


def test_progress_is_a_real_fraction(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=12)
    for timeline in (Timeline([clip[0:0.25]]).with_fps(30), Timeline([clip, clip])):
        told: list[float] = []
        timeline.render(tmp_path / "out.mp4", overwrite=True, on_progress=told.append)
        assert told == sorted(told)
        assert told[-1] == 1
        assert all(0 <= fraction <= 1 for fraction in told)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("whole", [True, False])
def test_a_stopped_render_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, stop: type[BaseException], whole: bool
) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=24)
    target = tmp_path / "out.mp4"
    target.write_bytes(b"what was there")

    def on_progress(fraction: float) -> None:
        if fraction >= 0.5:
            raise stop("now")

    timeline = Timeline([clip, clip] if whole else [clip[0:0.5]])
    with pytest.raises(KeyboardInterrupt if stop is KeyboardInterrupt else RenderError):
        timeline.render(target, overwrite=True, on_progress=on_progress)
    assert target.read_bytes() == b"what was there"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "out.mp4"]
    assert probe(tmp_path / "a.mp4").frames == 24


@contextmanager
def space_left(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as a full disk would."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize("whole", [True, False])
def test_no_space_is_said_and_leaves_nothing(tmp_path: Path, whole: bool) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=24, noise=True)
    timeline = Timeline([clip, clip] if whole else [clip[0:0.9]])
    with space_left(20_000), pytest.raises(RenderError, match="no space left"):
        timeline.render(tmp_path / "out.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_full_cache_is_named_and_not_the_target(tmp_path: Path) -> None:
    timeline = Timeline([clip_of(tmp_path / "a.mp4", frames=24, noise=True)]).with_size(80, 60)
    with space_left(20_000), pytest.raises(RenderError, match="QCUT_NB_CACHE") as said:
        timeline.render(tmp_path / "out.mp4")
    assert str(said.value).startswith(f"{kept_folder()}, where rendered pieces are kept")
    assert list(kept_folder().iterdir()) == []


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCUT_NB_CACHE", str(tmp_path / "big disk"))
    clip = clip_of(tmp_path / "a.mp4")
    Timeline([clip]).with_size(80, 60).render(tmp_path / "out.mp4")
    assert len(list((tmp_path / "big disk" / "pieces").glob("*.mp4"))) == 1


def test_an_error_without_words_is_called_by_its_name(tmp_path: Path) -> None:
    class Broken(Exception):
        pass

    def on_progress(fraction: float) -> None:
        raise Broken

    clip = clip_of(tmp_path / "a.mp4")
    with pytest.raises(RenderError, match="could not be rendered: Broken"):
        Timeline([clip, clip]).render(tmp_path / "out.mp4", on_progress=on_progress)


def test_files_called_like_parts_stay_and_old_parts_go(tmp_path: Path) -> None:
    source = make_video(tmp_path / "out.part.mp4")
    names = ["out.mp4.part", "out.mp4.1a2b3c4d.part", "out.mp4.aaaaaaaa.part", "out.mp4.mine.part"]
    for name in names:
        (tmp_path / name).write_bytes(b"of others")
    for name in (*names[:2], names[3]):
        os.utime(tmp_path / name, (1e9, 1e9))
    before = source.read_bytes()
    Timeline([source]).render(tmp_path / "out.mp4")
    assert source.read_bytes() == before
    left = sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".part")
    assert left == [names[2], names[3], names[0]]


def test_a_long_timeline_holds_open_only_the_sound_that_is_heard(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=6)
    song = make_sound(tmp_path / "song.mp3", codec="libmp3lame", duration_s=5)
    timeline = Timeline([clip] * 120).music(song, volume=0.5)
    old = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 40, old[1]))
    try:
        result = timeline.render(tmp_path / "out.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, old)
    samples, rate = loudness(result.path)
    assert len(samples) / rate == pytest.approx(30, abs=0.05)
    assert np.abs(samples[rate // 2 : 29 * rate : rate // 7]).max() > 0.1


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    with pytest.raises(RenderError, match="cannot be written"):
        Timeline([clip]).render(clip.path / "out.mp4")


def test_a_target_is_replaced_only_when_asked_and_never_a_source(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    timeline = Timeline([clip, clip])
    first = timeline.render(tmp_path / "new" / "out.mp4")
    with pytest.raises(InputError, match="overwrite=True"):
        timeline.render(first.path)
    assert timeline.render(first.path, overwrite=True).duration_s == pytest.approx(2.0)
    with pytest.raises(InputError, match="is a source of this timeline"):
        timeline.render(clip.path, overwrite=True)
    with pytest.raises(InputError, match=r"Call it cut\.mp4"):
        timeline.render(tmp_path / "cut.avi")


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # by MoviePy
def test_no_file_that_a_timeline_reads_is_ever_replaced(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=24)
    words = tmp_path / "b.srt"
    words.write_text("1\n00:00:00,100 --> 00:00:00,500\n<i>Hello</i>\n")
    font = make_font(tmp_path / "c.mp4")
    read = clip_of(tmp_path / "d.mp4")
    sound = make_sound(tmp_path / "e.mp4", codec="aac")
    movie = moviepy.VideoFileClip(str(read.path))
    heard = moviepy.AudioFileClip(str(sound))
    both = moviepy.CompositeVideoClip([movie]).with_audio(heard)
    timeline = Timeline([clip, both]).captions(words, burn=False).title("Hello", font=font)
    again = Timeline([Timeline([clip]).to_moviepy()])
    for made, path in [
        (timeline, clip.path),
        (timeline, words),
        (timeline, font),
        (timeline, read.path),
        (timeline, sound),
        (timeline.trim(1.5), sound),
        (again, clip.path),
    ]:
        before = path.read_bytes()
        with pytest.raises(InputError, match="is a source of this timeline"):
            made.render(path.with_suffix(".mp4"), overwrite=True)
        assert path.read_bytes() == before
    movie.close()
    heard.close()


def test_a_font_that_is_gone_is_named(tmp_path: Path) -> None:
    font = make_font(tmp_path / "c.ttf")
    timeline = Timeline([clip_of(tmp_path / "a.mp4")]).title("Hello", font=font)
    font.unlink()
    with pytest.raises(InputError, match=r"A font, .*c\.ttf, is not there"):
        timeline.render(tmp_path / "out.mp4")


def test_files_beside_a_result_change_only_after_it(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    timeline = Timeline([clip]).captions([(0, 1, "new")], burn=False)
    target, words = tmp_path / "out.mp4", tmp_path / "out.srt"
    words.write_text("old")

    def in_the_way(fraction: float) -> None:
        target.mkdir(exist_ok=True)

    with pytest.raises(InputError, match=r"out\.mp4 is a folder"):
        timeline.render(target, overwrite=True, on_progress=in_the_way)
    assert words.read_text() == "old"
    target.rmdir()
    timeline.render(target, overwrite=True)
    assert "new" in words.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "out.mp4", "out.srt"]


def test_missing_and_changed_sources_are_named(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    timeline = Timeline([clip, clip])
    data = clip.path.read_bytes()
    clip.path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(InputError, match=r"Clip 1, .*a\.mp4, has changed"):
        timeline.plan()
    make_video(clip.path, frames=30)
    for use in (timeline.plan, timeline.to_moviepy, lambda: timeline.render(tmp_path / "o.mp4")):
        with pytest.raises(InputError, match=r"Clip 1, .*a\.mp4, has changed"):
            use()
    clip.path.unlink()
    with pytest.raises(InputError, match=r"Clip 1, .*is not there"):
        timeline.render(tmp_path / "o.mp4")
    with pytest.raises(MediaError, match="There is no file"):
        Timeline([tmp_path / "none.mp4"])


def test_a_source_that_breaks_midway_is_named_with_the_time(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4", frames=48, noise=True, audio=False)
    data = bytearray(clip.path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    clip.path.write_bytes(data)
    with pytest.raises(MediaError, match=r"a\.mp4"):
        Timeline([clip[0:1.9]]).render(tmp_path / "out.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_times_and_sizes_that_cannot_be_are_refused_at_once(tmp_path: Path) -> None:
    short = clip_of(tmp_path / "a.mp4", frames=24)
    long = clip_of(tmp_path / "b.mp4", frames=72)
    with pytest.raises(InputError, match=r"clip 2 \(a\.mp4\).*at most 0\.50 s"):
        Timeline([long, short, long]).crossfade(0.6)
    for seconds in (-1, float("nan"), float("inf")):
        with pytest.raises(InputError):
            Timeline([long, long]).crossfade(seconds)
    with pytest.raises(InputError, match=r"with_size\(640, 360\)"):
        Timeline([long]).with_size(641, 360)
    with pytest.raises(InputError, match="Take 1 to 240"):
        Timeline([long]).with_fps(0)
    with pytest.raises(InputError, match='"fit", "fill" or "stretch"'):
        Timeline([long]).with_fit("cover")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at least one clip"):
        Timeline([])
    with pytest.raises(InputError, match="Item 2 of the timeline is int"):
        Timeline([long, 7])
    with pytest.raises(InputError, match="no sound"):
        Timeline([long]).music(make_picture(tmp_path / "a.png"))


def test_without_ffmpeg_effects_say_how_to_get_one_and_copies_still_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "no-ffmpeg"))
    clip = clip_of(tmp_path / "a.mp4")
    assert Timeline([clip, clip]).render(tmp_path / "out.mp4").duration_s == pytest.approx(2.0)
    with pytest.raises(FfmpegMissingError):
        Timeline([clip]).with_effects([object()])
    assert not (tmp_path / "cut.mp4").exists()


def test_a_timeline_never_changes(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    timeline = Timeline([clip, clip])
    assert timeline.crossfade(0.2) is not timeline
    assert timeline.edit.items[1].transition is None
    assert timeline.duration_s == pytest.approx(2.0)
    assert timeline == Timeline([clip, clip])
    assert repr(timeline) == "Timeline(2 clips, 2.00 s, 64x48, 24 fps)"


def test_the_index_is_in_front_and_copies_render_to_equal_bytes(tmp_path: Path) -> None:
    clip = clip_of(tmp_path / "a.mp4")
    one = Timeline([clip, clip]).render(tmp_path / "one.mp4").path.read_bytes()
    other = Timeline([clip, clip]).render(tmp_path / "other.mp4").path.read_bytes()
    assert one == other
    cut = Timeline([clip[0:0.5]]).render(tmp_path / "cut.mp4")
    for data in (one, cut.path.read_bytes()):
        assert data.find(b"moov") < data.find(b"mdat")
    assert json.loads(read_comment(cut.path) or "")["qcut_nb"] == "timeline"
    assert len(decoded(cut.path)) == 12


@pytest.mark.parametrize("named", [True, False])
def test_colours_look_as_before_whether_the_source_names_them_or_not(
    tmp_path: Path, named: bool
) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"crf": "5"})
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv420p"
        if named:
            video.colorspace = video.color_primaries = video.color_trc = 1
            video.color_range = 1
        red = np.full((720, 1280, 3), (200, 40, 60), np.uint8)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(red, format="rgb24").reformat(
                format="yuv420p", dst_colorspace="ITU709" if named else "ITU601"
            )
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    clip = Clip.from_file(path)
    result = Timeline([clip[0:0.1]]).render(tmp_path / "out.mp4")
    assert np.abs(result.frame(0).mean((0, 1)) - clip.frame(0).mean((0, 1))).max() < 3
    before, after = decoded(path)[0], decoded(result.path)[0]
    assert np.abs(before.astype(int) - after).mean() < 2
