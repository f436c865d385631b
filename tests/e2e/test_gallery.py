"""A gallery in a real browser, opened from disk: it plays, in step, and finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, expect

from qcut_nb import Clip, Studio
from support.numbered_clips import numbered_clip


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser_page: Page, tmp_path: Path) -> AsyncIterator[Page]:
    """A page of its own on a gallery of three clips, two of them in one row."""
    with Studio("shown", mode="simulated", root=tmp_path) as studio:
        clips = [
            Clip.from_file(
                numbered_clip(tmp_path / f"{name}.mp4", seconds=seconds, fps=fps, sound=True)
            )
            for name, seconds, fps in (
                ("red fox", 3, 24),
                ("blue owl", 2, 30),
                ("green eel", 3, 25),
            )
        ]
        index = studio.gallery(tmp_path / "out", clips, title="Animals")
    fresh = await browser_page.context.new_page()
    problems: list[str] = []
    fresh.on("console", lambda message: problems.append(message.text))
    fresh.on("pageerror", lambda error: problems.append(str(error)))

    def note_request(request: Request) -> None:
        if not request.url.startswith("file:"):
            problems.append(request.url)

    fresh.on("request", note_request)
    await fresh.goto(index.as_uri())
    yield fresh
    await fresh.close()
    assert not problems, problems


async def until(page: Page, condition: str) -> None:
    """Wait for a condition in a page whose policy forbids Playwright's own way of waiting."""
    await page.evaluate(
        f"""() => new Promise(done => {{
          const look = () => {condition} ? done() : requestAnimationFrame(look);
          look();
        }})"""
    )


@pytest.mark.asyncio(loop_scope="session")
async def test_a_row_plays_in_step_from_disk(page: Page) -> None:
    await page.get_by_role("button", name="Play this row").click()
    await until(
        page,
        "[...document.querySelectorAll('video')].every((v) => v.currentTime > 0.8 && !v.paused)",
    )
    times = await page.evaluate("[...document.querySelectorAll('video')].map((v) => v.currentTime)")
    assert max(times) - min(times) < 0.1
    # The shortest has ended at 2 s and waits; the row ends with its longest.
    await until(page, "[...document.querySelectorAll('video')].every((v) => v.paused || v.ended)")
    await expect(page.get_by_role("button", name="Play this row")).to_have_text("Play row")


@pytest.mark.asyncio(loop_scope="session")
async def test_scrubbing_moves_all_clips_of_a_row(page: Page) -> None:
    await until(page, "[...document.querySelectorAll('video')].every((v) => v.readyState >= 1)")
    await page.locator(".scrub").fill("0.5")
    await until(
        page,
        "[...document.querySelectorAll('video')].every(v => Math.abs(v.currentTime - 1.5) < 0.05)",
    )


@pytest.mark.asyncio(loop_scope="session")
async def test_searching_leaves_what_fits(page: Page) -> None:
    await expect(page.locator("figure:visible")).to_have_count(3)
    await page.get_by_role("searchbox").fill("OWL blue")
    await expect(page.locator("figure:visible")).to_have_count(1)
    await expect(page.get_by_role("status")).to_have_text("1 found")
    await page.get_by_role("searchbox").fill("walrus")
    await expect(page.locator("section:visible")).to_have_count(0)
