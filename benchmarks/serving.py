"""The simulator in a process of its own, so that its work is not counted as the client's."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

_SERVE = """
import json, os, sys, threading
from qcut_nb.simulator import serve
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
settings = json.loads(sys.argv[1])
serve(0, **settings, on_start=lambda origin: print(origin, flush=True))
"""


@contextlib.contextmanager
def simulator(**settings: Any) -> Iterator[str]:
    """A running simulator; its origin.

    Args:
        settings: As for `qcut_nb.simulator.serve`.
    """
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, json.dumps({"state_dir": folder, **settings})],
            stdin=subprocess.PIPE,  # its end is ours: a run that was killed leaves no server behind
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.communicate()


def calls(origin: str) -> dict[str, int]:
    """How many requests the simulator got, by kind."""
    counted: dict[str, int] = httpx.get(f"{origin}/_simulator/stats").json()["calls"]
    return {kind: count for kind, count in counted.items() if kind != "control"}


def make_clip(folder: Path, *, height_px: int = 96, duration_s: int = 2) -> Path:
    """One clip as the simulator renders it: H.264, no sound.

    Small by default, so that what is compared is the client and not the decoder that proves the
    clip whole.

    Args:
        folder: Where it is put.
        height_px: Its height, at most.
        duration_s: Its length.
    """
    import qcut_nb as qc
    from qcut_nb.simulator import Simulator

    with Simulator(speed="instant", max_height_px=height_px) as renderer:
        studio = qc.Studio(f"clip-{height_px}", simulator=renderer, root=folder)
        batch = studio.generate("waves", models="seedance_lite", duration_s=duration_s)
        (clip,) = batch.wait()
        studio.close()
    return clip.path
