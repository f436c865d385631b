"""A gallery is a folder that holds all it shows, nothing else, and harms nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError, MediaError
from support.media import make_video


def made(studio: Studio) -> list[Clip]:
    prompt = 'a <script>alert(1)</script> & a "dog" \' in rain'
    return studio.sweep(prompt=[prompt, "x"], models=["kling_v2_5", "wan_25"]).run().wait(60)


def test_it_holds_every_clip_and_refers_to_nothing_outside(studio: Studio, tmp_path: Path) -> None:
    clips = made(studio)
    page = studio.gallery(tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|poster|href)="([^"]*)"', text)
    assert len(sources) == 2 * len(clips)
    assert all((page.parent / source).is_file() for source in sources)
    assert "http" not in re.sub(r'http-equiv="', "", text)
    assert str(tmp_path) not in text
    videos = sorted(page.parent.glob("media/*.mp4"))
    assert {v.read_bytes() for v in videos} == {clip.path.read_bytes() for clip in clips}
    assert all(video.stat().st_nlink == 1 for video in videos)


def test_text_is_text(studio: Studio, tmp_path: Path) -> None:
    made(studio)
    text = studio.gallery(tmp_path / "out", title="<b>mine</b>").read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; a &quot;dog&quot;" in text
    assert "<b>mine</b>" not in text
    assert "4 clips, $0.00 spent" in text
    assert "simulated, list price $" in text


def test_a_gallery_is_replaced_and_any_other_folder_is_left_alone(
    studio: Studio, tmp_path: Path
) -> None:
    clips = made(studio)
    studio.gallery(tmp_path / "out", clips)
    studio.gallery(tmp_path / "out", clips[:1])
    assert len(list((tmp_path / "out/media").glob("*.mp4"))) == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/index.html").write_text("<p>my page</p>")
    with pytest.raises(InputError, match="no gallery"):
        studio.gallery(tmp_path / "mine", clips)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["index.html"]


def test_a_missing_clip_is_said_and_the_gallery_that_was_there_stays(
    studio: Studio, tmp_path: Path
) -> None:
    clips = made(studio)
    page = studio.gallery(tmp_path / "out", clips)
    before = page.read_bytes()
    clips[0].path.unlink()
    with pytest.raises(MediaError, match=clips[0].path.name):
        studio.gallery(tmp_path / "out", clips)
    assert page.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_clips_without_a_recipe_and_ranges_are_shown(studio: Studio, tmp_path: Path) -> None:
    clip = Clip.from_file(make_video(tmp_path / "Über <1>.mp4"))
    page = studio.gallery(tmp_path / "out", [clip, clip[0.25:0.75], replace(clip)])
    text = page.read_text(encoding="utf-8")
    assert "#t=0.250,0.750" in text
    assert "cost unknown" in text
    assert all(path.name.isascii() for path in (tmp_path / "out/media").iterdir())


def test_nothing_to_show_is_said(studio: Studio, tmp_path: Path) -> None:
    for nothing in ([], None, 3, "clip.mp4", ["clip.mp4"]):
        with pytest.raises(InputError):
            studio.gallery(tmp_path / "out", nothing)
    assert not (tmp_path / "out").exists()
