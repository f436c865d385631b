"""axe-core, which finds in a page what keeps people out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from support.node import install_locked, locked_version

REPOSITORY = Path(__file__).parents[2]
_PACKAGE = REPOSITORY / "tests/e2e/axe"


def axe_script() -> Path:
    """Its script, installed into `.cache/` of the checkout when it is not there yet."""
    folder = REPOSITORY / ".cache" / f"axe-core-{locked_version(_PACKAGE, 'axe-core')}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            (install_locked(_PACKAGE, Path(work)) / "axe-core").rename(folder)
    return folder / "axe.min.js"
