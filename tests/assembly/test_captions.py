from __future__ import annotations

from pathlib import Path

import pytest

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.captions import caption_file, read_captions
from qcut_nb.assembly.model import Caption
from qcut_nb.errors import InputError
from support.media import make_video

SAID = (Caption(0.5, 1.0, "Salt & pepper"), Caption(1.25, 3661.5, "two\nlines"))


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("a.srt", "1\n00:00:00,500 --> 00:00:01,000\n", "Salt & pepper"),
        ("a.vtt", "WEBVTT\n\n00:00:00.500 --> 00:00:01.000\n", "Salt &amp; pepper"),
    ],
)
def test_a_file_of_captions_is_what_it_is_called(
    tmp_path: Path, name: str, head: str, words: str
) -> None:
    text = caption_file(SAID, name[1:])
    (tmp_path / name).write_text(text)
    assert text.startswith(head + words)
    assert read_captions(tmp_path / name) == SAID
    (tmp_path / "other.srt").write_text(text)  # what is in it decides how it is read
    assert read_captions(tmp_path / "other.srt") == SAID


def test_captions_called_neither_are_refused(tmp_path: Path) -> None:
    timeline = Timeline([make_video(tmp_path / "a.mp4", frames=24)])
    with pytest.raises(InputError, match=r'"\.srt" or "\.vtt"'):
        timeline.captions([(0, 1, "x")], burn=False, ending="vtt")  # type: ignore[arg-type]


def test_an_empty_line_does_not_end_a_caption_early(tmp_path: Path) -> None:
    text = caption_file([Caption(0, 1, "one\n\n2\n00:00:05,000 nothing")], ".srt")
    (tmp_path / "a.srt").write_text(text)
    [only] = read_captions(tmp_path / "a.srt")
    assert only.text == "one\n2\n00:00:05,000 nothing"


@pytest.mark.parametrize("ending", [".srt", ".vtt"])
def test_separate_captions_stand_beside_the_result(tmp_path: Path, ending: str) -> None:
    timeline = Timeline([make_video(tmp_path / "a.mp4", frames=48)])
    timeline.captions([(0.5, 1.0, "Hello")], burn=False, ending=ending).render(  # type: ignore[arg-type]
        tmp_path / "out.mp4"
    )
    [beside] = [path for path in tmp_path.iterdir() if path.suffix in (".srt", ".vtt")]
    assert beside.name == f"out{ending}"
    assert beside.read_text().startswith("WEBVTT") is (ending == ".vtt")
    assert [each.text for each in read_captions(beside)] == ["Hello"]
