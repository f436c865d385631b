"""How a file gets into the panel: dropped, pasted, and large."""

from __future__ import annotations

import hashlib
import os
import re
from math import floor
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from support.lab_page import LabPage
from support.media import make_picture, make_video
from support.panel_page import PanelPage
from support.stopping import stopped

pytestmark = pytest.mark.asyncio(loop_scope="session")
FILES = """
import hashlib
[(file.name, hashlib.sha256(file.read_bytes()).hexdigest())
 for file in (studio.folder / "inputs").iterdir()]
"""


def field(panel: PanelPage, name: str) -> Locator:
    return panel.root.get_by_role("group", name=re.compile(f"^{name}"))


async def drag(page: Page, file: Path, target: Locator, *kinds: str) -> None:
    """Let the browser see a file dragged over the middle of something, as from a desktop."""
    await target.scroll_into_view_if_needed()
    box = await target.bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    session = await page.context.new_cdp_session(page)
    for kind in kinds:
        await session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})
    await session.detach()


async def test_a_picture_that_is_dropped_on_its_field_becomes_a_clip(
    lab: LabPage, tmp_path: Path
) -> None:
    made = "[(clip.model_id, len(clip.recipe.inputs)) for clip in studio.clips]"
    panel = await PanelPage.open(lab, "dropped", made)
    await panel.mode("Image")
    image = field(panel, "Image")
    cat = make_picture(tmp_path / "cat.png", width_px=640, height_px=360)
    await drag(lab.page, cat, image, "dragEnter", "dragOver")
    await expect(image).to_have_class(re.compile(r"\bover\b"))
    await panel.picture("drag-over")
    await drag(lab.page, cat, image, "drop")
    await expect(image).not_to_have_class(re.compile(r"\bover\b"))
    await expect(image.get_by_text("640x360")).to_be_visible()
    await expect(image.locator("img")).to_be_visible()
    await panel.write("it runs")
    await panel.tick("kling_v2_5_i2v")
    await panel.start()
    await panel.has_clips(1)
    await lab.run(1)
    assert await lab.text(1) == "[('kling_v2_5_i2v', 1)]"


async def test_a_file_that_is_dropped_beside_its_field_finds_it(
    lab: LabPage, tmp_path: Path
) -> None:
    panel = await PanelPage.open(lab, "beside")
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    cat = make_picture(tmp_path / "cat.png", width_px=640, height_px=360)
    before = lab.page.url
    await drag(lab.page, cat, prompt, "dragEnter", "dragOver", "drop")  # no file is asked for
    await panel.mode("Frames")
    for name in ("First frame", "Last frame"):
        await drag(lab.page, cat, prompt, "dragEnter", "dragOver", "drop")
        await expect(field(panel, name).get_by_text("640x360")).to_be_visible()
    await panel.mode("Image")
    words = tmp_path / "words.txt"
    words.write_text("no picture")
    await drag(lab.page, words, prompt, "dragEnter", "dragOver", "drop")
    await expect(field(panel, "Image").get_by_role("alert")).to_contain_text("is no image")
    await expect(prompt).to_have_value("")
    assert lab.page.url == before


async def test_pictures_that_are_pasted_fill_the_empty_fields_in_turn(lab: LabPage) -> None:
    origin = lab.server.url
    await lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    panel = await PanelPage.open(lab, "pasted", FILES)
    await panel.mode("Frames")
    await panel.root.get_by_role("textbox", name="Prompt", exact=True).focus()
    for name, width_px in (("First frame", 640), ("Last frame", 1280)):
        await copy_picture(lab.page, width_px, width_px * 9 // 16)
        await lab.page.keyboard.press("Control+V")
        size = f"{width_px}x{width_px * 9 // 16}"
        await expect(field(panel, name).get_by_text(size)).to_be_visible()
    # Text is still text.
    await lab.page.evaluate("navigator.clipboard.writeText('pasted words')")
    await lab.page.keyboard.press("Control+V")
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(prompt).to_have_value("pasted words")
    await lab.run(1)
    assert len(re.findall(r"'image.*?\.png'", await lab.text(1))) == 2


async def copy_picture(page: Page, width_px: int, height_px: int) -> None:
    """Put a picture on the clipboard, as a screenshot tool does."""
    await page.evaluate(
        """async ([width, height]) => {
          const canvas = new OffscreenCanvas(width, height);
          canvas.getContext('2d').fillRect(0, 0, width / 2, height);
          const blob = await canvas.convertToBlob({type: 'image/png'});
          await navigator.clipboard.write([new ClipboardItem({'image/png': blob})]);
        }""",
        [width_px, height_px],
    )


WATCH_UPLOAD = """(group) => {
  window.uploadSeen = [];
  new MutationObserver(() => {
    const bar = group.querySelector('progress');
    if (!bar) return;
    const said = group.querySelector('[role=status]').textContent;
    window.uploadSeen.push([bar.value, bar.max, said]);
  }).observe(group, {attributes: true, characterData: true, childList: true, subtree: true});
}"""


def large_video(path: Path, size_bytes: int) -> Path:
    """A video that plays, with room in it that nobody uses: a `free` box."""
    make_video(path, width_px=320, height_px=240, frames=48)
    box_bytes = size_bytes - path.stat().st_size
    with path.open("ab") as file:
        file.write(box_bytes.to_bytes(4, "big") + b"free")
    os.truncate(path, size_bytes)
    return path


async def test_a_large_file_shows_how_much_of_it_has_arrived(lab: LabPage, tmp_path: Path) -> None:
    panel = await PanelPage.open(lab, "large", "import os; os.getpid()", FILES)
    await lab.run(1)
    await panel.mode("Upscale")
    video = field(panel, "Video")
    film = large_video(tmp_path / "film.mp4", 48_000_000)
    await lab.page.evaluate(WATCH_UPLOAD, await video.element_handle())
    await panel.give("Video", film)
    await lab.page.wait_for_function("uploadSeen.some(([value]) => value > 0.2)")
    with stopped(int(await lab.text(1))):  # for a picture of it
        await expect(video.get_by_text(re.compile(r"^sending \d+ %$"))).to_be_visible()
        await expect(panel.generate).to_be_disabled()
        await panel.picture("upload-under-way")
    await expect(video.get_by_text("320x240")).to_be_visible()
    await expect(video.locator("progress")).to_have_count(0)

    seen: list[tuple[float, float, str]] = await lab.page.evaluate("uploadSeen")
    values = [value for value, _, _ in seen]
    assert values == sorted(values)
    assert len({value for value in values if 0 < value < 1}) > 10
    for value, most, said in seen:
        assert (most, said) == (1, f"sending {floor(value * 100)} %")
    await lab.run(2)
    digest = hashlib.sha256(film.read_bytes()).hexdigest()
    assert re.findall(r"'(.*?)'", await lab.text(2)) == ["film.mp4", digest]
