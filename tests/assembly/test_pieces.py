from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import get_args

import pytest

from qcut_nb.assembly import Provenance, Timeline, provenance
from qcut_nb.assembly.encoders import Quality
from qcut_nb.assembly.kept import kept_folder, sweep
from qcut_nb.clip import Clip
from qcut_nb.errors import InputError, RenderError
from qcut_nb.media import poster, sha256_file
from support.media import make_video
from support.numbered import make_numbered, numbers


def clips(folder: Path, count: int, frames: int = 48) -> list[Clip]:
    return [
        Clip.from_file(
            make_numbered(folder / f"{n}.mp4", first=100 * n, frames=frames, options={"g": "12"})
        )
        for n in range(count)
    ]


def kept() -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in kept_folder().iterdir()}


def test_changing_one_clip_renders_only_what_it_touches(tmp_path: Path) -> None:
    one, two, three, other = clips(tmp_path, 4)
    Timeline([one, two, three]).crossfade(0.5).render(tmp_path / "out.mp4")
    before = kept()
    assert len(before) == 2
    changed = Timeline([one, two, other]).crossfade(0.5)
    changed.render(tmp_path / "out.mp4", overwrite=True)
    after = kept()
    assert before.items() <= after.items()
    assert len(after) == 3
    changed.music(one.path).render(tmp_path / "out.mp4", overwrite=True)
    assert kept() == after


def test_what_was_kept_longest_ago_goes_when_there_is_too_much(tmp_path: Path) -> None:
    old, new = tmp_path / "old.mp4", tmp_path / "new.mp4"
    for path, age_s in ((old, 9000), (new, 0)):
        path.write_bytes(bytes(100))
        os.utime(path, (1e9 - age_s, 1e9 - age_s))
    sweep(tmp_path, most_bytes=250)
    assert old.exists()
    sweep(tmp_path, most_bytes=150)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_a_killed_render_left_goes_after_a_day_and_counts(tmp_path: Path) -> None:
    hour_s = 3600
    ages_s = {"a.mp4.1a2b3c4d.part": 25, "b.sound": 25, "c.part": 20, "d.mp4": 30, "e.mp4": 0}
    for name, hours in ages_s.items():
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1e9 - hours * hour_s, 1e9 - hours * hour_s))
    sweep(tmp_path, most_bytes=500)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.part", "d.mp4", "e.mp4"]
    sweep(tmp_path, most_bytes=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.part", "e.mp4"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: bytes(len(data)),
        lambda data: data[:600] + bytes(len(data) - 2600) + data[-2000:],
    ],
    ids=["empty", "cut_off", "zeros", "zeros_inside"],
)
def test_a_kept_piece_that_was_damaged_is_made_again(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, audio=False)
    timeline = Timeline([path]).with_size(80, 60)
    whole = timeline.render(tmp_path / "out.mp4").path.read_bytes()
    [piece] = kept_folder().iterdir()
    piece.write_bytes(damage(piece.read_bytes()))
    for _ in range(2):
        again = timeline.render(tmp_path / "out.mp4", overwrite=True, check="full")
        assert again.path.read_bytes() == whole


