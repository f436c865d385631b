"""How alike two pictures are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.filter import Graph
from PIL import Image, ImageOps

from .stills import open_still


def likeness(wanted: Path | Image.Image | None, shown: Image.Image) -> float | None:
    """SSIM of two pictures, over luma and colour, by FFmpeg's `ssim`.

    Args:
        wanted: The picture to come near to, cut to the other's shape around its middle and
            scaled to its size, as models do with an input image.
        shown: The picture that came out.

    Returns:
        1 for equal pictures; `None` without a picture to come near to.

    Raises:
        MediaError: `wanted` is a file that is not a picture.

    Source:
        https://ffmpeg.org/ffmpeg-filters.html#ssim, read 2026-11.
    """
    if wanted is None:
        return None
    image = open_still(wanted) if isinstance(wanted, Path) else wanted
    pair = [_even(shown), _even(ImageOps.fit(image, shown.size, Image.Resampling.BOX))]
    graph = Graph()
    sources = [
        graph.add_buffer(width=f.width, height=f.height, format=f.format, time_base=f.time_base)
        for f in pair
    ]
    ssim, sink = graph.add("ssim"), graph.add("buffersink")
    for place, source in enumerate(sources):
        source.link_to(ssim, 0, place)
    ssim.link_to(sink)
    graph.configure()
    for source, frame in zip(sources, pair, strict=True):
        source.push(frame)
    return float(sink.pull().metadata["lavfi.ssim.All"])  # one to each source: one comes out


def _even(image: Image.Image) -> av.VideoFrame:
    size = (max(2, image.width // 2 * 2), max(2, image.height // 2 * 2))
    rgb = np.asarray(image.crop((0, 0, *size)))
    frame: av.VideoFrame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format="yuv420p"
    )
    frame.pts, frame.time_base = 0, Fraction(1, 24)
    return frame
