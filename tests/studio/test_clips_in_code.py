"""What a person does with clips, in code: the same as in the panel."""

from __future__ import annotations

import copy
import json
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError


def test_a_title_and_a_rating_are_kept_and_seen_everywhere(studio: Studio) -> None:
    clip = studio.generate("a cat", models="kling_v2_5").wait()[0]
    clip.rename("  The cat ")
    clip.rate(4)
    assert (studio.clips[0].title, studio.clips[0].rating) == ("The cat", 4)
    clip.rename(None)
    clip.rate(None)
    assert (clip.title, clip.rating) == (None, None)
    with pytest.raises(InputError, match="1 to 5"):
        clip.rate(6)


def test_a_deleted_clip_keeps_its_file_and_comes_back(studio: Studio) -> None:
    clip = studio.generate("a cat", models="kling_v2_5").wait()[0]
    clip.delete()
    assert studio.clips == []
    assert studio.deleted_clips == [clip]
    assert clip.path.is_file()
    studio.deleted_clips[0].restore()
    assert studio.clips == [clip]


def test_a_clip_of_no_project_says_so(studio: Studio) -> None:
    made = studio.generate("a cat", models="kling_v2_5").wait()[0]
    stranger = Clip.from_file(made.path)
    assert stranger.title is None
    with pytest.raises(InputError, match="no project"):
        stranger.rename("Mine")


def test_a_clip_goes_to_another_process_as_a_file_with_its_recipe(studio: Studio) -> None:
    (clip,) = studio.generate("a cat", models="kling_v2_5").wait()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        prompt, there = pool.submit(_read, clip[1:2]).result(60)
    assert prompt == "a cat"
    assert there == clip[1:2]
    assert there.owner is None
    assert copy.deepcopy([clip])[0].owner is clip.owner


def _read(clip: Clip) -> tuple[str | None, Clip]:
    return clip.prompt, clip


def test_a_zip_holds_clips_and_recipes_byte_for_byte(studio: Studio, tmp_path: Path) -> None:
    batch = studio.generate("a cat", models=["kling_v2_5", "veo31_fast"], duration_s=4)
    first, second = batch.wait()
    for clip in (first, second):
        clip.rename("Cat: one")
    path = studio.export_zip([first, second], tmp_path / "cats.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = ["Cat_ one.mp4", "Cat_ one.json", "Cat_ one (2).mp4", "Cat_ one (2).json"]
        assert archive.namelist() == names
        assert archive.read("Cat_ one.mp4") == first.path.read_bytes()
        assert json.loads(archive.read("Cat_ one (2).json"))["model_id"] == "veo31_fast"
    assert studio.export_zip().parent == studio.folder / "exports"
    with pytest.raises(InputError):
        studio.export_zip([])


def test_the_history_is_searched_by_prompt_and_model(studio: Studio) -> None:
    for prompt in ("a red cat 100%", "a red dog"):
        studio.generate(prompt, models=["kling_v2_5", "veo31_fast"], duration_s=4).wait()
    assert len(studio.history(search="red")) == 4
    assert [job.model_id for job in studio.history(search="CAT red", model="veo31_fast")] == [
        "veo31_fast"
    ]
    assert len(studio.history(search="100%")) == 2
    assert len(studio.history(search="0_%")) == 0
    assert len(studio.history(3, model="kling_v2_5")) == 2


def test_the_history_as_text_stands_in_columns(studio: Studio) -> None:
    studio.generate("a very long prompt " * 9, models=["kling_v2_5", "veo31_fast"]).wait()
    head, *lines = repr(studio.history()).splitlines()
    assert {line.index("stored") for line in lines} == {head.index("state")}


def test_the_log_is_silent_until_it_is_asked_for_and_names_jobs(
    studio: Studio, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    quiet = studio.generate("a cat", models="kling_v2_5")
    quiet.wait()
    assert capfd.readouterr().err == ""
    target = tmp_path / "logs" / "qcut.log"
    studio.log_to(target)
    try:
        job = studio.generate("a cat", models="kling_v2_5")[0]
        job.wait()
        lines = target.read_text(encoding="utf-8")
        assert f"job {job.id} (kling_v2_5): stored" in lines
        assert quiet[0].id not in lines
    finally:
        studio.log_to(level="off")
    with pytest.raises(InputError, match="debug, info"):
        studio.log_to(level="loud")
