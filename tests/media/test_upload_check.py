from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qcut_nb.catalog import FileInput, Source
from qcut_nb.errors import UploadRejectedError
from qcut_nb.media import check_upload
from support.media import make_picture, make_sound, make_video


def want(**limits: Any) -> FileInput:
    given: dict[str, Any] = {
        "name": "image",
        "wire": "image_url",
        "kind": "image",
        "formats": ("jpeg", "png", "webp"),
        "max_bytes": 10_000,
        "source": Source(text="test", checked_on=date(2026, 1, 1)),
    }
    return FileInput(**(given | limits))


def test_a_good_file_comes_back_with_digest_and_facts(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "cat.png")
    file = check_upload(path, want(min_side_px=60, max_side_px=80, aspects=("4:3", "1:1")))
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert file.facts is not None
    assert file.facts.width_px == 80
    assert file.label == "cat.png"
    assert file.path == str(path)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"max_bytes": 50}, r"allowed are 50 bytes"),
        ({"formats": ("jpeg",)}, r"is image \(png\).*jpeg"),
        ({"kind": "video", "formats": ("mp4",)}, r"is image.*video as mp4"),
        ({"min_side_px": 61}, r"80x60 pixels; each side must have at least 61"),
        ({"max_side_px": 79}, r"at most 79"),
        ({"min_aspect": 1.4}, r"1\.33; allowed: at least 1\.4"),
        ({"max_aspect": 1.2, "min_aspect": 0.5}, r"at least 0\.5 and at most 1\.2"),
        ({"aspects": ("16:9", "9:16")}, r"allowed aspect ratios: 16:9, 9:16"),
    ],
)
def test_each_limit_is_named_with_the_value_that_breaks_it(
    tmp_path: Path, limits: dict[str, Any], says: str
) -> None:
    path = make_picture(tmp_path / "cat.png")
    with pytest.raises(UploadRejectedError, match=says) as caught:
        check_upload(path, want(**limits))
    assert caught.value.field == "image"
    assert "Nothing was spent." in str(caught.value)


def test_a_phone_picture_is_measured_upright(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "a.jpeg", width_px=160, height_px=90, turned=True)
    check_upload(path, want(aspects=("9:16",)))
    with pytest.raises(UploadRejectedError):
        check_upload(path, want(aspects=("16:9",)))


@pytest.mark.parametrize("suffix", ["jpeg", "png", "webp"])
def test_a_picture_cut_off_is_refused_though_its_header_is_fine(
    tmp_path: Path, suffix: str
) -> None:
    path = make_picture(tmp_path / f"a.{suffix}", width_px=400, height_px=300)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UploadRejectedError, match="cannot be read as a picture"):
        check_upload(path, want())


def test_missing_empty_and_wrong_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadRejectedError, match="does not exist"):
        check_upload(tmp_path / "none.png", want())
    with pytest.raises(UploadRejectedError, match="is a folder"):
        check_upload(tmp_path, want())
    empty = tmp_path / "a.png"
    empty.touch()
    with pytest.raises(UploadRejectedError, match="is empty"):
        check_upload(empty, want())
    empty.write_text("not a picture at all")
    with pytest.raises(
        UploadRejectedError, match=r"a.png is no image\. Allowed: image as jpeg, png, webp"
    ):
        check_upload(empty, want())


@pytest.mark.parametrize(
    ("limits", "says"),
    [({"min_s": 3}, "lasts 1.*at least 3 s"), ({"min_s": 0.2, "max_s": 0.5}, "0.2 to 0.5 s")],
)
def test_sound_and_video_keep_their_limits_of_length(
    tmp_path: Path, limits: dict[str, Any], says: str
) -> None:
    sound = make_sound(tmp_path / "a.mp3", codec="libmp3lame", duration_s=1)
    video = make_video(tmp_path / "a.mp4", frames=24)
    for path, kind, form in ((sound, "audio", "mp3"), (video, "video", "mp4")):
        given = {"name": kind, "kind": kind, "formats": (form,), "max_bytes": 1_000_000}
        check_upload(path, want(**given))
        with pytest.raises(UploadRejectedError, match=says):
            check_upload(path, want(**given, **limits))


def test_a_video_with_sound_is_not_taken_for_sound(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4")
    with pytest.raises(UploadRejectedError, match="is video"):
        check_upload(path, want(kind="audio", formats=("mp3", "mp4"), max_bytes=1_000_000))
