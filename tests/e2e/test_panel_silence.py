"""A kernel that hangs: what a person is told, and that nothing is lost or paid twice by it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from support.axe import serious
from support.lab_page import LabPage
from support.panel_page import PanelPage
from support.stopping import stopped

pytestmark = pytest.mark.asyncio(loop_scope="session")

PID = "import os; os.getpid()"
SILENT = re.compile("The kernel has not answered yet")


async def test_a_kernel_that_hangs_is_said_and_nothing_is_made_up_meanwhile(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "hanging", PID, "len(studio.jobs)", speed=600.0)
    pid = int(await read(lab, 1))
    await panel.write("a long one")
    await panel.tick("wan_turbo")
    await panel.start()
    running = panel.root.locator("[data-state=running]")
    await expect(running.locator(".pulse")).to_have_count(1)
    await panel.write("another")
    await panel.tick("kling_v2_5")
    await expect(panel.generate).to_be_enabled()
    said = panel.root.get_by_role("status").filter(has_text=SILENT)
    with stopped(pid):
        await panel.generate.click()
        await expect(said).to_be_visible()
        await expect(panel.root.get_by_role("button", name="Starting…")).to_be_disabled()
        await expect(panel.root.locator("[data-state]")).to_have_count(1)
        await expect(panel.root.locator(".pulse")).to_have_count(0)
        await panel.picture("kernel-silent")
        assert await serious(panel.root) == []
        await lab.theme("JupyterLab Dark")
        await panel.picture("kernel-silent-dark")
        assert await serious(panel.root) == []
        await lab.theme("JupyterLab Light")
    await expect(said).to_have_count(0)
    await expect(panel.root.locator("[data-state=running]")).to_have_count(3)
    await lab.run(2)
    assert await lab.text(2) == "3"


async def read(lab: LabPage, cell: int) -> str:
    await lab.run(cell)
    return await lab.text(cell)
