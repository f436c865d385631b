from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import moviepy
import numpy as np
import pytest
from numpy.typing import NDArray

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.model import TransitionKind
from qcut_nb.assembly.sound_filters import measure_loudness
from qcut_nb.assembly.times import Time, seconds
from qcut_nb.clip import Clip
from qcut_nb.errors import InputError
from support.media import decoded, loudness, make_picture, make_sound, make_video
from support.numbered import make_numbered, numbers


@pytest.fixture
def two(tmp_path: Path) -> Timeline:
    one = make_numbered(tmp_path / "a.mp4", options={"g": "12"}, frames=24)
    other = make_numbered(tmp_path / "b.mp4", options={"g": "12"}, frames=24, first=500)
    return Timeline([one, other])


def shown(timeline: Timeline, folder: Path) -> list[int | None]:
    return numbers(timeline.render(folder / "out.mp4", overwrite=True, check="full").path)


FIRST, SECOND = list(range(24)), list(range(500, 524))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(2, 2.0), (2.5, 2.5), ("2.5", 2.5), ("1:02.5", 62.5), ("1:00:01", 3601.0), ("48f", 2.0)],
)
def test_times_are_seconds_or_clocks_or_frames(given: Any, wanted: float) -> None:
    assert seconds(given, Fraction(24)) == wanted


@pytest.mark.parametrize("given", [-1, float("nan"), float("inf"), "1:2:3:4", "x", "-1f", None])
def test_what_is_no_time_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="Take 0 or more"):
        seconds(given, Fraction(24))


def test_parts_are_kept_taken_out_put_in_and_replaced(two: Timeline, tmp_path: Path) -> None:
    both = FIRST + SECOND
    assert shown(two.trim("6f", "30f"), tmp_path) == both[6:30]
    assert shown(two.cut("6f", "30f"), tmp_path) == both[:6] + both[30:]
    before, after = two.split(0.75)
    assert shown(before, tmp_path) == both[:18]
    assert shown(after, tmp_path) == both[18:]
    assert shown(before + after, tmp_path) == both
    assert shown(two.insert("12f", two.clips[1][0:0.25]), tmp_path) == (
        FIRST[:12] + SECOND[:6] + FIRST[12:] + SECOND
    )
    assert shown(two.replace(0, two.clips[1]), tmp_path) == SECOND * 2
    assert shown(two.remove(0), tmp_path) == SECOND


def test_items_run_faster_slower_and_backwards(two: Timeline, tmp_path: Path) -> None:
    assert shown(two.speed(2, 0), tmp_path) == FIRST[::2] + SECOND
    assert shown(two.speed(0.5, 0), tmp_path) == [n for n in FIRST for _ in range(2)] + SECOND
    assert shown(two.reverse(), tmp_path) == FIRST[::-1] + SECOND[::-1]
    assert shown(two.reverse(1).trim("30f"), tmp_path) == SECOND[::-1][6:]


def test_moviepy_clips_and_effects_are_cut_and_run_at_any_speed(
    two: Timeline, tmp_path: Path
) -> None:
    movie = Timeline([two.clips[0]]).to_moviepy()
    handed_in = Timeline([movie])
    assert shown(handed_in.speed(2), tmp_path) == FIRST[::2]
    assert shown(handed_in.reverse(), tmp_path) == FIRST[::-1]
    assert shown(handed_in.trim("6f", "18f").reverse(), tmp_path) == FIRST[6:18][::-1]
    movie.close()
    twice = two.with_effects([moviepy.vfx.MultiplySpeed(2)], 0)
    assert shown(twice, tmp_path) == FIRST[::2] + SECOND
    assert shown(twice.cut("3f", "9f"), tmp_path) == FIRST[:6:2] + FIRST[18::2] + SECOND
    assert shown(twice.replace(0, two.clips[1]), tmp_path) == SECOND[::2] + SECOND
    with pytest.raises(InputError, match="MoviePy effects come before that"):
        two.speed(2).with_effects([moviepy.vfx.MirrorX()])
    with pytest.raises(InputError, match=r"MoviePy cannot apply 7 to a\.mp4"):
        two.with_effects([7], 0)


