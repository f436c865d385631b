"""Pixel sizes: what a size class, an aspect ratio and a source give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .records import MediaFacts, ModelSpec

SHORT_SIDE_PX = {
    "480p": 480,
    "580p": 580,
    "720p": 720,
    "768p": 768,
    "1080p": 1080,
    "true_1080p": 1080,
    "1440p": 1440,
    "2k": 1440,
    "2160p": 2160,
    "4k": 2160,
}


def aspect_value(aspect_ratio: str) -> float:
    """Width / height of a ratio such as "16:9"."""
    width, _, height = aspect_ratio.partition(":")
    return float(width) / float(height)


def output_size(
    spec: ModelSpec, values: Mapping[str, Any], source: MediaFacts | None = None
) -> tuple[int, int]:
    """The pixel size (width, height) of what a request makes, both even.

    Args:
        spec: The model.
        values: Settings in effect, in the caller's spelling.
        source: Facts of the file that decides the shape: the picture or video that is given.
    """
    own_size = source is not None and source.width_px and source.height_px
    if spec.mode == "upscale":
        width, height = (source.width_px, source.height_px) if own_size and source else (1280, 720)
        return _upscaled(spec, values, width or 1280, height or 720)
    resolution = values.get("resolution")
    if resolution not in SHORT_SIDE_PX:
        resolution = spec.output.resolution or "720p"
    aspect = values.get("aspect_ratio")
    if aspect and aspect != "auto":
        ratio = aspect_value(aspect)
    elif own_size and source and source.width_px and source.height_px:
        ratio = source.width_px / source.height_px
    else:
        ratio = 16 / 9
    short = SHORT_SIDE_PX[resolution]
    if ratio >= 1:
        return _even(short * ratio), _even(short)
    return _even(short), _even(short / ratio)


def _upscaled(
    spec: ModelSpec, values: Mapping[str, Any], width_px: int, height_px: int
) -> tuple[int, int]:
    factor = values.get("upscale_factor") or values.get("scale_ratio")
    if factor is None:
        target = SHORT_SIDE_PX[str(values.get("target_resolution") or spec.output.resolution)]
        factor = target / min(width_px, height_px)
    return _even(width_px * factor), _even(height_px * factor)


def _even(length_px: float) -> int:
    return max(2, 2 * round(length_px / 2))
