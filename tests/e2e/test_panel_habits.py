"""What a person does with the panel day after day: again, tidy up, take home, come back."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import expect

from support.lab_page import LabPage
from support.panel_page import PanelPage, panel_cell

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def make_one(panel: PanelPage, prompt: str = "a red cat") -> None:
    await panel.write(prompt)
    await panel.tick("kling_v2_5")
    await panel.start()
    await panel.has_clips(1)


async def test_one_intent_is_one_payment_however_often_it_is_pressed(lab: LabPage) -> None:
    count = "print(len(studio.jobs), simulator.accepted_submits)"
    panel = await PanelPage.open(lab, "pressed", count, count)
    keys, button = lab.page.keyboard, panel.root.locator("[data-field=generate]")
    press_when_started = "button => button.textContent === 'Started' && (button.click(), true)"
    await panel.write("a red cat")
    await panel.tick("kling_v2_5")
    await expect(panel.generate).to_be_enabled()
    await panel.root.get_by_role("textbox", name="Prompt", exact=True).focus()
    await keys.down("Control")
    await keys.down("Enter")
    await lab.page.wait_for_function(press_when_started, arg=await button.element_handle())
    await panel.picture("started")
    await expect(panel.generate).to_be_enabled()
    for _ in range(3):  # it is still held
        await keys.down("Enter")
    await keys.up("Control")
    await panel.generate.focus()
    for _ in range(3):
        await keys.down("Enter")
    await keys.up("Enter")
    await panel.has_clips(1)
    await lab.run(1)
    assert await lab.text(1) == "1 1\n"
    await panel.generate.dblclick()
    await panel.has_clips(2)
    await expect(panel.generate).to_be_enabled()
    await lab.run(2)
    assert await lab.text(2) == "2 2\n"


async def test_a_clip_is_made_again_and_made_differently(lab: LabPage) -> None:
    prompts = "[clip.prompt for clip in studio.clips]"
    panel = await PanelPage.open(lab, "again-and-again", prompts)
    await make_one(panel)
    await panel.write("something else")
    await panel.root.get_by_role("button", name=re.compile("^Again:")).click()
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(prompt).to_have_value("a red cat")
    await panel.start()
    answer = panel.root.get_by_role("button", name="Generate anew")
    await expect(answer.or_(panel.clips.nth(1))).to_be_visible()
    if await answer.is_visible():
        await answer.click()
    await panel.has_clips(2)
    await panel.choose("More for", "Change and generate")
    await prompt.fill("a red dog")
    await panel.start()
    await panel.has_clips(3)
    await lab.run(1)
    assert await lab.text(1) == "['a red dog', 'a red cat', 'a red cat']"


async def test_clips_are_renamed_rated_deleted_and_brought_back(lab: LabPage) -> None:
    said = "[(c.title, c.rating) for c in studio.clips], len(studio.deleted_clips)"
    panel = await PanelPage.open(lab, "tidy", said, said)
    await make_one(panel)
    await panel.root.get_by_role("button", name="4 stars").click()
    await panel.choose("More for", "Rename")
    await panel.root.get_by_role("textbox", name=re.compile("^Title of")).fill("Our cat")
    await panel.root.get_by_role("button", name="Save").click()
    await expect(panel.root.get_by_text("Our cat", exact=True)).to_be_visible()
    await panel.choose("More for", "Delete")
    await panel.has_clips(0)
    await lab.run(1)
    assert await lab.text(1) == "([], 1)"
    await panel.root.get_by_role("button", name="Undo").click()
    await panel.has_clips(1)
    await lab.run(2)
    assert await lab.text(2) == "([('Our cat', 4)], 0)"


async def test_a_selection_comes_home_as_a_zip_with_its_recipes(
    lab: LabPage, tmp_path: Path
) -> None:
    panel = await PanelPage.open(lab, "zip")
    await panel.write("a cat")
    await panel.tick("kling_v2_5", "wan_turbo")
    await panel.start()
    await panel.has_clips(2)
    for box in await panel.root.get_by_role("checkbox", name=re.compile("^Select ")).all():
        await box.check()
    async with lab.page.expect_download() as waiting:
        selection = panel.root.get_by_role("group", name="Selected clips")
        await selection.get_by_role("button", name=re.compile("ZIP")).click()
    download = await waiting.value
    target = tmp_path / "clips.zip"
    await download.save_as(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        recipes = [json.loads(archive.read(n)) for n in archive.namelist() if n.endswith(".json")]
        assert {recipe["model_id"] for recipe in recipes} == {"kling_v2_5", "wan_turbo"}
        assert sum(name.endswith(".mp4") for name in archive.namelist()) == 2


async def test_the_history_finds_a_clip_by_its_words(lab: LabPage) -> None:
    many = "[studio.generate(f'cat number {n}', models='kling_v2_5').wait() for n in range(12)]; 0"
    await lab.start(panel_cell("past").replace("studio.panel()", many), "studio.panel()")
    await lab.run(0)
    panel = PanelPage(await lab.run(1), "past")
    await panel.has_clips(10)
    await panel.root.get_by_role("button", name="History").click()
    dialog = lab.page.get_by_role("dialog", name="History")
    await dialog.get_by_label("Search prompts, titles, models").fill("number 3")
    await expect(dialog.get_by_text("1 clip", exact=True)).to_be_visible()
    await expect(dialog.get_by_role("button", name=re.compile("^Play "))).to_have_count(1)
    await lab.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_a_clip_on_the_timeline_keeps_its_name_however_old_it_is(lab: LabPage) -> None:
    many = (
        "[studio.generate(f'cat number {n}', models='kling_v2_5').wait() for n in range(20, 31)]; 0"
    )
    name = "studio.clips[-1].rename('The first cat'); 0"
    await lab.start(panel_cell("old").replace("studio.panel()", many), "studio.panel()", name)
    await lab.run(0)
    panel = PanelPage(await lab.run(1), "old")
    await panel.root.get_by_role("button", name="History", exact=True).click()
    history = lab.page.get_by_role("dialog", name="History")
    await history.get_by_label("Search prompts, titles, models").fill("number 20")
    await expect(history.get_by_text("1 clip", exact=True)).to_be_visible()
    await history.get_by_label(re.compile("^More for ")).click()
    await history.get_by_role("button", name="Add to timeline", exact=True).click()
    await lab.page.keyboard.press("Escape")
    await lab.page.keyboard.press("Escape")
    timeline = panel.root.get_by_role("region", name="Timeline").get_by_role("listitem")
    by_prompt = "AI (Kling v2.5 Turbo Pro): cat number 20"
    await expect(timeline.locator("span")).to_have_text([by_prompt])
    await lab.save()
    await lab.reload()
    panel = PanelPage(lab.output(1), "old")
    await expect(timeline.locator("span")).to_have_text([by_prompt])
    await panel.page_picture("timeline")
    await lab.run(2)
    await expect(timeline.locator("span")).to_have_text(["The first cat"])


async def test_a_second_view_stays_in_step(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "twice")
    await lab.page.evaluate(
        """() => { const app = window.jupyterapp;
        const panel = app.shell.currentWidget;
        panel.content.activeCellIndex = 0;
        void app.commands.execute('notebook:create-output-view'); }"""
    )
    beside = PanelPage(lab.page.locator(".jp-LinkedOutputView"), "twice")
    await expect(beside.root).to_be_visible()
    await panel.write("a cat on both sides")
    await panel.tick("kling_v2_5")
    prompt = beside.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(prompt).to_have_value("a cat on both sides")
    await expect(beside.generate).to_be_enabled()
    await beside.generate.click()
    await beside.has_clips(1)
    await panel.has_clips(1)
    await panel.page_picture("second-view")
    lab.leave()


async def test_everything_is_back_after_a_kernel_restart(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "restart")
    await make_one(panel, "a cat that stays")
    # The choice is kept by now: the clip came after it.
    await lab.start(panel_cell("restart"))
    panel = PanelPage(await lab.run(0), "restart")
    await panel.has_clips(1)
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(prompt).to_have_value("a cat that stays")
    await expect(panel.root.locator("[data-model=kling_v2_5] input")).to_be_checked()
