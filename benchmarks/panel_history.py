"""How long the panel's history takes with 10,000 clips, from the command to the answer as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from claims import Claim

from qcut_nb import Studio
from qcut_nb.notebook.live import cards
from qcut_nb.studio.panel_host import StudioHost

CLIPS = 10_000
TARGET_MS = 200.0
ROUNDS = 5


def fill(studio: Studio) -> None:
    """Ten thousand rows of one real clip, each with a prompt of its own."""
    studio.generate("the first one", models="wan_turbo").wait()
    with studio._core.project.store.transaction() as db:
        for table, own in (("jobs", ("id", "request_id")), ("clips", ("id", "job_id"))):
            columns = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
            taken = ", ".join(_taken(name, own) for name in columns)
            db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE n(i) AS"
                f" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {CLIPS})"
                f" SELECT {taken} FROM {table}, n"
            )


def _taken(name: str, own: tuple[str, ...]) -> str:
    if name in own:
        return f"printf('%s-%05d', {name}, i)"
    if name == "created_at":
        return "created_at - i"
    if name == "recipe":
        return "json_set(recipe, '$.prompt', 'clip number ' || i || ' of a long series')"
    return name


def best_s(work: Callable[[], object]) -> float:
    """The median of a few rounds, seconds."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return sorted(took)[ROUNDS // 2]


def main() -> int:
    """Print the claims; 1 when one does not hold."""
    claims = measure()
    for claim in claims:
        print(claim)
    return int(not all(claim.holds for claim in claims))


def measure() -> list[Claim]:
    """The claims about the history."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio("history", mode="simulated", root=Path(folder))
        fill(studio)
        host = StudioHost(studio._core)

        def page(**asked: object) -> Callable[[], str]:
            def read() -> str:
                found = host.find_clips(**asked)  # type: ignore[arg-type]  # keyword by keyword
                return json.dumps([card.wire() for card in cards(found.clips)])

            return read

        deep = host.find_clips(limit=1)
        row = studio._core.project.store.read(
            "SELECT created_at, id FROM clips ORDER BY created_at DESC LIMIT 1 OFFSET 9000"
        )[0]
        assert deep.total >= CLIPS
        figures = {
            "first page": best_s(page()),
            "page after 9,000 clips": best_s(page(before=f"{row['created_at']!r} {row['id']}")),
            "search that finds one": best_s(page(search="number 7777")),
            "search that finds none": best_s(page(search="zebra")),
            "one model": best_s(page(model_id="wan_turbo")),
        }
        studio.close()
    return [
        Claim(f"history of 10,000 clips: {name}", took_s * 1000, TARGET_MS, "ms")
        for name, took_s in figures.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
