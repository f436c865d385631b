"""The panel at every width, in every theme, by keyboard alone, and for people who cannot see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from support.axe import serious
from support.lab_page import LabPage
from support.panel_page import PanelPage, panel_cell

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
            await lab.theme(theme)
            await picture(lab.page, theme.replace(" ", "-").lower())
            assert await serious(panel.root) == []
    finally:
        await lab.theme(THEMES[0])


async def test_no_mode_and_no_sheet_keeps_anyone_out(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "axe")
    for mode in ("Text", "Image", "Frames", "Avatar", "Remix", "Upscale"):
        await panel.mode(mode)
        await expect(panel.root.get_by_role("tab", name=mode)).to_have_attribute(
            "aria-selected", "true"
        )
        await picture(lab.page, f"mode-{mode.lower()}")
        assert await serious(panel.root) == [], mode
    for sheet in ("History", "Account", "Keyboard shortcuts"):
        await panel.root.get_by_role("button", name=sheet, exact=True).click()
        await expect(lab.page.get_by_role("dialog", name=sheet)).to_be_visible()
        await picture(lab.page, f"sheet-{sheet.lower().replace(' ', '-')}")
        assert await serious(panel.root) == [], sheet
        await lab.page.keyboard.press("Escape")


async def tab_to(page: Page, target: Locator, most: int) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(most):
        if await has_focus(target):
            return
        await page.keyboard.press("Tab")
    await expect(target).to_be_focused()


async def has_focus(target: Locator) -> bool:
    return bool(await target.evaluate("e => e.getRootNode().activeElement === e"))


async def test_a_keyboard_is_enough_from_opening_to_a_clip(lab: LabPage) -> None:
    await lab.start(panel_cell("keys"))
    keyboard = lab.page.keyboard
    await lab.page.evaluate("window.jupyterapp.commands.execute('notebook:enter-command-mode')")
    await keyboard.press("Control+Enter")
    await lab.finished(0)
    panel = PanelPage(lab.output(0), "keys")
    await expect(panel.root).to_be_visible()
    await tab_to(lab.page, panel.root.get_by_role("tab", name="Text"), most=15)
    await keyboard.press("ArrowRight")
    await expect(panel.root.get_by_role("tab", name="Image")).to_be_focused()
    await keyboard.press("Alt+1")
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await tab_to(lab.page, prompt, most=3)
    await keyboard.type("a lighthouse / at night")
    await keyboard.press("Shift+Tab")
    await keyboard.press("/")
    search = panel.root.get_by_role("searchbox", name="Search models")
    await expect(search).to_be_focused()
    await keyboard.type("kling_v2_5")
    row = panel.root.locator("[data-model=kling_v2_5] input[type=checkbox]")
    await expect(row).to_be_visible()
    await keyboard.press("ArrowDown")
    await expect(panel.root.locator("[data-model] input:focus")).to_have_count(1)
    while not await has_focus(row):
        await keyboard.press("ArrowDown")
    await keyboard.press("Space")
    await expect(row).to_be_checked()
    await expect(panel.generate).to_be_enabled()
    await keyboard.press("Control+Enter")
    await panel.has_clips(1)
    await expect(prompt).to_have_value("a lighthouse / at night")
    said = panel.root.get_by_role("status").filter(has_text="Kling v2.5 Turbo Pro: clip is ready")
    await expect(said).to_have_count(1)
    await tab_to(lab.page, panel.clips.first, most=40)
    await keyboard.press("Enter")
    await expect(panel.root.locator("video[controls]")).to_be_focused()


async def test_what_is_wrong_is_said_at_its_field_and_gets_the_focus(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "bad-input")
    await panel.tick("kling_v2_5", "wan_turbo")
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(panel.root.locator("#reason")).to_have_text("Write a prompt.")
    await panel.generate.focus()
    await lab.page.keyboard.press("Enter")
    await expect(prompt).to_be_focused()
    await panel.write("waves")
    drawer = panel.root.locator("[data-drawer=kling_v2_5]")
    await drawer.locator("summary").click()
    cfg = drawer.get_by_role("spinbutton", name=re.compile("cfg", re.I))
    await cfg.fill("7")
    await expect(drawer.get_by_role("alert")).to_contain_text("outside 0 to 1")
    await expect(panel.generate).to_be_disabled()
    await drawer.locator("summary").click()  # what is wrong cannot be put out of sight
    await panel.generate.focus()
    await lab.page.keyboard.press("Enter")
    await expect(cfg).to_be_focused()
    await drawer.get_by_role("button", name="Reset cfg scale").click()
    await expect(panel.generate).to_be_enabled()


async def test_nothing_moves_by_itself_where_that_is_unwanted(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "calm", speed=600.0)
    await panel.write("waves")
    await panel.tick("kling_v2_5")
    await panel.start()
    pulse = panel.root.locator(".pulse")
    moving = "e => getComputedStyle(e).animationName"
    await expect(pulse).to_have_count(1)
    assert await pulse.evaluate(moving) == "pulse"
    try:
        await lab.page.emulate_media(reduced_motion="reduce")
        assert await pulse.evaluate(moving) == "none"
    finally:
        await lab.page.emulate_media(reduced_motion="no-preference")
