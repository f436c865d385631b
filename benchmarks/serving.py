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
import json, sys
from qcut_nb.simulator import serve
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
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def calls(origin: str) -> dict[str, int]:
    """How many requests the simulator got, by kind."""
    counted: dict[str, int] = httpx.get(f"{origin}/_simulator/stats").json()["calls"]
    return {kind: count for kind, count in counted.items() if kind != "control"}


def make_clip(folder: Path) -> Path:
    """One small clip as the simulator renders it: 2 s, 96 lines, H.264.

    Small, so that what is compared is the client and not the decoder that proves the clip whole.
    """
    import qcut_nb as qc
    from qcut_nb.simulator import Simulator

    with Simulator(speed="instant", max_height_px=96) as small:
        studio = qc.Studio("clip", simulator=small, root=folder)
        (clip,) = studio.generate("waves", models="seedance_lite", duration_s=2).wait()
        studio.close()
    return clip.path
