"""Every Python snippet of the README and of the guides runs, in order, as a reader would run it."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from support.media import make_sound

ROOT = Path(__file__).parent.parent
GUIDES = [page for page in sorted((ROOT / "docs").glob("*.md")) if "```python" in page.read_text()]


async def run_snippets(page: Path) -> dict[str, Any]:
    """Run a page's snippets in the current folder; the names that they leave."""
    snippets = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": page.stem}
    try:
        for place, snippet in enumerate(snippets):
            code = compile(
                snippet, f"{page.name} snippet {place + 1}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            )
            result = eval(code, names)
            if inspect.isawaitable(result):
                await result
    finally:
        if "studio" in names:
            names["studio"].close()
    return names


async def test_the_readme_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = await run_snippets(ROOT / "README.md")
    assert len(names["clips"]) == 2
    assert (tmp_path / "teaser.mp4").stat().st_size > 10_000
    assert names["again"].recipe.prompt == "slow zoom in"
    assert (tmp_path / "gallery" / "index.html").is_file()


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
async def test_a_guide_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_sound(tmp_path / "song.mp3", duration_s=8, codec="libmp3lame")
    names = await run_snippets(page)
    assert list(names["studio"].folder.glob("clips/*.mp4"))
