"""The command line: `qcut-nb lab | demo | simulator | doctor`."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import click

from .errors import QcutError

QUICKSTART = "01_quickstart.ipynb"


class _Commands(click.Group):
    """Commands whose errors are said in words, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except QcutError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
@click.version_option(version("qcut-nb"), prog_name="qcut-nb")
def main() -> None:
    """AI video in a Jupyter notebook."""


@main.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("qcut-demo"),
    show_default=True,
    help="Where the notebook, its clips and the cut are written.",
)
def demo(folder: Path) -> None:
    """Run the quickstart notebook for real, on the built-in simulator, at no charge."""
    nbformat, client, failed = _notebook_tools()
    notebook_path = _copy_notebooks(folder) / QUICKSTART
    notebook = nbformat.read(notebook_path, as_version=4)
    click.echo(f"Running {notebook_path} on the simulator (free) ...")
    started = time.monotonic()
    runner = client(
        notebook,
        timeout=300,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        runner.execute()
    except failed as error:
        message = f"The notebook stopped: {error.ename}: {error.evalue}\nSee {notebook_path}"
        raise click.ClickException(message) from error
    finally:
        nbformat.write(notebook, notebook_path)
    click.echo(_last_text(notebook))
    click.echo(f"Done in {time.monotonic() - started:.0f} s. Open it: qcut-nb lab {folder}")


@main.command()
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("qcut-demo")
)
def lab(folder: Path) -> None:
    """Open the quickstart notebook in JupyterLab."""
    if shutil.which("jupyter-lab", path=str(Path(sys.executable).parent)) is None:
        raise click.ClickException('JupyterLab is missing: pip install "qcut-nb[lab]"')
    notebook = _copy_notebooks(folder) / QUICKSTART
    command = [sys.executable, "-m", "jupyterlab", str(notebook.name)]
    raise SystemExit(subprocess.call(command, cwd=folder))


@main.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--speed",
    type=click.Choice(["default", "realtime", "instant"]),
    default="default",
    show_default=True,
    help="How long jobs take.",
)
def simulator(port: int, speed: Literal["default", "realtime", "instant"]) -> None:
    """Run fal.ai's stand-in on this machine, alone; point any client at it."""
    from .simulator import serve

    serve(port=port, speed=speed)


@main.command()
def doctor() -> None:
    """Say what this installation has, and what it lacks."""
    from .catalog import models
    from .fal import find_key

    click.echo(f"qcut-nb {version('qcut-nb')}, Python {platform.python_version()}")
    for package in ("jupyterlab", "ipykernel", "anywidget", "moviepy", "av", "httpx"):
        try:
            click.echo(f"  {package} {version(package)}")
        except PackageNotFoundError:
            click.echo(f"  {package} is not installed")
    click.echo(f"models: {len(models)} (catalogue {models.version})")
    found = find_key()
    click.echo(f"fal key: from {found[1]}" if found else "fal key: none, so runs are simulated")
    built = (files("qcut_nb.notebook") / "static" / "panel.js").is_file()
    click.echo(f"panel: {'built' if built else 'not built, see README'}")


def _notebook_tools() -> tuple[Any, Any, Any]:
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as error:
        raise click.ClickException('Jupyter is missing: pip install "qcut-nb[lab]"') from error
    return nbformat, NotebookClient, CellExecutionError


def _copy_notebooks(folder: Path) -> Path:
    """Put the notebooks into a folder, without touching those that are already there."""
    folder.mkdir(parents=True, exist_ok=True)
    installed = files("qcut_nb") / "_notebooks"
    source = installed if installed.is_dir() else Path(__file__).parent.parent / "notebooks"
    with as_file(source) as notebooks:
        for notebook in sorted(notebooks.glob("*.ipynb")):
            target = folder / notebook.name
            if not target.exists():
                shutil.copyfile(notebook, target)
    return folder


def _last_text(notebook: Any) -> str:
    for cell in reversed(notebook.cells):
        texts = [out["text"] for out in cell.get("outputs", ()) if out["output_type"] == "stream"]
        if texts:
            return "".join(texts).rstrip()
    return ""