def test_one_timeline_renders_twice_at_once_to_one_target(tmp_path: Path) -> None:
    (clip,) = clips(tmp_path, 1)
    timeline = Timeline([clip]).with_size(80, 60)
    start = Barrier(3)

    def render() -> int:
        start.wait()
        return len(numbers(timeline.render(tmp_path / "out.mp4", overwrite=True).path))

    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(render) for _ in range(3)]
    assert [each.result() for each in found] == [48, 48, 48]
    assert len(kept()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.mp4", "out.mp4"]


def test_other_processes_render_pieces_to_the_same_frames(tmp_path: Path) -> None:
    one, two = clips(tmp_path, 2)
    timeline = Timeline([one[0.1:], two]).crossfade(0.5)
    here = numbers(timeline.render(tmp_path / "here.mp4").path)
    for path in kept_folder().iterdir():
        path.unlink()
    told: list[float] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = timeline.render(tmp_path / "there.mp4", executor=pool, on_progress=told.append)
    assert numbers(there.path) == here
    assert len(list(kept_folder().iterdir())) == 2
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_worker_that_dies_is_said_and_what_was_done_is_kept(tmp_path: Path) -> None:
    one, two = clips(tmp_path, 2)
    timeline = Timeline([one, two]).crossfade(0.5)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        victim = pool.submit(os.getpid).result()
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(RenderError, match="Render again"):
            timeline.render(tmp_path / "out.mp4", executor=pool)
    assert not (tmp_path / "out.mp4").exists()
    assert len(numbers(timeline.render(tmp_path / "out.mp4").path)) == 84


@pytest.mark.parametrize(
    ("name", "codec", "is_codec"),
    [
        ("a.mp4", "hevc", "hevc"),
        ("a.mp4", "av1", "av1"),
        ("a.mov", None, "prores"),
        ("a.mov", "h264", "h264"),
        ("a.webm", None, "vp9"),
        ("a.mkv", None, "h264"),
        ("a.gif", None, "gif"),
        ("a.webp", None, "webp"),
    ],
)
def test_the_ending_of_the_file_says_what_it_becomes(
    tmp_path: Path, name: str, codec: None, is_codec: str
) -> None:
    one, two = clips(tmp_path, 2, frames=24)
    timeline = Timeline([one, two]).crossfade(0.25)
    result = timeline.render(tmp_path / name, codec=codec)
    assert result.facts.video_codec == is_codec
    assert result.facts.frames == 42
    assert result.duration_s == pytest.approx(42 / 24, abs=0.05)
    assert [use.file for use in provenance(result.path).sources] == ["0.mp4", "1.mp4"]
    assert len(poster(result.path)) > 500
    if name[-3:] not in ("gif", "ebp"):
        assert numbers(result.path)[:18] == list(range(18))


def test_no_encoder_leaves_the_kernel_a_real_time_process(tmp_path: Path) -> None:
    policies: set[int] = set()

    def look(_: float) -> None:
        for thread in Path("/proc/self/task").iterdir():
            with suppress(ProcessLookupError):
                policies.add(os.sched_getscheduler(int(thread.name)))

    (clip,) = clips(tmp_path, 1, frames=24)
    Timeline([clip[0.5:]]).render(tmp_path / "a.mp4", codec="av1", on_progress=look)
    look(1)
    assert policies == {os.SCHED_OTHER}


def test_many_timelines_render_and_one_that_fails_harms_no_other(tmp_path: Path) -> None:
    one, two = clips(tmp_path, 2, frames=12)
    orders = [
        (Timeline([one]), tmp_path / "one.mp4"),
        (Timeline([two]), one.path),
        (Timeline([two]), None),
        Timeline([two]),
        (Timeline([two]), tmp_path / "two.mp4"),
    ]
    first, second, *unclear, third = Timeline.render_many(orders, sidecar=True)  # type: ignore[arg-type]
    assert isinstance(second, InputError)
    assert [type(each) for each in unclear] == [InputError, InputError]
    assert isinstance(first, Clip)
    assert isinstance(third, Clip)
    bill = Provenance.model_validate_json((tmp_path / "two.mp4.json").read_text())
    assert [use.file for use in bill.sources] == ["1.mp4"]
    assert bill.sources[0].sha256 == sha256_file(two.path)


@pytest.mark.parametrize("ending", ["mp4", "webm", "mov", "webp"])
def test_quality_is_one_plain_scale(tmp_path: Path, ending: str) -> None:
    clip = Clip.from_file(make_video(tmp_path / "a.mp4", noise=True, frames=12))
    sizes = [
        Timeline([clip])
        .with_fps(30)
        .render(tmp_path / f"{quality}.{ending}", quality=quality)
        .facts.size_bytes
        for quality in get_args(Quality)
    ]
    assert sizes == sorted(set(sizes))
    assert sizes[0] < sizes[-1] / 1.5


def test_what_cannot_be_encoded_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    timeline = Timeline([make_video(tmp_path / "a.mp4")])
    with pytest.raises(InputError, match=r"\.mp4 takes h264, hevc, av1"):
        timeline.render(tmp_path / "out.mp4", codec="prores")
    with pytest.raises(InputError, match=r'Give "draft", "low", "medium", "high" or "best"'):
        timeline.render(tmp_path / "out.mp4", quality="ultra")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="ultrafast, superfast"):
        timeline.render(tmp_path / "out.mp4", preset="warp")
    with pytest.raises(InputError, match='"quick" or "full"'):
        timeline.render(tmp_path / "out.mp4", check="slow")  # type: ignore[arg-type]
    with pytest.raises(RenderError, match="no encoder h264_videotoolbox"):
        timeline.render(tmp_path / "out.mp4", hardware="videotoolbox")
    with pytest.raises(RenderError, match="does not run on this machine"):
        timeline.render(tmp_path / "out.mp4", hardware="v4l2m2m")
    assert not (tmp_path / "out.mp4").exists()


def test_a_full_check_finds_damage_that_a_quick_one_cannot(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, frames=96, audio=False, faststart=False)
    clip = Clip.from_file(path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 3000] = bytes(b ^ 0x5A for b in data[middle : middle + 3000])
    path.write_bytes(data)
    with pytest.raises(RenderError, match=r"a\.mp4|does not decode|frames decode"):
        Timeline([clip, clip]).render(tmp_path / "out.mp4", check="full")
    assert not (tmp_path / "out.mp4").exists()
