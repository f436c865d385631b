"""The panel in a real JupyterLab in a real Chromium: opening, typing, many jobs, a long history."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from claims import Claim

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from playwright.async_api import CDPSession, Page, async_playwright

from support.chromium import FLAGS, find_chromium
from support.lab_page import LabPage
from support.lab_server import LabServer

ROUNDS = 5
JOBS = 200
WATCHED_S = 10

STUDIO = """
import qcut_nb as qc
from qcut_nb.simulator import Simulator
simulator = Simulator(speed=6000.0, max_height_px=96)
studio = qc.Studio("bench", mode="simulated", simulator=simulator)
"""
SHOW = """
panel = studio.panel()
panel
"""
START = f"""
for n in range({JOBS}):
    studio.generate(f"job {{n}}", models="kling_v2_5")
"""
UPDATE = """
import itertools, threading
from dataclasses import replace
def update(stop):
    views = panel.host.jobs()
    for n in itertools.count():
        if stop.wait(0.1):
            break
        for view in views:
            panel._on_job(replace(view, state="queued", queue_position=n % 100))
stop = threading.Event()
threading.Thread(target=update, args=[stop], daemon=True).start()
"""
FILL = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import panel_history
import qcut_nb as qc
from qcut_nb.simulator import Simulator
simulator = Simulator(speed="instant", max_height_px=96)
studio = qc.Studio("long", mode="simulated", simulator=simulator)
panel_history.fill(studio)
"""

# Hosts hand a widget's code to the browser as a blob: the moment it has arrived.
WATCH_ARRIVAL = """() => {
  window.bundle = {};
  window.createBlobUrl ??= URL.createObjectURL;
  const roots = () => [...document.querySelectorAll('.jp-OutputArea-output *')]
    .flatMap((element) => element.shadowRoot ?? []);
  const look = () => {
    const root = roots().find((found) => found.querySelector('[data-field=generate]'));
    if (!root) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => {
      window.bundle.ready = performance.now();
      window.bundle.models = root.querySelectorAll('[data-model]').length;
    }));
  };
  URL.createObjectURL = (blob) => {
    if (window.bundle.arrived === undefined && blob.type === 'text/javascript') {
      window.bundle.arrived = performance.now();
      look();
    }
    return window.createBlobUrl.call(URL, blob);
  };
}"""

TYPING = """async (prompt) => {
  const root = prompt.getRootNode();
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const took = [];
  for (let length = 2461; length <= 2520; length += 1) {
    await frame();
    const start = performance.now();
    prompt.value = 'x'.repeat(length);
    prompt.dispatchEvent(new Event('input', {bubbles: true}));
    while (!root.textContent.includes(`${length}/2500`)) await frame();
    await frame();
    took.push(performance.now() - start);
  }
  return took;
}"""

OPEN_HISTORY = """async (button) => {
  const root = button.getRootNode();
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  button.click();
  while (!root.querySelector('dialog .clip')) await frame();
  await frame();
  return performance.now() - start;
}"""

SCROLL = """async (dialog) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  for (let page = 0; page < 5; page += 1) {
    const there = dialog.querySelectorAll('.clip').length;
    for (const box of [dialog, ...dialog.querySelectorAll('*')]) box.scrollTop = box.scrollHeight;
    while (dialog.querySelectorAll('.clip').length === there) await frame();
  }
  return [dialog.querySelectorAll('.clip').length, (performance.now() - start) / 5];
}"""


async def opened(lab: LabPage) -> tuple[float, int]:
    """Milliseconds from the bundle's arrival to a drawn panel; how many models it lists."""
    await lab.start(STUDIO, SHOW)
    await lab.run(0)
    await lab.page.evaluate(WATCH_ARRIVAL)
    await lab.run(1)
    await lab.page.wait_for_function("window.bundle.ready")
    took_ms, models = await lab.page.evaluate(
        "[window.bundle.ready - window.bundle.arrived, window.bundle.models]"
    )
    return took_ms, models


