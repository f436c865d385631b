"""What the pictures of a clip measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.filter import Graph
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from ..errors import MediaError
from .containers import open_media, picture_stream
from .probe import shown_size

SIDE_PX = 320
EDGE_SIDE_PX = 960
LIKENESS_SIDE_PX = 640
CUT = 10.0
"""FFmpeg's own threshold of `scdet`."""
MOTION_STEP_S = 1 / 8
EDGE_STEP_S = 2.0
WHOLE_END_S = 0.3
"""Of the last moments every picture is decoded, so that the last one is the last one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Measurements of pictures; the names are those of `METRICS`.

    Attributes:
        first: The first picture as shown.
        last: The last one, likewise.
        count: How many pictures were decoded.
    """

    sharpness: float
    motion: float | None
    flicker: float | None
    brightness: float
    scene_cuts: float
    first: Image.Image
    last: Image.Image
    count: int


def watch(container: InputContainer, path: str | Path) -> Seen:
    """Measure the pictures of an open video in one pass, holding one at a time.

    Pictures to which no other refers are left out (`skip_frame=nonref`) but at the end: that
    halves the work for most clips, and what is left is exact.

    Raises:
        MediaError: The file is missing or broken, or no picture decodes.

    Source:
        ITU-T P.910 (SI, TI) by FFmpeg's `siti`, `scdet`:
        https://ffmpeg.org/ffmpeg-filters.html, read 2026-11.
    """
    stream = picture_stream(container, path)
    begin_s = float((stream.start_time or 0) * (stream.time_base or 0))
    small, sharp = _Scaled(stream, SIDE_PX, "scdet"), _Scaled(stream, EDGE_SIDE_PX, "siti")
    lumas, scores = list[float](), list[float]()
    edges, changes = _Every(EDGE_STEP_S), _Every(MOTION_STEP_S)
    before: NDArray[np.float32] | None = None
    first, last = None, None
    for frame in reference_pictures(container, stream):
        t_s = (frame.time or 0.0) - begin_s
        tiny = small.put(frame)
        luma = _luma(tiny)
        lumas.append(float(np.mean(luma)) / 2.55)
        scores.append(float(tiny.metadata.get("lavfi.scd.score", 0)))
        if changes.due(t_s):
            if before is not None:
                changes.values.append(float(np.std(luma - before)))
            before = luma
        if edges.due(t_s):
            edges.values.append(float(sharp.put(frame).metadata["lavfi.siti.si"]))
        first, last = first or upright(frame, stream), frame
    if first is None or last is None:
        raise MediaError(f"{Path(path).name} has no picture that decodes.")
    return Seen(
        sharpness=float(np.mean(edges.values)),
        motion=float(np.mean(changes.values)) if changes.values else None,
        flicker=_flicker(lumas, scores),
        brightness=float(np.mean(lumas)),
        scene_cuts=float(sum(score >= CUT for score in scores)),
        first=first,
        last=upright(last, stream),
        count=len(lumas),
    )


