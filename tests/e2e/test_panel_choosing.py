"""Choosing models in the panel: each filter and order against the catalogue, and what is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from decimal import Decimal
from math import inf
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from qcut_nb.catalog import Mode, ModelSpec, default_quote, models
from support.lab_page import LabPage
from support.panel_page import PanelPage, panel_cell

pytestmark = pytest.mark.asyncio(loop_scope="session")

LISTED = "list => [...list.querySelectorAll('[data-model]')].map((row) => row.dataset.model)"
Found = Callable[[str], set[str]]
"""The ids of the models that have a value of a filter."""


def search(name: str, read: Callable[[str], Any] = str) -> Found:
    """What the catalogue's own search finds."""
    return lambda value: {s.id for s in models.find(retired=True, **{name: read(value)})}


def those(fits: Callable[[ModelSpec, str], bool]) -> Found:
    return lambda value: {name for name in models if fits(models[name], value)}


SOUND = {"with": ("always", "setting", "input"), "without": ("never", "setting")}
FILTERS: dict[str, Found] = {
    "Provider": search("provider"),
    "Price up to": search("max_usd", Decimal),
    "Size": search("resolution"),
    "Duration": search("duration_s", int),
    "Sound": those(lambda spec, value: spec.output.audio in SOUND[value]),
    "Seed": search("seed", lambda value: value == "yes"),
    "Availability": those(lambda spec, value: spec.life_cycle.state == value),
    "Good for": search("use_case"),
}


MODES: tuple[tuple[str, Mode], ...] = (("Text", "text"), ("Image", "image"))


async def listed(panel: PanelPage) -> list[str]:
    """The models in the list, those in its fold last."""
    shown: list[str] = await panel.root.locator(".list").evaluate(LISTED)
    return shown


def of_mode(mode: Mode) -> list[ModelSpec]:
    """The catalogue's models of a mode; shut down ones last."""
    return sorted(models.find(mode=mode, retired=True), key=is_retired)


def is_retired(spec: ModelSpec) -> bool:
    return spec.life_cycle.state == "retired"


def most_usd(spec: ModelSpec) -> float:
    """What it may cost at its own settings; what is unknown goes last."""
    high = default_quote(spec).high_usd
    return inf if high is None else float(high)


def longest_s(spec: ModelSpec) -> float:
    return inf if spec.expected_s is None else spec.expected_s[1]


async def ticked(panel: PanelPage) -> set[str]:
    shown: set[str] = set(
        await panel.root.locator(".list").evaluate(
            """list => [...list.querySelectorAll('[data-model]:has(input:checked)')]
                .map((row) => row.dataset.model)"""
        )
    )
    return shown


async def options(select: Locator) -> list[str]:
    """The values that can be chosen, besides "any"."""
    values: list[str] = await select.evaluate("s => [...s.options].map((o) => o.value)")
    return [value for value in values if value]


async def prices_are_there(panel: PanelPage) -> None:
    await expect(panel.root.locator("[data-model] .price").filter(has_text="…")).to_have_count(0)


def filter_menu(panel: PanelPage) -> Locator:
    return panel.root.locator("details.menu", has=panel.root.page.get_by_text("Filters")).first


async def test_each_filter_lists_what_the_catalogue_holds(lab: LabPage) -> None:
    panel = await PanelPage.open(lab, "filters")
    menu = filter_menu(panel)
    await menu.locator("summary").click()
    for title, mode in MODES:
        await panel.mode(title)
        await prices_are_there(panel)
        everyone = [spec.id for spec in of_mode(mode)]
        telling = set()
        for label, has in FILTERS.items():
            select = menu.get_by_role("combobox", name=label, exact=True)
            values = await options(select)
            for value in values if mode == "text" else values[-1:]:
                await select.select_option(value)
                wanted = [name for name in everyone if name in has(value)]
                assert await listed(panel) == wanted, f"{title}, {label}: {value}"
                if 0 < len(wanted) < len(everyone):
                    telling.add(label)
            await select.select_option("")
        assert mode != "text" or telling == set(FILTERS)
        assert await listed(panel) == everyone


