"""The panel in a real JupyterLab in a real Chromium: opening, typing, 200 running jobs."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from claims import Claim

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.async_api import CDPSession, Page, async_playwright  # noqa: E402  # after the path

from support.chromium import FLAGS, find_chromium  # noqa: E402  # likewise
from support.lab_page import LabPage  # noqa: E402  # likewise
from support.lab_server import LabServer  # noqa: E402  # likewise

JOBS = 200
WATCHED_S = 10

OPEN = """
import qcut_nb as qc
from qcut_nb.simulator import Simulator
simulator = Simulator(speed=6000.0, max_height_px=96)
studio = qc.Studio("bench", mode="simulated", simulator=simulator)
panel = studio.panel()
panel
"""
START = f"""
for n in range({JOBS}):
    studio.generate(f"job {{n}}", models="kling_v2_5")
"""
UPDATE = """
import threading
def update(stop):
    while not stop.wait(0.1):
        for view in panel.host.jobs():
            panel._on_job(view)
stop = threading.Event()
threading.Thread(target=update, args=[stop], daemon=True).start()
"""

OPENING = """() => { window.opened = {};
  const look = () => {
    const host = document.querySelector('.jp-Cell-outputArea .lm-Widget.jupyter-widgets');
    if (host) window.opened.element ??= performance.now();
    const find = (node) => node.shadowRoot?.querySelector('[data-field=generate]')
      ?? [...node.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)
        .map((root) => root.querySelector('[data-field=generate]')).find(Boolean);
    if (host && find(host)) { window.opened.ready = performance.now(); return; }
    requestAnimationFrame(look);
  };
  look(); }"""

TYPING = """async (prompt) => { const took = [];
  const root = prompt.getRootNode();
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let n = 1; n <= 60; n += 1) {
    await frame();
    const start = performance.now();
    prompt.value = 'x'.repeat(2460 + n);
    prompt.dispatchEvent(new Event('input', {bubbles: true}));
    while (!root.textContent.includes(`${2460 + n}/2500`)) await Promise.resolve();
    await frame();
    took.push(performance.now() - start);
  }
  return took; }"""


async def busy_s(session: CDPSession) -> float:
    """How long the page's main thread has worked so far, seconds."""
    found = await session.send("Performance.getMetrics")
    return next(float(m["value"]) for m in found["metrics"] if m["name"] == "TaskDuration")


async def measured(page: Page, lab: LabPage) -> list[Claim]:
    """The claims, one after the other."""
    await lab.start(OPEN, START, UPDATE, "stop.set()")
    await page.evaluate(OPENING)
    shown = await lab.run(0)
    await page.wait_for_function("() => window.opened.ready")
    opened = await page.evaluate("() => window.opened.ready - window.opened.element")
    prompt = shown.get_by_role("textbox", name="Prompt", exact=True)
    await shown.get_by_role("searchbox", name="Search models").fill("kling_v2_5")
    await shown.locator("[data-model=kling_v2_5] input[type=checkbox]").check()
    typed = await page.evaluate(TYPING, await prompt.element_handle())
    await lab.run(1)
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await lab.run(2)
    await page.wait_for_timeout(2000)
    before = await busy_s(session)
    await page.wait_for_timeout(WATCHED_S * 1000)
    share = (await busy_s(session) - before) / WATCHED_S
    await lab.run(3)
    return [
        Claim("panel ready after its element appears, all models", opened, 300, "ms"),
        Claim("a keystroke to the drawn panel, worst of 60", max(typed), 50, "ms"),
        Claim("a keystroke to the drawn panel, median", statistics.median(typed), None, "ms"),
        Claim(f"{JOBS} jobs at 10 updates/s, of one core", share * 100, 10, "%"),
    ]


async def in_a_browser(folder: Path) -> list[Claim]:
    """Start everything, measure, end everything."""
    with LabServer(folder) as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=list(FLAGS)
            )
            page = await browser.new_page(viewport={"width": 1280, "height": 1000})
            claims = await measured(page, LabPage(server, page))
            await browser.close()
    return claims


def measure() -> list[Claim]:
    """The claims about the panel in a browser."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(in_a_browser(Path(folder)))


if __name__ == "__main__":
    for claim in measure():
        print(claim)
