"""The panel in JupyterLab, used as a person would use it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.async_api import Locator, expect

from qcut_nb.simulator import Simulator
from support.lab_page import LabPage, new_notebook
from support.network_guard import guarded_environment

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
KLING, VEO = "Kling v2.5 Turbo Pro", "Veo 3.1 Fast"
CANARY = "canary-0f3a:secret-91be77"


def studio(project: str, speed: str | float = "default") -> str:
    """A cell that opens a studio on a simulator of its own, and shows its panel."""
    return f"""
import qcut_nb as qc
from qcut_nb.simulator import Simulator
simulator = Simulator(speed={speed!r}, max_height_px=240)
studio = qc.Studio({project!r}, mode="simulated", simulator=simulator)
studio.panel()
"""


def panel_of(shown: Locator, project: str) -> Locator:
    return shown.get_by_role("region", name=f"Video generation for {project}")


async def ask_for(panel: Locator, prompt: str, *models: str) -> None:
    """Write a prompt, tick models, press Generate."""
    await panel.get_by_role("textbox", name="Prompt", exact=True).fill(prompt)
    for model in models:
        await panel.get_by_role("searchbox", name="Search").fill(model)
        await panel.get_by_role("checkbox", name=re.compile(re.escape(model))).first.check()
    await panel.get_by_role("searchbox", name="Search").fill("")
    await panel.get_by_role("button", name=re.compile("^Generate")).click()


async def play(lab: LabPage, panel: Locator, name: str) -> None:
    """Press a clip's play button and wait until its time moves."""
    await panel.get_by_role("button", name=re.compile(f"^Play .*{re.escape(name)}")).click()
    await starts_to_play(lab, panel.locator("video").last)


async def starts_to_play(lab: LabPage, video: Locator) -> None:
    """Wait until a video's time moves."""
    await video.evaluate("video => video.play()")
    await lab.page.wait_for_function(
        "video => video.currentTime > 0.3 && video.videoWidth > 0 && !video.error",
        arg=await video.element_handle(),
    )


async def test_two_models_run_from_the_panel_and_their_clips_play(lab: LabPage) -> None:
    await lab.start(studio("two"), "[clip.model_id for clip in studio.clips]")
    panel = panel_of(await lab.run(0), "two")
    await expect(panel).to_contain_text("SIMULATED")

    await ask_for(panel, "a cat playing with yarn", KLING, VEO)
    await expect(panel.get_by_text(re.compile("queued|running")).first).to_be_visible()
    for model in (KLING, VEO):
        await play(lab, panel, model)
    await lab.run(1)
    assert "kling_v2_5" in await lab.text(1)
    assert "veo31_fast" in await lab.text(1)


async def test_a_panel_moves_on_while_a_cell_is_busy(lab: LabPage) -> None:
    enough = lab.server.root / "enough"
    enough.unlink(missing_ok=True)
    os.mkfifo(enough)
    busy = "open('enough').read()"  # the kernel's main thread blocks until somebody writes
    await lab.start(studio("busy"), busy)
    panel = panel_of(await lab.run(0), "busy")
    await ask_for(panel, "waves", KLING)
    await lab.begin(1)
    await expect(panel.get_by_role("button", name=re.compile(f"^Play .*{KLING}"))).to_be_visible()
    enough.write_text("go on")
    await lab.finished(1)


async def test_a_job_is_cancelled_from_the_panel(lab: LabPage) -> None:
    ended = (
        "job = studio.jobs[0]\ntry: await job\nexcept qc.errors.JobCancelledError: print(job.state)"
    )
    await lab.start(studio("stop", speed=600.0), ended)
    panel = panel_of(await lab.run(0), "stop")
    await ask_for(panel, "a long one", KLING)
    line = panel.locator("[data-job]")
    await expect(line).to_have_attribute("data-state", re.compile("queued|running"))
    await panel.get_by_role("button", name=f"Cancel {KLING}").click()
    await expect(line).to_have_attribute("data-state", "cancelled")
    await expect(line).to_contain_text("fal may charge")
    await lab.run(1)
    assert await lab.text(1) == "cancelled\n"


async def test_a_page_that_is_loaded_again_while_jobs_run_shows_them_to_their_end(
    lab: LabPage,
) -> None:
    await lab.start(studio("again", speed=8.0))
    panel = panel_of(await lab.run(0), "again")
    await ask_for(panel, "waves at night", KLING)
    line = panel.locator("[data-job]")
    await expect(line).to_have_attribute("data-state", re.compile("queued|running"))
    job = await line.get_attribute("data-job")
    await lab.save()
    await lab.reload()
    panel = panel_of(lab.output(0), "again")
    await expect(panel.locator(f"[data-job='{job}']")).to_be_visible()
    await expect(panel.get_by_role("textbox", name="Prompt", exact=True)).to_have_value(
        "waves at night"
    )
    await play(lab, panel, KLING)


