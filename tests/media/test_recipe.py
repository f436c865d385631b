from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import av
import pytest

from qcut_nb.errors import MediaError
from qcut_nb.media import (
    Recipe,
    RecipeCost,
    RecipeInput,
    probe,
    read_comment,
    read_recipe,
    read_tags,
    retag,
    sha256_file,
    write_recipe,
)
from support.media import decoded, make_picture, make_video, packets

RECIPE = Recipe(
    model_id="veo31_fast",
    model_name="Veo 3.1 Fast",
    endpoint="fal-ai/veo3.1/fast",
    prompt='Eine Katze 🐈 sagt: "Hallo", \\ <b>\n' + "lang " * 500,
    values={"duration_s": 8, "audio": True, "negative_prompt": "", "list": ["a"], "x": 0.1},
    inputs=(RecipeInput(name="image", sha256="ab" * 32, label="kätzchen.png"),),
    cost=RecipeCost(estimate_usd=Decimal("1.20"), metered_usd=None),
    seed=2**40,
    request_id="r-1",
    job_id="j-1",
    project="teaser",
    mode="simulated",
    catalog_version="1",
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.webm"])
@pytest.mark.parametrize("audio", [True, False])
def test_a_recipe_comes_back_and_no_packet_is_touched(
    tmp_path: Path, name: str, audio: bool
) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    src = make_video(tmp_path / name, codec=codec, audio=audio, options={"bf": "2"})
    before = sha256_file(src)
    dst = tmp_path / f"final-{name}"
    assert write_recipe(src, dst, RECIPE)
    assert read_recipe(dst) == RECIPE
    assert sorted(packets(dst)) == sorted(packets(src))
    was, now = probe(src), probe(dst)
    # Matroska rounds times to milliseconds each time it is written.
    assert now.duration_s == pytest.approx(was.duration_s, abs=0.002)
    assert now.model_copy(update={"size_bytes": 0, "duration_s": None}) == was.model_copy(
        update={"size_bytes": 0, "duration_s": None}
    )
    assert sha256_file(src) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, dst.name])


def test_the_index_comes_in_front_so_that_a_clip_plays_while_it_loads(tmp_path: Path) -> None:
    src = make_video(tmp_path / "a.mp4", faststart=False)
    assert src.read_bytes().find(b"moov") > src.read_bytes().find(b"mdat")
    write_recipe(src, tmp_path / "b.mp4", RECIPE)
    data = (tmp_path / "b.mp4").read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


def test_the_title_names_model_and_prompt_in_one_short_line(tmp_path: Path) -> None:
    write_recipe(make_video(tmp_path / "a.mp4"), tmp_path / "b.mp4", RECIPE)
    title = read_tags(tmp_path / "b.mp4")["title"]
    assert title.startswith('AI (Veo 3.1 Fast): Eine Katze 🐈 sagt: "Hallo"')
    assert len(title) <= 120
    assert "\n" not in title


def test_a_turned_video_stays_turned_and_its_other_tags_stay(tmp_path: Path) -> None:
    src = make_video(tmp_path / "a.mp4", rotation=90)
    retag(src, tmp_path / "b.mp4", {"artist": "someone", "comment": "old"})
    write_recipe(tmp_path / "b.mp4", tmp_path / "c.mp4", RECIPE)
    assert probe(tmp_path / "c.mp4").width_px == 48
    assert read_tags(tmp_path / "c.mp4")["artist"] == "someone"
    assert read_recipe(tmp_path / "c.mp4") == RECIPE


def test_a_frame_dropped_by_an_edit_list_stays_dropped(tmp_path: Path) -> None:
    src = make_video(tmp_path / "a.mp4", options={"preset": "medium", "bf": "3"})
    write_recipe(src, tmp_path / "b.mp4", RECIPE)
    pairs = zip(decoded(src), decoded(tmp_path / "b.mp4"), strict=True)
    assert all((a == b).all() for a, b in pairs)


def test_a_clip_that_takes_no_tags_is_kept_byte_for_byte(tmp_path: Path) -> None:
    src = tmp_path / "a.avi"
    with av.open(str(src), "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode(None))
    assert write_recipe(src, tmp_path / "b.avi", RECIPE) is False
    assert (tmp_path / "b.avi").read_bytes() == src.read_bytes()


@pytest.mark.parametrize(
    "comment",
    ["", "made by hand", "[1]", '{"version": 1}', '{"qcut_nb": "clip"}', "[" * 100_000, "null"],
)
def test_a_comment_of_others_is_no_recipe_and_no_error(tmp_path: Path, comment: str) -> None:
    retag(make_video(tmp_path / "a.mp4", frames=2), tmp_path / "b.mp4", {"comment": comment})
    assert read_recipe(tmp_path / "b.mp4") is None
    assert (read_comment(tmp_path / "b.mp4") or "") == comment


def test_a_time_that_was_read_has_a_zone_of_python_itself() -> None:
    for text, hours in (("2026-11-23T08:00:00Z", 0), ("2026-11-23T08:00:00+05:30", 5.5)):
        data = {**RECIPE.model_dump(mode="json"), "created_at": text}
        read = Recipe.from_tag(json.dumps({"qcut_nb": "clip", **data}))
        assert read is not None
        assert type(read.created_at.tzinfo) is timezone
        assert read.created_at.utcoffset() == timedelta(hours=hours)


def test_a_recipe_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    later = RECIPE.to_tag().replace('"version": 1', '"version": 2, "mood": "calm"')
    assert Recipe.from_tag(later) == RECIPE.model_copy(update={"version": 2})


@contextmanager
def space_left(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as a full disk would."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_no_space_leaves_no_half_file_and_keeps_the_download(tmp_path: Path) -> None:
    src = make_video(tmp_path / "a.mp4", noise=True)
    size = src.stat().st_size
    with space_left(size // 2), pytest.raises(MediaError, match="cannot be written"):
        write_recipe(src, tmp_path / "b.mp4", RECIPE)
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]
    assert src.stat().st_size == size
    write_recipe(src, tmp_path / "b.mp4", RECIPE)
    assert read_recipe(tmp_path / "b.mp4") == RECIPE


def test_a_picture_has_no_recipe_to_read(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        read_recipe(make_picture(tmp_path / "a.png"))


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_tag_that_is_no_text_stops_nothing(tmp_path: Path, name: str) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    src, spoilt, dst = (
        make_video(tmp_path / name, codec=codec),
        tmp_path / f"1-{name}",
        tmp_path / name,
    )
    retag(src, spoilt, {"title": "caf\N{LATIN SMALL LETTER E WITH ACUTE}!"})
    spoilt.write_bytes(
        spoilt.read_bytes().replace("\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), b"\xe9!")
    )
    assert read_tags(spoilt)["title"] == "caf\ufffd!!"
    retag(spoilt, dst, {"comment": "kept"})
    tags = read_tags(dst)
    assert (tags["comment"], tags["title"]) == ("kept", "caf\ufffd!!")
    assert probe(dst).has_video
