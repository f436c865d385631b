"""A 1 GB download: extra memory, and speed beside `curl`.

Compared is the time to a complete file, which neither side has forced to the disk by then. How fast
both are with the wait for the disk (fsync) is told too: a clip is kept only after it.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import multiprocessing.connection
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from claims import Claim

SIZE_BYTES = 1_000_000_000
ROUNDS = 5


def serve(file: Path, started: multiprocessing.connection.Connection) -> None:
    """Send one file to whoever asks, as fast as the machine can (sendfile)."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        size = file.stat().st_size
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nAccept-Ranges: bytes\r\n"
            f'ETag: "one"\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n'
        )
        writer.write(head.encode())
        await writer.drain()
        with file.open("rb") as content:
            await asyncio.get_running_loop().sendfile(writer.transport, content)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        started.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def ours(url: str, target: Path) -> dict[str, float]:
    """Download with the library; seconds, and MiB of memory above what it held before."""
    from qcut_nb.fal import FalClient, Hosts, Key

    async def run() -> dict[str, float]:
        origin = url.rpartition("/")[0]
        async with FalClient(Key("id:secret"), Hosts.single(origin)) as client:
            # The client makes its TLS context on the first request; that is not the download's.
            before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.perf_counter()
            await client.download(url, target)
            took_s = time.perf_counter() - started
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        durable_s = took_s + force_to_disk(target)
        return {"s": took_s, "durable_s": durable_s, "extra_mib": (peak_kib - before_kib) / 1024}

    found = asyncio.run(run())
    assert target.stat().st_size == SIZE_BYTES
    return found


def force_to_disk(target: Path) -> float:
    """Seconds until what was written is on the disk."""
    started = time.perf_counter()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - started


def curl(url: str, target: Path) -> dict[str, float]:
    """Seconds that `curl` takes, by its own clock; and with the wait for the disk."""
    ended = subprocess.run(
        ["curl", "-s", "-o", str(target), "-w", "%{time_total}", url],
        check=True,
        capture_output=True,
        text=True,
    )
    took_s = float(ended.stdout)
    durable_s = took_s + force_to_disk(target)
    target.unlink()
    return {"s": took_s, "durable_s": durable_s}


def measure() -> list[Claim]:
    """Alternating rounds; medians."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.mp4"
        with source.open("wb") as file:
            file.truncate(SIZE_BYTES)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        server = multiprocessing.Process(target=serve, args=(source, sender), daemon=True)
        server.start()
        url = f"http://127.0.0.1:{receiver.recv()}/source.mp4"
        curls, our = [], []
        for _ in range(ROUNDS):
            curls.append(curl(url, Path(folder) / "curl.mp4"))
            ended = subprocess.run(
                [sys.executable, __file__, url, f"{folder}/ours.part"],
                check=True,
                capture_output=True,
                text=True,
            )
            our.append(json.loads(ended.stdout))
            for made in Path(folder).glob("*ours*"):
                made.unlink()
        server.terminate()
        server.join()
    our_s, our_durable_s = medians(our)
    curl_s, curl_durable_s = medians(curls)
    return [
        Claim(
            "1 GB download: extra memory",
            max(round_["extra_mib"] for round_ in our),
            32,
            "MiB",
        ),
        Claim(
            "1 GB download: speed / curl",
            curl_s / our_s,
            0.9,
            "x",
            f"{speed(our_s)} beside {speed(curl_s)}",
            at_least=True,
        ),
        Claim(
            "1 GB download, on the disk: speed / curl and fsync",
            curl_durable_s / our_durable_s,
            None,
            "x",
            f"{speed(our_durable_s)} beside {speed(curl_durable_s)}",
        ),
    ]


def medians(rounds: list[dict[str, float]]) -> tuple[float, float]:
    """Seconds to a complete file, and to one on the disk."""
    return (
        statistics.median(round_["s"] for round_ in rounds),
        statistics.median(round_["durable_s"] for round_ in rounds),
    )


def speed(took_s: float) -> str:
    """The speed of a download that took so long."""
    return f"{SIZE_BYTES / took_s / 1e6:.0f} MB/s"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(ours(sys.argv[1], Path(sys.argv[2]))))
    elif shutil.which("curl") is None:
        sys.exit("curl is needed for the comparison.")
    else:
        for claim in measure():
            print(claim)
