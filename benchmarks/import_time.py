"""`import qcut_nb` beside `import pydantic, httpx`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from claims import Claim

ROUNDS = 9
HEAVY = ("moviepy", "av", "anywidget", "tornado")


def seconds(statement: str) -> float:
    """Wall time of a fresh interpreter that runs one statement."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - started


def measure() -> list[Claim]:
    """Medians of alternating runs, the bare interpreter's start taken off."""
    statements = ("pass", "import pydantic, httpx", "import qcut_nb")
    rounds = [[seconds(statement) for statement in statements] for _ in range(ROUNDS)]
    bare, base, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, qcut_nb; print(len({set(HEAVY)!r} & set(sys.modules)))",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    detail = f"{(ours - bare) * 1000:.0f} ms beside {(base - bare) * 1000:.0f} ms"
    return [
        Claim(
            "import qcut_nb / import pydantic, httpx",
            (ours - bare) / (base - bare),
            1.5,
            "x",
            detail,
        ),
        Claim(f"of {', '.join(HEAVY)}: loaded by the import", float(loaded), 0, "modules"),
    ]


if __name__ == "__main__":
    for claim in measure():
        print(claim)
