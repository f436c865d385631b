"""The panel at every width, in every theme, by keyboard alone, and for people who cannot see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from support.axe import axe_script
from support.lab_page import LabPage
from support.panel_page import PanelPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENSHOTS = Path(__file__).parent / "screenshots"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")


async def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"panel-{name}.png")


async def with_a_clip(panel: PanelPage) -> None:
    await panel.write("a cat playing with yarn")
    await panel.tick("kling_v2_5", "veo31_fast")
    await panel.start()
    await panel.has_clips(2)


async def test_the_panel_fits_every_width(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "widths")
    await with_a_clip(panel)
    lab.leave()  # the page keeps the widths that are set here
    for name, width_px in (("full", 900), ("compact", 500)):
        await narrow(lab.page, width_px)
        await lab.page.wait_for_function(
            "([root, width]) => root.getBoundingClientRect().width <= width",
            arg=[await panel.root.element_handle(), width_px],
        )
        too_wide = await panel.root.evaluate("root => root.scrollWidth > root.clientWidth + 1")
        assert not too_wide, name
        await picture(lab.page, name)
    await narrow(lab.page, 300)
    folded = lab.page.get_by_role("button", name="Open the video generation of widths")
    await expect(folded).to_be_visible()
    await picture(lab.page, "narrow")
    await folded.click()
    await expect(lab.page.get_by_role("region", name="Video generation for widths")).to_be_visible()
    await picture(lab.page, "narrow-opened")


async def narrow(page: Page, width_px: int) -> None:
    """Leave the cell's output this much room."""
    await page.add_style_tag(
        content=f".jp-OutputArea-output {{ max-width: {width_px}px !important }}"
    )


async def test_it_is_readable_in_light_dark_and_high_contrast(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "themes")
    await with_a_clip(panel)
    try:
        for theme in THEMES:
            await lab.page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
                theme,
            )
            await lab.page.wait_for_function(
                "name => document.body.dataset.jpThemeName === name", arg=theme
            )
            await picture(lab.page, theme.replace(" ", "-").lower())
            assert await serious(lab.page, panel) == []
    finally:
        await lab.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            THEMES[0],
        )


async def serious(page: Page, panel: PanelPage) -> list[str]:
    """What axe finds in the panel that keeps people out: rule, element."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.add_script_tag(path=axe_script())
    found: dict[str, Any] = await page.evaluate(
        """async (root) => {
          const host = root.getRootNode().host ?? root;
          const found = await window.axe.run(host, {resultTypes: ['violations']});
          return {violations: found.violations};
        }""",
        await panel.root.element_handle(),
    )
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


async def test_no_mode_and_no_sheet_keeps_anyone_out(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "axe")
    for mode in ("Text", "Image", "Frames", "Avatar", "Remix", "Upscale"):
        await panel.mode(mode)
        await expect(panel.root.get_by_role("tab", name=mode)).to_have_attribute(
            "aria-selected", "true"
        )
        await picture(lab.page, f"mode-{mode.lower()}")
        assert await serious(lab.page, panel) == [], mode
    for sheet in ("History", "Account"):
        await panel.root.get_by_role("button", name=sheet, exact=True).click()
        await expect(lab.page.get_by_role("dialog", name=sheet)).to_be_visible()
        await picture(lab.page, f"sheet-{sheet.lower()}")
        assert await serious(lab.page, panel) == [], sheet
        await lab.page.keyboard.press("Escape")


async def test_a_keyboard_is_enough_from_opening_to_a_clip(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "keys")
    keyboard = lab.page.keyboard
    await panel.root.get_by_role("tab", name="Text").focus()
    await keyboard.press("ArrowRight")
    await expect(panel.root.get_by_role("tab", name="Image")).to_be_focused()
    await keyboard.press("Alt+1")
    await keyboard.press("Tab")
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    for _ in range(3):
        if await prompt.evaluate("e => e.getRootNode().activeElement === e"):
            break
        await keyboard.press("Tab")
    await expect(prompt).to_be_focused()
    await keyboard.type("a lighthouse / at night")
    await panel.generate.focus()
    await keyboard.press("/")
    search = panel.root.get_by_role("searchbox", name="Search models")
    await expect(search).to_be_focused()
    await keyboard.type("kling_v2_5")
    row = panel.root.locator("[data-model=kling_v2_5] input[type=checkbox]")
    await expect(row).to_be_visible()
    await keyboard.press("ArrowDown")
    await expect(panel.root.locator("[data-model] input:focus")).to_have_count(1)
    while not await row.evaluate("e => e.getRootNode().activeElement === e"):
        await keyboard.press("ArrowDown")
    await keyboard.press("Space")
    await expect(row).to_be_checked()
    await expect(panel.generate).to_be_enabled()
    await keyboard.press("Control+Enter")
    await panel.has_clips(1)
    await expect(prompt).to_have_value("a lighthouse / at night")
    await expect(
        panel.root.get_by_role("status").filter(has_text=re.compile("."))
    ).not_to_have_count(0)
