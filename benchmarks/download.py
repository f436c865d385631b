"""A 1 GB download: extra memory, and speed beside `curl`."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import multiprocessing.connection
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
ROUNDS = 3


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
        return {"s": took_s, "extra_mib": (peak_kib - before_kib) / 1024}

    found = asyncio.run(run())
    assert target.stat().st_size == SIZE_BYTES
    return found


def curl(url: str, target: Path) -> float:
    """Seconds that `curl` takes, by its own clock."""
    ended = subprocess.run(
        ["curl", "-s", "-o", str(target), "-w", "%{time_total}", url],
        check=True,
        capture_output=True,
        text=True,
    )
    target.unlink()
    return float(ended.stdout)


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
    our_s = statistics.median(round_["s"] for round_ in our)
    curl_s = statistics.median(curls)
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
            f"{SIZE_BYTES / our_s / 1e6:.0f} MB/s beside {SIZE_BYTES / curl_s / 1e6:.0f} MB/s",
            at_least=True,
        ),
    ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(ours(sys.argv[1], Path(sys.argv[2]))))
    elif shutil.which("curl") is None:
        sys.exit("curl is needed for the comparison.")
    else:
        for claim in measure():
            print(claim)
