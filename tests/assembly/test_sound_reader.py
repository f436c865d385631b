from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qcut_nb.assembly.sound_reader import SoundReader
from support.media import make_sound, make_video

SECOND = 48_000


@pytest.mark.parametrize("name", ["a.mp4", "a.m4a", "a.mp3", "a.flac"])
def test_sound_is_whole_from_its_first_sample(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.mp4":
        make_video(path, frames=24 * 4)
    else:
        codec = {"m4a": "aac", "mp3": "libmp3lame", "flac": "flac"}[path.suffix[1:]]
        make_sound(path, duration_s=4, codec=codec)
    reader = SoundReader(path)
    start = np.arange(2 * SECOND // 10)
    first = reader.at(start)
    loud = np.abs(first).reshape(-1, 480, 2).max(axis=(1, 2))
    assert loud.min() > 0.8 * loud.max()
    reader.at(start + 3 * SECOND)
    again = reader.at(start)
    reader.close()
    assert np.abs(again[1024:] - first[1024:]).max() < 0.01