async def typed(lab: LabPage) -> list[float]:
    """Milliseconds from each of 60 keystrokes to the drawn panel, past the prompt's limit."""
    shown = lab.output(1)
    await shown.get_by_role("searchbox", name="Search models").fill("kling_v2_5")
    await shown.locator("[data-model=kling_v2_5] input[type=checkbox]").check()
    prompt = shown.get_by_role("textbox", name="Prompt", exact=True)
    times: list[float] = await lab.page.evaluate(TYPING, await prompt.element_handle())
    return times


async def busy_s(session: CDPSession) -> float:
    """How long the page's main thread has worked so far, seconds."""
    found = await session.send("Performance.getMetrics")
    return next(float(m["value"]) for m in found["metrics"] if m["name"] == "TaskDuration")


async def watched(page: Page, session: CDPSession) -> float:
    """The part of a core that the page needs."""
    await page.wait_for_timeout(2000)
    before = await busy_s(session)
    await page.wait_for_timeout(WATCHED_S * 1000)
    return (await busy_s(session) - before) / WATCHED_S


async def with_many_jobs(lab: LabPage) -> tuple[float, float]:
    """The part of a core while jobs change ten times a second: all of them; beside no change."""
    await lab.start(STUDIO, SHOW, START, UPDATE, "stop.set()")
    await lab.run(0)
    shown = await lab.run(1)
    await lab.run(2)
    await shown.get_by_text(f"{JOBS} jobs: ").wait_for()
    session = await lab.page.context.new_cdp_session(lab.page)
    await session.send("Performance.enable")
    still = await watched(lab.page, session)
    await lab.run(3)
    changing = await watched(lab.page, session)
    await lab.run(4)
    return changing, still


async def long_history(lab: LabPage) -> tuple[list[float], int, float]:
    """Milliseconds to open a history of 10,000; clips after five scrolls; ms for each scroll."""
    await lab.start(FILL, "studio.panel()")
    await lab.run(0)
    shown = await lab.run(1)
    button = shown.get_by_role("button", name="History", exact=True)
    dialog = lab.page.get_by_role("dialog", name="History")
    times = []
    for _ in range(ROUNDS):
        times.append(await lab.page.evaluate(OPEN_HISTORY, await button.element_handle()))
        if len(times) < ROUNDS:
            await lab.page.keyboard.press("Escape")
            await dialog.wait_for(state="detached")
    loaded, each_ms = await lab.page.evaluate(SCROLL, await dialog.element_handle())
    return times, loaded, each_ms


async def _measure() -> list[Claim]:
    with tempfile.TemporaryDirectory() as folder, LabServer(Path(folder)) as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=list(FLAGS)
            )
            page = await browser.new_page(viewport={"width": 1280, "height": 1000})
            lab = LabPage(server, page)
            openings = [await opened(lab) for _ in range(ROUNDS)]
            keystrokes = await typed(lab)
            changing, still = await with_many_jobs(lab)
            history, loaded, scroll_ms = await long_history(lab)
            await browser.close()
    ready_ms, models = zip(*openings, strict=True)
    return [
        Claim(
            "panel drawn after its bundle arrived",
            statistics.median(ready_ms),
            300,
            "ms",
            f"worst of {ROUNDS}: {max(ready_ms):.0f} ms, {models[-1]} models listed",
        ),
        Claim(
            "a keystroke in the prompt to the drawn panel, worst of 60",
            max(keystrokes),
            50,
            "ms",
            f"median {statistics.median(keystrokes):.0f} ms, a frame is 17 ms",
        ),
        Claim(
            f"page with {JOBS} jobs at 10 updates/s, of one core",
            changing * 100,
            10,
            "%",
            f"{still * 100:.1f} % while nothing changes",
        ),
        Claim(
            "history of 10,000 clips, click to cards",
            statistics.median(history),
            200,
            "ms",
            f"worst of {ROUNDS}: {max(history):.0f} ms",
        ),
        Claim(
            "clips loaded after five scrolls to the end",
            loaded,
            200,
            "clips",
            f"{scroll_ms:.0f} ms a page",
        ),
    ]


def measure() -> list[Claim]:
    """The claims about the panel in a browser; about a minute."""
    return asyncio.run(_measure())


if __name__ == "__main__":
    for claim in measure():
        print(claim)
