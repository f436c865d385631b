"""All metrics of an 8 s clip in 1080p: CPU and memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
from av.filter import Graph
from claims import Claim

FRAMES = 192
MEASURE = """
import re, sys, time
from pathlib import Path
from qcut_nb.media import measure
started = time.process_time()
measure(sys.argv[1])
cpu_s = time.process_time() - started
# Not ru_maxrss: a child inherits the peak of the process that started it.
peak = re.search("VmHWM:(.*)kB", Path("/proc/self/status").read_text())
print(cpu_s, int(peak[1]) / 1024)
"""


def make_clip(path: Path, bit_rate: int) -> None:
    """A clip with motion, fine noise and B-frames, as models deliver them; no sound."""
    graph = Graph()
    sink = graph.add("buffersink")
    graph.link_nodes(
        graph.add("mandelbrot", "size=1920x1080:rate=24:start_scale=0.5:end_scale=0.2"),
        graph.add("noise", "alls=8:allf=t"),
        graph.add("format", "yuv420p"),
        sink,
    ).configure()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "veryfast"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.bit_rate = bit_rate
        for number in range(FRAMES):
            frame = sink.pull()
            assert isinstance(frame, av.VideoFrame)
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def measure() -> list[Claim]:
    """The best of three runs, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        make_clip(path, 5_000_000)
        runs = []
        for _ in range(3):
            command = [sys.executable, "-c", MEASURE, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs.append([float(number) for number in done.stdout.split()])
    cpu_s, memory_mib = min(run[0] for run in runs), max(run[1] for run in runs)
    return [
        Claim("metrics of 8 s of 1080p at 5 Mbit/s: CPU", cpu_s, 1.0, "s"),
        Claim("metrics of 8 s of 1080p at 5 Mbit/s: memory", memory_mib, 200, "MiB"),
    ]


if __name__ == "__main__":
    for claim in measure():
        print(claim)
