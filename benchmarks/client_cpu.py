"""Client CPU per job, submit to stored, beside the official client; requests per job; notice delay.

Both sides run in a fresh process each against the same kind of simulator, after one job to warm up.
Ours includes the journal, the check of the file and the recipe; the official client's is
`subscribe` with its defaults, then a streamed download of the same file.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from claims import Claim
from serving import calls, make_clip, simulator

MODEL = "wan_turbo"
PROMPT = "a lighthouse"
# seconds of a job (0: instant), jobs at once, highest ratio allowed
SCENES = ((10.0, 1, 0.3), (10.0, 50, 0.3), (0.0, 1, 1.5), (0.0, 50, 1.5), (0.0, 500, 1.5))
WARM_UP_JOBS = 1


def ours(origin: str, count: int, folder: Path) -> dict[str, Any]:
    """Run jobs through a studio; CPU seconds, and when each was seen to be complete."""
    os.environ["QCUT_NB_FAL_URL"] = origin
    import qcut_nb as qc

    studio = qc.Studio("benchmark", mode="simulated", root=folder)
    warm_up(lambda: studio.generate(PROMPT, models=MODEL).wait(), origin)
    noticed: dict[str, float] = {}
    lock = threading.Lock()

    def notice(view: Any) -> None:
        if view.state in ("completed", "downloading", "stored") and view.request_id:
            with lock:
                noticed.setdefault(view.request_id, time.time())

    studio._core.engine.listen(notice)
    cpu_before, before = time.process_time(), calls(origin)
    batches = [studio.generate(PROMPT, models=MODEL, seed=n) for n in range(count)]
    clips = [clip for batch in batches for clip in batch.wait()]
    cpu_s = time.process_time() - cpu_before
    assert len(clips) == count
    studio.close()
    return {"cpu_s": cpu_s, "calls": since(before, origin), "noticed": noticed}


def theirs(origin: str, count: int, folder: Path) -> dict[str, Any]:
    """Run the same jobs through the official client."""
    import fal_client
    from fal_client import client as settings

    import qcut_nb as qc

    settings.QUEUE_URL_FORMAT = f"{origin}/"
    settings.RUN_URL_FORMAT = f"{origin}/"
    request = qc.models[MODEL].request(prompt=PROMPT)

    async def job(client: fal_client.AsyncClient, http: httpx.AsyncClient, place: int) -> None:
        result = await client.subscribe(request.endpoint, request.body)
        async with http.stream("GET", result["video"]["url"]) as answer:
            with (folder / f"{place}.mp4").open("wb") as file:
                async for chunk in answer.aiter_bytes():
                    file.write(chunk)

    async def run() -> dict[str, Any]:
        client = fal_client.AsyncClient(key="id:secret")
        async with httpx.AsyncClient(timeout=120) as http:
            await job(client, http, -1)
            cpu_before, before = time.process_time(), calls(origin)
            await asyncio.gather(*(job(client, http, place) for place in range(count)))
            return {"cpu_s": time.process_time() - cpu_before, "calls": since(before, origin)}

    return asyncio.run(run())


def warm_up(job: Any, origin: str) -> None:
    """Load what the first job loads."""
    for _ in range(WARM_UP_JOBS):
        job()
    calls(origin)


def since(before: dict[str, int], origin: str) -> dict[str, int]:
    """Requests by kind since an earlier count."""
    return {kind: count - before.get(kind, 0) for kind, count in calls(origin).items()}


def delays_s(origin: str, noticed: dict[str, float]) -> list[float]:
    """Seconds from the completion at the server to our noticing it, per job."""
    import qcut_nb as qc

    ended: dict[str, str] = {}
    cursor: str | None = None
    while True:
        page = httpx.get(
            f"{origin}/v1/models/requests/by-endpoint",
            params={
                "endpoint_id": qc.models[MODEL].endpoint,
                "limit": 100,
                **({"cursor": cursor} if cursor else {}),
            },
            headers={"Authorization": "Key id:secret"},
        ).json()
        ended.update({item["request_id"]: item["ended_at"] for item in page["items"]})
        cursor = page.get("next_cursor")
        if not cursor:
            return [
                seen_at - datetime.fromisoformat(ended[request_id]).timestamp()
                for request_id, seen_at in noticed.items()
            ]


def run_side(side: str, origin: str, count: int) -> dict[str, Any]:
    """One side in a fresh process."""
    ended = subprocess.run(
        [sys.executable, __file__, side, origin, str(count)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def measure() -> list[Claim]:
    """All scenes."""
    claims = []
    delays: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        clip = str(make_clip(Path(folder)))
        for job_s, count, limit in SCENES:
            sides = {}
            for side in ("ours", "theirs"):
                speed = job_s or "instant"
                with simulator(speed=speed, media_file=clip, concurrency=1000) as origin:
                    sides[side] = run_side(side, origin, count)
                    if side == "ours" and job_s:
                        delays += delays_s(origin, sides[side]["noticed"])
            claims.append(cpu_claim(job_s, count, limit, sides["ours"], sides["theirs"]))
    claims.append(
        Claim(
            "from completion to our noticing, median",
            statistics.median(delays),
            0.6,
            "s",
            f"{len(delays)} jobs of 10 s, worst {max(delays):.2f} s",
        )
    )
    return claims


def cpu_claim(
    job_s: float, count: int, limit: float, our: dict[str, Any], their: dict[str, Any]
) -> Claim:
    """The ratio of one scene."""

    def requests(side: dict[str, Any]) -> float:
        return float(sum(side["calls"].values())) / count

    kind = f"{job_s:.0f} s" if job_s else "instant"
    return Claim(
        f"client CPU, {count} {kind} jobs at once / fal_client",
        our["cpu_s"] / their["cpu_s"],
        limit,
        "x",
        f"{our['cpu_s'] / count * 1000:.1f} ms and {requests(our):.1f} requests a job beside "
        f"{their['cpu_s'] / count * 1000:.1f} ms and {requests(their):.1f}",
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as place:
            run = {"ours": ours, "theirs": theirs}[sys.argv[1]]
            print(json.dumps(run(sys.argv[2], int(sys.argv[3]), Path(place))))
    else:
        for claim in measure():
            print(claim)
