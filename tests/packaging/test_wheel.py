"""What is installed is what was tested: the wheel, inspected and used from a fresh environment."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from qcut_nb.media import probe
from support.chromium import REPOSITORY
from support.network_guard import is_private


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel; its dependencies are those of this test run."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False)
    here, there = (
        Path(sysconfig.get_path("purelib")),
        Path(sysconfig.get_path("purelib", vars={"base": str(folder)})),
    )
    # A folder named in a .pth file is searched last, and .pth files within it, such as that of an
    # editable qcut_nb, are not read.
    (there / "dependencies.pth").write_text(f"{here}\n")
    python = folder / "bin/python"
    install = ["install", "--quiet", "--no-deps", "--ignore-installed", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    return folder


def run(environment: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment, as a user without a key would."""
    keep = {name: value for name, value in os.environ.items() if not is_private(name)}
    keep.pop("PYTHONPATH", None)
    keep["PATH"] = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    program = str(environment / "bin" / command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=cwd, env=keep, capture_output=True, text=True, check=False
    )


def test_the_wheel_carries_the_package_its_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "qcut_nb").rglob("*")
        if path.suffix in {".py", ".toml", ".sql", ".typed"}
    }
    sources.add("qcut_nb/py.typed")
    assert sources <= names
    static = {f"qcut_nb/notebook/static/{name}.js" for name in ("panel", "progress", "compare")}
    gallery = {f"qcut_nb/studio/gallery_assets/page.{kind}" for kind in ("js", "css")}
    assert static | gallery <= names
    assert {
        f"qcut_nb/_notebooks/{path.name}" for path in (REPOSITORY / "notebooks").glob("*.ipynb")
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    rest = {name for name in names if not name.startswith(("qcut_nb/", "qcut_nb-0.1.0.dist-info/"))}
    assert not rest


def test_a_widget_bundle_stays_under_60_kb(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        sizes = {
            item.filename: item.file_size
            for item in archive.infolist()
            if "/static/" in item.filename
        }
    assert sizes
    assert all(size < 60_000 for size in sizes.values()), sizes


def test_import_is_light_and_comes_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    code = (
        "import sys, qcut_nb; print(qcut_nb.__file__);"
        "print(sorted({'moviepy', 'av', 'anywidget', 'tornado'} & set(sys.modules)))"
    )
    ended = run(environment, "python", "-c", code, cwd=tmp_path)
    place, heavy = ended.stdout.splitlines()
    assert place.startswith(str(environment))
    assert heavy == "[]"


def test_the_demo_runs_from_the_wheel_and_leaves_a_cut(environment: Path, tmp_path: Path) -> None:
    ended = run(environment, "qcut-nb", "demo", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert probe(tmp_path / "qcut-demo/cut.mp4").has_video
    assert "$0.00 spent" in ended.stdout


def test_a_missing_bundle_is_said_at_the_panel_and_not_at_import(
    environment: Path, tmp_path: Path
) -> None:
    code = """
import pathlib, qcut_nb, qcut_nb.notebook
static = pathlib.Path(qcut_nb.__file__).parent / "notebook/static"
hidden = static.rename(static.with_name("hidden"))
try:
    studio = qcut_nb.Studio("x", mode="simulated")
    try:
        studio.panel()
    except qcut_nb.errors.PanelNotBuiltError as error:
        print(error)
    studio.close()
finally:
    hidden.rename(static)
"""
    ended = run(environment, "python", "-c", code, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "not built" in ended.stdout
