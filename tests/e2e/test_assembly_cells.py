"""A timeline in a cell: its strip, and a preview that plays."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from support.lab_page import LabPage
from support.media import make_video

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIMELINE = "import qcut_nb as qc; cut = qc.Timeline(['a.mp4', 'b.mp4']).crossfade(0.5); cut"


async def test_a_timeline_shows_its_plan_and_its_preview_plays(lab: LabPage) -> None:
    for place, name in enumerate(("a.mp4", "b.mp4")):
        make_video(lab.server.root / name, width_px=640, height_px=360, frames=48, first=9 * place)
    await lab.start(TIMELINE, "cut.preview()")
    strip = await lab.run(0)
    await strip.locator("summary").click()
    await expect(strip.locator("img")).to_have_count(2)
    await expect(strip.locator("td", has_text="A crossfade mixes")).to_be_visible()
    video = (await lab.run(1)).locator("video")
    await video.evaluate("video => { video.muted = true; return video.play(); }")
    await lab.page.wait_for_function(
        "video => video.currentTime > 0.3 && video.videoHeight === 240",
        arg=await video.element_handle(),
    )
