"""Comparisons for people who use keys and listen, and for those who do not see well."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from support.axe import serious
from support.compare_page import press, ready, shown
from support.lab_page import LabPage
from support.numbered_clips import numbered_clip

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = "label-content-name-mismatch"
SAID = (
    *(("Space", "Play"), ("Space", "Pause"), ("k", "Play"), ("k", "Pause")),
    *(("l", "Play"), ("l", "Speed 1.5x"), ("End", "frame 120 of 120")),
    *(("j", "backwards"), ("k", "Pause")),
    *(("ArrowUp", "Speed 2x"), ("ArrowDown", "Speed 1.5x"), ("Home", "frame 1 of 120")),
    *(("ArrowRight", "frame 2 of 120"), ("ArrowLeft", "frame 1 of 120")),
    *(("Shift+ArrowRight", "frame 31 of 120"), ("Shift+ArrowLeft", "frame 1 of 120")),
    *(("i", "0:00.000 - 0:04.000"), ("o", "0:00.000 - 0:00.033"), ("p", "Loop all of it")),
    *(("End", "frame 120 of 120"), ("1", "Sound from one"), ("2", "Sound from two")),
    *(("m", "Sound off"), ("3", "three has no sound"), ("t", "Two"), ("w", "Wipe")),
    *(("Shift+3", "First clip: three"), ("2", "Second clip: two")),
    *(("d", "Difference"), ("f", "Flicker"), ("g", "Grid")),
    *(("z", "1:1"), ("z", "Fit"), ("+", "125 %"), ("-", "100 %"), ("0", "Fit")),
    *((",", "two: -1 fr"), (".", "two: 0 fr"), ("?", "Keys"), ("?", "Keys off")),
    *(("x", "Full screen"), ("X", "Full screen off")),
    *(("v", "Names are hidden, places are shuffled"), ("v", "Vote off")),
)


async def test_every_key_says_what_it_did(lab: LabPage) -> None:
    for name, fps in (("one", 24), ("two", 30), ("three", 25)):
        numbered_clip(lab.server.root / f"{name}.mp4", seconds=4, fps=fps, sound=name != "three")
    region = await shown(lab, "['one.mp4', 'two.mp4', 'three.mp4']")
    for key, said in SAID:
        await press(region, key)
        await expect(region.locator("[aria-live=polite]")).to_have_text(said)


async def test_everything_can_be_done_by_keyboard_and_is_said(lab: LabPage) -> None:
    for name in ("one", "two"):
        numbered_clip(lab.server.root / f"{name}.mp4", sound=True)
    region = await shown(lab, "['one.mp4', 'two.mp4']")
    said = region.locator("[aria-live=polite]")
    await press(region, "2")
    await expect(said).to_have_text("Sound from two")
    muted = "region => [...region.querySelectorAll('video')].map(video => video.muted)"
    assert await region.evaluate(muted) == [True, False]
    await press(region, "m")
    assert await region.evaluate(muted) == [True, True]
    await press(region, "ArrowUp")
    await expect(said).to_have_text("Speed 1.5x")
    await press(region, "l")
    await expect(region.get_by_role("button", name="Pause")).to_be_visible()
    await press(region, "k")
    await expect(region.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await press(region, "End", "j")
    await expect(region).to_contain_text("backwards")
    await press(region, "k", "t")
    await expect(said).to_have_text("Two")
    await press(region, "z", "+")
    scale = "region => getComputedStyle(region.querySelector('.stage')).getPropertyValue('--zoom')"
    assert float(await region.evaluate(scale)) == pytest.approx(1.25)
    await press(region, "0", "?")
    await expect(region).to_contain_text("one frame, by the finest rate")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
async def test_no_mode_keeps_anyone_out(lab: LabPage, theme: str) -> None:
    for name in ("up", "down", "left"):
        numbered_clip(lab.server.root / f"{name}.mp4", sound=name == "up")
    region = await shown(lab, "['up.mp4', 'down.mp4', 'left.mp4', 'gone.mp4']")
    await lab.theme(theme)
    await press(region, "z", "i", "?")
    for mode in ("g", "t", "w", "d", "f"):
        await press(region, mode)
        await ready(lab, region)
        assert await serious(region, NAMES) == [], mode
    await press(region, "?", "z", "+", "g", "v")
    await expect(region.get_by_role("button", name="1st place")).to_have_count(3)
    assert await serious(region, NAMES) == []
    await region.get_by_role("button", name="1st place").first.click()
    await region.get_by_role("button", name=re.compile("2nd place")).first.click()
    await region.get_by_role("button", name="Send the vote").click()
    await expect(region).to_contain_text("Vote kept.")
    assert await serious(region, NAMES) == []
    await lab.theme("JupyterLab Light")
