"""Text in the picture: every character is seen, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from qcut_nb.assembly import Timeline
from qcut_nb.assembly.fonts import runs
from qcut_nb.assembly.lettering import draw_card
from qcut_nb.assembly.model import Card
from qcut_nb.errors import InputError
from support.media import make_font, make_video

NOWHERE = "\U000f1a2b"
"""For private use: no font of any machine has it."""


@pytest.fixture
def font(tmp_path: Path) -> Path:
    return make_font(tmp_path / "own.ttf")


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is drawn."""
    box = image.getchannel("A").getbbox()
    assert box is not None
    return box


def test_what_no_font_has_is_refused_where_it_is_written(tmp_path: Path) -> None:
    timeline = Timeline([make_video(tmp_path / "a.mp4")])
    text = f"Hello {NOWHERE}"
    writes: list[Callable[[], Timeline]] = [
        lambda: timeline.title(text),
        lambda: timeline.lower_third(text),
        lambda: timeline.captions([(0, 1, text)]),
        lambda: Timeline.text(text),
    ]
    for write in writes:
        with pytest.raises(InputError, match=f"No font here shows {NOWHERE}"):
            write()
    assert timeline.captions([(0, 1, text)], burn=False).edit.captions[0].text == text


def test_a_font_file_is_taken_where_it_has_the_text(tmp_path: Path, font: Path) -> None:
    assert [run.font.path for run in runs("Hello", font, 20)] == [str(font)]
    timeline = Timeline([make_video(tmp_path / "a.mp4")])
    assert timeline.title("Hi", font=font).edit.overlays[0].source.font == font  # type: ignore[union-attr]  # a title is a card
    with pytest.raises(InputError, match=r"a\.mp4 is no font"):
        timeline.title("Hi", font=tmp_path / "a.mp4")


@pytest.mark.parametrize("text", ["word " * 40, "without" * 30, "line\n" * 30])
def test_text_keeps_inside_the_picture_however_long_it_is(text: str) -> None:
    left, top, right, bottom = ink(draw_card(Card(text, 0.2), 640, 360))
    assert left > 10
    assert top > 20
    assert right < 630
    assert bottom < 335


def test_lines_stand_on_their_side() -> None:
    for position, side in (("bottom_left", 0), ("top_right", 2)):
        card = Card("a\nlonger line", 0.1, position=position)  # type: ignore[arg-type]
        image = np.asarray(draw_card(card, 640, 360).getchannel("A"))
        rows = np.flatnonzero(image.any(axis=1))
        middle = (rows[0] + rows[-1]) // 2
        sides = []
        for part in (image[:middle], image[middle:]):
            columns = np.flatnonzero(part.any(axis=0))
            sides.append(columns[0] if side == 0 else columns[-1])
        assert abs(int(sides[0]) - int(sides[1])) < 8
