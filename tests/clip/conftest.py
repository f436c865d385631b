from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcut_nb.clip import Clip
from qcut_nb.media import Recipe, RecipeCost, write_recipe
from support.media import make_video

MakeClip = Callable[..., Clip]


def recipe(**changes: Any) -> Recipe:
    given: dict[str, Any] = {
        "model_id": "kling_v2_5",
        "model_name": "Kling 2.5 Turbo",
        "endpoint": "fal-ai/kling",
        "prompt": "a cat playing with yarn",
        "cost": RecipeCost(estimate_usd=Decimal("0.35")),
        "seed": 42,
        "mode": "live",
        "created_at": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return Recipe(**(given | changes))


@pytest.fixture
def make_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeClip:
    """Makes `clip.mp4` with a recipe, beside the notebook (the working directory)."""
    monkeypatch.chdir(tmp_path)
    for name in ("VSCODE_PID", "VSCODE_CWD"):
        monkeypatch.delenv(name, raising=False)

    def make(name: str = "clip.mp4", video: dict[str, Any] | None = None, **changes: Any) -> Clip:
        src = make_video(tmp_path / "src.mp4", **(video or {}))
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_recipe(src, target, recipe(**changes))
        src.unlink()
        return Clip.from_file(target)

    return make
