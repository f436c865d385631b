"""A few frames of an MP4, straight from its sample table: each core decodes its own groups."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
import numpy as np

from ..errors import MediaError
from .h264 import ParameterSets
from .sample_decoding import decoder_of, is_reference, sample_bytes, sample_packet
from .sample_table import SampleTable, sample_tables
from .slices import Picture, SliceReader, is_loose

Made = TypeVar("Made")
Span = tuple[int, int]
"""Times of display, ticks: the first and the last that will do."""
Group = tuple[int, list[Span]]
"""A keyframe's sample, and what is wanted of the frames that are decoded from it on."""


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
    if not len(shown) or not table.is_key[0]:
        return None
    step = len(shown) / count
    places = np.arange(count + 1) - 0.5
    early = shown[np.maximum(0, (places[:-1] * step).astype(np.int64))]
    late = shown[np.clip((places[1:] * step).astype(np.int64) - 1, 0, len(shown) - 1)]
    groups = cheap_groups(table, list(zip(early.tolist(), late.tolist(), strict=True)))
    cores = os.cpu_count() or 1
    threads = 1 if len(groups) >= cores else cores
    with ThreadPoolExecutor(cores) as pool, ThreadPoolExecutor(1) as makers:

        def decoded(group: Group) -> list[Future[Made]]:
            frames = decode_group(path, table, group, threads)
            return [makers.submit(make, frame) for frame in frames]

        try:
            parts = list(pool.map(decoded, groups))
        except (av.FFmpegError, OSError):
            return None
        made = [each.result() for part in parts for each in part]
    return made if len(made) == count else None


def cheap_groups(table: SampleTable, wanted: Sequence[Span]) -> list[Group]:
    """Where frames are that are soon decoded: keyframes where there are some, else early ones.

    Args:
        table: The track; its first sample is a keyframe.
        wanted: When each frame may be shown, rising.
    """
    keys = np.flatnonzero(table.is_key)
    key_times = table.pts[keys]
    groups: dict[int, list[Span]] = {}
    for early, late in wanted:
        near = key_times[(key_times >= early) & (key_times <= late)]
        start = int(near.min()) if len(near) else early
        # The group whose keyframe is shown last at or before the moment.
        before = keys[key_times <= start]
        groups.setdefault(int(before[-1]) if len(before) else 0, []).append((start, late))
    return list(groups.items())


def decode_group(
    path: Path, table: SampleTable, group: Group, threads: int
) -> Iterator[av.VideoFrame]:
    """For all that is wanted of a group, in order, a frame that is decoded for little.

    Frames that no other is made from are passed over: B-frames, which come in rows of a few. Where
    a span has no other, the frame before or behind it does.

    Raises:
        OSError: The file cannot be read.
        av.FFmpegError: It does not decode.
    """
    first, wanted = group
    decoder = decoder_of(table)
    assert decoder is not None
    with path.open("rb") as file:
        samples = _needed(file, table, first, wanted[-1][0])
        cut = _cut_off(file, table, samples)
        # The smoothing between blocks is not seen in small pictures, and what was cut off is not
        # to be made up for. It takes one of the threads, though for no time.
        decoder.options = {"skip_loop_filter": "all"} | ({"ec": "0"} if cut else {})
        decoder.thread_count = threads * 2 if cut and threads > 1 else threads
        decoder.thread_type = "FRAME" if threads > 1 else "SLICE"
        unseen = {int(table.pts[sample]) for sample in cut}
        held: av.VideoFrame | None = None
        at = 0
        for sample in (*samples, None):
            packet = None
            if sample is not None:
                packet = sample_packet(file, table, sample, cut.get(sample))
            for frame in decoder.decode(packet):
                if frame.pts is None or frame.pts in unseen:
                    continue
                if held is None and decoder.sample_aspect_ratio not in (None, 0, 1):
                    return  # the stream alone says that its pixels are no squares
                while at < len(wanted) and frame.pts >= wanted[at][0]:
                    yield held if held is not None and frame.pts > wanted[at][1] else frame
                    at += 1
                held = frame
    if held is not None:
        yield from [held] * (len(wanted) - at)


def _needed(file: BinaryIO, table: SampleTable, first: int, until: int) -> list[int]:
    """Samples from a keyframe on that others are made from, up to one that is shown late enough."""
    found = []
    for sample in range(first, len(table.pts)):
        if is_reference(table, sample_bytes(file, table, sample)):
            found.append(sample)
            if table.pts[sample] >= until:
                break
    return found


def _cut_off(file: BinaryIO, table: SampleTable, samples: Sequence[int]) -> dict[int, bytes]:
    """Of samples that need not be decoded, as other B-frames are made from them, their beginning.

    A decoder that misses them altogether waits for the frame before, and copies it.
    """
    settings = table.setting(b"avcC")
    if settings is None:
        return {}
    found: dict[int, bytes] = {}
    try:
        reader = SliceReader(ParameterSets.parse(settings))

        def picture(sample: int) -> Picture:
            data = sample_bytes(file, table, sample)
            read = reader.read(data)
            if read.is_b:
                found[sample] = reader.headed(data)
            return read

        return found if is_loose(map(picture, samples)) else {}
    except (ValueError, IndexError, struct.error):
        return {}
