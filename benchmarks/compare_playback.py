"""A comparison beside bare `<video>` tags, in a real JupyterLab and Chromium on this machine."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from claims import Claim

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from playwright.async_api import Page, async_playwright

from support.chromium import FLAGS, find_chromium
from support.lab_page import LabPage
from support.lab_server import LabServer
from support.numbered_clips import numbered_clip

PLAY_S = 10
ROUNDS = 3

WATCH = """() => {
  window.begun = performance.now();
  window.seen = {};
  const look = () => {
    for (const host of document.querySelectorAll('.jp-OutputArea-output *')) {
      const region = host.shadowRoot?.querySelector('.compare');
      const videos = region ? [...region.querySelectorAll('video')] : [];
      if (videos.length === 0) continue;
      window.seen.displayed = performance.now();
      window.seen.frames = [];
      for (const video of videos) {
        video.requestVideoFrameCallback(() => window.seen.frames.push(performance.now()));
      }
      return;
    }
    requestAnimationFrame(look);
  };
  look();
}"""

VIDEOS = """const videos = [...document.querySelectorAll('.jp-OutputArea-output *')]
  .flatMap(host => [...(host.shadowRoot ?? host).querySelectorAll('video')]);
const unique = [...new Set(videos)].filter(video => video.checkVisibility());"""

QUALITY = f"""() => {{ {VIDEOS}
  return unique.map(video => {{
    const quality = video.getVideoPlaybackQuality();
    return [quality.droppedVideoFrames, quality.totalVideoFrames];
  }});
}}"""

PLAY_BARE = f"""async () => {{ {VIDEOS}
  for (const video of unique) video.muted = video.loop = true;
  await Promise.all(unique.map(video => video.play()));
}}"""

SETUP = """
import qcut_nb as qc
from IPython.display import HTML, display
studio = qc.Studio("bench", mode="simulated")
"""
COMPARE = "studio.compare([f'{name}{n}.mp4' for n in range(count)])"
BARE = """HTML('<div style="display:grid;grid-template-columns:repeat(3,1fr);gap:8px">' + ''.join(
    f'<video preload="auto" muted style="width:100%" src="{name}{n}.mp4"></video>'
    for n in range(count)) + '</div>')"""


async def first_frames(lab: LabPage) -> tuple[float, float]:
    """Seconds until the last of four clips shows a frame: after display, after the cell began."""
    await lab.start(SETUP + "name, count = 'hd', 4\n" + "display(1)", COMPARE)
    await lab.run(0)
    await lab.page.evaluate(WATCH)
    await lab.begin(1)
    await lab.page.wait_for_function("window.seen.frames?.length === 4")
    last, displayed, begun = await lab.page.evaluate(
        "[Math.max(...window.seen.frames), window.seen.displayed, window.begun]"
    )
    return (last - displayed) / 1000, (last - begun) / 1000


async def dropped(lab: LabPage, page: Page, cell: str, play: Any) -> float:
    """Part of the frames that nine playing clips did not show."""
    await lab.start(SETUP + "name, count = 'nine', 9\n", cell)
    await lab.run(0)
    await lab.run(1)
    await page.wait_for_function(
        f"() => {{ {VIDEOS} return unique.length === 9 && unique.every(v => v.readyState === 4); }}"
    )
    before = await page.evaluate(QUALITY)
    await play()
    await page.wait_for_timeout(PLAY_S * 1000)
    after = await page.evaluate(QUALITY)
    lost = sum(late[0] - early[0] for early, late in zip(before, after, strict=True))
    shown = sum(late[1] - early[1] for early, late in zip(before, after, strict=True))
    return float(lost / shown)


async def _measure() -> list[Claim]:
    with tempfile.TemporaryDirectory() as folder, LabServer(Path(folder)) as server:
        for index in range(4):
            numbered_clip(server.root / f"hd{index}.mp4", width_px=1920, height_px=1080, seconds=5)
        for index in range(9):
            numbered_clip(
                server.root / f"nine{index}.mp4", width_px=1280, height_px=720, seconds=PLAY_S + 5
            )
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=list(FLAGS)
            )
            page = await browser.new_page(viewport={"width": 1600, "height": 1200})
            lab = LabPage(server, page)
            times = [await first_frames(lab) for _ in range(ROUNDS)]

            async def press_space() -> None:
                await page.get_by_role("region", name="Comparison of 9 clips").press("Space")

            async def play_bare() -> None:
                await page.evaluate(PLAY_BARE)

            bare = [await dropped(lab, page, BARE, play_bare) for _ in range(ROUNDS)]
            compared = [await dropped(lab, page, COMPARE, press_space) for _ in range(ROUNDS)]
            await browser.close()
    displayed, begun = (statistics.median(column) for column in zip(*times, strict=True))
    return [
        Claim(
            "first frames of four 1080p clips after display",
            displayed,
            1.0,
            "s",
            f"{begun:.2f} s after the cell began",
        ),
        Claim(
            "frames dropped by nine 720p clips, beyond nine bare <video>",
            100 * (statistics.median(compared) - statistics.median(bare)),
            1.0,
            "% points",
            f"{100 * statistics.median(compared):.1f} % beside {100 * statistics.median(bare):.1f}"
            f" % in {PLAY_S} s",
        ),
    ]


def measure() -> list[Claim]:
    """Both claims; about two minutes."""
    return asyncio.run(_measure())


if __name__ == "__main__":
    for claim in measure():
        print(claim)
