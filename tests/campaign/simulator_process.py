"""A simulator in a process of its own: it does not share the fate of the kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import httpx

from qcut_nb.simulator import Fault
from support.network_guard import guarded_environment

SERVE = """
import os, sys, threading
from qcut_nb.simulator import serve
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
state, film, speed, at_once = sys.argv[1:]
serve(0, float(speed), state_dir=state, media_file=film, concurrency=int(at_once),
      on_start=lambda origin: print(origin, flush=True))
"""


class SimulatorProcess:
    """fal, for a campaign.

    Args:
        folder: Its state.
        film: What it delivers.
        run_s: How long a job runs, seconds.
        at_once: How many run at the same time; the others wait in the queue.

    Attributes:
        origin: Where it listens.
    """

    def __init__(self, folder: Path, film: Path, *, run_s: float, at_once: int) -> None:
        self.folder = folder
        self._command = [sys.executable, "-c", SERVE, str(folder), str(film)]
        self._command += [str(run_s), str(at_once)]
        self.origin = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            env=guarded_environment(),
            stdin=subprocess.PIPE,  # its end is ours: a run that was killed leaves no server behind
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.origin = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)

    def put_in_force(self, faults: Iterable[Fault]) -> None:
        """Let these faults strike from now on."""
        body = [fault.model_dump() for fault in faults]
        httpx.post(f"{self.origin}/_simulator/faults", json=body).raise_for_status()

    def accepted(self) -> list[dict[str, Any]]:
        """Every request that was ever accepted: id, body, outcome, time of cancelling."""
        return [
            json.loads(path.read_text()) for path in sorted(self.folder.glob("requests/*.json"))
        ]
