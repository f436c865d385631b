"""Planning a sweep of 1,000 cells."""

from __future__ import annotations

import statistics
import tempfile
import time

from claims import Claim

from qcut_nb import Studio

ROUNDS = 7


def measure() -> list[Claim]:
    """The median of several plans of 1,000 cells, checked and priced."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Studio("plan", mode="simulated", root=folder) as studio,
    ):
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            plan = studio.sweep(
                prompt=[f"prompt {n}" for n in range(50)],
                models=["wan_25", "veo31_fast", "veo31", "seedance_pro"],
                seed=range(5),
            )
            times.append((time.perf_counter() - started) * 1000)
        cells = len(plan)
    return [Claim(f"a sweep of {cells:,} cells plans", statistics.median(times), 100, "ms")]


if __name__ == "__main__":
    for claim in measure():
        print(claim)
