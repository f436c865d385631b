"""Comparisons in notebook cells: making one, its frames, its keys."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import numpy as np
from PIL import Image
from playwright.async_api import Locator, expect

from qcut_nb.simulator import read_frame_number
from support.lab_page import LabPage

STILL = """region => Promise.all(
  [...region.querySelectorAll('video')].filter(video => video.checkVisibility()).map(video => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d').drawImage(video, 0, 0);
  return canvas.toDataURL('image/png');
}))"""

READY = """([region, count]) => {
  const videos = [...region.querySelectorAll('video')].filter(video => video.checkVisibility());
  return videos.length >= count && videos.every(v => v.readyState >= 2 && !v.seeking); }"""


def compare(arguments: str) -> str:
    return f"""
import pathlib
import qcut_nb as qc
studio = qc.Studio("compare", mode="simulated")
studio.compare({arguments})
"""


async def shown(lab: LabPage, arguments: str, *more: str) -> Locator:
    """Run a cell with a comparison; the comparison, once its videos have their first frames."""
    await lab.start(compare(arguments), *more)
    return await ready(lab, region_of(await lab.run(0)))


def region_of(output: Locator) -> Locator:
    return output.get_by_role("region", name=re.compile("^Comparison of"))


async def ready(lab: LabPage, region: Locator, count: int = 0) -> Locator:
    """The comparison, once its videos have their first frames: at least `count` of them."""
    await expect(region).to_be_visible()
    await lab.page.wait_for_function(READY, arg=[await region.element_handle(), count])
    return region


async def frames_of(lab: LabPage, region: Locator) -> list[int | None]:
    """The frame that each video shows, read from its own pixels."""
    await ready(lab, region)
    stills = await region.evaluate(STILL)
    return [read_frame_number(pixels(base64.b64decode(s.partition(",")[2]))) for s in stills]


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


async def press(region: Locator, *keys: str) -> None:
    for key in keys:
        await region.press(key)
