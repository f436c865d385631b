"""The wheel and the sdist, built once from a copy of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.chromium import REPOSITORY

_SOURCES = ("pyproject.toml", "hatch_build.py", "README.md", "CHANGELOG.md", "LICENSE")
_FOLDERS = ("qcut_nb", "notebooks", "js")


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist built from the sources alone: the checkout's own built files are left behind."""
    copy = tmp_path_factory.mktemp("source")
    leave = shutil.ignore_patterns("static", "node_modules", "__pycache__", "qcut", ".*", "*.mp4")
    for name in _SOURCES:
        shutil.copy(REPOSITORY / name, copy)
    for name in _FOLDERS:
        shutil.copytree(REPOSITORY / name, copy / name, ignore=leave)
    (archive,) = _build("--sdist", copy, tmp_path_factory.mktemp("sdist"), "*.tar.gz")
    return archive


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist on a machine without Node."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(sdist, unpacked, filter="data")
    (source,) = unpacked.iterdir()
    (archive,) = _build("--wheel", source, tmp_path_factory.mktemp("wheel"), "*.whl", path="")
    return archive


def _build(kind: str, source: Path, out: Path, pattern: str, path: str | None = None) -> list[Path]:
    environment = dict(os.environ) if path is None else {**os.environ, "PATH": path}
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", kind, "--outdir", str(out), str(source)],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return list(out.glob(pattern))
