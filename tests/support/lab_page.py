"""A notebook open in JupyterLab, driven as a person would and read as a person would.

JupyterLab exposes its application object (`--LabApp.expose_app_in_browser`); running, saving and
restarting go through its commands, everything that is seen or clicked goes through the page.
Nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from playwright.async_api import Error, Locator, Page

from support.lab_server import TOKEN, LabServer

SCRATCH = "scratch.ipynb"

_CURRENT = """
const app = window.jupyterapp;
const panel = app.shell.currentWidget;
const cells = () => panel.content.widgets;
"""

_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.context;
  const kernel = context?.sessionContext?.session?.kernel;
  return context?.isReady === true && context.path === PATH && kernel?.status === 'idle';
}"""


def new_notebook(sources: Sequence[str] = ()) -> Any:
    """A notebook with one code cell per source."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


class CellFailedError(AssertionError):
    """A cell raised; carries its traceback."""


class LabPage:
    """The one page of a test run; holds one notebook at a time.

    Attributes:
        page: Playwright's page, for everything a person would look at or click.
        errors: What the page itself threw since the last `open`.
    """

    def __init__(self, server: LabServer, page: Page) -> None:
        self.server = server
        self.page = page
        self.path = ""
        self.errors: list[str] = []
        page.on("pageerror", self._note_error)

    async def open(self, path: str) -> None:
        """Show a notebook that exists under the server's root, and wait for its kernel."""
        self.path = path
        await self.page.goto(f"{self.server.url}/lab/tree/{path}?token={TOKEN}&reset")
        await self._wait_until_ready()

    async def reload(self) -> None:
        """Load the page again, as after a closed tab; the kernel lives on."""
        await self.page.reload()
        await self._wait_until_ready()

    def leave(self) -> None:
        """Look at no notebook: the next one loads JupyterLab again, with its settings of then."""
        self.path = ""

    async def start(self, *sources: str) -> None:
        """A fresh kernel under a notebook with these code cells."""
        file = self.server.root / SCRATCH
        if self.path != SCRATCH:
            nbformat.write(new_notebook(), file)
            await self.open(SCRATCH)
        await self.page.evaluate(
            f"""async (sources) => {{ {_CURRENT}
              await panel.sessionContext.restartKernel();
              const shared = panel.content.model.sharedModel;
              shared.deleteCellRange(0, shared.cells.length);
              shared.insertCells(0, sources.map(
                (source) => ({{cell_type: 'code', source, metadata: {{}}, outputs: []}})));
            }}""",
            list(sources),
        )
        await self._wait_until_ready()

    async def shut_kernel_down(self) -> None:
        """End the kernel, as when a notebook is opened where nothing runs."""
        await self.page.evaluate(
            f"async () => {{ {_CURRENT} await panel.sessionContext.shutdown(); }}"
        )
        self.path = ""

    async def begin(self, index: int) -> None:
        """Start one cell and return at once."""
        await self.page.evaluate(
            f"""(index) => {{ {_CURRENT}
              panel.content.deselectAll();
              panel.content.activeCellIndex = index;
              void app.commands.execute('notebook:run-cell');
            }}""",
            index,
        )

    async def run(self, index: int) -> Locator:
        """Run one cell to its end; its output area."""
        await self.begin(index)
        await self.finished(index)
        return self.output(index)

    async def run_all(self, *, timeout_s: float = 90) -> None:
        """Run > Run All Cells, to the end of the last cell."""
        await self.page.evaluate(
            f"() => {{ {_CURRENT} void app.commands.execute('notebook:run-all-cells'); }}"
        )
        count = int(await self.page.evaluate(f"() => {{ {_CURRENT} return cells().length; }}"))
        for index in range(count):
            await self.finished(index, timeout_s=timeout_s)

    async def finished(self, index: int, *, timeout_s: float = 60) -> None:
        """Wait for the end of a cell that was begun.

        Raises:
            CellFailedError: The cell raised.
        """
        # The kernel's status does not tell: a subshell's reply says idle while the cell still runs.
        await self.page.wait_for_function(
            f"""(index) => {{ {_CURRENT}
              const model = cells()[index].model;
              return model.type !== 'code'
                || (model.executionState === 'idle' && model.executionCount !== null);
            }}""",
            arg=index,
            timeout=timeout_s * 1000,
        )
        for output in await self.outputs(index):
            if output["output_type"] == "error":
                raise CellFailedError("\n".join(output["traceback"]))

    async def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs of a cell as the notebook would store them."""
        found: list[dict[str, Any]] = await self.page.evaluate(
            f"""(index) => {{ {_CURRENT}
              return cells()[index].model.type === 'code'
                ? cells()[index].model.outputs.toJSON() : [];
            }}""",
            index,
        )
        return found

    async def text(self, index: int) -> str:
        """What a cell printed and returned, as plain text."""
        parts = []
        for output in await self.outputs(index):
            parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
        return "".join("".join(part) for part in parts)

    def output(self, index: int) -> Locator:
        """Where a cell's outputs are shown."""
        cell = self.page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(index)
        return cell.locator(".jp-Cell-outputArea")

    async def theme(self, name: str) -> None:
        """Change JupyterLab's colours, and wait until they are there."""
        await self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name
        )
        await self.page.wait_for_function(
            "name => document.body.dataset.jpThemeName === name"
            " && !document.getElementById('jupyterlab-splash')",
            arg=name,
        )

    async def save(self) -> Path:
        """Save the notebook; the file as it is on disk now."""
        await self.page.evaluate(f"async () => {{ {_CURRENT} await panel.context.save(); }}")
        return self.server.root / self.path

    def _note_error(self, error: Error) -> None:
        # JupyterLab's own: a kernel was restarted before it had answered, as a test's end may do.
        if not str(error).startswith("Error: Canceled future for"):
            self.errors.append(str(error))

    async def _wait_until_ready(self) -> None:
        await self.page.wait_for_function(_READY.replace("PATH", repr(self.path)), timeout=60_000)
