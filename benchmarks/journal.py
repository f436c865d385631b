"""The journal: what a job costs in CPU and fsyncs; many jobs, many clips, many to resume."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from claims import Claim
from serving import calls, make_clip, simulator

MODEL = "wan_turbo"
QUEUE = """
import json, tornado, uuid
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

class Queue(RequestHandler):
    def post(self, _):
        self.write({"request_id": str(uuid.uuid4())})

    def get(self, path):
        if path.endswith("/stream"):
            return self.send_error(404)
        self.write({"status": "IN_QUEUE", "queue_position": 1})

    def put(self, _):
        self.set_status(202)

    def log_request(self):
        pass

async def main():
    sockets = bind_sockets(0, "127.0.0.1", backlog=1024)
    HTTPServer(Application([("/(.*)", Queue)], log_function=lambda _: None)).add_sockets(sockets)
    print("http://127.0.0.1:%d" % sockets[0].getsockname()[1], flush=True)
    await tornado.locks.Event().wait()

import asyncio
asyncio.run(main())
"""
"""A queue that never moves on: with ten thousand jobs a simulator would be what is measured."""
LIFE_JOBS = 500
MEMORY_JOBS = 10_000
CLIPS = 100_000
RESUMED = 1_000
LONG_S = 3600


def life(folder: Path, jobs: int) -> dict[str, float]:
    """CPU of the store alone over whole lives of jobs, one after the other."""
    from qcut_nb.catalog import models
    from qcut_nb.store import ClipRow, NewJob, Project, State

    store = Project.open("life", folder).store
    request = models[MODEL].request(prompt="a lighthouse in the fog " * 10).model_dump_json()
    ways: list[State] = ["reserved", "submitting", "submitted", "queued", "running", "completed"]
    before = time.process_time()
    for n in range(jobs):
        job_id = f"j{n}"
        store.add_jobs(
            [NewJob(job_id, "b", n, "live", MODEL, "v", request, "[]", 100_000, 100_000, 5000)],
            owner="o",
        )
        for leave, to in zip(ways, [*ways[1:], "downloading"], strict=True):
            learnt: dict[str, Any] = {"request_id": job_id} if to == "submitted" else {}
            store.advance(job_id, leave, to, **learnt)
        store.store_clip(ClipRow(job_id, job_id, f"{job_id}.mp4", "0" * 64, 1, "{}", request, 0.0))
    spent_s = time.process_time() - before
    store.close()
    return {"cpu_s": spent_s}


def lone(folder: Path, jobs: int) -> dict[str, float]:
    """Whole jobs, one after the other, for strace to count the fsyncs of."""
    studio = _studio("lone", folder)
    for n in range(jobs):
        studio.generate("waves", models=MODEL, seed=n).wait()
    studio.close()
    return {}


def in_flight(folder: Path, jobs: int) -> dict[str, float]:
    """Memory of a process whose jobs are all at fal."""
    studio = _studio("flight", folder)
    bare = psutil.Process().memory_info().rss
    started = time.perf_counter()
    for first in range(0, jobs, 500):
        plans = _plans(range(first, min(first + 500, jobs)))
        studio._core.engine.start(plans, batch_id=f"b{first}")
    store = studio._core.project.store
    at_fal = "SELECT count(*) FROM jobs WHERE state IN ('submitted', 'queued', 'running')"
    highest = bare
    while store.read(at_fal)[0][0] < jobs:
        time.sleep(0.5)
        highest = max(highest, psutil.Process().memory_info().rss)
    # Some rounds of polling, so that every job was looked at.
    end = time.perf_counter() + 20
    while time.perf_counter() < end:
        time.sleep(0.5)
        highest = max(highest, psutil.Process().memory_info().rss)
    print(json.dumps({"bare": bare, "rss": highest, "s": time.perf_counter() - started}))
    sys.stdout.flush()
    os._exit(0)  # thousands of jobs under way: nothing to learn from a tidy end


def opened(folder: Path, _: int) -> dict[str, float]:
    """Seconds from nothing to a studio with what a panel shows, imports not counted."""
    import qcut_nb as qc
    from qcut_nb.notebook import Panel

    qc.Studio("warm", mode="simulated", root=folder).close()
    started = time.perf_counter()
    studio = qc.Studio("many", mode="simulated", root=folder)
    open_s = time.perf_counter() - started
    assert Panel is not None
    host = studio._core.host
    host.jobs()
    host.clip_ids()
    studio._core.project.store.money()
    panel_s = time.perf_counter() - started
    started = time.perf_counter()
    assert len(studio.spend().charges) == CLIPS
    spend_s = time.perf_counter() - started
    studio.close()
    return {"open_s": open_s, "panel_s": panel_s, "spend_s": spend_s}


def resumed(folder: Path, jobs: int) -> dict[str, float]:
    """Seconds from opening a project until every unfinished job was asked about at fal."""
    origin = os.environ["QCUT_NB_FAL_URL"]
    seen: set[str] = set()
    before = sum(calls(origin).get(kind, 0) for kind in ("status", "stream"))
    started = time.perf_counter()
    studio = _studio("left", folder)
    open_s = time.perf_counter() - started
    while True:
        asked = sum(calls(origin).get(kind, 0) for kind in ("status", "stream")) - before
        if asked >= jobs or time.perf_counter() - started > 120:
            break
        time.sleep(0.05)
    watched_s = time.perf_counter() - started
    del seen, studio
    print(json.dumps({"open_s": open_s, "watched_s": watched_s}))
    sys.stdout.flush()
    os._exit(0)


def left(folder: Path, jobs: int) -> dict[str, float]:
    """A kernel that ends with jobs under way."""
    studio = _studio("left", folder)
    studio._core.engine.start(_plans(range(jobs)), batch_id="left")
    store = studio._core.project.store
    at_fal = "SELECT count(*) FROM jobs WHERE state IN ('submitted', 'queued', 'running')"
    while store.read(at_fal)[0][0] < jobs:
        time.sleep(0.1)
    print("{}", flush=True)
    os._exit(0)


def _studio(name: str, folder: Path) -> Any:
    import qcut_nb as qc

    return qc.Studio(name, mode="simulated", root=folder)


def _plans(seeds: range) -> list[Any]:
    from qcut_nb.catalog import models
    from qcut_nb.engine import PlannedJob

    spec = models[MODEL]
    return [PlannedJob(spec, spec.request(prompt="waves", seed=seed)) for seed in seeds]


def _child(what: str, folder: Path, jobs: int, *before: str, **env: str) -> dict[str, float]:
    done = subprocess.run(
        [*before, sys.executable, __file__, what, str(folder), str(jobs)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    rows = [line.split() for line in done.stderr.splitlines() if line.endswith("sync")]
    return told | {"fsyncs": float(sum(int(calls) for _, _, _, calls, *_ in rows))}


def _in_a_queue(folder: Path) -> dict[str, float]:
    queue = subprocess.Popen([sys.executable, "-c", QUEUE], stdout=subprocess.PIPE, text=True)
    assert queue.stdout is not None
    try:
        origin = queue.stdout.readline().strip()
        return _child("in_flight", folder, MEMORY_JOBS, QCUT_NB_FAL_URL=origin)
    finally:
        queue.terminate()
        queue.wait()
        queue.stdout.close()


def _many_clips(folder: Path) -> None:
    """A live project with many stored clips, written in one go."""
    from qcut_nb.catalog import models
    from qcut_nb.store import Project

    Project.open("many", folder).store.close()
    request = models[MODEL].request(prompt="a lighthouse in the fog").model_dump_json()
    facts = json.dumps({"format": "mp4", "size_bytes": 1, "width_px": 170, "height_px": 96})
    place = folder / "qcut" / "many"
    # A project of this size has its journal; one of an older version gets it when first opened.
    (place / "journal.jsonl").touch()
    with sqlite3.connect(place / "project.sqlite3") as db:
        db.executemany(
            "INSERT INTO jobs (id, batch_id, place, mode, state, model_id, catalog_version,"
            " request, changes, low_micro_usd, high_micro_usd, charge, spent_micro_usd,"
            " metered_micro_usd, created_at, ended_at) VALUES (?, 'b', ?, 'live', 'stored', ?,"
            " 'v', ?, '[]', 100000, 100000, 'settled', 100000, 100000, ?, ?)",
            ((f"j{n}", n, MODEL, request, 1e9 + n, 1e9 + n) for n in range(CLIPS)),
        )
        db.executemany(
            "INSERT INTO clips (id, job_id, file, sha256, size_bytes, facts, recipe, created_at)"
            " VALUES (?1, ?1, ?1, ?1, 1, ?2, ?3, ?4)",
            ((f"j{n}", facts, request, 1e9 + n) for n in range(CLIPS)),
        )
    db.close()


def measure() -> list[Claim]:
    """All four, each in processes of its own."""
    claims = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = str(make_clip(folder))
        cpu_ms = _child("life", folder, LIFE_JOBS)["cpu_s"] / LIFE_JOBS * 1000
        claims.append(Claim("CPU of the journal per job", cpu_ms, 5, "ms", f"{LIFE_JOBS} lives"))
        if shutil.which("strace"):
            with simulator(speed="instant", media_file=clip) as origin:
                syncs = _child(
                    "lone", folder, 20, "strace", "-f", "-c", "-e", "trace=fsync,fdatasync",
                    QCUT_NB_FAL_URL=origin,
                )["fsyncs"]  # fmt: skip
            claims.append(Claim("fsyncs of a lone job", syncs / 20, 6, "", "20 jobs, start too"))
        _many_clips(folder)
        told = _child("opened", folder, 0)
        detail = f"{told['open_s']:.2f} s to open; spend() of all {told['spend_s']:.2f} s"
        claims.append(
            Claim(f"open a project of {CLIPS} clips, panel", told["panel_s"], 1, "s", detail)
        )
        with simulator(speed=LONG_S, media_file=clip, concurrency=RESUMED) as origin:
            _child("left", folder, RESUMED, QCUT_NB_FAL_URL=origin)
            told = _child("resumed", folder, RESUMED, QCUT_NB_FAL_URL=origin)
        detail = f"{told['open_s']:.2f} s of it before the cell goes on"
        claims.append(
            Claim(f"resume {RESUMED} jobs: all watched", told["watched_s"], 5, "s", detail)
        )
        told = _in_a_queue(folder)
        detail = f"{told['bare'] / 2**20:.0f} MiB without jobs; {told['s']:.0f} s"
        claims.append(
            Claim(
                f"memory with {MEMORY_JOBS} jobs in flight",
                told["rss"] / 2**20,
                200,
                "MiB",
                detail,
            )
        )
    return claims


CHILDREN = {
    "life": life,
    "lone": lone,
    "in_flight": in_flight,
    "opened": opened,
    "left": left,
    "resumed": resumed,
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(CHILDREN[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        for claim in measure():
            print(claim)