async def test_a_batch_shows_its_progress_in_its_cell(lab: LabPage) -> None:
    run = "batch = studio.generate('waves', models=['kling_v2_5', 'veo31_fast']); batch"
    await lab.start(studio("batch").replace("studio.panel()", ""), run)
    await lab.run(0)
    shown = await lab.run(1)
    await expect(shown.get_by_role("button", name=re.compile("^Play ")).nth(1)).to_be_visible()


async def test_the_quickstart_runs_generates_from_its_panel_and_stays_small(lab: LabPage) -> None:
    folder = lab.server.root / "tour"
    folder.mkdir(exist_ok=True)
    shutil.copy(NOTEBOOKS / "01_quickstart.ipynb", folder)
    await lab.open("tour/01_quickstart.ipynb")
    await lab.run_all()
    await starts_to_play(lab, lab.page.locator(".jp-OutputArea video").last)

    panel = panel_of(lab.page.locator(".jp-OutputArea"), "quickstart")
    await ask_for(panel, "a paper boat in the rain", KLING, VEO)
    await expect(panel.get_by_role("button", name=re.compile("^Play "))).to_have_count(2 + 2)
    saved = (await lab.save()).read_bytes()
    assert b"data:video" not in saved
    shown = list(html_outputs(nbformat.reads(saved.decode(), as_version=4)))
    clips = [html.count("<figure") for html in shown]
    assert sum(clips) >= 4 + 2 + 2 + 1
    assert all(len(html) < 60_000 * max(n, 1) for html, n in zip(shown, clips, strict=True))
    assert len(saved) < 60_000 * sum(clips)


def html_outputs(notebook: nbformat.NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html:
                yield html


@pytest.fixture
def live_fal(tmp_path: Path) -> Iterator[str]:
    """A server that takes the canary for its only key."""
    with Simulator(tmp_path / "fal", max_height_px=240, key=CANARY) as simulator:
        yield simulator.origin


def live_cells(origin: str, key_file: Path) -> tuple[str, str]:
    """Cells that use a key, without the key in their source."""
    return (
        f"""
import os, pathlib
os.environ["QCUT_NB_FAL_URL"] = {origin!r}
import qcut_nb as qc
studio = qc.Studio("live", mode="live", key=pathlib.Path({str(key_file)!r}).read_text())
studio.panel()
""",
        """
batch = studio.generate("waves", models="kling_v2_5")
clips = await batch
print(studio, batch, batch.jobs[0], studio.history())
clips[0]
""",
    )


def holds_secret(folder: Path, secret: str) -> list[Path]:
    """Files below a folder that hold the secret, or the half of it that is secret."""
    needles = [secret.encode(), secret.partition(":")[2].encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]


async def test_no_key_is_saved_even_with_widget_state(
    lab: LabPage, live_fal: str, tmp_path: Path
) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(CANARY)
    lab.server.setting("@jupyter-widgets/jupyterlab-manager:plugin", {"saveState": True})
    try:
        lab.leave()
        await lab.start(*live_cells(live_fal, key_file))
        panel = panel_of(await lab.run(0), "live")
        await expect(panel).to_contain_text("LIVE")
        await lab.run(1)
        saved = await lab.save()
    finally:
        lab.server.setting("@jupyter-widgets/jupyterlab-manager:plugin", {"saveState": False})
        lab.leave()
    assert "application/vnd.jupyter.widget-state+json" in saved.read_text()
    assert b"data:video" not in saved.read_bytes()
    assert holds_secret(lab.server.root.parent, CANARY) == []


async def test_no_key_is_in_a_notebook_that_was_executed_without_a_browser(
    live_fal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in guarded_environment().items():
        monkeypatch.setenv(name, value)
    key_file = tmp_path / "key"
    key_file.write_text(CANARY)
    folder = tmp_path / "work"
    folder.mkdir()
    notebook = new_notebook(live_cells(live_fal, key_file))
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(folder)}}, store_widget_state=True
    )
    await client.async_execute()
    nbformat.write(notebook, folder / "executed.ipynb")
    assert "widgets" in notebook.metadata
    assert holds_secret(folder, CANARY) == []
