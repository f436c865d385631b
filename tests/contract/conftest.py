"""One film for servers that do not render."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.media import make_video


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("film") / "film.mp4")
