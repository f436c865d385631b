"""Every Python snippet of the README runs, in order, as a reader would run it."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parent.parent / "README.md"


async def test_the_readme_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    snippets = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(snippets) >= 5
    names: dict[str, Any] = {"__name__": "readme"}
    try:
        for place, snippet in enumerate(snippets):
            code = compile(
                snippet, f"README snippet {place + 1}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            )
            result = eval(code, names)
            if inspect.isawaitable(result):
                await result
    finally:
        names["studio"].close()
    assert len(names["clips"]) == 2
    assert (tmp_path / "teaser.mp4").stat().st_size > 10_000
    assert names["again"].recipe.prompt == "slow zoom in"
