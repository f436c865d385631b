from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qcut_nb.assembly import Provenance, Timeline, provenance
from qcut_nb.clip import Clip
from qcut_nb.errors import MediaError
from qcut_nb.media import Recipe, RecipeCost, retag, write_recipe
from support.media import make_picture, make_sound, make_video


def generated(path: Path, prompt: str, first: int = 0) -> Clip:
    recipe = Recipe(
        model_id="m",
        model_name="Model",
        endpoint="fal-ai/m",
        prompt=prompt,
        cost=RecipeCost(estimate_usd=Decimal("0.35")),
        mode="live",
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    src = make_video(path.with_name("src.mp4"), first=first)
    write_recipe(src, path, recipe)
    src.unlink()
    return Clip.from_file(path)


@pytest.mark.parametrize("whole", [True, False])
def test_an_export_says_what_it_is_made_of(tmp_path: Path, whole: bool) -> None:
    one = generated(tmp_path / "one.mp4", "ein Kätzchen 🐈")
    other = generated(tmp_path / "other.mp4", "a dog", first=9)
    mine = Clip.from_file(make_video(tmp_path / "mine.mp4"))
    timeline = Timeline([one, other, mine] if whole else [one[0:0.5], other, mine])
    made = provenance(timeline.render(tmp_path / "out.mp4").path)
    assert [use.file for use in made.sources] == ["one.mp4", "other.mp4", "mine.mp4"]
    assert [use.recipe for use in made.sources] == [one.recipe, other.recipe, None]
    assert made.sources[0].end_s == pytest.approx(1.0 if whole else 0.5)
    assert [use.role for use in made.sources] == ["clip"] * 3


def test_every_file_in_an_export_is_named_with_its_digest(tmp_path: Path) -> None:
    clip = generated(tmp_path / "clip.mp4", "a cat")
    seen, small = make_picture(tmp_path / "seen.png"), make_picture(tmp_path / "logo.png")
    song = make_sound(tmp_path / "song.mp3", codec="libmp3lame")
    voice = make_sound(tmp_path / "voice.m4a", codec="aac")
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n\n", encoding="utf-8")
    movie = generated(tmp_path / "filmed.mp4", "a fish").to_moviepy()
    timeline = (
        Timeline([clip, Timeline.still(seen, 1), Timeline.colour("red"), movie])
        .overlay(small)
        .overlay(generated(tmp_path / "over.mp4", "a bird"))
        .music(song, start_s=0.25)
        .voice(voice, at=1, end=1.5)
        .captions(words)
        .captions(words, burn=False)
    )
    out = timeline.render(tmp_path / "out.mp4", sidecar=True)
    movie.close()
    made = provenance(out.save(tmp_path / "copy.mp4"))
    assert [(use.role, use.file) for use in made.sources] == [
        ("clip", "clip.mp4"),
        ("still", "seen.png"),
        ("moviepy", "filmed.mp4"),
        ("overlay", "logo.png"),
        ("overlay", "over.mp4"),
        ("music", "song.mp3"),
        ("voice", "voice.m4a"),
        ("captions", "words.srt"),
    ]
    for use in made.sources:
        assert use.sha256 == hashlib.sha256((tmp_path / use.file).read_bytes()).hexdigest()
    assert made.sources[2].recipe == Clip.from_file(tmp_path / "filmed.mp4").recipe is not None
    assert made.sources[4].recipe == Clip.from_file(tmp_path / "over.mp4").recipe is not None
    assert [(use.start_s, use.end_s) for use in made.sources[5:]] == [
        (0.25, pytest.approx(1, abs=0.1)),
        (0, 0.5),
        (None, None),
    ]
    assert made == Provenance.model_validate_json((tmp_path / "out.mp4.json").read_text())


def test_an_export_of_before_still_names_its_music(tmp_path: Path) -> None:
    old = {
        "qcut_nb": "timeline",
        "version": 1,
        "sources": [{"file": "a.mp4", "start_s": 0, "end_s": 1, "sha256": "ab"}],
        "music": ["song.mp3"],
    }
    path = tmp_path / "old.mp4"
    retag(make_video(tmp_path / "a.mp4"), path, {"comment": json.dumps(old)})
    made = provenance(path)
    assert [(use.role, use.file, use.sha256) for use in made.sources] == [
        ("clip", "a.mp4", "ab"),
        ("music", "song.mp3", None),
    ]


def test_an_export_of_exports_names_the_clips_inside(tmp_path: Path) -> None:
    one = generated(tmp_path / "one.mp4", "a cat")
    half = Timeline([one[0:0.5]]).render(tmp_path / "half.mp4")
    made = provenance(Timeline([half, half]).render(tmp_path / "out.mp4").path)
    assert [use.file for use in made.sources] == ["half.mp4", "half.mp4"]
    assert made.sources[1].made_from[0].recipe == one.recipe


def test_a_copy_of_the_file_still_says_it(tmp_path: Path) -> None:
    one = generated(tmp_path / "one.mp4", "a cat")
    out = Timeline([one, one]).render(tmp_path / "out.mp4")
    assert provenance(out.save(tmp_path / "copy.mp4")) == provenance(out.path)


def test_content_credentials_of_a_source_are_reported_and_no_more(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4")
    manifest = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(20)
    data = path.read_bytes() + (8 + len(manifest)).to_bytes(4, "big") + b"uuid" + manifest
    path.write_bytes(data)
    other = make_video(tmp_path / "b.mp4")
    result = Timeline([path, other]).render(tmp_path / "out.mp4")
    assert [use.c2pa for use in provenance(result.path).sources] == [True, False]
    assert manifest[:16] not in result.path.read_bytes()


def test_a_single_clip_is_made_of_itself_and_a_strange_file_of_nothing_known(
    tmp_path: Path,
) -> None:
    one = generated(tmp_path / "one.mp4", "a cat")
    [use] = provenance(one.path).sources
    assert use.recipe == one.recipe is not None
    assert use.sha256 == hashlib.sha256(one.path.read_bytes()).hexdigest()
    strange = make_video(tmp_path / "strange.mp4")
    assert provenance(strange).sources == ()
    for comment in ("hello", '{"qcut_nb": "timeline", "sources": 7}', "[" * 100_000):
        retag(strange, tmp_path / "tagged.mp4", {"comment": comment})
        assert provenance(tmp_path / "tagged.mp4").sources == ()
    with pytest.raises(MediaError):
        provenance(tmp_path / "none.mp4")
