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
from typing import Any, NamedTuple

import httpx
from claims import Claim
from serving import calls, make_clip, simulator

MODEL = "wan_turbo"
PROMPT = "a lighthouse"


class Scene(NamedTuple):
    """What is run on both sides.

    Attributes:
        job_s: How long a job takes; 0 is instant.
        at_once: Jobs that run together.
        rounds: How often, one after the other: single jobs are short to measure.
        limit: The highest ratio allowed.
        height_px: Size of the clip that every job delivers.
    """

    job_s: float
    at_once: int
    rounds: int
    limit: float | None
    height_px: int = 96


SCENES = (
    Scene(10, 1, 2, 0.3),
    Scene(10, 50, 1, 0.3),
    Scene(0, 1, 60, 1.5),
    Scene(0, 50, 4, 1.5),
    Scene(0, 500, 1, 1.5),
    # What it takes to prove and tag a clip of real size, which the official client does not do.
    Scene(0, 50, 2, None, height_px=720),
)


def ours(origin: str, at_once: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Run jobs through a studio; CPU seconds, and when each was seen to be complete."""
    os.environ["QCUT_NB_FAL_URL"] = origin
    import qcut_nb as qc

    studio = qc.Studio("benchmark", mode="simulated", root=folder)
    studio.generate(PROMPT, models=MODEL).wait()
    noticed: dict[str, float] = {}
    lock = threading.Lock()

    def notice(view: Any) -> None:
        if view.state in ("completed", "downloading", "stored") and view.request_id:
            with lock:
                noticed.setdefault(view.request_id, time.time())

    studio._core.engine.listen(notice)
    before, cpu_before = calls(origin), time.process_time()
    clips = 0
    for _ in range(rounds):
        batches = [studio.generate(PROMPT, models=MODEL, seed=n) for n in range(at_once)]
        clips += sum(len(batch.wait()) for batch in batches)
    cpu_s = time.process_time() - cpu_before
    assert clips == at_once * rounds
    studio.close()
    return {"cpu_s": cpu_s, "calls": since(before, origin), "noticed": noticed}


def theirs(origin: str, at_once: int, rounds: int, folder: Path) -> dict[str, Any]:
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
            before, cpu_before = calls(origin), time.process_time()
            for _ in range(rounds):
                await asyncio.gather(*(job(client, http, place) for place in range(at_once)))
            cpu_s = time.process_time() - cpu_before
            return {"cpu_s": cpu_s, "calls": since(before, origin)}

    return asyncio.run(run())


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


def run_side(side: str, origin: str, scene: Scene) -> dict[str, Any]:
    """One side in a fresh process."""
    ended = subprocess.run(
        [sys.executable, __file__, side, origin, str(scene.at_once), str(scene.rounds)],
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
        clips = {
            height_px: str(make_clip(Path(folder), height_px=height_px))
            for height_px in {scene.height_px for scene in SCENES}
        }
        for scene in SCENES:
            sides = {}
            for side in ("ours", "theirs"):
                speed = scene.job_s or "instant"
                clip = clips[scene.height_px]
                with simulator(speed=speed, media_file=clip, concurrency=1000) as origin:
                    sides[side] = run_side(side, origin, scene)
                    if side == "ours" and scene.job_s:
                        delays += delays_s(origin, sides[side]["noticed"])
            claims.append(cpu_claim(scene, sides["ours"], sides["theirs"]))
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


def cpu_claim(scene: Scene, our: dict[str, Any], their: dict[str, Any]) -> Claim:
    """The ratio of one scene."""
    jobs = scene.at_once * scene.rounds

    def told(side: dict[str, Any]) -> str:
        requests = sum(side["calls"].values()) / jobs
        return f"{side['cpu_s'] / jobs * 1000:.1f} ms and {requests:.1f} requests a job"

    kind = f"{scene.job_s:.0f} s" if scene.job_s else "instant"
    size = f", {scene.height_px}p clips" if scene.height_px > 96 else ""
    return Claim(
        f"client CPU / fal_client, {scene.at_once} {kind} at once{size}",
        our["cpu_s"] / their["cpu_s"],
        scene.limit,
        "x",
        f"{told(our)} beside {told(their)}",
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory() as place:
            run = {"ours": ours, "theirs": theirs}[sys.argv[1]]
            print(json.dumps(run(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(place))))
    else:
        for claim in measure():
            print(claim)
