"""A comparison in its cell: one clock, exact frames, every mode, votes, and what is left of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import nbformat
import numpy as np
import pytest
from playwright.async_api import Locator, expect

from support.compare_page import compare, frames_of, pixels, press, ready, region_of, shown
from support.lab_page import LabPage
from support.media import make_sound, make_video
from support.numbered import FFMPEG
from support.numbered_clips import numbered_clip

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAY_S = 20
RATES: tuple[int | Fraction, ...] = (
    *(24, 30, Fraction(30000, 1001), 25, 24),
    *(30, Fraction(24000, 1001), 25, 15),
)

RECORD = """(region, count) => {
  const videos = [...region.querySelectorAll('video')].slice(0, count);
  window.positions = [];
  const look = () => {
    if (videos.every(video => !video.paused && !video.seeking))
      window.positions.push(videos.map(video => video.currentTime));
    requestAnimationFrame(look);
  };
  look();
}"""

RECORD_FRAMES = """region => {
  window.sightings = [...region.querySelectorAll('video')].map(video => {
    const frames = [];
    const next = () => video.requestVideoFrameCallback((_now, shown) => {
      if (!video.paused && !video.seeking)
        frames.push([shown.expectedDisplayTime, shown.mediaTime]);
      next();
    });
    next();
    return frames;
  });
}"""


async def position(region: Locator) -> float:
    return float(await region.get_by_role("slider", name="Position").input_value())


def drift_in_frames(sightings: Sequence[Sequence[Sequence[float]]]) -> float:
    """The largest drift of any two clips, by the frames that came on screen (docs/compare.md).

    Args:
        sightings: Of each clip its frames, as (expected display time in ms, media time in s).
    """
    begun_ms = max(frames[0][0] for frames in sightings) + 1000
    half_s = [0.5 / float(fps) for fps in RATES]
    seen = sorted(
        (at_ms, clip, media_s + half_s[clip] - at_ms / 1000)
        for clip, frames in enumerate(sightings)
        for at_ms, media_s in frames
    )
    ahead_s: dict[int, float] = {}
    worst = 0.0
    for at_ms, clip, ahead in seen:
        ahead_s[clip] = ahead
        for a, b in combinations(ahead_s, 2) if at_ms > begun_ms else ():
            apart_s = abs(ahead_s[a] - ahead_s[b]) - half_s[a] - half_s[b]
            worst = max(worst, apart_s / max(2 * half_s[a], 2 * half_s[b]))
    return worst


async def test_nine_clips_of_mixed_length_and_rate_stay_within_a_frame(lab: LabPage) -> None:
    root = lab.server.root
    for index, fps in enumerate(RATES):
        seconds = PLAY_S + 2 + index % 3
        numbered_clip(root / f"nine{index}.mp4", fps=fps, seconds=seconds, sound=index % 2 == 0)
    region = await shown(lab, "[f'nine{n}.mp4' for n in range(9)]")
    await region.evaluate(RECORD_FRAMES)
    await press(region, "Space")
    await lab.page.wait_for_function(
        "s => window.sightings.every(frames => frames.at(-1)?.[1] > s)", arg=PLAY_S, timeout=60_000
    )
    reading = await region.get_by_text(re.compile("^drift at most")).inner_text()
    sightings = await lab.page.evaluate("window.sightings")
    await press(region, "Space")
    assert all(len(frames) > 10 * PLAY_S for frames in sightings)
    measured = drift_in_frames(sightings)
    assert measured < 1
    assert float(re.sub("[^0-9.]", "", reading)) == pytest.approx(measured, abs=0.3)


async def test_a_step_lands_on_the_exact_frame_of_every_clip(lab: LabPage) -> None:
    root = lab.server.root
    rates: tuple[int | Fraction, ...] = (24, 30, Fraction(30000, 1001), 12)
    for index, fps in enumerate(rates):
        numbered_clip(root / f"step{index}.mp4", fps=fps, seconds=3)
    region = await shown(lab, "[f'step{n}.mp4' for n in range(4)]")
    assert await frames_of(lab, region) == [0, 0, 0, 0]
    for steps in range(1, 12):
        await press(region, "ArrowRight")
        middle = Fraction(2 * steps + 1, 60)
        expected = [int(middle * fps) for fps in rates]
        assert await frames_of(lab, region) == expected
    await press(region, *["ArrowLeft"] * 11)
    assert await frames_of(lab, region) == [0, 0, 0, 0]
    await press(region, "End")
    assert await frames_of(lab, region) == [71, 89, 89, 35]
    await region.get_by_role("slider", name="Position").fill("1.5")
    assert await frames_of(lab, region) == [36, 45, 45, 18]


async def test_a_step_is_exact_where_the_first_frame_is_not_at_zero(lab: LabPage) -> None:
    root = lab.server.root
    source = numbered_clip(root / "zero.mp4", seconds=4, sound=True)
    silent = numbered_clip(root / "silent.mp4", seconds=4)
    for name, made_of, offset_s in (
        *(("sound_first.mkv", source, "0"), ("late.mp4", source, "0.5")),
        *(("late_silent.mp4", silent, "0.5"), ("very_late.mp4", source, "1.4")),
    ):
        late = [FFMPEG, "-v", "error", "-itsoffset", offset_s, "-i", made_of, "-c", "copy"]
        subprocess.run([*late, root / name], check=True)
    numbered_clip(root / "sixty.mp4", fps=60, seconds=4)
    names = ["zero.mp4", "sound_first.mkv", "late.mp4", "late_silent.mp4", "very_late.mp4"]
    region = await shown(lab, f"{[*names, 'sixty.mp4']}")
    for steps in range(1, 7):
        await press(region, "ArrowRight")
        assert await frames_of(lab, region) == [int((steps + 0.5) * 24 / 60)] * 5 + [steps]
    await press(region, "End")
    await expect(region.get_by_text("frame 96", exact=True)).to_have_count(5)
    assert await frames_of(lab, region) == [95] * 5 + [239]
    await press(region, "Home", "Shift+ArrowRight")
    await expect(region.get_by_text("frame 25", exact=True)).to_have_count(5)
    assert await frames_of(lab, region) == [24] * 5 + [60]


async def test_a_pause_shows_the_frames_that_the_clock_says(lab: LabPage) -> None:
    rates = (24, 30)
    for index, fps in enumerate(rates):
        numbered_clip(lab.server.root / f"pause{index}.mp4", fps=fps, seconds=6)
    region = await shown(lab, "[f'pause{n}.mp4' for n in range(2)]")
    for until in (0.5, 1, 1.5, 2, 2.5):
        await press(region, "Space")
        await lab.page.wait_for_function(
            "([region, s]) => region.querySelector('video').currentTime > s",
            arg=[await region.element_handle(), until],
        )
        await press(region, "Space")
        found = await frames_of(lab, region)
        middle = await position(region) + 0.5 / 30
        assert found == [int(middle * fps) for fps in rates]


async def test_clips_are_moved_against_each_other(lab: LabPage) -> None:
    for index in range(2):
        numbered_clip(lab.server.root / f"sync{index}.mp4", seconds=3)
    region = await shown(lab, "['sync0.mp4', 'sync1.mp4'], sync_s=[0.5, 1.5]")
    await expect(region).to_contain_text("starts at 0:01.000, held")
    await press(region, *["Shift+ArrowRight"] * 2)
    assert await frames_of(lab, region) == [24, 48]
    await region.get_by_role("button", name=re.compile("sync1: one frame later")).click()
    assert await frames_of(lab, region) == [24, 49]


async def test_a_range_is_looped_and_a_short_clip_ends_as_it_is_told(lab: LabPage) -> None:
    numbered_clip(lab.server.root / "long.mp4", seconds=3)
    numbered_clip(lab.server.root / "short.mp4", seconds=1)
    region = await shown(lab, "['long.mp4', 'short.mp4']")
    await press(region, "Shift+ArrowRight")
    assert await frames_of(lab, region) == [24, 23]
    await expect(region).to_contain_text("ended at 0:01.000, held")
    await region.get_by_label("Short clips").select_option("loop")
    assert await frames_of(lab, region) == [24, 0]
    await region.get_by_label("Short clips").select_option("blank")
    await expect(region.locator(".screen[data-blank]")).to_have_count(1)

    await press(region, "i", *["ArrowRight"] * 6, "o")
    await region.evaluate(RECORD, 1)
    await press(region, "Space")
    await lab.page.wait_for_function(
        "() => window.positions.filter(([at], n, all) => n && at < all[n - 1][0]).length >= 2"
    )
    await press(region, "Space")
    times = [at for (at,) in await lab.page.evaluate("window.positions")]
    assert min(times[1:]) >= 0.99
    assert max(times) <= 1 + 8 / 24


async def test_the_difference_of_equal_clips_is_black(lab: LabPage) -> None:
    root = lab.server.root
    numbered_clip(root / "same1.mp4", key="same")
    numbered_clip(root / "same2.mp4", key="same")
    numbered_clip(root / "other.mp4", key="other")
    region = await shown(lab, "['same1.mp4', 'same2.mp4', 'other.mp4']")
    await press(region, *["ArrowRight"] * 5, "d")
    screen = region.locator("[data-role=b] > .screen")
    await ready(lab, region)
    assert pixels(await screen.screenshot()).max() <= 2
    await press(region, "3")
    await expect(region.get_by_label("Second clip")).to_have_value("2")
    assert pixels(await screen.screenshot()).mean() > 20


async def test_a_wipe_shows_both_clips_and_follows_the_arrow_keys(lab: LabPage) -> None:
    for name in ("left", "right"):
        numbered_clip(lab.server.root / f"{name}.mp4")
    region = await shown(lab, "['left.mp4', 'right.mp4']")
    await press(region, "w")
    a, b = (region.locator(f"[data-role={side}] > .screen") for side in "ab")
    handle = region.get_by_role("slider", name=re.compile("^Wipe"))
    await expect(handle).to_be_visible()
    wiped = pixels(await b.screenshot())
    await press(region, "f")
    await press(region, "g")
    await press(region, "w")
    await handle.press("Home")
    only_b = pixels(await b.screenshot())
    await handle.press("End")
    only_a = pixels(await a.screenshot())
    half, edge = wiped.shape[1] // 2, 20
    assert np.array_equal(wiped[:, : half - edge], only_a[:, : half - edge])
    assert np.array_equal(wiped[:, half + edge :], only_b[:, half + edge :])
    await handle.press("ArrowLeft")
    await expect(handle).to_have_attribute("aria-valuenow", "98")
    box = await b.bounding_box()
    grip = await handle.bounding_box()
    assert box
    assert grip
    mouse = lab.page.mouse
    await mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    await mouse.down()
    await mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=4)
    await mouse.up()
    await expect(handle).to_have_attribute("aria-valuenow", "25")


async def test_pictures_are_zoomed_and_moved_in_step_and_fill_the_screen(lab: LabPage) -> None:
    for name in ("near", "far"):
        numbered_clip(lab.server.root / f"{name}.mp4", key="equal")
    region = await shown(lab, "['near.mp4', 'far.mp4']")
    boxes = """region => [...region.querySelectorAll('.tile')].map(tile => {
      const [video, screen] = ['video', '.screen'].map(
        part => tile.querySelector(part).getBoundingClientRect());
      return [video.x - screen.x, video.y - screen.y, video.width].map(Math.round);
    })"""
    before, same = await region.evaluate(boxes)
    assert before == same
    await press(region, *["+"] * 4)
    zoomed, same = await region.evaluate(boxes)
    assert zoomed == same
    assert zoomed[2] == pytest.approx(before[2] * 1.25**4, abs=2)
    await press(region, "Alt+ArrowRight", "Alt+ArrowDown")
    panned, same = await region.evaluate(boxes)
    assert panned == same
    assert panned[0] < zoomed[0]
    assert panned[1] < zoomed[1]
    await press(region, "0", "z")
    actual, same = await region.evaluate(boxes)
    assert actual[2] == same[2] == 320
    await press(region, "z", "f")
    flipped = region.locator(".tile[data-flipped]")
    await expect(flipped).to_have_count(2)
    await expect(flipped).to_have_count(0)
    await press(region, "g", *["ArrowDown"] * 9)
    await expect(region.locator("[aria-live=polite]")).to_have_text("Speed 0.1x")
    await press(region, *["ArrowUp"] * 9)
    await expect(region.locator("[aria-live=polite]")).to_have_text("Speed 4x")
    fills = "() => document.fullscreenElement !== null"
    await press(region, "x")
    await lab.page.wait_for_function(fills)
    await press(region, "x")
    await lab.page.wait_for_function(f"() => !({fills})()")


async def test_the_better_of_two_is_one_click(lab: LabPage) -> None:
    for name in ("east", "west"):
        numbered_clip(lab.server.root / f"{name}.mp4", seconds=1)
    read = """