def reference_pictures(container: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    """The pictures of a video that others refer to, and at the end all, in order."""
    context, base = stream.codec_context, stream.time_base
    end = None
    if stream.duration and base:
        end = (stream.start_time or 0) + stream.duration - WHOLE_END_S / base
    context.skip_frame = "NONREF" if end is not None else "DEFAULT"
    for packet in container.demux(stream):
        if end is not None and packet.pts is not None and packet.pts >= end:
            context.skip_frame = "DEFAULT"
        yield from packet.decode()


def upright(frame: av.VideoFrame, stream: VideoStream) -> Image.Image:
    """A picture as shown, at most 640 px large."""
    width_px, height_px = shown_size(frame, stream)
    scale = min(1.0, LIKENESS_SIDE_PX / max(width_px, height_px))
    size = (max(2, round(width_px * scale)), max(2, round(height_px * scale)))
    turned = frame.rotation % 360
    width_px, height_px = size[::-1] if turned % 180 else size
    rgb = frame.reformat(
        width=width_px, height=height_px, format="rgb24", interpolation="AREA"
    ).to_ndarray()
    image = Image.fromarray(rgb)
    return image.rotate(turned, expand=True) if turned else image


class _Scaled:
    """Frames at a smaller size, with what a filter of FFmpeg's notes on them."""

    def __init__(self, stream: VideoStream, side_px: int, name: str) -> None:
        scale = min(1.0, side_px / max(stream.width, stream.height))
        size = [max(16, round(side * scale / 2) * 2) for side in (stream.width, stream.height)]
        # PyAV's nodes do not keep their graph alive.
        self._graph = graph = Graph()
        self._ends = graph.add_buffer(template=stream), graph.add("buffersink")
        graph.link_nodes(
            self._ends[0],
            graph.add("scale", f"{size[0]}:{size[1]}:flags=area"),
            graph.add("format", "yuv420p"),
            graph.add(name),
            self._ends[1],
        ).configure()

    def put(self, frame: av.VideoFrame) -> av.VideoFrame:
        self._ends[0].push(frame)
        ready = self._ends[1].pull()
        assert isinstance(ready, av.VideoFrame)
        return ready


class _Every:
    """What is measured in steps of time, and not at every picture."""

    def __init__(self, step_s: float) -> None:
        self.values: list[float] = []
        self._step_s = step_s
        self._next_s = 0.0

    def due(self, t_s: float) -> bool:
        if t_s < self._next_s - 0.001:
            return False
        self._next_s = max(self._next_s + self._step_s, t_s)
        return True


def _luma(frame: av.VideoFrame) -> NDArray[np.float32]:
    """Luma from 0, black, to 255, white, also where the picture's own range is 16 to 235."""
    plane = frame.planes[0]
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
    luma = rows[:, : plane.width].astype(np.float32)
    full = frame.color_range == ColorRange.JPEG
    return luma if full else np.clip((luma - 16) * np.float32(255 / 219), 0, 255)


def _flicker(lumas: list[float], scores: list[float]) -> float | None:
    """Mean distance of a picture's mean luma from the middle of its two neighbours."""
    if len(lumas) < 3:
        return None
    levels = np.array(lumas)
    off = np.abs(levels[1:-1] - (levels[:-2] + levels[2:]) / 2)
    cut = np.array(scores) >= CUT
    calm = ~(cut[1:-1] | cut[2:])
    return float(np.mean(off[calm])) if calm.any() else None


def few_frames(path: str | Path, count: int = 32) -> NDArray[np.uint8]:
    """Pictures from even moments of a video, for measurements of one's own.

    Args:
        path: The video.
        count: How many at most.

    Returns:
        Shape (n, height, width, 3), RGB, 0 to 255, at most 320 px large, as decoded.

    Raises:
        MediaError: The file is missing or broken, or no picture decodes.
    """
    found: list[NDArray[np.uint8]] = []
    with open_media(path) as container:
        stream = picture_stream(container, path)
        begin_s = float((stream.start_time or 0) * (stream.time_base or 0))
        due = _Every(_length_s(container, stream) / count)
        scale = min(1.0, SIDE_PX / max(stream.width, stream.height))
        size = [max(2, round(side * scale)) for side in (stream.width, stream.height)]
        for frame in reference_pictures(container, stream):
            if len(found) < count and due.due((frame.time or 0.0) - begin_s):
                small = frame.reformat(
                    width=size[0], height=size[1], format="rgb24", interpolation="AREA"
                )
                found.append(np.asarray(small.to_ndarray(), np.uint8))
    if not found:
        raise MediaError(f"{Path(path).name} has no picture that decodes.")
    return np.stack(found)


def _length_s(container: InputContainer, stream: VideoStream) -> float:
    """How long the pictures last; in Matroska only the packets tell it."""
    base = stream.time_base or 0
    if stream.duration:
        return float(stream.duration * base)
    ends = [p.pts + (p.duration or 0) for p in container.demux(stream) if p.pts is not None]
    container.seek(0)
    return float((max(ends, default=0) - (stream.start_time or 0)) * base)
