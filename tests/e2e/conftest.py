"""One JupyterLab, one Chromium and one page per run; a fresh kernel per test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from support.chromium import FLAGS, find_chromium
from support.lab_page import LabPage
from support.lab_server import LabServer

SCREENSHOTS = Path(__file__).parent / "screenshots"
TIMEOUT_MS = 20_000


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    with LabServer(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser_page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS)
        )
        context = await browser.new_context(viewport={"width": 1280, "height": 1000})
        page = await context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        expect.set_options(timeout=TIMEOUT_MS)
        yield page
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def session_lab(lab_server: LabServer, browser_page: Page) -> LabPage:
    return LabPage(lab_server, browser_page)


@pytest_asyncio.fixture(loop_scope="session")
async def lab(session_lab: LabPage, request: pytest.FixtureRequest) -> AsyncIterator[LabPage]:
    """The page for one test; what it looked like at the end is kept as a picture."""
    session_lab.errors.clear()
    yield session_lab
    SCREENSHOTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    await session_lab.page.screenshot(path=SCREENSHOTS / f"{name}.png")
    assert not session_lab.errors, session_lab.errors
