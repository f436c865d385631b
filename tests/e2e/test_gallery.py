"""A gallery in a real browser, opened from disk: it plays, in step, and finds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, expect

from qcut_nb import Clip, Studio
from support.axe import serious
from support.media import make_video
from support.numbered_clips import numbered_clip

Show = Callable[[Path], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def show(browser_page: Page) -> AsyncIterator[Show]:
    """Opens a gallery in a page of its own, which has no complaint at the end."""
    pages: list[Page] = []
    problems: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith("file:"):
            problems.append(request.url)

    async def open_one(index: Path) -> Page:
        fresh = await browser_page.context.new_page()
        pages.append(fresh)
        fresh.on("console", lambda message: problems.append(message.text))
        fresh.on("pageerror", lambda error: problems.append(str(error)))
        fresh.on("request", note_request)
        await fresh.goto(index.as_uri())
        return fresh

    yield open_one
    for page in pages:
        await page.close()
    assert not problems, problems


@pytest_asyncio.fixture(loop_scope="session")
async def page(show: Show, tmp_path: Path) -> Page:
    """A gallery of three clips, which are one row."""
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
        return await show(studio.gallery(tmp_path / "out", clips, title="Animals"))


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
    await page.get_by_role("button", name="Play row Clips").click()
    await expect(page.get_by_role("button", name="Pause row Clips")).to_be_visible()
    await until(
        page,
        "[...document.querySelectorAll('video')].every((v) => v.currentTime > 0.8 && !v.paused)",
    )
    times = await page.evaluate("[...document.querySelectorAll('video')].map((v) => v.currentTime)")
    assert max(times) - min(times) < 0.1
    # The shortest has ended at 2 s and waits; the row ends with its longest.
    await until(page, "[...document.querySelectorAll('video')].every((v) => v.paused || v.ended)")
    await expect(page.get_by_role("button", name="Play row Clips")).to_be_visible()


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


@pytest.mark.asyncio(loop_scope="session")
async def test_searching_looks_at_what_was_asked_for_and_not_at_the_words_of_the_page(
    show: Show, tmp_path: Path
) -> None:
    with Studio("shown", mode="simulated", root=tmp_path) as studio:
        plan = studio.sweep(prompt=["2 foxes", "an owl"], models=["wan_25"], seed=[2, 3, 25])
        await plan.run()
        page = await show(studio.gallery(tmp_path / "out", plan))
    for text, found in {
        "seed 2": 2,
        "seed=2": 2,
        "SEED 25 owl": 1,
        "fox": 3,
        "wan": 6,
        "recipe": 0,
        "simulated": 0,
        "no sound": 0,
    }.items():
        await page.get_by_role("searchbox").fill(text)
        await expect(page.get_by_role("status")).to_have_text(f"{found} found")
        await expect(page.locator("figure:visible")).to_have_count(found)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_range_ends_at_its_end_every_time(show: Show, tmp_path: Path) -> None:
    clip = Clip.from_file(numbered_clip(tmp_path / "a.mp4", seconds=3, sound=True))
    with Studio("shown", mode="simulated", root=tmp_path) as studio:
        page = await show(studio.gallery(tmp_path / "out", [clip[1:1.8], clip[0.5:1]]))
    times = "[...document.querySelectorAll('video')].map((v) => v.currentTime)"
    await until(page, "[...document.querySelectorAll('video')].every((v) => v.readyState >= 3)")
    for _ in range(3):
        await page.get_by_role("button", name="Play row Clips").click()
        await until(page, "document.querySelector('.play').textContent === 'Play row'")
        long, short = await page.evaluate(times)
        assert 1.7 < long < 2.1
        assert 0.95 < short < 1.3
    await page.evaluate("document.querySelectorAll('video')[1].play()")
    await until(page, "document.querySelectorAll('video')[1].paused")
    assert 0.95 < (await page.evaluate(times))[1] < 1.5


@pytest.mark.asyncio(loop_scope="session")
async def test_a_clip_that_does_not_play_says_so_and_stops_no_other(
    show: Show, tmp_path: Path
) -> None:
    old = [
        make_video(tmp_path / f"{sound}.mp4", codec="mpeg4", frames=96, audio=sound)
        for sound in (False, True)
    ]
    clips = [Clip.from_file(path) for path in (*old, numbered_clip(tmp_path / "a.mp4"))]
    with Studio("shown", mode="simulated", root=tmp_path) as studio:
        page = await show(studio.gallery(tmp_path / "out", clips))
    for place in (0, 1):
        said = page.locator("figure").nth(place).locator(".unplayable")
        await expect(said).to_contain_text("This browser does not play mpeg4")
        await expect(said).to_be_visible()
    await expect(page.locator(".unplayable:visible")).to_have_count(2)
    await page.get_by_role("button", name="Play row Clips").click()
    await until(page, "document.querySelectorAll('video')[2].currentTime > 0.5")
    await expect(page.get_by_role("button", name="Pause row Clips")).to_be_visible()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_keeps_nobody_out(
    show: Show, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    with Studio("shown", mode="simulated", root=tmp_path) as studio:
        made = await studio.generate("a fox & an owl", models=["wan_25"], seed=2)
        old = Clip.from_file(make_video(tmp_path / "old.mp4", codec="mpeg4", audio=False))
        page = await show(studio.gallery(tmp_path / "out", [*made, old], rows="prompt"))
    await page.emulate_media(color_scheme=scheme)
    await page.locator("summary").click()
    await expect(page.locator(".unplayable:visible")).to_have_count(1)
    assert await serious(page.locator("body")) == []
