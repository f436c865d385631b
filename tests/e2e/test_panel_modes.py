"""The panel's modes in JupyterLab: from a file to a clip, and what is refused on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from support.lab_page import LabPage
from support.media import make_picture, make_sound, make_video
from support.panel_page import PanelPage

pytestmark = pytest.mark.asyncio(loop_scope="session")
MADE = "[(clip.model_id, len(clip.recipe.inputs)) for clip in studio.clips]"


async def test_a_picture_becomes_a_clip(lab: LabPage, tmp_path: Path) -> None:
    panel = await PanelPage.open(lab, "from-image", MADE)
    await panel.mode("Image")
    await panel.give("Image", make_picture(tmp_path / "cat.png", width_px=640, height_px=360))
    await expect(panel.root.get_by_text("640x360")).to_be_visible()
    await panel.write("it runs")
    await panel.tick("kling_v2_5_i2v")
    await panel.start()
    await panel.has_clips(1)
    await lab.run(1)
    assert "('kling_v2_5_i2v', 1)" in await lab.text(1)


async def test_two_frames_become_a_clip_once_their_shapes_agree(
    lab: LabPage, tmp_path: Path
) -> None:
    panel = await PanelPage.open(lab, "from-frames", MADE)
    await panel.mode("Frames")
    wide = make_picture(tmp_path / "wide.png", width_px=640, height_px=360)
    await panel.give("First frame", wide)
    await panel.give("Last frame", make_picture(tmp_path / "up.png", width_px=360, height_px=640))
    await panel.write("it grows")
    await panel.tick("veo31_fast_f2v")
    await expect(panel.root.get_by_text(re.compile("360x640.*640x360")).first).to_be_visible()
    await expect(panel.generate).to_be_disabled()
    await panel.root.get_by_role("button", name=re.compile("Remove up")).click()
    await panel.give("Last frame", wide)
    await panel.start()
    await panel.has_clips(1)
    await lab.run(1)
    assert "('veo31_fast_f2v', 2)" in await lab.text(1)


async def test_a_face_and_a_voice_become_a_clip_as_long_as_the_voice(
    lab: LabPage, tmp_path: Path
) -> None:
    panel = await PanelPage.open(lab, "avatar", "studio.clips[0].facts.duration_s")
    await panel.mode("Avatar")
    await panel.give("Image", make_picture(tmp_path / "face.png", width_px=512, height_px=512))
    voice = make_sound(tmp_path / "voice.wav", duration_s=3.0, codec="pcm_s16le")
    await panel.give("Sound file", voice)
    await panel.tick("omnihuman_v1_5")
    await panel.start()
    await panel.has_clips(1)
    await lab.run(1)
    assert float(await lab.text(1)) == pytest.approx(3.0, abs=0.2)


async def test_a_clip_is_upscaled_from_its_card(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "bigger", "[c.facts.height_px for c in studio.clips]")
    await panel.write("a cat")
    await panel.tick("kling_v2_5")
    await panel.start()
    await panel.has_clips(1)
    await panel.choose("Use", "Upscale")
    await expect(panel.root.get_by_role("tab", name="Upscale")).to_have_attribute(
        "aria-selected", "true"
    )
    await panel.tick("topaz_upscaler")
    await panel.start()
    await panel.has_clips(2)


async def test_a_sora_clip_is_remixed_from_its_card(lab: LabPage) -> None:
    keep = "studio.generate('a cat', models='sora2', delete_video=False).wait(); studio.panel()"
    panel = await PanelPage.open(lab, "remix", keep, "[c.model_id for c in studio.clips]")
    panel = PanelPage(await lab.run(1), "remix")
    await panel.has_clips(1)
    await panel.choose("Use", "Remix")
    await panel.write("a dog instead")
    await panel.tick("sora2_remix")
    await expect(panel.generate).to_be_enabled()
    await panel.picture("remix-chosen")
    await panel.start()
    await panel.has_clips(2)
    await lab.run(2)
    assert "sora2_remix" in await lab.text(2)


async def test_a_drawer_changes_what_is_sent(lab: LabPage) -> None:
    sent = "studio.jobs[0]._core.project.store.jobs()[0].request"
    panel = await PanelPage.open(lab, "drawer", sent)
    await panel.write("a cat")
    await panel.tick("kling_v2_5")
    drawer = panel.root.locator("[data-drawer=kling_v2_5]")
    await drawer.locator("summary").click()
    await drawer.get_by_role("spinbutton", name=re.compile("cfg", re.I)).fill("0.7")
    await panel.root.get_by_text("Exact request, Python").click()
    shown = panel.root.locator("[data-request=kling_v2_5]")
    await expect(shown).to_contain_text('"cfg_scale": 0.7')
    await panel.start()
    await panel.has_clips(1)
    await lab.run(1)
    assert '"cfg_scale":0.7' in await lab.text(1)


async def test_ten_models_run_at_once(lab: LabPage) -> None:
    ten = "list(m.id for m in qc.models.find(mode='text'))[:10]"
    panel = await PanelPage.open(lab, "ten", ten, "len(studio.clips)")
    await lab.run(1)
    models = re.findall(r"\w+", await lab.text(1))
    assert len(models) == 10
    await panel.write("waves")
    await panel.tick(*models)
    await expect(panel.generate).to_have_text(re.compile("^Generate 10 clips"))
    await panel.start()
    await expect(panel.root.get_by_role("heading", name="Clips 10")).to_be_visible()
    await lab.run(2)
    assert await lab.text(2) == "10"


async def test_each_wrong_file_is_refused_where_it_was_chosen(lab: LabPage, tmp_path: Path) -> None:
    panel = await PanelPage.open(lab, "wrong")
    words = tmp_path / "words.png"
    words.write_text("not a picture")
    empty = tmp_path / "empty.png"
    empty.touch()
    film = make_video(tmp_path / "film.mp4")
    await panel.mode("Image")
    for file, word in ((words, "is no image"), (empty, "empty"), (film, "is video")):
        await panel.give("Image", file)
        group = panel.root.get_by_role("group", name=re.compile("^Image"))
        await expect(group.get_by_text(re.compile(word)).first).to_be_visible()
        await expect(panel.generate).to_be_disabled()
        await group.get_by_role("button", name=re.compile("^Remove")).click()
    await panel.give("Image", make_picture(tmp_path / "thin.png", width_px=60, height_px=600))
    await panel.write("it runs")
    await panel.tick("wan_25_i2v")
    await expect(panel.root.get_by_text(re.compile("at least 240")).first).to_be_visible()
    await expect(panel.generate).to_be_disabled()
