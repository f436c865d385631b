"""States of the panel, open to people who cannot see them, or not well: axe, light and dark."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from qcut_nb.simulator import Simulator
from support.axe import serious
from support.lab_page import LabPage
from support.panel_page import PanelPage, live_panel_cell

pytestmark = pytest.mark.asyncio(loop_scope="session")

THEMES = ("JupyterLab Light", "JupyterLab Dark")
FAULTS = """
from qcut_nb.simulator import Fault
simulator.faults = [
    Fault(kind="verdict", prompt="refused", status=422, error_type="content_policy_violation")
]
"""


@pytest_asyncio.fixture(loop_scope="session")
async def lit(lab: LabPage) -> AsyncIterator[LabPage]:
    """A page that is light again, and as large, afterwards."""
    before = lab.page.viewport_size
    assert before
    await lab.page.set_viewport_size({"width": 1280, "height": 1600})
    yield lab
    await lab.theme(THEMES[0])
    await lab.page.set_viewport_size(before)


async def is_open_to_all(lab: LabPage, panel: PanelPage, state: str) -> None:
    """Look at what is shown in both themes, and keep pictures of it."""
    for theme in THEMES:
        await lab.theme(theme)
        await panel.page_picture(f"access-{state}-{theme.split()[-1].lower()}")
        assert await serious(panel.root) == [], f"{state}, {theme}"


async def test_a_form_with_everything_open_keeps_no_one_out(lit: LabPage) -> None:
    panel = await PanelPage.open(lit, "open-drawers")
    await panel.write("a cat")
    await panel.tick("hailuo_23_pro", "veo31_fast", "kling_v2_5")
    drawers = panel.root.locator("[data-drawer]")
    await expect(drawers).to_have_count(3)
    for drawer in await drawers.locator("summary").all():
        await drawer.click()
    cfg = drawers.get_by_role("spinbutton", name=re.compile("cfg", re.I))
    await cfg.fill("7")
    await expect(drawers.get_by_role("alert")).to_contain_text("outside 0 to 1")
    await is_open_to_all(lit, panel, "drawers-wrong")
    await cfg.fill("0.7")
    await panel.root.get_by_text("Exact request, Python").click()
    await expect(panel.root.get_by_label("As Python")).to_contain_text("studio.generate")
    await panel.root.get_by_text("3 models", exact=False).click()
    await panel.root.get_by_text("Filters", exact=True).click()
    await expect(panel.root.get_by_label("Good for")).to_be_visible()
    await is_open_to_all(lit, panel, "request-bill-filters")


async def test_a_failed_job_and_a_history_with_clips_keep_no_one_out(lit: LabPage) -> None:
    panel = await PanelPage.open(lit, "failed-and-found", FAULTS)
    await lit.run(1)
    await panel.tick("kling_v2_5")
    await panel.write("a cat")
    await panel.start()
    await panel.has_clips(1)
    await panel.write("a refused cat")
    await panel.start()
    failed = panel.root.locator("[data-state=failed]")
    await failed.get_by_role("button", name=re.compile("^Details of")).click()
    await expect(failed.get_by_role("button", name="Copy report")).to_be_visible()
    await is_open_to_all(lit, panel, "job-details")
    await panel.root.get_by_role("button", name="History", exact=True).click()
    history = lit.page.get_by_role("dialog", name="History")
    await expect(history.get_by_role("button", name=re.compile("^Play "))).to_have_count(1)
    await is_open_to_all(lit, panel, "history")
    await lit.page.keyboard.press("Escape")


async def test_a_question_about_money_keeps_no_one_out(lit: LabPage, tmp_path: Path) -> None:
    with Simulator(tmp_path / "fal", "instant", max_height_px=96) as fal:
        budget = "qc.Budget(ask_above_usd=0.10)"
        await lit.start(
            "import os; os.environ['FAL_KEY'] = '0f3a1111-ask:91be77aa91be77aa'",
            live_panel_cell("asking", fal.origin, budget=budget),
        )
        await lit.run(0)
        panel = PanelPage(await lit.run(1), "asking")
        await panel.write("a cat")
        await panel.tick("kling_v2_5")
        await panel.start()
        await expect(lit.page.get_by_role("dialog", name="Spend this much?")).to_be_visible()
        await is_open_to_all(lit, panel, "question")
        await lit.page.keyboard.press("Escape")
        assert fal.accepted_submits == 0


async def test_a_file_that_is_wrong_keeps_no_one_out(lit: LabPage, tmp_path: Path) -> None:
    panel = await PanelPage.open(lit, "wrong-file")
    words = tmp_path / "words.png"
    words.write_text("not a picture")
    await panel.mode("Image")
    await panel.give("Image", words)
    image = panel.root.get_by_role("group", name=re.compile("^Image"))
    await expect(image.get_by_role("alert")).to_contain_text("is no image")
    await is_open_to_all(lit, panel, "upload-wrong")
