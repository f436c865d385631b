"""A real JupyterLab on a free port, with settings, home and notebooks in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Self

import httpx

from support.network_guard import guarded_environment
from support.waiting import wait_until

TOKEN = "lab-of-the-tests"
START_TIMEOUT_S = 60.0


class LabServer:
    """`jupyter lab` as a child process; a context manager.

    Attributes:
        root: Where notebooks live, and what the server serves.
        url: Its origin, once started.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "notebooks"
        self._home = folder / "home"
        self._log = folder / "server.log"
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.root.mkdir(parents=True)
        self._home.mkdir()
        self.setting(
            "@jupyterlab/apputils-extension:notification",
            {"fetchNews": "false", "checkForUpdates": False},
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(), cwd=self.root, env=self._environment(), stdout=log, stderr=log
            )
        self.url = self._wait_for_url(self._process)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=30)

    def setting(self, plugin: str, values: dict[str, object]) -> None:
        """Store user settings of one JupyterLab plugin; the next page load reads them."""
        package, _, name = plugin.partition(":")
        file = self._home / "settings" / package / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    def _command(self) -> list[str]:
        # Port 0: the server takes a free one, which no other process can take in between.
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"),
            f"--ServerApp.root_dir={self.root}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ]

    def _environment(self) -> dict[str, str]:
        home = self._home
        return guarded_environment(
            HOME=str(home),
            IPYTHONDIR=str(home / "ipython"),
            JUPYTER_CONFIG_DIR=str(home / "config"),
            JUPYTER_DATA_DIR=str(home / "data"),
            JUPYTER_RUNTIME_DIR=str(home / "runtime"),
            JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
            XDG_CACHE_HOME=str(home / "cache"),
            XDG_CONFIG_HOME=str(home / "xdg"),
            XDG_DATA_HOME=str(home / "share"),
        )

    def _wait_for_url(self, process: subprocess.Popen[bytes]) -> str:
        info = self._home / "runtime" / f"jpserver-{process.pid}.json"

        def found() -> str | None:
            if process.poll() is not None:
                message = f"JupyterLab ended:\n{self._log.read_text()[-4000:]}"
                raise RuntimeError(message)
            text = info.read_text() if info.exists() else ""
            url = str(json.loads(text)["url"]).rstrip("/") if text else ""
            return url if url and _answers(f"{url}/api/status?token={TOKEN}") else None

        wait_until(found, START_TIMEOUT_S)
        return str(found())


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False
