"""A picture of every state of the panel, each after what it must say has been read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from qcut_nb.simulator import Simulator
from support.lab_page import LabPage
from support.media import make_picture, make_sound, make_video
from support.panel_page import PanelPage, live_panel_cell, panel_cell

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "0f3a1111-pictures:91be77aa91be77aa"
FAULTS = "from qcut_nb.simulator import Fault; simulator.faults = [{}]; 0"


@pytest_asyncio.fixture(loop_scope="session")
async def tall(lab: LabPage) -> AsyncIterator[LabPage]:
    """A page on which a whole panel can be seen."""
    before = lab.page.viewport_size
    await lab.page.set_viewport_size({"width": 1280, "height": 2200})
    yield lab
    assert before
    await lab.page.set_viewport_size(before)


async def test_a_form_in_every_state(tall: LabPage) -> None:
    panel = await PanelPage.open(tall, "form")
    await expect(panel.root.get_by_text("No clips yet")).to_be_visible()
    await expect(panel.root.locator("[data-model=veo31] .price")).not_to_have_text("…")
    await panel.picture("empty")

    await panel.root.get_by_text("Filters", exact=True).click()
    await panel.root.get_by_label("Good for").select_option("With Audio")
    await expect(panel.root.get_by_text("Filters (1)")).to_be_visible()
    await panel.picture("filters")
    await panel.root.get_by_role("searchbox", name="Search models").fill("kling")
    await panel.root.get_by_text("Filters (1)").click()
    await expect(panel.root.get_by_text("No model matches.")).to_be_visible()
    await panel.picture("no-match")
    await panel.root.get_by_role("button", name="Clear search and filters").click()
    await panel.root.get_by_text(re.compile("^Retired")).click()
    await expect(panel.root.locator("[data-model=sora2]")).to_contain_text("Veo 3.1 Fast")
    await panel.root.get_by_label("Order of the models").select_option("price")
    await panel.root.locator("[data-model=sora2]").scroll_into_view_if_needed()
    await panel.picture("retired")

    await panel.tick("hailuo_23_pro", "wan_turbo")
    await panel.write("a cat " * 400)
    await expect(panel.root.locator("#reason")).to_contain_text("too many for")
    await panel.picture("prompt-too-long")
    await panel.write("a cat playing with yarn, golden hour")
    for drawer in await panel.root.locator("[data-drawer] summary").all():
        await drawer.click()
    await panel.root.get_by_role("button", name="Add [Pan left] to the prompt").click()
    await expect(panel.root.get_by_role("textbox", name="Prompt", exact=True)).to_have_value(
        re.compile(r"\[Pan left\]")
    )
    await panel.picture("drawers")
    for drawer in await panel.root.locator("[data-drawer] summary").all():
        await drawer.click()
    await panel.root.get_by_text("Exact request, Python").click()
    await expect(panel.root.get_by_label("As Python")).to_contain_text("studio.generate")
    await panel.picture("exact-request")
    await panel.root.get_by_text("Exact request, Python").click()

    boxes = panel.root.locator(".list > .model input[type=checkbox]:enabled:not(:checked)")
    for _ in range(8):
        await boxes.first.check()
    await panel.root.get_by_text("10 models", exact=False).click()
    await expect(panel.generate).to_have_text(re.compile("^Generate 10 clips, "))
    await panel.picture("ten-models")


async def test_input_files_in_every_state(tall: LabPage, tmp_path: Path) -> None:
    panel = await PanelPage.open(tall, "files")
    wide = make_picture(tmp_path / "wide.png", width_px=1280, height_px=720)
    await panel.mode("Image")
    await panel.give("Image", wide)
    await panel.write("it runs")
    await panel.tick("kling_v2_5_i2v", "wan_25_i2v")
    await expect(panel.root.get_by_text(re.compile("1280x720"))).to_be_visible()
    await expect(panel.generate).to_be_enabled()
    await panel.picture("image-ready")
    words = tmp_path / "words.png"
    words.write_text("not a picture")
    await panel.root.get_by_role("button", name="Remove wide.png").click()
    await panel.give("Image", words)
    await expect(panel.root.get_by_role("alert").filter(has_text="is no image")).to_be_visible()
    await panel.picture("image-wrong")

    await panel.mode("Frames")
    await panel.give("First frame", wide)
    await panel.give("Last frame", make_picture(tmp_path / "up.png", width_px=720, height_px=1280))
    await panel.write("it grows")
    await panel.tick("veo31_fast_f2v")
    await expect(panel.root.locator("#reason")).to_contain_text("720x1280")
    await panel.picture("frames-refused")

    await panel.mode("Avatar")
    await panel.root.get_by_role("button", name="Remove words.png").click()
    await panel.give("Image", make_picture(tmp_path / "face.png", width_px=512, height_px=512))
    voice = make_sound(tmp_path / "voice.wav", duration_s=3.0, codec="pcm_s16le")
    await panel.give("Sound file", voice)
    await panel.tick("omnihuman_v1_5")
    await expect(panel.generate).to_be_enabled()
    await panel.picture("avatar-ready")

    await panel.mode("Upscale")
    film = make_video(tmp_path / "film.mp4", width_px=320, height_px=240, frames=48)
    await panel.give("Video", film)
    await panel.tick("topaz_upscaler", "flashvsr_upscaler")
    await expect(panel.generate).to_be_enabled()
    await panel.root.locator("[data-drawer=topaz_upscaler] summary").click()
    await panel.picture("upscale-ready")


async def test_jobs_in_every_state(tall: LabPage) -> None:
    panel = await PanelPage.open(
        tall,
        "jobs",
        "for n in range(7): studio.generate(f'number {n}', models='kling_v2_5')",
        speed=30.0,
        concurrency=1,
    )
    await panel.write("a long one")
    await panel.tick("kling_v2_5", "veo31_fast")
    await panel.start()
    running = panel.root.locator("[data-state=running]")
    await expect(running).to_have_count(1)
    await expect(panel.root.locator("[data-state=queued]")).to_have_count(1)
    await running.get_by_role("button", name=re.compile("^Logs of")).click()
    await panel.root.get_by_role("searchbox", name="Filter").fill("e")
    await panel.picture("jobs-running")
    await running.get_by_role("button", name=re.compile("^Cancel")).click()
    await expect(panel.root.locator("[data-state=cancelled]")).to_have_count(1)
    await panel.picture("job-cancelled")
    await tall.run(1)
    await expect(panel.root.get_by_role("button", name="Show all 9")).to_be_visible()
    await panel.picture("jobs-folded")


async def test_jobs_that_failed_in_every_way(tall: LabPage) -> None:
    panel = await PanelPage.open(
        tall,
        "failures",
        FAULTS.format(
            "Fault(kind='verdict', prompt='refused', status=422,"
            " error_type='content_policy_violation'),"
            "Fault(kind='submit_dropped', prompt='lost', times=99),"
            "Fault(kind='media_truncated', prompt='broken', times=99, at_bytes=10)"
        ),
    )
    await tall.run(1)
    await panel.tick("kling_v2_5")
    for prompt in ("a refused cat", "a broken cat", "a lost cat"):
        await panel.write(prompt)
        await panel.start()
    await expect(panel.root.get_by_role("button", name="Download again: free")).to_be_visible()
    await expect(panel.root.get_by_role("button", name="It is this request")).to_be_visible()
    failed = panel.root.locator("[data-state=failed]")
    await expect(failed).to_have_count(1)
    await panel.picture("jobs-failed")
    await failed.get_by_role("button", name=re.compile("^Details of")).click()
    await expect(failed.get_by_role("button", name="Copy report")).to_be_visible()
    await panel.picture("job-details")


async def test_a_server_that_does_not_answer(tall: LabPage) -> None:
    refuse = ", ".join(
        f"Fault(kind={kind!r}, status=503, times=999)"
        for kind in ("status_error", "stream_refused")
    )
    panel = await PanelPage.open(
        tall,
        "silence",
        FAULTS.format(refuse),
        "simulator.faults = []; 0",
    )
    await tall.run(1)
    await panel.write("a patient cat")
    await panel.tick("kling_v2_5")
    await panel.start()
    await expect(panel.root.get_by_text("lost contact")).to_be_visible()
    await panel.picture("job-lost-contact")
    await tall.run(2)
    await panel.has_clips(1)


async def test_clips_in_every_state(tall: LabPage) -> None:
    panel = await PanelPage.open(tall, "clips")
    await panel.write("a cat playing with yarn, golden hour")
    await panel.tick("kling_v2_5", "veo31_fast", "wan_turbo")
    await panel.root.get_by_role("spinbutton", name=re.compile("^Seed")).fill("42")
    await panel.start()
    await panel.has_clips(3)
    await panel.picture("clips")
    await panel.clips.first.hover()
    await expect(panel.root.locator("video:not([controls])")).to_have_count(1)
    await panel.picture("clip-hovered")
    more = panel.root.get_by_label(re.compile("^More for ")).first
    await more.click()
    await panel.picture("clip-menu")
    await more.click()
    await panel.choose("More for", "Add to timeline")
    await panel.choose("More for", "Rename")
    await panel.root.get_by_role("button", name="4 stars").nth(1).click()
    for box in await panel.root.get_by_role("checkbox", name=re.compile("^Select ")).all():
        await box.check()
    await expect(panel.root.get_by_text("3 selected")).to_be_visible()
    await expect(panel.root.get_by_role("region", name="Timeline")).to_be_visible()
    await panel.picture("clips-selected")
    await panel.root.get_by_role("button", name="Save").click()
    selection = panel.root.get_by_role("group", name="Selected clips")
    await selection.get_by_role("button", name="Delete").click()
    await expect(panel.root.get_by_role("button", name="Undo")).to_be_visible()
    await panel.picture("clips-deleted")
    await panel.root.get_by_role("button", name="Undo").click()
    await panel.has_clips(3)
    await panel.clips.first.click()
    await expect(panel.root.locator("video[controls]")).to_be_visible()
    await panel.picture("clip-playing")
    for sheet in ("History", "Account", "Keyboard shortcuts"):
        await panel.root.get_by_role("button", name=sheet, exact=True).click()
        await expect(tall.page.get_by_role("dialog", name=sheet)).to_be_visible()
        await panel.page_picture(f"sheet-{sheet.lower()}")
        await tall.page.keyboard.press("Escape")
    await panel.start()
    await expect(tall.page.get_by_role("dialog", name="generated before")).to_be_visible()
    await panel.page_picture("question-reuse")
    await tall.page.keyboard.press("Escape")


async def test_questions_about_money(tall: LabPage, tmp_path: Path) -> None:
    with Simulator(tmp_path / "fal", "instant", max_height_px=96) as fal:
        cell = live_panel_cell("money", fal.origin, budget="qc.Budget(ask_above_usd=0.10)")
        await tall.start(cell)
        panel = PanelPage(await tall.run(0), "money")
        await expect(panel.root.get_by_text("LIVE: no key yet")).to_be_visible()
        await panel.write("a cat")
        await panel.tick("kling_v2_5")
        await panel.start()
        await expect(panel.root.get_by_role("button", name="Set a key")).to_be_visible()
        await panel.picture("no-key")
        await panel.root.get_by_role("button", name="Set a key").click()
        dialog = tall.page.get_by_role("dialog", name="Account")
        await dialog.get_by_label("fal.ai key").fill(KEY)
        await dialog.get_by_role("button", name="Use this key").click()
        await expect(dialog.get_by_text("The key …77aa is in use.")).to_be_visible()
        await panel.page_picture("key-set")
        await tall.page.keyboard.press("Escape")
        await panel.start()
        await expect(tall.page.get_by_role("dialog", name="Spend this much?")).to_be_visible()
        await panel.page_picture("question-budget")
        await tall.page.get_by_role("button", name="Generate", exact=True).click()
        await panel.has_clips(1)

        await panel.mode("Upscale")
        await panel.root.get_by_label("Video: Path or URL").fill("https://example.com/film.mp4")
        await tall.page.keyboard.press("Enter")
        await panel.tick("topaz_upscaler")
        await expect(panel.generate).to_have_text("Generate 1 clip, price unknown")
        await panel.start()
        await expect(tall.page.get_by_text("No price is known")).to_be_visible()
        await panel.page_picture("question-unknown-price")
        await tall.page.keyboard.press("Escape")
        await panel.root.get_by_role("button", name="Account", exact=True).click()
        await dialog.get_by_role("radio", name="Simulated").click()
        await expect(panel.root.get_by_text("SIMULATED: free")).to_be_visible()
        await dialog.get_by_role("radio", name="Live").click()
        await expect(tall.page.get_by_role("dialog", name="Spend money from")).to_contain_text(
            "77aa"
        )
        await panel.page_picture("question-live")
        await tall.page.keyboard.press("Escape")
        await expect(panel.root.get_by_text("SIMULATED: free")).to_be_visible()
        assert fal.accepted_submits == 1


async def test_the_panel_in_chinese(tall: LabPage) -> None:
    cells = (
        panel_cell("chinese"),
        FAULTS.format("Fault(kind='verdict', prompt='refused', status=422)"),
    )
    await tall.start(*cells)
    panel = PanelPage(await tall.run(0), "chinese")
    await tall.run(1)
    await panel.tick("kling_v2_5", "veo31_fast")
    await panel.write("a cat")
    await panel.start()
    await panel.has_clips(2)
    await panel.write("a refused cat")
    await panel.start()
    await expect(panel.root.locator("[data-state=failed]")).to_have_count(1)
    await panel.root.get_by_role("button", name="Account", exact=True).click()
    dialog = tall.page.get_by_role("dialog")
    await dialog.get_by_label("Language").select_option("zh")
    try:
        await expect(dialog.get_by_text("语言")).to_be_visible()
        await panel.page_picture("chinese-account")
        await tall.page.keyboard.press("Escape")
        panel = PanelPage(tall.output(0), "chinese", language="zh")
        await panel.root.locator("[data-drawer=veo31_fast] summary").click()
        await panel.root.locator("[data-state=failed] .job-buttons button").nth(1).click()
        await panel.picture("chinese")
        await panel.root.get_by_role("button", name="历史").click()
        await expect(dialog).to_be_visible()
        await panel.page_picture("chinese-history")
        await tall.page.keyboard.press("Escape")
    finally:
        await tall.page.evaluate("localStorage.removeItem('qcut_nb.language')")
