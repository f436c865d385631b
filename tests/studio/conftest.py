"""A studio on a fast simulator, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.simulator import Simulator


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path / "fal", speed="instant", max_height_px=96) as running:
        yield running


@pytest.fixture
def open_studio(tmp_path: Path, simulator: Simulator) -> Iterator[Callable[[], Studio]]:
    opened: list[Studio] = []

    def open_one() -> Studio:
        opened.append(Studio("test", simulator=simulator, root=tmp_path))
        return opened[-1]

    yield open_one
    for studio in opened:
        studio.close()


@pytest.fixture
def studio(open_studio: Callable[[], Studio]) -> Studio:
    return open_studio()
