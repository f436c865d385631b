"""`import qcut_nb` is light, and its names are there when they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("moviepy", "av", "anywidget", "ipywidgets", "tornado", "httpx", "numpy", "PIL")


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, qcut_nb; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
