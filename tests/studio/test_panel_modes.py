"""The panel's six modes, from the form to the clip, and the cell that does the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.catalog import Request, models
from qcut_nb.errors import UnsupportedInputError, UploadRejectedError
from qcut_nb.notebook import Wish
from qcut_nb.studio.panel_host import StudioHost
from support.media import make_picture, make_sound, make_video
from support.waiting import wait_until

Make = Callable[[StudioHost, Path], Wish]


def text(host: StudioHost, folder: Path) -> Wish:
    return Wish(
        prompt="a 'cat', \"golden\" hour\nwide shot",
        models=("kling_v2_5", "veo31_fast"),
        duration_s=5,
        seed=7,
        overrides={"kling_v2_5": {"cfg_scale": 0.7}},
    )


def image(host: StudioHost, folder: Path) -> Wish:
    picture = str(make_picture(folder / "cat.png", width_px=1280, height_px=720))
    return Wish(
        mode="image", prompt="it runs", models=("kling_v2_5_i2v",), files={"image": picture}
    )


def frames(host: StudioHost, folder: Path) -> Wish:
    first = str(make_picture(folder / "a.png", width_px=1280, height_px=720))
    last = str(make_picture(folder / "b.png", width_px=1366, height_px=768))
    files = {"first_frame": first, "last_frame": last}
    return Wish(mode="frames", prompt="it grows", models=("veo31_fast_f2v",), files=files)


def avatar(host: StudioHost, folder: Path) -> Wish:
    files = {
        "image": str(make_picture(folder / "face.png", width_px=512, height_px=512)),
        "audio_file": str(make_sound(folder / "talk.wav", duration_s=3.0, codec="pcm_s16le")),
    }
    return Wish(mode="avatar", models=("omnihuman_v1_5",), files=files)


def animate(host: StudioHost, folder: Path) -> Wish:
    files = {
        "image": str(make_picture(folder / "face.png", width_px=512, height_px=512)),
        "video": str(make_video(folder / "dance.mp4", width_px=320, height_px=240, frames=48)),
    }
    return Wish(mode="avatar", models=("wan_animate_replace",), files=files)


def remix(host: StudioHost, folder: Path) -> Wish:
    kept = {"sora2": {"delete_video": False}}
    made = host.generate_wish(Wish(prompt="a cat", models=("sora2",), overrides=kept))
    assert made
    wait_until(lambda: host.find_clips(remixable=True).total == 1, timeout_s=20)
    source = host.find_clips(remixable=True).clips[0].id
    return Wish(mode="remix", prompt="a dog", models=("sora2_remix",), remix_of=source)


def upscale(host: StudioHost, folder: Path) -> Wish:
    source = str(make_video(folder / "small.mp4", width_px=320, height_px=240, frames=30))
    wish = {"topaz_upscaler": {"upscale_factor": 2, "target_fps": 60}}
    return Wish(mode="upscale", models=("topaz_upscaler",), files={"video": source}, overrides=wish)


@pytest.mark.parametrize("make", [text, image, frames, avatar, animate, remix, upscale])
def test_a_mode_gives_a_clip_and_its_cell_sends_the_same(
    make: Make, studio: Studio, tmp_path: Path
) -> None:
    host = StudioHost(studio._core)
    wish = make(host, tmp_path)
    offers = host.price(wish)
    assert [offer.problems for offer in offers] == [()] * len(wish.models)
    batch_id = host.generate_wish(wish)
    jobs = [job for job in studio.jobs if job.view.batch_id == batch_id]
    clips = [job.wait(30) for job in jobs]
    assert {clip.model_id for clip in clips} == set(wish.models)
    shown = {offer.model_id: offer.body for offer in offers}
    for job in jobs:
        # Uploads have their address by now; all else is what was shown.
        sent = sent_by(studio, job.id)
        files = {use.wire for use in sent.files}
        assert set(sent.body) == set(shown[job.model_id])
        assert {n: v for n, v in sent.body.items() if n not in files} == {
            n: v for n, v in shown[job.model_id].items() if n not in files
        }

    names: dict[str, object] = {"studio": studio}
    exec(host.python_text(wish), names)
    again = names["batch"]
    assert isinstance(again, type(studio.generate("x", models="kling_v2_5")))
    again.wait(30)
    bodies = {job.model_id: sent_by(studio, job.id).canonical_json for job in again.jobs}
    assert bodies == {job.model_id: sent_by(studio, job.id).canonical_json for job in jobs}


def sent_by(studio: Studio, job_id: str) -> Request:
    row = studio._core.project.store.job(job_id)
    assert row is not None
    return Request.model_validate_json(row.request)


@pytest.mark.parametrize("make", [text, image, frames, avatar, remix, upscale])
def test_a_clip_s_settings_come_back_into_the_form(
    make: Make, studio: Studio, tmp_path: Path
) -> None:
    host = StudioHost(studio._core)
    wish = make(host, tmp_path).model_copy(update={"models": make(host, tmp_path).models[:1]})
    batch_id = host.generate_wish(wish)
    job = next(job for job in studio.jobs if job.view.batch_id == batch_id)
    clip = job.wait(30)
    recalled, missing = host.recall(job.id)
    assert missing == []
    assert (recalled.mode, recalled.models) == (models[wish.models[0]].mode, wish.models)
    again = host.price(recalled)[0]
    assert again.problems == ()
    seed = {} if clip.seed is None else {"seed": clip.seed}
    first = host.price(wish)[0]
    assert again.body | seed == first.body | again.body | seed
    assert set(first.body) <= set(again.body)


def test_an_input_file_keeps_its_name_through_every_run(studio: Studio, tmp_path: Path) -> None:
    host = StudioHost(studio._core)
    wish = image(host, tmp_path)
    for _ in range(2):
        batch_id = host.generate_wish(wish)
        job = next(job for job in studio.jobs if job.view.batch_id == batch_id)
        job.wait(30)
        wish, _missing = host.recall(job.id)
        assert host.check_file("image", wish.files["image"]).label == "cat.png"
        assert [use.label for use in host.price(wish)[0].inputs] == ["cat.png"]
        assert [use.file.label for use in sent_by(studio, job.id).files] == ["cat.png"]


def test_an_input_file_that_is_gone_is_named_when_settings_come_back(
    studio: Studio, tmp_path: Path
) -> None:
    host = StudioHost(studio._core)
    host.generate_wish(image(host, tmp_path))
    job = studio.jobs[0]
    job.wait(30)
    for kept in (studio.folder / "inputs").iterdir():
        kept.unlink()
    recalled, missing = host.recall(job.id)
    assert (recalled.files, missing) == ({}, ["image"])


def test_what_no_chosen_model_reads_is_left_out(studio: Studio, tmp_path: Path) -> None:
    host = StudioHost(studio._core)
    wish = upscale(host, tmp_path).model_copy(update={"prompt": "left in the form", "seed": 3})
    assert host.price(wish)[0].problems == ()
    host.generate_wish(wish)
    studio.jobs[0].wait(30)


def test_the_length_of_the_sound_is_in_the_quote(studio: Studio, tmp_path: Path) -> None:
    host = StudioHost(studio._core)
    short, longer = avatar(host, tmp_path), avatar(host, tmp_path)
    longer = longer.model_copy(
        update={
            "files": longer.files
            | {"audio_file": str(make_sound(tmp_path / "9.wav", duration_s=9.0, codec="pcm_s16le"))}
        }
    )
    low, high = (host.price(wish)[0].quote.high_usd for wish in (short, longer))
    assert low is not None and high is not None
    assert float(high) == pytest.approx(3 * float(low))


def test_frames_of_two_shapes_are_refused_at_the_last_one(studio: Studio, tmp_path: Path) -> None:
    host = StudioHost(studio._core)
    wish = frames(host, tmp_path)
    upright = str(make_picture(tmp_path / "up.png", width_px=720, height_px=1280))
    wish = wish.model_copy(update={"files": wish.files | {"last_frame": upright}})
    problem = host.price(wish)[0].problems[0]
    assert problem.field == "last_frame"
    assert "720x1280" in problem.text
    with pytest.raises(UnsupportedInputError, match="same width / height"):
        host.generate_wish(wish)


@pytest.mark.parametrize(
    ("kind", "content", "word"),
    [
        ("image", b"not a picture", "image"),
        ("image", b"", "empty"),
        ("audio", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "audio"),
        ("video", b"GIF89a", "video"),
    ],
)
def test_a_wrong_file_is_refused_when_it_is_chosen(
    kind: str, content: bytes, word: str, studio: Studio, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.bin"
    wrong.write_bytes(content)
    with pytest.raises(UploadRejectedError, match=word):
        StudioHost(studio._core).check_file(kind, str(wrong))  # type: ignore[arg-type]  # a FileKind


def test_a_picture_is_no_video_and_says_so(studio: Studio, tmp_path: Path) -> None:
    picture = make_picture(tmp_path / "cat.mp4.png", width_px=64, height_px=64)
    with pytest.raises(UploadRejectedError, match="video is needed"):
        StudioHost(studio._core).check_file("video", str(picture))


def test_only_a_kept_sora_result_can_be_remixed(studio: Studio) -> None:
    host = StudioHost(studio._core)
    host.generate_wish(Wish(prompt="a cat", models=("sora2",)))
    studio.jobs[0].wait(30)
    gone = studio.jobs[0].id
    assert host.find_clips(remixable=True).total == 0
    wish = Wish(mode="remix", prompt="a dog", models=("sora2_remix",), remix_of=gone)
    assert host.price(wish)[0].problems[0].field == "remix_of"
