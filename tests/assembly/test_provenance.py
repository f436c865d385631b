from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qcut_nb.assembly import Timeline, provenance
from qcut_nb.clip import Clip
from qcut_nb.errors import MediaError
from qcut_nb.media import Recipe, RecipeCost, retag, write_recipe
from support.media import make_sound, make_video


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
    if not whole:
        song = make_sound(tmp_path / "song.mp3", codec="libmp3lame")
        timeline = timeline.music(song)
    made = provenance(timeline.render(tmp_path / "out.mp4").path)
    assert [use.file for use in made.sources] == ["one.mp4", "other.mp4", "mine.mp4"]
    assert [use.recipe for use in made.sources] == [one.recipe, other.recipe, None]
    assert made.sources[0].end_s == pytest.approx(1.0 if whole else 0.5)
    assert made.music == (() if whole else ("song.mp3",))


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
    assert [use.recipe for use in provenance(one.path).sources] == [one.recipe]
    strange = make_video(tmp_path / "strange.mp4")
    assert provenance(strange).sources == ()
    for comment in ("hello", '{"qcut_nb": "timeline", "sources": 7}', "[" * 100_000):
        retag(strange, tmp_path / "tagged.mp4", {"comment": comment})
        assert provenance(tmp_path / "tagged.mp4").sources == ()
    with pytest.raises(MediaError):
        provenance(tmp_path / "none.mp4")
