"""Files that were cut, bent or made up end in facts or in an error of ours; recipes likewise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcut_nb.errors import QcutError
from qcut_nb.media import Recipe, check_clip, probe, read_recipe, write_recipe
from support.media import make_video
from support.strange import deep, objects, texts

fuzz = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
places = st.floats(0, 1, exclude_max=True)
RECIPE: dict[str, Any] = {
    "qcut_nb": "clip",
    "model_id": "kling_v2_5",
    "model_name": "Kling",
    "endpoint": "a/b",
    "prompt": "x",
    "mode": "live",
    "created_at": "2026-01-01T00:00:00Z",
}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("film")
    plain = make_video(folder / "plain.mp4", frames=6)
    tagged = folder / "tagged.mp4"
    recipe = Recipe.from_tag(json.dumps(RECIPE))
    assert recipe is not None
    assert write_recipe(plain, tagged, recipe)
    return tagged.read_bytes()


def look(path: Path, out: Path) -> None:
    """Everything that is done with a file from outside."""
    recipe = None
    for step in (read_recipe, probe, check_clip):
        try:
            found = step(path)
        except QcutError as error:
            str(error).encode(errors="strict")
        else:
            recipe = found if isinstance(found, Recipe) else recipe
    if recipe is not None:
        recipe.title.encode(errors="replace")
        try:
            write_recipe(path, out, recipe)
        except QcutError:
            return
        assert out.exists()


# Pillow's remark on a film that was bent into a picture.
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@fuzz
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=9)), max_size=4
    ),
    cut=st.none() | st.floats(0, 1),
)
def test_a_file_with_bytes_changed_or_cut(
    film: bytes, tmp_path: Path, changes: list[tuple[float, bytes]], cut: float | None
) -> None:
    data = bytearray(film)
    for place, new in changes:
        start = int(place * len(data))
        data[start : start + len(new)] = new
    if cut is not None:
        data = data[: int(cut * len(data))]
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    look(path, tmp_path / "b.mp4")


@fuzz
@given(
    box=st.sampled_from([b"moov", b"udta", b"meta", b"ilst", b"mdat", b"ftyp", b"stco", b"stsz"]),
    size=st.sampled_from([0, 1, 7, 8, 9, 16, 2**31, 2**32 - 1]),
)
def test_a_box_that_lies_about_its_length(
    film: bytes, tmp_path: Path, box: bytes, size: int
) -> None:
    place = film.find(box)
    data = bytearray(film)
    if place >= 4:
        data[place - 4 : place] = size.to_bytes(4, "big")
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    look(path, tmp_path / "b.mp4")


@fuzz
@given(data=st.binary(max_size=300))
def test_bytes_that_are_no_film(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + data)
    look(path, tmp_path / "b.mp4")


@fuzz
@given(
    changed=objects([*RECIPE, "values", "inputs", "cost", "seed", "version"]), spoilt=st.booleans()
)
def test_a_tag_that_looks_like_a_recipe(changed: dict[str, Any], spoilt: bool) -> None:
    text = json.dumps({**RECIPE, **changed})
    recipe = Recipe.from_tag(text[:-1] if spoilt else text)
    if recipe is not None:
        again = Recipe.from_tag(recipe.to_tag())
        assert again is not None
        assert again.title == recipe.title
        recipe.to_tag().encode()


@fuzz
@given(text=texts | deep.map(bytes.decode) | st.none())
def test_a_tag_of_anything(text: str | None) -> None:
    assert Recipe.from_tag(text) is None
