"""Painters: functions that fill one frame after another, fast, straight in YUV planes."""

from __future__ import annotations

import colorsys
import hashlib
import math
from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .encode import Paint, Planes
from .frame_numbers import block_px, burn_frame_number
from .lettering import digit_plates, paste, text_plate

ZOOM = 0.15


def labelled(paint: Paint, width_px: int, height_px: int, title: str, prompt: str) -> Paint:
    """A painter that adds the model's name, the prompt and the frame's number."""
    short = min(width_px, height_px)
    text_px = max(9, round(short / 24))
    plate = text_plate((title, prompt), round(width_px * 0.92) // 2 * 2, text_px, max_lines=4)
    margin = max(2, short // 40 * 2)
    top = max(0, (height_px - plate.shape[0] - margin) // 2 * 2)
    side = block_px(width_px, height_px)
    digits = digit_plates(2 * side - 2)

    def painted(number: int, planes: Planes) -> None:
        paint(number, planes)
        paste(planes, plate, margin, top)
        burn_frame_number(planes, number)
        for index, digit in enumerate(f"{number:05d}"):
            plate_of_digit = digits[int(digit)]
            paste(planes, plate_of_digit, 16 * side + index * plate_of_digit.shape[1], 0)

    return painted


def moving_scene(width_px: int, height_px: int, frames: int, fps: float, key: str) -> Paint:
    """A drifting landscape of colour with a ball on a closed path.

    Args:
        width_px: Even.
        height_px: Even.
        frames: Length of the video.
        fps: Frames a second; the motion has the same speed at every rate.
        key: What decides colours and path: equal keys give equal pictures.
    """
    draw = hashlib.sha256(key.encode()).digest()
    field = _field(width_px, height_px, draw)
    ball, mask = _ball(max(8, min(width_px, height_px) // 10))
    ball_u, ball_v = _chroma((draw[2] / 255 + 0.5) % 1, 0.9, 0.9)[1:]
    chroma_mask = mask[::2, ::2]
    travel_x, travel_y = width_px - ball.shape[1], height_px - ball.shape[0]
    drift = width_px / 12 * (1 if draw[3] % 2 else -1)
    turns = 1 + draw[4] % 3

    def paint(number: int, planes: Planes) -> None:
        seconds = number / fps
        shift = int(drift * seconds) % width_px // 2 * 2
        for plane, source, scale in zip(planes, field, (1, 2, 2), strict=True):
            start = shift // scale
            plane[:] = source[:, start : start + width_px // scale]
        angle = 2 * math.pi * (number / max(1, frames) * turns + draw[5] / 255)
        left = int(travel_x * (0.5 + 0.42 * math.sin(angle))) // 2 * 2
        top = int(travel_y * (0.5 + 0.30 * math.sin(2 * angle + 1))) // 2 * 2
        _blend(planes[0], ball, mask, left, top)
        _blend(planes[1], ball_u, chroma_mask, left // 2, top // 2)
        _blend(planes[2], ball_v, chroma_mask, left // 2, top // 2)

    return paint


def zoomed_picture(picture: Planes, frames: int, key: str) -> Paint:
    """A slow zoom into a picture that starts with the whole of it, and drifts to one side."""
    side = 0.2 + 0.6 * (hashlib.sha256(key.encode()).digest()[0] / 255)

    def paint(number: int, planes: Planes) -> None:
        zoom = 1 - ZOOM * number / max(1, frames - 1)
        for plane, source in zip(planes, picture, strict=True):
            height, width = source.shape
            rows = _window(height, zoom, 0.5)
            columns = _window(width, zoom, side)
            plane[:] = source.take(rows, axis=0).take(columns, axis=1) if number else source

    return paint


def cross_fade(first: Planes, last: Planes, frames: int) -> Paint:
    """A change from one picture to another over the whole length, ends included."""
    pairs = [(a.astype(np.int16), b.astype(np.int16) - a) for a, b in zip(first, last, strict=True)]

    def paint(number: int, planes: Planes) -> None:
        part = round(128 * number / max(1, frames - 1))
        for plane, (start, change) in zip(planes, pairs, strict=True):
            plane[:] = start + ((change * part) >> 7) if part else start

    return paint


def with_level_meter(paint: Paint, levels: NDArray[np.float32]) -> Paint:
    """A painter that adds a bar as long as the sound is loud.

    Args:
        paint: Draws the picture.
        levels: Loudness of each frame, 0 to 1.
    """

    def painted(number: int, planes: Planes) -> None:
        paint(number, planes)
        height, width = planes[0].shape
        bar = max(4, height // 60 // 2 * 2)
        length = int(width * float(levels[min(number, len(levels) - 1)])) // 2 * 2
        if length:
            planes[0][height - bar :, :length] = 210
            planes[1][(height - bar) // 2 :, : length // 2] = 60
            planes[2][(height - bar) // 2 :, : length // 2] = 90

    return painted


def from_source(source: Iterator[Planes], *, recolour: bool = False) -> Paint:
    """Frames of another video, in order; the last one stands where the source ends early.

    Args:
        source: Planes of the right size.
        recolour: Exchange the colours.
    """
    held: list[Planes] = []

    def paint(number: int, planes: Planes) -> None:
        fresh = next(source, None)
        if fresh is not None:
            held[:] = [fresh]
        luma, blue, red = held[0]
        planes[0][:] = luma
        planes[1][:] = red if recolour else blue
        planes[2][:] = 255 - blue if recolour else red

    return paint


def with_inset(paint: Paint, inset: Planes, left_px: int, top_px: int) -> Paint:
    """A painter that puts a small picture on top; both positions must be even."""

    def painted(number: int, planes: Planes) -> None:
        paint(number, planes)
        for plane, small, scale in zip(planes, inset, (1, 2, 2), strict=True):
            top, left = top_px // scale, left_px // scale
            plane[top : top + small.shape[0], left : left + small.shape[1]] = small

    return painted


def picture_planes(image: Image.Image, width_px: int, height_px: int) -> Planes:
    """A picture as YUV planes of this size; what does not fit the aspect is cut, centred."""
    image = image.convert("RGB")
    scale = max(width_px / image.width, height_px / image.height)
    half_w, half_h = width_px / scale / 2, height_px / scale / 2
    centre_x, centre_y = image.width / 2, image.height / 2
    box = (centre_x - half_w, centre_y - half_h, centre_x + half_w, centre_y + half_h)
    fitted = image.resize((width_px, height_px), Image.Resampling.BILINEAR, box=box)
    rgb = np.asarray(fitted, np.float32)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 16 + 0.2568 * red + 0.5041 * green + 0.0979 * blue
    cb = 128 - 0.1482 * red - 0.2910 * green + 0.4392 * blue
    cr = 128 + 0.4392 * red - 0.3678 * green - 0.0714 * blue
    halves = [
        plane.reshape(height_px // 2, 2, width_px // 2, 2).mean(axis=(1, 3)) for plane in (cb, cr)
    ]
    return cast(Planes, tuple(np.rint(p).astype(np.uint8) for p in (luma, *halves)))


def stand_in_picture(width_px: int, height_px: int, text: str) -> Image.Image:
    """A picture to show where one is given by an address that the simulator does not visit."""
    plate = text_plate((text,), width_px * 3 // 4, max(9, height_px // 16), max_lines=4)
    shade = np.linspace(60, 180, width_px, dtype=np.uint8)
    image = Image.fromarray(np.broadcast_to(shade, (height_px, width_px)).copy()).convert("RGB")
    label = Image.fromarray(plate)
    image.paste(label, ((width_px - label.width) // 2, (height_px - label.height) // 2))
    return image


def _field(width_px: int, height_px: int, draw: bytes) -> tuple[NDArray[np.uint8], ...]:
    """Y, U, V planes twice as wide as the frame, repeating, so that any shift is one crop."""
    hue = draw[0] / 255
    top, bottom = _chroma(hue, 0.55, 0.75), _chroma((hue + 0.12) % 1, 0.7, 0.45)
    waves = 1 + draw[1] % 3
    planes = []
    for (near, far), scale, swing in zip(
        zip(top, bottom, strict=True), (1, 2, 2), (26, 14, 14), strict=True
    ):
        across = np.linspace(0, 2 * np.pi, width_px // scale, endpoint=False, dtype=np.float32)
        down = np.linspace(0, 1, height_px // scale, dtype=np.float32)[:, None]
        wave = np.sin(across * waves + 4 * down) + 0.5 * np.sin(3 * across * waves - 7 * down)
        plane = near + (far - near) * down + swing * wave
        plane = np.clip(plane, 16, 235).astype(np.uint8)
        planes.append(np.concatenate([plane, plane], axis=1))
    return tuple(planes)


def _ball(radius_px: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    side = radius_px // 2 * 4
    axis = (np.arange(side, dtype=np.float32) - side / 2 + 0.5) / (side / 2)
    distance = np.hypot(axis[:, None], axis[None, :])
    mask = np.clip((1 - distance) * radius_px / 2, 0, 1) * 256
    light = 215 - 90 * np.hypot(axis[:, None] + 0.35, axis[None, :] + 0.35)
    return np.clip(light, 40, 235).astype(np.int16), mask.astype(np.int16)


def _blend(
    plane: NDArray[np.uint8],
    value: NDArray[np.int16] | float,
    mask: NDArray[np.int16],
    left: int,
    top: int,
) -> None:
    height, width = mask.shape
    target = plane[top : top + height, left : left + width]
    below = target.astype(np.int32)
    target[:] = below + (((np.int32(value) - below) * mask) >> 8)


def _chroma(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    red, green, blue = (255 * c for c in colorsys.hsv_to_rgb(hue, saturation, value))
    return (
        16 + 0.2568 * red + 0.5041 * green + 0.0979 * blue,
        128 - 0.1482 * red - 0.2910 * green + 0.4392 * blue,
        128 + 0.4392 * red - 0.3678 * green - 0.0714 * blue,
    )


def _window(length: int, zoom: float, anchor: float) -> NDArray[np.intp]:
    start = (1 - zoom) * anchor * length
    return (start + zoom * np.arange(length)).astype(np.intp).clip(0, length - 1)
