"""The notebooks that we ship run from top to bottom, and make what they say."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from qcut_nb.media import probe
from support.network_guard import guarded_environment

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def execute(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a shipped notebook in `folder`, in a guarded kernel; the notebook with its outputs."""
    for variable, value in guarded_environment().items():
        monkeypatch.setenv(variable, value)
    shutil.copy(NOTEBOOKS / name, folder)
    return run(nbformat.read(folder / name, as_version=4), folder)


def run(notebook: Any, folder: Path) -> Any:
    """Run all cells in a kernel of their own, in a folder that may have been used before."""
    client = NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def text_of(notebook: Any, cell_id: str) -> str:
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return "".join(
        out["text"] if out.output_type == "stream" else out["data"].get("text/plain", "")
        for out in cell.outputs
    )


def test_the_quickstart_makes_two_clips_and_a_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = execute("01_quickstart.ipynb", tmp_path, monkeypatch)

    clips = sorted((tmp_path / "qcut/quickstart/clips").glob("*.mp4"))
    assert sorted(round(probe(clip).duration_s or 0) for clip in clips) == [5, 6]
    assert all(probe(clip).has_video for clip in clips)
    assert probe(tmp_path / "cut.mp4").duration_s == pytest.approx(5.5, abs=0.1)
    assert "asked 5, sent 6" in text_of(notebook, "compare")
    summary = text_of(notebook, "summary")
    assert "$0.00 spent" in summary
    assert all(str(clip) in summary for clip in clips)
    run(notebook, tmp_path)
    assert probe(tmp_path / "cut.mp4").duration_s == pytest.approx(5.5, abs=0.1)


def test_a_picture_becomes_clips_that_are_joined_without_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = execute("02_image_to_video.ipynb", tmp_path, monkeypatch)

    assert len(list((tmp_path / "qcut/from-a-picture/clips").glob("*.mp4"))) == 3
    joined = probe(tmp_path / "sunrise-and-sunset.mp4")
    assert joined.duration_s == pytest.approx(10, abs=0.2)
    assert "copy" in text_of(notebook, "join")
    run(notebook, tmp_path)
    assert len(list((tmp_path / "qcut/from-a-picture/clips").glob("*.mp4"))) == 6


def test_clips_become_a_film_that_says_what_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = execute("04_assemble.ipynb", tmp_path, monkeypatch)

    film = probe(tmp_path / "home.mp4")
    assert film.duration_s == pytest.approx(10, abs=0.1)
    assert film.has_audio
    assert "copy" in text_of(notebook, "join")
    assert {"copy", "filter"} <= set(text_of(notebook, "film").split())
    assert text_of(notebook, "provenance").count("  sha256 ") == 4
    assert "chord.wav" in text_of(notebook, "provenance")
    assert "a boat comes home" in text_of(notebook, "provenance")
    run(notebook, tmp_path)
    assert text_of(notebook, "provenance").count("  sha256 ") == 4


def test_three_prompts_meet_four_models_and_end_in_a_leaderboard_and_a_gallery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = execute("03_compare.ipynb", tmp_path, monkeypatch)

    assert len(list((tmp_path / "qcut/compare/clips").glob("*.mp4"))) == 12
    assert "12 to run for $" in text_of(notebook, "plan")
    assert "Leaderboard by model: 6 votes" in text_of(notebook, "vote")
    assert len(list((tmp_path / "gallery/media").glob("*.mp4"))) == 12
    (matrix,) = [cell for cell in notebook.cells if cell.id == "run"]
    assert "data:image/jpeg" in str(matrix.outputs)
    run(notebook, tmp_path)
    assert len(list((tmp_path / "qcut/compare/clips").glob("*.mp4"))) == 12


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_a_shipped_notebook_carries_no_outputs_and_no_widget_state(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) < 10
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
