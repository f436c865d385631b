"""The panel in a notebook's page, read and used as a person does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from playwright.async_api import Locator, expect

from support.lab_page import LabPage

SCREENSHOTS = Path(__file__).parents[1] / "e2e/screenshots"


def panel_cell(project: str, speed: str | float = "instant", **simulator: object) -> str:
    """A cell that opens a studio on a simulator of its own, and shows its panel."""
    more = "".join(f", {name}={value!r}" for name, value in simulator.items())
    return f"""
import qcut_nb as qc
from qcut_nb.simulator import Simulator
simulator = Simulator(speed={speed!r}, max_height_px=96{more})
studio = qc.Studio({project!r}, mode="simulated", simulator=simulator)
studio.panel()
"""


def live_panel_cell(project: str, origin: str, budget: str = "None") -> str:
    """A cell that opens a studio without a key on a server that stands for fal."""
    return f"""
import os
os.environ["QCUT_NB_FAL_URL"] = {origin!r}
import qcut_nb as qc
studio = qc.Studio({project!r}, mode="live", budget={budget})
studio.panel()
"""


REGION = {"en": "Video generation for {}", "zh": "{} 的视频生成"}


class PanelPage:
    """One shown panel.

    Attributes:
        root: The panel's region.
    """

    def __init__(self, shown: Locator, project: str, language: Literal["en", "zh"] = "en") -> None:
        self.root = shown.get_by_role("region", name=REGION[language].format(project))

    @classmethod
    async def open(cls, lab: LabPage, project: str, *more: str, **simulator: object) -> PanelPage:
        """Start a kernel and run the cell that shows the panel."""
        speed = simulator.pop("speed", "instant")
        assert isinstance(speed, str | float)
        await lab.start(panel_cell(project, speed, **simulator), *more)
        panel = cls(await lab.run(0), project)
        await expect(panel.root).to_be_visible()
        return panel

    @property
    def generate(self) -> Locator:
        return self.root.get_by_role("button", name=re.compile("^Generate"))

    @property
    def clips(self) -> Locator:
        return self.root.get_by_role("button", name=re.compile("^Play "))

    async def mode(self, name: str) -> None:
        await self.root.get_by_role("tab", name=name).click()

    async def write(self, prompt: str) -> None:
        await self.root.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)

    async def tick(self, *models: str) -> None:
        """Tick models by their exact names."""
        search = self.root.get_by_role("searchbox", name="Search models")
        for model in models:
            await search.fill(model)
            await self.root.locator(f"[data-model='{model}'] input[type=checkbox]").check()
        await search.fill("")

    async def give(self, place: str, file: Path) -> None:
        """Choose a file of the browser's for an input."""
        await self.root.get_by_label(f"{place}: Choose a file").set_input_files(file)

    async def choose(self, menu: str, item: str) -> None:
        """Open the first clip's menu, "Use" or "More for", and choose from it."""
        opened = self.root.locator("details.menu").filter(
            has=self.root.page.get_by_label(re.compile(f"^{menu} "))
        )
        await opened.first.locator("summary").click()
        await opened.first.get_by_role("button", name=item, exact=True).click()

    async def start(self) -> None:
        """Press Generate, once it says that it is ready."""
        await expect(self.generate).to_be_enabled()
        await self.generate.click()

    async def has_clips(self, count: int) -> None:
        await expect(self.clips).to_have_count(count)

    async def picture(self, name: str) -> None:
        """Keep what the panel looks like now."""
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.root.screenshot(path=SCREENSHOTS / f"panel-{name}.png")

    async def page_picture(self, name: str) -> None:
        """Keep what the page looks like now, with what lies over the panel."""
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.root.page.screenshot(path=SCREENSHOTS / f"panel-{name}.png")
