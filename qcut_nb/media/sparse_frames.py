"""A few frames of an MP4, straight from its sample table: each core decodes its own groups."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import av
import numpy as np

from ..errors import MediaError
from .sample_decoding import decoder_of, is_reference, sample_packet
from .sample_table import Numbers, SampleTable, sample_tables

Made = TypeVar("Made")


def sparse_frames(
    path: Path, count: int, make: Callable[[av.VideoFrame], Made]
) -> list[Made] | None:
    """What is made of frames near even moments from the start on.

    Each is a frame within half a step of its moment: a keyframe where there is one, else an early
    one, as all frames between it and the keyframe before have to be decoded.

    Args:
        path: A video.
        count: Number of moments, at least 1.
        make: Called with each frame, in another thread; frames are big, what is kept may be small.

    Returns:
        In order; `None` where the file takes more: see `first_frame`.
    """
    try:
        videos = [table for table in sample_tables(path) if table.kind == "video"]
    except (MediaError, OSError):
        return None  # whoever opens the file in the usual way says what is wrong
    if len(videos) != 1 or decoder_of(videos[0]) is None:
        return None
    table = videos[0]
    shown = np.sort(table.pts[table.is_shown])
    if not len(shown):
        return None
    keys = np.flatnonzero(table.is_key)
    wanted = _cheap_moments(shown, np.sort(table.pts[keys]), count)
    groups: dict[int, list[int]] = {}
    for pts in wanted:
        # The group whose keyframe is shown last at or before the moment.
        before = keys[table.pts[keys] <= pts]
        if not len(before):
            return None
        groups.setdefault(int(before[-1]), []).append(pts)
    cores = os.cpu_count() or 1
    threads = 1 if len(groups) >= cores else cores
    with ThreadPoolExecutor(cores) as pool, ThreadPoolExecutor(1) as makers:

        def decoded(group: tuple[int, list[int]]) -> list[Future[Made]] | None:
            return _decoded(path, table, *group, threads, lambda frame: makers.submit(make, frame))

        parts = list(pool.map(decoded, groups.items()))
        if any(part is None for part in parts):
            return None
        return [each.result() for part in parts for each in part or ()]


def _cheap_moments(shown: Numbers, keys: Numbers, count: int) -> list[int]:
    """Times of display that are near even ones and soon behind a keyframe, rising."""
    step = len(shown) / count
    found = []
    for place in range(count):
        early = int(shown[max(0, int((place - 0.5) * step))])
        late = int(shown[min(len(shown) - 1, int((place + 0.5) * step))])
        near = keys[(keys >= early) & (keys < max(late, early + 1))]
        found.append(int(near[0]) if len(near) else early)
    return found


def _decoded(
    path: Path,
    table: SampleTable,
    first: int,
    wanted: Sequence[int],
    threads: int,
    make: Callable[[av.VideoFrame], Made],
) -> list[Made] | None:
    """The frames shown at some moments (rising), decoded from one keyframe on."""
    decoder = decoder_of(table)
    assert decoder is not None
    decoder.thread_count = threads
    decoder.thread_type = "FRAME" if threads > 1 else "SLICE"
    # The smoothing between blocks is not seen in small pictures, and B-frames that no other frame
    # needs are passed over: the frame before is a few hundredths of a second earlier.
    decoder.options = {"skip_loop_filter": "all"}
    last = int(np.flatnonzero(table.pts <= wanted[-1])[-1])
    made: list[Made] = []
    held: av.VideoFrame | None = None
    try:
        with path.open("rb") as file:
            for sample in (*range(first, last + 1), None):
                packet = None if sample is None else sample_packet(file, table, sample)
                if packet is not None and not is_reference(table, bytes(packet)):
                    continue
                for frame in decoder.decode(packet):
                    while len(made) < len(wanted) and (frame.pts or 0) > wanted[len(made)]:
                        if held is None:
                            return None
                        made.append(make(held))
                    held = frame
    except (av.FFmpegError, OSError):
        return None
    if held is None:
        return None
    rest = make(held)
    return made + [rest] * (len(wanted) - len(made))
