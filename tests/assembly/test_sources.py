"""Files that change between making a timeline and rendering it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import moviepy
import pytest

from qcut_nb import Studio
from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
from qcut_nb.errors import InputError
from support.media import levels, make_picture, make_sound, make_video


def swap_unseen(path: Path, *, in_place: bool) -> None:
    """Other content, of the same size and with the same modification time."""
    stat = path.stat()
    data = path.read_bytes()
    other = path if in_place else path.with_name("other")
    other.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)


USES: dict[str, Callable[[Timeline, Path], Timeline]] = {
    "Clip 2": lambda t, path: t + Clip.from_file(make_video(path / "x.mp4", frames=12)),
    "Item 2": lambda t, path: t + Timeline.still(make_picture(path / "x.png"), 0.5),
    "Overlay 1": lambda t, path: t.overlay(Clip.from_file(make_video(path / "x.mp4", frames=12))),
    "Sound 1": lambda t, path: t.music(make_sound(path / "x.wav", codec="pcm_s16le")),
}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # by MoviePy
@pytest.mark.parametrize("of_sound", [True, False])
def test_a_file_that_moviepy_reads_must_not_change(tmp_path: Path, of_sound: bool) -> None:
    path = make_video(tmp_path / "x.mp4", frames=24)
    sound = make_sound(tmp_path / "y.wav", codec="pcm_s16le")
    movie = moviepy.VideoFileClip(str(path))
    heard = moviepy.AudioFileClip(str(sound))
    timeline = Timeline([make_video(tmp_path / "a.mp4"), movie.with_audio(heard)]).trim(0.5)
    timeline.plan()
    source = sound if of_sound else path
    swap_unseen(source, in_place=True)
    with pytest.raises(InputError, match=rf"Item 2, .*{source.name}, has changed"):
        timeline.render(tmp_path / "out.mp4")
    movie.close()
    heard.close()


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("name", USES)
def test_another_file_of_the_same_size_and_time_is_noticed(
    tmp_path: Path, name: str, in_place: bool
) -> None:
    base = Timeline([make_video(tmp_path / "a.mp4", frames=24)])
    timeline = USES[name](base, tmp_path)
    timeline.plan()
    [source] = tmp_path.glob("x.*")
    swap_unseen(source, in_place=in_place)
    for use in (timeline.plan, timeline.preview, lambda: timeline.render(tmp_path / "out.mp4")):
        with pytest.raises(InputError, match=rf"{name}, .*x\..*, has changed"):
            use()
    source.unlink()
    with pytest.raises(InputError, match=rf"{name}, .*x\..*, is not there"):
        timeline.render(tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_a_new_timeline_sees_the_file_that_is_there_now(tmp_path: Path) -> None:
    path = make_video(tmp_path / "x.mp4", frames=24)
    other = make_video(tmp_path / "y.mp4", frames=30)
    size_bytes = max(path.stat().st_size, other.stat().st_size) + 8
    for each in (path, other):
        free = size_bytes - each.stat().st_size
        each.write_bytes(each.read_bytes() + free.to_bytes(4, "big") + b"free" + bytes(free - 8))
    stat = path.stat()
    assert Timeline([path]).render(tmp_path / "one.mp4").facts.frames == 24
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)
    assert Timeline([path]).plan().kind == "copy"
    result = Timeline([path]).render(tmp_path / "two.mp4", check="full")
    assert levels(result.path) == levels(path)
    assert len(levels(path)) == 30


def test_a_clip_of_a_studio_is_what_its_digest_says(tmp_path: Path) -> None:
    with Studio("home", root=tmp_path, mode="simulated") as studio:
        clip = studio.generate("a house", models=["seedance_lite"], duration_s=4).wait()[0]
        timeline = Timeline([clip])
        kept = tmp_path / "kept.mp4"
        shutil.copyfile(clip.path, kept)

        shutil.copyfile(kept, clip.path)  # rewritten, with the same content
        assert timeline.render(tmp_path / "one.mp4").duration_s == pytest.approx(clip.duration_s)

        swap_unseen(clip.path, in_place=True)
        with pytest.raises(InputError, match=r"Clip 1, .* has changed"):
            timeline.plan()
        late = Timeline([clip])  # made when it had changed already
        with pytest.raises(InputError, match=r"Clip 1, .* has changed"):
            late.render(tmp_path / "two.mp4")
        shutil.copyfile(kept, clip.path)
    assert timeline.render(tmp_path / "three.mp4").facts.frames == clip.facts.frames
    assert not (tmp_path / "two.mp4").exists()