from qcut_nb.store import ballots
[len(vote.ranking) for vote in ballots(studio._core.project.store)][-1]
"""
    region = await shown(lab, "['east.mp4', 'west.mp4'], blind=True", read)
    await region.get_by_role("button", name="This is better").first.click()
    await expect(region).to_contain_text("Vote kept.")
    await lab.run(1)
    assert await lab.text(1) == "2"


async def test_a_blind_vote_hides_names_until_it_is_kept(lab: LabPage) -> None:
    for name in ("north", "south", "west"):
        numbered_clip(lab.server.root / f"{name}.mp4")
    read = """
from qcut_nb.store import ballots
vote = ballots(studio._core.project.store)[-1]
vote.voter, vote.blind, vote.ranking
"""
    region = await shown(lab, "['north.mp4', 'south.mp4', 'west.mp4'], blind=True", read)
    captions = region.locator(".caption")
    await expect(captions).to_have_count(3)
    assert not re.search("north|south|west", " ".join(await captions.all_inner_texts()))
    await region.get_by_label("Who votes (optional)").fill("ann")
    await region.get_by_role("button", name="1st place").nth(1).click()
    await region.get_by_role("button", name="2nd place").first.click()
    await region.get_by_label("Next one shares the last place given").check()
    await region.get_by_role("button", name="2nd place", exact=True).click()
    await region.get_by_role("button", name="Send the vote").click()
    await expect(region).to_contain_text("Vote kept.")
    names = " ".join(await captions.all_inner_texts())
    assert re.search("north", names)
    assert "1st place" in names
    await lab.run(1)
    kept = await lab.text(1)
    assert re.search(r"'ann',\s+True", kept)
    assert kept.count("sha256:") == 3


async def test_what_cannot_be_shown_is_said_in_its_place(lab: LabPage, tmp_path: Path) -> None:
    root = lab.server.root
    numbered_clip(root / "fine.mp4")
    make_sound(root / "sound.m4a", codec="aac")
    (root / "broken.mp4").write_bytes(b"no video")
    make_video(root / "old.mp4", codec="mpeg4", width_px=320, height_px=180, frames=24)
    outside = numbered_clip(tmp_path / "outside.mp4")  # comes from the kernel in chunks
    region = await shown(
        lab, f"['fine.mp4', 'missing.mp4', 'sound.m4a', 'broken.mp4', {str(outside)!r}]"
    )
    await ready(lab, region, 2)
    assert await frames_of(lab, region) == [0, 0]
    for words in ("missing.mp4", "no video in it", "broken.mp4"):
        await expect(region).to_contain_text(words)
    await press(region, "ArrowRight")
    assert await frames_of(lab, region) == [1, 1]

    await lab.start(compare("['fine.mp4', 'old.mp4']"), compare("[]"), compare("'fine.mp4'"))
    await expect(region_of(await lab.run(1))).to_contain_text("There are no clips to compare")
    await expect(region_of(await lab.run(2))).to_contain_text("One clip plays alone")
    region = region_of(await lab.run(0))
    await expect(region).to_contain_text("does not play MPEG-4 Part 2")
    await region.get_by_role("button", name="Make a preview copy").click()
    await expect(region).to_contain_text("sound, preview copy")
    await ready(lab, region)

    make_video(root / "old.avi", width_px=320, height_px=180, audio=False, options={"bf": "2"})
    await lab.start(compare("['fine.mp4', 'old.avi', 'missing.mp4']"))
    region = region_of(await lab.run(0))
    await expect(region).to_contain_text("does not read AVI files")
    for key in ("w", "d", "f"):  # nothing can be put on, or seen through, what has no picture
        await press(region, key)
        await expect(region.locator(".stack")).to_have_count(0)
        await expect(region.get_by_role("slider", name=re.compile("^Wipe"))).to_have_count(0)
    await region.get_by_role("button", name="Make a preview copy").click()
    await expect(region.locator(".stack")).to_have_count(1)


async def test_many_clips_are_paged_and_a_matrix_has_names(lab: LabPage) -> None:
    numbered_clip(lab.server.root / "many.mp4", seconds=1, width_px=160, height_px=90)
    later = numbered_clip(lab.server.root / "later.mp4", seconds=1)
    region = await shown(lab, "['many.mp4'] * 18 + ['later.mp4']")
    await expect(region.locator("video")).to_have_count(16)
    later.unlink()  # before its page was ever shown
    await press(region, "ArrowRight", "PageDown")
    await expect(region).to_contain_text("not there any more")
    assert await frames_of(lab, region) == [1, 1]


async def test_a_sweep_is_a_matrix_of_prompts_and_models_on_one_clock(lab: LabPage) -> None:
    sweep = """
