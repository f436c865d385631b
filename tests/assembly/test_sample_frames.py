from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qcut_nb.assembly.footage import Footage, footage_of
from qcut_nb.assembly.sample_frames import sample_frames
from support.media import decoded
from support.numbered import make_numbered

KINDS = {
    "b_frames": {"preset": "medium", "bf": "3", "g": "12"},
    "open_gop": {"preset": "medium", "bf": "2", "g": "12", "x264-params": "open-gop=1"},
    "one_gop": {"preset": "medium", "bf": "5", "g": "250"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_frames_from_samples_are_those_of_the_opened_file(tmp_path: Path, kind: str) -> None:
    path = make_numbered(tmp_path / "a.mp4", options=KINDS[kind], frames=40)
    footage, whole = footage_of(path), decoded(path)
    assert isinstance(footage, Footage)
    for first, end in [(0, 40), (39, 40), *((start, start + 3) for start in range(8, 30))]:
        few = sample_frames(footage, first, end, first)
        assert few is not None
        for number in range(end - first):
            frame = few.at(number)
            assert frame is not None, (first, number)
            assert np.array_equal(frame.to_ndarray(), whole[first + number]), (first, number)
        few.close()


def test_what_samples_do_not_give_is_left_to_the_file(tmp_path: Path) -> None:
    path = make_numbered(tmp_path / "a.mp4", frames=24)
    footage = footage_of(path)
    assert sample_frames(footage, 20, 25, 0) is None
    assert sample_frames("is not an MP4", 0, 1, 0) is None
    few = sample_frames(footage, 0, 24, 0)
    path.write_bytes(path.read_bytes()[:2000])
    assert few is not None
    assert None in [few.at(number) for number in range(24)]
