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


_RUN = """async (element, more) => {
  // JupyterLab's body has no height and hides what overflows, which hides nothing in a browser;
  // axe takes all that is in it for hidden.
  document.body.style.minHeight = '100vh';
  const rules = Object.fromEntries(more.map((rule) => [rule, {enabled: true}]));
  const found = await window.axe.run(element.getRootNode().host ?? element, {rules});
  document.body.style.minHeight = '';
  const measured = ({any}) => any.some((check) => check.data?.contrastRatio > 0);
  const nodesOf = (rules) => rules.flatMap((rule) => rule.nodes);
  return {
    violations: found.violations,
    texts: nodesOf([...found.passes, ...found.violations]).filter(measured).length,
  };
}"""


async def serious(shown: Locator, *more: str) -> list[str]:
    """What axe finds in a widget that keeps people out: rule, element.

    Args:
        shown: Something inside it; all of its view is looked at, with what lies over the page.
        more: Rules that axe leaves out unless they are asked for.
    """
    page = shown.page
    if not await page.evaluate("() => 'axe' in window"):
        await page.add_script_tag(path=axe_script())
    found: dict[str, Any] = await shown.evaluate(_RUN, list(more))
    assert found["texts"] > 0, "axe saw no text, so it says nothing about colours"
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