async def test_filters_offer_all_that_the_catalogue_has_and_narrow_each_other(
    lab: LabPage,
) -> None:
    panel = await PanelPage.open(lab, "narrower")
    await prices_are_there(panel)
    specs = of_mode("text")
    menu = filter_menu(panel)
    await menu.locator("summary").click()
    provider = menu.get_by_role("combobox", name="Provider", exact=True)
    assert set(await options(provider)) == {spec.provider for spec in specs}
    use = menu.get_by_role("combobox", name="Good for", exact=True)
    assert set(await options(use)) == {use for spec in specs for use in spec.use_cases}
    chosen = {"Provider": "Google", "Sound": "with", "Price up to": "2.00"}
    for label, value in chosen.items():
        await menu.get_by_role("combobox", name=label, exact=True).select_option(value)
    sets = [FILTERS[label](value) for label, value in chosen.items()]
    wanted = [spec.id for spec in specs if all(spec.id in found for found in sets)]
    assert 0 < len(wanted) < min(len([s for s in specs if s.id in found]) for found in sets)
    assert await listed(panel) == wanted
    await expect(menu.get_by_text("Filters (3)")).to_be_visible()
    await menu.locator("summary").click()
    await panel.root.get_by_role("searchbox", name="Search models").fill("no such model")
    await expect(panel.root.get_by_text("No model matches.")).to_be_visible()
    await panel.root.get_by_role("button", name="Clear search and filters").click()
    assert await listed(panel) == [spec.id for spec in specs]


async def test_models_are_ordered_by_price_and_by_time_as_the_catalogue_has_them(
    lab: LabPage,
) -> None:
    panel = await PanelPage.open(lab, "orders")
    order = panel.root.get_by_label("Order of the models")
    for title, mode in MODES:
        await panel.mode(title)
        await prices_are_there(panel)
        for value, rank in (("price", most_usd), ("time", longest_s)):
            await order.select_option(value)
            # Two sorts that keep the order of equals: shut down ones stay in their fold.
            wanted = sorted(sorted(of_mode(mode), key=rank), key=is_retired)
            assert await listed(panel) == [spec.id for spec in wanted], f"{title}, {value}"
        await order.select_option("")
        assert await listed(panel) == [spec.id for spec in of_mode(mode)]


async def test_favourites_stand_first_and_come_back_with_the_last_selection(
    lab: LabPage,
) -> None:
    kept = "studio.panel().host.choice()"
    panel = await PanelPage.open(lab, "kept", kept)
    await panel.mode("Image")
    await panel.tick("kling_v2_5_i2v", "wan_25_i2v")
    await panel.mode("Text")
    await panel.write("a cat that comes back")
    await panel.tick("veo31_fast", "kling_v2_5")
    await panel.root.get_by_role("combobox", name="Duration", exact=True).last.select_option("8")
    await panel.root.get_by_role("spinbutton", name=re.compile("^Seed")).fill("42")
    favourites = ["wan_turbo", "veo31_fast"]
    for name in favourites:
        star = panel.root.locator(f"[data-model={name}]").get_by_role("button", name="Favourite")
        await star.click()
        await expect(star).to_have_attribute("aria-pressed", "true")
    await panel.root.get_by_label("Order of the models").select_option("price")
    async with asyncio.timeout(20):
        while "'sort': 'price'" not in await lab.text(1):
            await lab.run(1)

    await lab.start(panel_cell("kept"))
    panel = PanelPage(await lab.run(0), "kept")
    await prices_are_there(panel)
    await expect(panel.root.get_by_label("Order of the models")).to_have_value("price")
    first = sorted((models[name] for name in favourites), key=most_usd)
    assert (await listed(panel))[:2] == [spec.id for spec in first]
    for name in favourites:
        star = panel.root.locator(f"[data-model={name}]").get_by_role("button", name="Favourite")
        await expect(star).to_have_attribute("aria-pressed", "true")
    assert await ticked(panel) == {"veo31_fast", "kling_v2_5"}
    prompt = panel.root.get_by_role("textbox", name="Prompt", exact=True)
    await expect(prompt).to_have_value("a cat that comes back")
    await expect(
        panel.root.get_by_role("combobox", name="Duration", exact=True).last
    ).to_have_value("8")
    await expect(panel.root.get_by_role("spinbutton", name=re.compile("^Seed"))).to_have_value("42")
    menu = filter_menu(panel)
    await menu.locator("summary").click()
    await menu.get_by_role("combobox", name="Favourites", exact=True).select_option("yes")
    assert set(await listed(panel)) == set(favourites)
    await panel.mode("Image")
    await expect(panel.root.get_by_text("2 ticked, hidden by the filters")).to_be_visible()
    await menu.get_by_role("button", name="Clear").click()
    assert await ticked(panel) == {"kling_v2_5_i2v", "wan_25_i2v"}
