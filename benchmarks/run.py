"""All benchmarks; ends with an error where a claim does not hold."""

from __future__ import annotations

import sys

import assembly_speed
import client_cpu
import compare_playback
import download
import import_time
import journal
import metrics
import panel_browser
import panel_history
import panel_messages
import sweep_plan

BENCHMARKS = (
    import_time,
    sweep_plan,
    panel_messages,
    panel_history,
    metrics,
    download,
    client_cpu,
    journal,
    panel_browser,
    compare_playback,
    assembly_speed,
)


def main() -> None:
    """Print every claim as it is measured."""
    claims = []
    for benchmark in BENCHMARKS:
        for claim in benchmark.measure():
            claims.append(claim)
            print(claim, flush=True)
    broken = [claim for claim in claims if not claim.holds]
    if broken:
        sys.exit(f"{len(broken)} of {len(claims)} claims do not hold.")


if __name__ == "__main__":
    main()
