from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qcut_nb.errors import DownloadError
from qcut_nb.media import check_clip, probe, sample_tables
from qcut_nb.media.plain_clip import plain_clip
from support.media import make_picture, make_sound, make_video


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"preset": "ultrafast"}),
        ("a.mp4", "libx264", {"preset": "medium", "bf": "3", "g": "250"}),
        ("a.mp4", "libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}),
        ("a.mov", "libx264", {}),
        ("a.webm", "libvpx-vp9", {}),
    ],
)
def test_a_whole_clip_passes_with_its_facts(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    facts = check_clip(make_video(tmp_path / name, codec=codec, options=options, frames=30))
    assert facts.frames == 30
    assert facts.duration_s == pytest.approx(1.25, abs=0.05)


@pytest.mark.parametrize(
    ("codec", "fps", "audio", "options"),
    [
        ("libx264", 24, True, {"preset": "ultrafast"}),
        ("libx264", Fraction(30000, 1001), False, {"preset": "medium", "bf": "3", "g": "7"}),
        ("libx264", 60, True, {"preset": "medium", "bf": "3", "g": "250"}),
    ],
)
def test_a_plain_clip_is_proved_from_its_index_with_the_facts_of_its_streams(
    tmp_path: Path, codec: str, fps: int | Fraction, audio: bool, options: dict[str, str]
) -> None:
    path = make_video(
        tmp_path / "a.mp4", codec=codec, fps=fps, audio=audio, options=options, frames=30
    )
    facts = plain_clip(path)
    assert facts is not None
    assert facts == probe(path) == check_clip(path) == plain_clip(path, came_whole=True)


@pytest.mark.parametrize(
    "wanted", [{"rotation": 90}, {"codec": "libvpx-vp9"}, {"codec": "libx264", "mov": True}]
)
def test_what_is_not_plain_is_left_to_its_streams(tmp_path: Path, wanted: dict[str, Any]) -> None:
    path = make_video(tmp_path / ("a.mov" if wanted.pop("mov", False) else "a.mp4"), **wanted)
    assert plain_clip(path) is None
    assert check_clip(path) == probe(path)


def test_a_file_that_came_whole_and_was_never_written_to_its_end_is_refused(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, audio=False)
    (table,) = sample_tables(path)
    for sample in (int(np.flatnonzero(table.is_key)[-1]), len(table.sizes) - 1):
        data = bytearray(path.read_bytes())
        start, size = int(table.offsets[sample]), int(table.sizes[sample])
        data[start : start + size] = bytes(size)
        hole = tmp_path / "hole.mp4"
        hole.write_bytes(data)
        with pytest.raises(DownloadError):
            check_clip(hole, came_whole=True)


@pytest.mark.parametrize("damaged", [0, -1], ids=["first frame", "last frame"])
def test_a_damaged_frame_is_found_without_opening_the_file(tmp_path: Path, damaged: int) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, audio=False)
    (table,) = sample_tables(path)
    start, size = int(table.offsets[damaged]), int(table.sizes[damaged])
    data = bytearray(path.read_bytes())
    data[start + size // 3 : start + size] = bytes(size - size // 3)
    path.write_bytes(data)
    assert plain_clip(path) is None
    with pytest.raises(DownloadError):
        check_clip(path)


@pytest.mark.parametrize("faststart", [True, False])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_clip_cut_off_anywhere_is_refused(tmp_path: Path, kept: float, faststart: bool) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, faststart=faststart)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(DownloadError, match=r"again is free.*retry_download"):
        check_clip(path)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_webm_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = make_video(tmp_path / "a.webm", codec="libvpx-vp9", noise=True, frames=48)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(DownloadError):
        check_clip(path)


def test_a_clip_whose_end_was_never_written_is_refused(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", noise=True, audio=False)
    data = path.read_bytes()
    hole = len(data) // 8
    path.write_bytes(data[:-hole] + bytes(hole))
    with pytest.raises(DownloadError):
        check_clip(path)


def test_pictures_sound_and_text_are_not_clips(tmp_path: Path) -> None:
    text = tmp_path / "page.mp4"
    text.write_text("<html>404 not found</html>")
    others = [
        text,
        make_picture(tmp_path / "a.png"),
        make_sound(tmp_path / "a.mp3", codec="libmp3lame"),
    ]
    for path in others:
        with pytest.raises(DownloadError, match="not a whole, playable video"):
            check_clip(path)