def test_sound_runs_with_its_movie(tmp_path: Path) -> None:
    quiet = make_video(tmp_path / "quiet.mp4", frames=24, audio=False)
    loud = make_video(tmp_path / "loud.mp4", frames=24)
    joined = Timeline([quiet, loud]).render(tmp_path / "joined.mp4")
    movie = Timeline([joined]).to_moviepy()
    for timeline, heard in (
        (Timeline([movie]), 1.5),
        (Timeline([movie]).reverse(), 0.5),
        (Timeline([movie]).speed(2), 0.75),
        (Timeline([joined]).with_effects([moviepy.vfx.MirrorX()]).reverse(), 0.5),
    ):
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        samples, rate = loudness(result.path)
        level = [
            float(np.abs(samples[int(t_s * rate) :][: rate // 10]).mean())
            for t_s in (heard, result.duration_s - heard)
        ]
        assert level[0] > 10 * level[1]
    movie.close()


def test_fades_stay_with_what_they_end(two: Timeline, tmp_path: Path) -> None:
    song = make_sound(tmp_path / "song.wav", codec="pcm_s16le", duration_s=4)
    film = two.music(song, fade_in_s=0.5, fade_out_s=0.5).title("Hi", 0, 1, fade=0.25)

    def fades(timeline: Timeline) -> list[tuple[float, float]]:
        return [(each.fade_in_s, each.fade_out_s) for each in timeline.edit.sounds]

    assert fades(film.trim(0, 1.5)) == [(0.5, 0.5)]
    assert fades(film.cut(0.5, 1)) == [(0.5, 0), (0, 0.5)]
    before, after = film.split(0.5)
    assert fades(before) == [(0.5, 0)]
    titles = [(each.fade_in_s, each.fade_out_s) for each in (before + after).edit.overlays]
    assert titles == [(0.25, 0), (0, 0.25)]


@pytest.mark.parametrize("kind", get_args(TransitionKind))
def test_a_transition_shows_both_and_touches_nothing_else(
    two: Timeline, tmp_path: Path, kind: TransitionKind
) -> None:
    plain = [grey.mean() for grey in decoded(two.render(tmp_path / "plain.mp4").path)]
    timeline = two.transition(kind, 0.5)
    result = timeline.render(tmp_path / "out.mp4")
    found = numbers(result.path)
    assert found[:12] == FIRST[:12]
    assert found[24:] == SECOND[12:]
    assert len(found) == 36 == timeline.layout.frames
    frames = decoded(result.path)
    middle = frames[18]
    if kind in ("fade_black", "fade_white"):
        # There at half of the time, and as far on the way a quarter before it as behind it.
        colour = 16 if kind == "fade_black" else 235
        off = [abs(float(frames[at][:48].mean()) - colour) for at in (12, 15, 18, 21)]
        assert off[2] < 2 < 0.3 * off[0] < off[1] < 0.7 * off[0]
        assert off[3] == pytest.approx(off[1], rel=0.5)
    else:
        assert abs(middle.mean() - np.mean(plain)) < 40
    assert not np.array_equal(middle, decoded(two.clips[0].path)[18])


def test_cutting_through_a_transition_is_refused_with_its_time(two: Timeline) -> None:
    with pytest.raises(InputError, match=r"00:00:00\.750 falls into a transition"):
        two.crossfade(0.5).trim(0, "18f")


def test_each_fade_has_its_colour_and_sound_goes_along(tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4", frames=72, first=10))
    result = Timeline([clip]).fade_in(0.5).fade_out(0.5, "white").render(tmp_path / "out.mp4")
    frames = decoded(result.path)
    assert frames[0][:48].mean() < 20
    assert frames[-1][:48].mean() > 180
    samples, rate = loudness(result.path)
    assert np.abs(samples[: rate // 50]).max() < 0.05 < np.abs(samples[rate : 2 * rate]).max()


def test_an_overlay_stands_where_and_when_it_was_put(tmp_path: Path) -> None:
    dark = Clip.from_file(make_video(tmp_path / "a.mp4", frames=48, width_px=128, height_px=96))
    logo = make_picture(tmp_path / "logo.png")
    timeline = Timeline([dark]).speed(1).overlay(logo, 0.5, 1.5, position="bottom_right", width=0.5)
    plain = decoded(dark.path)
    frames = decoded(timeline.render(tmp_path / "out.mp4").path)
    changed = np.abs(frames[24][:96].astype(int) - plain[24][:96]) > 12
    assert changed[60:90, 70:120].mean() > 0.6
    assert not changed[:40].any()
    assert not changed[:, :50].any()
    for number in (0, 11, 36, 47):
        assert np.abs(frames[number].astype(int) - plain[number]).mean() < 3
    half = timeline.edit.overlays[0]
    assert (half.start_s, half.end_s) == (0.5, 1.5)


def test_titles_and_captions_are_seen_for_their_time_only(tmp_path: Path) -> None:
    clip = Clip.from_file(
        make_video(tmp_path / "a.mp4", frames=48, width_px=320, height_px=180, first=5)
    )
    (tmp_path / "c.srt").write_text("1\n00:00:00,500 --> 00:00:01,000\n<i>Hello</i> <you>\n")
    plain = decoded(clip.path)
    for timeline in (
        Timeline([clip]).title("Hello", 0.5, 0.5, fade=0),
        Timeline([clip]).lower_third("Hello", "12f", "12f"),
        Timeline([clip]).captions(tmp_path / "c.srt"),
        Timeline([clip]).captions([(0.5, 1.0, "Hello")]),
    ):
        frames = decoded(timeline.render(tmp_path / "out.mp4", overwrite=True).path)
        off = [
            np.abs(a[:180].astype(int) - b[:180]).max() for a, b in zip(frames, plain, strict=True)
        ]
        assert min(off[15:21]) > 40
        assert max(off[:11] + off[25:]) < 24
        assert {each.strategy for each in timeline.plan().stretches} >= {"filter", "copy"}
    said: list[tuple[Time, Time, str]] = [(0.25, 0.75, "one"), ("0.5", "24f", "two")]
    both = Timeline([clip]).captions(said) + Timeline([clip]).captions(said, burn=False)
    assert [over.overlay.source.text for over in both.layout.overlays] == ["one", "one\ntwo", "two"]  # type: ignore[union-attr]  # all are cards
    both.render(tmp_path / "both.mp4")
    assert (tmp_path / "both.srt").read_text().count("-->") == 2
    for start, end in ((2, 3), (1, 0.5)):
        with pytest.raises(InputError, match=r"Caption 1 .* the timeline lasts 2 s"):
            Timeline([clip]).captions([(start, end, "late, or backwards")])
    separate = Timeline([clip]).captions(tmp_path / "c.srt", burn=False)
    assert separate.plan().kind == "copy"
    separate.render(tmp_path / "sub.mp4")
    assert "00:00:00,500 --> 00:00:01,000\nHello" in (tmp_path / "sub.srt").read_text()
    with pytest.raises(InputError, match=r"c\.srt is a source"):
        separate.render(tmp_path / "c.mp4")
    assert "<i>Hello</i>" in (tmp_path / "c.srt").read_text()
    assert not (tmp_path / "c.mp4").exists()


def test_music_steps_back_while_a_clip_is_heard(tmp_path: Path) -> None:
    loud = Clip.from_file(make_video(tmp_path / "a.mp4", frames=48))
    silent = Clip.from_file(make_video(tmp_path / "b.mp4", frames=72, audio=False))
    song = make_sound(tmp_path / "song.wav", codec="pcm_s16le", duration_s=6, hz=3000)
    result = Timeline([silent, loud]).music(song, duck=True).render(tmp_path / "out.mp4")
    samples, rate = loudness(result.path)

    def level_at_3_khz(start_s: float) -> float:
        part = samples[int(start_s * rate) :][: rate // 2]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        return float(spectrum[1490:1510].max())

    assert 0.2 < level_at_3_khz(4.0) / level_at_3_khz(1.5) < 0.35
    with pytest.raises(InputError, match="cannot duck"):
        Timeline([silent]).music(song, duck=True)


def test_the_loudness_of_the_result_is_what_was_asked(tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4", frames=96))
    for target in (-14.0, -23.0):
        timeline = Timeline([clip]).loudness(target)
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        samples, _ = loudness(result.path)
        stereo = np.stack([samples, samples], axis=1)
        found = measure_loudness(stereo[at : at + 1024] for at in range(0, len(stereo), 1024))
        assert found == pytest.approx(target, abs=1)


def made_sound(path: Path, samples: NDArray[np.float64]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def test_held_back_peaks_do_not_make_it_softer_and_where_they_do_it_is_said(
    tmp_path: Path,
) -> None:
    t = np.arange(8 * 48_000) / 48_000
    clicks = 0.85 * np.sin(2 * np.pi * 1000 * t) * (t % 0.5 < 0.005)
    picture = Timeline([make_video(tmp_path / "a.mp4", frames=8 * 24, audio=False)])
    over = made_sound(tmp_path / "over.wav", clicks + 0.05 * np.sin(2 * np.pi * 500 * t))
    result = picture.music(over).loudness(-14).render(tmp_path / "out.mp4")
    samples, _ = loudness(result.path)
    stereo = np.stack([samples, samples], axis=1)
    found = measure_loudness(stereo[at : at + 1024] for at in range(0, len(stereo), 1024))
    assert found == pytest.approx(-14, abs=0.7)
    alone = picture.music(made_sound(tmp_path / "alone.wav", clicks)).loudness(-14)
    with pytest.warns(UserWarning, match=r"comes out at -20\.\d LUFS, not -14"):
        alone.render(tmp_path / "out.mp4", overwrite=True)


def test_stills_colours_and_text_take_their_place_among_clips(
    two: Timeline, tmp_path: Path
) -> None:
    still = Timeline.still(make_picture(tmp_path / "p.png"), 0.5)
    timeline = two + Timeline.colour("red", "6f") + still + Timeline.text("The end", "12f")
    assert timeline.duration_s == pytest.approx(2 + 0.25 + 0.5 + 0.5)
    result = timeline.render(tmp_path / "out.mp4")
    assert numbers(result.path)[:48] == FIRST + SECOND
    red = result.frame(2.1).mean((0, 1))
    assert red[0] > 200 > 60 > max(red[1], red[2])


def test_the_shape_of_the_result_follows_the_ratio(two: Timeline) -> None:
    tall = two.with_aspect("9:16").layout
    assert (tall.width_px, tall.height_px, tall.fit) == (26, 48, "fill")
    with pytest.raises(InputError, match="16:9"):
        two.with_aspect("wide")


@pytest.mark.parametrize(
    "use",
    [
        lambda t: t.trim(3, 4),
        lambda t: t.cut(0, 2),
        lambda t: t.speed(0),
        lambda t: t.volume(-1),
        lambda t: t.fade_in(5),
        lambda t: t.transition("swirl"),
        lambda t: t.crossfade(0.5, at=0),
        lambda t: t.replace(7, t.clips[0]),
        lambda t: t.title("x", 9),
        lambda t: t.title("x", colour="blurple"),
        lambda t: t.overlay(t.clips[0], width=2),
        lambda t: t.overlay(t.clips[0], 0, 1.5),
        lambda t: t.overlay(t.clips[0], fade=1.5),
        lambda t: t.music(t.clips[0].path, at=1, end=0.5),
        lambda t: t.music(t.clips[0].path, fade_in_s=3),
        lambda t: t.voice(t.clips[0].path, at=9),
        lambda t: t.split(0),
        lambda t: t.fade_in(0.8).speed(2),
        lambda t: t.preview(4000),
        lambda t: t.with_fps("fast"),
        lambda t: t.loudness(3),
        lambda t: t.captions("none.srt"),
    ],
)
def test_edits_that_cannot_be_are_refused_and_speak_of_no_money(two: Timeline, use: Any) -> None:
    with pytest.raises(InputError) as refused:
        use(two)
    assert refused.value.money == ""


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (lambda t: t.speed("2"), r"speed\(factor='2'\) is not possible\. Give a number\."),
        (lambda t: t.speed(True), r"factor=True"),
        (lambda t: t.trim(None), r'start=None.*a time: seconds \(2\.5\), "1:02\.5" or frames'),
        (lambda t: t.loudness("loud"), r"lufs='loud'.*a number"),
        (lambda t: t.overlay(t.clips[0], width="2"), r"width='2'.*a number"),
        (lambda t: t.title(None), r"text=None.*Give text\."),
        (lambda t: t.title("a", size="big"), r"size='big'"),
        (lambda t: t.music(None), r"music\(path=None\).*a path"),
        (lambda t: t.captions(5), r"source=5.*a path or a list of \(time, time, text\)"),
        (lambda t: t.captions([(1, 2)]), r"source=\[\(1, 2\)\]"),
        (lambda t: t.with_effects(moviepy.vfx.MirrorX()), r"effects=MirrorX.*Give a list"),
        (lambda t: t.insert(1, None), r"other=None.*Timeline, a Clip, a MoviePyClip or a path"),
        (lambda t: t.crossfade(1, at="1"), r"at='1'.*a whole number or None"),
        (lambda t: t.fade_in(1, "red"), r"colour='red'.*\"black\" or \"white\""),
        (lambda t: t.render(None), r"path=None.*a path"),
        (lambda t: t.render("x.mp4", executor=4), r"executor=4.*an Executor or None"),
        (lambda t: t.render("x.mp4", on_progress=1), r"on_progress=1.*a function or None"),
        (lambda t: t.text(5), r"text=5"),
        (lambda t: type(t)(None), "Item 1 of the timeline is NoneType"),
        (lambda t: type(t)(5), "Item 1 of the timeline is int"),
    ],
)
def test_arguments_of_another_kind_are_named_with_what_is_allowed(
    two: Timeline, use: Any, says: str
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        use(two)
    assert refused.value.money == ""
    assert refused.value.remedy


def test_a_call_that_python_refuses_is_refused_by_python(two: Timeline) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'factor'"):
        two.speed()  # type: ignore[call-arg]


def test_rates_and_shapes_are_numbers_too(two: Timeline) -> None:
    assert two.with_fps(Fraction(30000, 1001)).fps == two.with_fps(29.97).fps
    for aspect in (4 / 3, Fraction(4, 3), "4:3"):
        shaped = two.with_aspect(aspect)
        assert Fraction(shaped.layout.width_px, shaped.layout.height_px) == Fraction(4, 3)


def test_a_moviepy_clip_is_a_timeline_and_goes_between_clips(two: Timeline) -> None:
    movie = moviepy.ColorClip((64, 48), (255, 0, 0), duration=0.5).with_fps(24)
    assert Timeline(movie).duration_s == 0.5
    assert two.insert(1, movie).duration_s == two.replace(0, movie).duration_s + 1 == 2.5


def test_a_cell_shows_posters_lengths_and_the_plan_in_little_space(two: Timeline) -> None:
    bundle = two.crossfade(0.5).title("<script>alert(1)</script>")._repr_mimebundle_()
    html = bundle["text/html"]
    assert html.count("data:image/jpeg") == 2
    assert "dissolve 0.5 s" in html
    assert "filter" in html
    assert "<script" not in html
    long = Timeline([two] * 60)._repr_mimebundle_()["text/html"]
    assert len(long.encode()) < 60_000


def test_a_preview_is_small_and_as_long_as_the_whole(two: Timeline) -> None:
    timeline = two.with_size(640, 480).crossfade(0.25)
    small = timeline.preview(240)
    assert (small.facts.height_px, small.facts.frames) == (240, timeline.layout.frames)
    assert small.path.name == "Preview of 2 clips.mp4"
    assert "Preview of 2 clips.mp4" in small._repr_mimebundle_()["text/html"]
    other = timeline.trim("12f").preview(240)
    assert (other.path.name, other.path != small.path) == (small.path.name, True)


def test_other_editors_get_ranges_gaps_and_transitions(two: Timeline) -> None:
    import opentimelineio as otio

    timeline = (two.trim("6f") + Timeline.colour("red", "12f")).crossfade("6f", at=1)
    edl = timeline.to_edl("cut")
    assert "001  AX       V     C        00:00:00:06 00:00:00:18 00:00:00:00 00:00:00:12" in edl
    assert "002  AX       V     D    006 00:00:00:00 00:00:01:00 00:00:00:12 00:00:01:12" in edl
    assert "003  BL       V     C" in edl
    track = timeline.to_otio().tracks[0]
    assert [type(each).__name__ for each in track] == ["Clip", "Transition", "Clip", "Gap"]
    assert sum(
        each.duration().value for each in track if not isinstance(each, otio.schema.Transition)
    ) == (timeline.layout.frames)
    assert track[0].source_range.start_time.value == 6


def test_other_editors_get_how_much_of_a_source_is_used_at_its_speed(
    two: Timeline, tmp_path: Path
) -> None:
    song = make_sound(tmp_path / "song.wav", codec="pcm_s16le", duration_s=1)
    timeline = two.speed(2, 0).crossfade("6f").music(song, at="3f", start_s=0.25).voice(song)
    edl = timeline.to_edl()
    assert "001  AX       V     C        00:00:00:00 00:00:00:12 00:00:00:00 00:00:00:06" in edl
    assert "002  AX       V     C        00:00:00:12 00:00:00:12 00:00:00:06 00:00:00:06" in edl
    backwards = two.speed(2, 1).reverse(1).crossfade("6f").to_otio().tracks[0][2]
    assert backwards.source_range.start_time.value == 0
    assert backwards.source_range.duration.value == 12 - 3
    faster = two.speed(2, 1).crossfade("6f").to_otio().tracks[0][2]
    assert faster.source_range.start_time.value == 2 * 3
    picture, music, voice = timeline.to_otio().tracks
    assert (music.kind, voice.name) == ("Audio", "A2 voice")
    assert [each.duration().value for each in music] == [3, 18]
    assert music[1].source_range.start_time.value == 6
    assert picture.duration().value == timeline.layout.frames


def test_any_moviepy_picture_is_a_source_and_sound_alone_is_none(two: Timeline) -> None:
    for still in (
        moviepy.ColorClip((100, 50), (255, 0, 0), duration=1),
        moviepy.ImageClip(np.zeros((50, 100, 3), np.uint8), duration=1),
        moviepy.TextClip(text="Hi", font_size=20, size=(100, 50), duration=1),
    ):
        alone = Timeline.from_moviepy(still)
        assert repr(alone) == "Timeline(1 clip, 1.00 s, 100x50, 24 fps)"
        assert "text/html" in alone._repr_mimebundle_()
        assert (two + alone).crossfade(0.25).layout.frames == 60
    with pytest.raises(InputError, match=r"without a picture \(AudioClip\)"):
        Timeline.from_moviepy(moviepy.AudioClip(np.sin, duration=1))


def test_effects_that_change_the_size_change_the_result(two: Timeline) -> None:
    for effect, size in (
        (moviepy.vfx.Rotate(90), (48, 64)),
        (moviepy.vfx.Resize(2), (128, 96)),
        (moviepy.vfx.Crop(width=20, height=30, x1=0, y1=0), (20, 30)),
        (moviepy.vfx.Margin(5), (74, 58)),
    ):
        timeline = Timeline([two.clips[0]]).with_effects([effect])
        assert (timeline.layout.width_px, timeline.layout.height_px) == size
        assert timeline.trim("6f").to_moviepy().size == size


def test_what_no_longer_fits_is_refused_when_it_is_made(two: Timeline) -> None:
    short = Timeline([two.clips[0][0:0.25], *two.clips]).crossfade(0.5, at=2)
    with pytest.raises(InputError, match=r"0\.5 s does not fit clip 1 .*lasts 0\.25 s"):
        short.remove(1)
    tight = Timeline([two.clips[0], two.clips[1], two.clips[0]])
    tight = tight.crossfade(0.54, at=1).crossfade(0.46, at=2)
    with pytest.raises(InputError, match="has one at both ends"):
        tight.with_fps(25)


def test_sound_that_ends_before_the_timeline_fades_where_it_ends(
    two: Timeline, tmp_path: Path
) -> None:
    song = make_sound(tmp_path / "song.wav", codec="pcm_s16le", duration_s=1)
    quiet = two.volume(0)
    for timeline, end_s in (
        (quiet.music(song, fade_out_s=0.5), 1.0),
        (quiet.voice(song, at=0.5, fade_out_s=0.5), 1.5),
        (quiet.music(song, start_s=0.25, fade_out_s=0.5).trim(0.25), 0.5),
        (quiet.music(song, fade_out_s=0.5).speed(0.5), 1.0),
        (quiet.music(song, end=0.75, fade_out_s=0.5), 0.75),
    ):
        result = timeline.render(tmp_path / "out.mp4", overwrite=True)
        samples, rate = loudness(result.path)
        peaks = [
            float(np.abs(samples[int((end_s - by_s) * rate) :][: rate // 50]).max())
            for by_s in (0.49, 0.25, 0.04)
        ]
        assert peaks[0] > 1.5 * peaks[1] > 1.5 * 2 * peaks[2] > 0
    with pytest.raises(InputError, match=r"longer than song\.wav is heard, 1\.00 s"):
        two.music(song, fade_in_s=1.5)
    with pytest.raises(InputError, match="end at 0 s"):
        two.music(song, end=0)


def test_music_is_as_long_as_its_packets_say(two: Timeline, tmp_path: Path) -> None:
    song = make_sound(tmp_path / "song.mp3", codec="libmp3lame", duration_s=3)
    assert two.music(song).edit.sounds[0].lasts_s == pytest.approx(3, abs=0.06)
    film = make_numbered(tmp_path / "film.mkv", frames=36)
    assert two.music(film, start_s=0.5).edit.sounds[0].lasts_s == pytest.approx(1, abs=0.06)