import qcut_nb as qc
studio = qc.Studio("matrix", mode="simulated")
plan = studio.sweep(
    prompt=["a cat", "a dog"], models=["kling_v2_5", "wan_25"], duration_s=5
)
clips = await plan.run()
"""
    await lab.start(sweep, "studio.compare(plan, rows='prompt', columns='model')")
    await lab.run(0)
    region = await ready(lab, region_of(await lab.run(1)))
    await expect(region.locator(".row-name")).to_have_text(["a cat", "a dog"])
    columns = ["Kling v2.5 Turbo Pro", "WAN v2.5 Preview"]
    await expect(region.locator(".column-name")).to_have_text(columns)
    await expect(region.locator(".name > span:first-child")).to_have_text(
        [f"{place} {columns[(place - 1) % 2]}" for place in range(1, 5)]
    )
    assert await frames_of(lab, region) == [0] * 4
    await press(region, *["Shift+ArrowRight"] * 2)
    assert await frames_of(lab, region) == [48] * 4


async def test_a_saved_comparison_shows_posters_without_a_kernel(lab: LabPage) -> None:
    for index in range(3):
        numbered_clip(lab.server.root / f"kept{index}.mp4", seconds=1)
    region = await shown(lab, "[f'kept{n}.mp4' for n in range(3)] + ['gone.mp4']")
    await expect(lab.output(0).locator("figure")).to_have_count(3)
    await expect(lab.output(0).locator("figure").first).to_be_hidden()
    await expect(region).to_be_visible()
    saved = (await lab.save()).read_text()
    assert "data:video" not in saved
    assert len(saved) < 3 * 60_000
    outputs = nbformat.reads(saved, as_version=4).cells[0].outputs
    assert any("<figure" in output.get("data", {}).get("text/html", "") for output in outputs)
    await lab.shut_kernel_down()
    await lab.page.reload()
    posters = lab.output(0).locator("figure")
    await expect(posters).to_have_count(3)
    await expect(posters.first).to_be_visible()
    await expect(lab.output(0)).to_contain_text("gone.mp4")
