"""axe-core, which finds in a page what keeps people out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Locator

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


async def serious(shown: Locator) -> list[str]:
    """What axe finds in a widget that keeps people out: rule, element.

    Args:
        shown: Something inside it; all of its view is looked at, with what lies over the page.
    """
    page = shown.page
    if not await page.evaluate("() => 'axe' in window"):
        await page.add_script_tag(path=axe_script())
    found: list[dict[str, Any]] = await shown.evaluate(
        """async (element) => {
          const host = element.getRootNode().host ?? element;
          const found = await window.axe.run(host, {resultTypes: ['violations']});
          return found.violations;
        }"""
    )
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node.get('failureSummary', '')}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
