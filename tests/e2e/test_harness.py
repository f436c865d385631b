"""The harness itself: what the other browser tests take for granted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from support.lab_page import CellFailedError, LabPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

COUNTER = '''
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const root = el.attachShadow({ mode: "open" });
      const button = document.createElement("button");
      const show = () => { button.textContent = `count is ${model.get("count")}`; };
      button.addEventListener("click", () => {
        model.set("count", model.get("count") + 1); model.save_changes();
      });
      model.on("change:count", show); show(); root.append(button);
    } };
    """
    count = traitlets.Int(41).tag(sync=True)

counter = Counter()
counter
'''


async def test_a_click_in_a_shadow_root_reaches_the_kernel(lab: LabPage) -> None:
    await lab.start(COUNTER, "counter.count")
    shown = await lab.run(0)
    await shown.get_by_role("button", name="count is 41").click()
    await expect(shown.get_by_role("button", name="count is 42")).to_be_visible()
    await lab.run(1)
    assert await lab.text(1) == "42"


async def test_every_test_gets_a_fresh_kernel(lab: LabPage) -> None:
    await lab.start("'counter' in globals()")
    await lab.run(0)
    assert await lab.text(0) == "False"


async def test_a_cell_that_raises_fails_the_test(lab: LabPage) -> None:
    await lab.start("1 / 0")
    with pytest.raises(CellFailedError, match="ZeroDivisionError"):
        await lab.run(0)


async def test_a_kernel_cannot_leave_this_machine(lab: LabPage) -> None:
    await lab.start("import socket; socket.create_connection(('93.184.215.14', 443), timeout=1)")
    with pytest.raises(CellFailedError, match="OutsideConnectionError"):
        await lab.run(0)


async def test_a_reloaded_page_finds_its_kernel_again(lab: LabPage) -> None:
    await lab.start("kept = 7", "kept")
    await lab.run(0)
    await lab.save()
    await lab.reload()
    await lab.run(1)
    assert await lab.text(1) == "7"
