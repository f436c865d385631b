"""A clip in a cell: plays by URL, keeps the notebook small, shows something without a kernel."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from support.lab_page import LabPage
from support.media import make_video

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOW = "import qcut_nb as qc; qc.Clip.from_file('waves.mp4')"


async def plays(lab: LabPage, video: Locator) -> None:
    """Press play and wait until time moves."""
    await video.evaluate("video => video.play()")
    handle = await video.element_handle()
    await lab.page.wait_for_function(
        "video => video.currentTime > 0.3 && video.videoWidth > 0 && !video.error", arg=handle
    )


async def test_a_clip_plays_in_its_cell(lab: LabPage) -> None:
    make_video(lab.server.root / "waves.mp4", width_px=320, height_px=180, frames=72)
    await lab.start(SHOW)
    shown = await lab.run(0)
    await plays(lab, shown.locator("video"))


async def test_a_saved_preview_is_small_and_holds_no_video(lab: LabPage) -> None:
    make_video(lab.server.root / "waves.mp4", width_px=1280, height_px=720, frames=72, noise=True)
    await lab.start(SHOW)
    await lab.run(0)
    saved = (await lab.save()).read_bytes()
    assert len(saved) < 60_000
    assert b"data:video" not in saved


async def test_a_preview_shows_poster_and_facts_without_a_kernel(lab: LabPage) -> None:
    make_video(lab.server.root / "waves.mp4", width_px=320, height_px=180, frames=72)
    await lab.start(SHOW)
    await lab.run(0)
    await lab.save()
    await lab.shut_kernel_down()
    await lab.page.reload()
    shown = lab.output(0)
    await expect(shown).to_contain_text("320x180")
    assert (await shown.locator("video").get_attribute("poster") or "").startswith("data:image/")
