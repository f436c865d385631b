from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import av
import pytest

from qcut_nb.clip import Clip, preview_html
from qcut_nb.media import RecipeCost, probe

MakeClip = Callable[..., Clip]
LIMIT = 60_000


class Page(HTMLParser):
    """The tags with their attributes, and the text, as a browser would see them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + " "

    def only(self, tag: str) -> dict[str, str | None]:
        [attributes] = [attributes for name, attributes in self.tags if name == tag]
        return attributes


def test_a_clip_shows_poster_player_and_caption(make_clip: MakeClip) -> None:
    bundle = make_clip("qcut/teaser/clips/a.mp4")._repr_mimebundle_()
    page = Page(bundle["text/html"])
    video = page.only("video")
    assert video["src"] == "./qcut/teaser/clips/a.mp4"
    assert (video["preload"], "controls" in video, "autoplay" in video) == ("none", True, False)
    assert (video["poster"] or "").startswith("data:image/jpeg;base64,")
    for said in ("AI (Kling 2.5 Turbo)", "a cat playing with yarn", "$0.35 (estimate)"):
        assert said in page.text
    for said in ("seed 42", "1.00 s", "64x48", "24 fps", "sound"):
        assert said in page.text
    assert bundle["text/plain"].startswith("Clip(a.mp4, 1.00 s")
    assert len(bundle["text/html"].encode()) < LIMIT


def test_the_address_is_percent_encoded_and_leads_to_the_file(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    clip = make_clip('clips/50% "größer" #1?.mp4')
    source = Page(preview_html(clip)).only("video")["src"] or ""
    assert not set('"#?<> ') & set(source)
    assert (tmp_path / unquote(source)).samefile(clip.path)


def test_a_file_above_the_notebook_is_reached_by_going_up(
    make_clip: MakeClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip("clips/a.mp4")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert Page(preview_html(clip)).only("video")["src"] == "../clips/a.mp4"


def test_a_range_plays_as_a_media_fragment(make_clip: MakeClip) -> None:
    page = Page(preview_html(make_clip(video={"frames": 120})[1.5:4]))
    assert page.only("video")["src"] == "./clip.mp4#t=1.5,4"
    assert "1.5 to 4 s of 5.00 s" in page.text


def test_text_of_others_is_never_markup(make_clip: MakeClip) -> None:
    evil = "\"><img src=x onerror=alert(1)></div><script>alert(2)</script>&amp;' onload=x"
    clip = make_clip(prompt=evil, model_name=f"Model {evil}", endpoint=evil)
    page = Page(preview_html(clip, element_id='x" onclick="alert(3)'))
    assert {tag for tag, _ in page.tags} <= {"figure", "video", "figcaption", "b", "div"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
    assert evil in page.text
    assert page.only("figure")["id"] == 'x" onclick="alert(3)'


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cost": RecipeCost()}, "price unknown"),
        ({"cost": RecipeCost(metered_usd=Decimal("0.4"))}, "$0.40 ·"),
        ({"mode": "simulated"}, "simulated, free (list price $0.35)"),
        ({"mode": "simulated", "cost": RecipeCost()}, "simulated, free (price unknown)"),
    ],
)
def test_the_caption_is_honest_about_money(
    make_clip: MakeClip, changes: dict[str, object], said: str
) -> None:
    assert said in Page(preview_html(make_clip(**changes))).text


def test_noise_and_a_long_prompt_still_fit(make_clip: MakeClip) -> None:
    noisy = {"width_px": 960, "height_px": 540, "frames": 3, "noise": True}
    clip = make_clip(video=noisy, prompt="лес & поле < " * 2000)
    assert len(preview_html(clip).encode()) < LIMIT
    assert len(repr(clip)) < 400


@pytest.mark.parametrize("where", ["vscode", "colab"])
def test_where_files_cannot_be_reached_a_small_copy_is_embedded(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    if where == "vscode":
        monkeypatch.setenv("VSCODE_PID", str(os.getpid()))
    else:
        monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    clip = make_clip(video={"width_px": 640, "height_px": 360, "frames": 120})
    markup = preview_html(clip[1:3])
    assert len(markup.encode()) < LIMIT
    source = Page(markup).only("video")["src"] or ""
    assert source.startswith("data:video/mp4;base64,")
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(base64.b64decode(source.split(",")[1]))
    facts = probe(copy)
    assert facts.duration_s == pytest.approx(2, abs=0.1)
    assert (facts.width_px, facts.has_audio) == (240, False)
    with av.open(str(copy)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="gray")
    assert abs(float(first.mean()) - float(clip.frame(1).mean())) < 5


def test_a_copy_that_does_not_fit_is_left_out_and_said(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSCODE_PID", "1")
    clip = make_clip(video={"fps": 2, "frames": 40})
    page = Page(preview_html(clip))
    assert page.only("img")["src"]
    assert str(clip.path) in page.text
    assert "cannot play" in page.text


def test_a_clip_whose_file_is_gone_still_shows_what_it_was(make_clip: MakeClip) -> None:
    clip = make_clip()
    clip.path.unlink()
    page = Page(preview_html(clip))
    assert "not there any more" in page.text
    assert "a cat playing with yarn" in page.text


def test_nothing_but_what_the_sanitizer_lets_through_is_used(make_clip: MakeClip) -> None:
    markup = preview_html(make_clip())
    assert not re.search(r"<style|<script|<link|\son\w+=", markup)
