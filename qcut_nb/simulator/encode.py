"""Writing a real MP4: H.264 from YUV planes that a painter fills, AAC beside it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from .frame_numbers import Plane

Planes = tuple[Plane, Plane, Plane]
Paint = Callable[[int, Planes], None]

SAMPLE_RATE = 48_000
AAC_FRAME = 1024
# BT.601 colours, as FFmpeg numbers them: what readers assume that do not look at the tags.
SMPTE170M = 6
LIMITED_RANGE = 1


class RenderStoppedError(Exception):
    """A render was given up because the simulator stops."""


def write_video(
    path: Path,
    *,
    width_px: int,
    height_px: int,
    fps: Fraction,
    frames: int,
    paint: Paint,
    sound: NDArray[np.float32] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Encode a video whose frames are painted one by one.

    Args:
        path: Where to write; overwritten.
        width_px: Even.
        height_px: Even.
        fps: Frames a second.
        frames: Number of frames; the video lasts `frames / fps` seconds.
        paint: Called with the frame's number and its planes, in order; fills every sample.
        sound: Mono samples at 48 kHz, -1 to 1. Cut to whole AAC frames within the video's
            length, so that the sound never makes the file longer than its pictures.
        stopped: Asked before every frame.

    Raises:
        RenderStoppedError: `stopped` said so; the file is not complete.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = container.add_stream(
            "libx264",
            rate=fps,
            options={
                "preset": "ultrafast",
                "crf": "27",
                "g": str(max(1, round(fps))),
                "threads": "2",
            },
        )
        video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
        video.codec_context.time_base = 1 / fps
        video.codec_context.colorspace = SMPTE170M
        video.codec_context.color_primaries = SMPTE170M
        video.codec_context.color_trc = SMPTE170M
        video.codec_context.color_range = LIMITED_RANGE
        audio = None
        if sound is not None:
            audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
            audio.bit_rate = 96_000
            keep = int(frames * SAMPLE_RATE / fps) // AAC_FRAME * AAC_FRAME
            blocks = sound[:keep].reshape(-1, AAC_FRAME)
            sent = 0
        for number in range(frames):
            if stopped():
                raise RenderStoppedError
            picture = av.VideoFrame(width_px, height_px, "yuv420p")
            paint(number, planes_of(picture))
            picture.pts = number
            picture.time_base = 1 / fps
            container.mux(video.encode(picture))
            if audio is not None:
                until = min(len(blocks), int((number + 1) * SAMPLE_RATE / fps) // AAC_FRAME)
                for index in range(sent, until):
                    container.mux(audio.encode(_audio_frame(blocks[index], index)))
                sent = max(sent, until)
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))


def planes_of(picture: av.VideoFrame) -> Planes:
    """The three planes of a yuv420p frame as arrays that write through."""
    luma, blue, red = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]  # type: ignore[call-overload]
        for plane in picture.planes
    )
    return luma, blue, red


def _audio_frame(block: NDArray[np.float32], index: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(block, np.float32)[None, :], format="fltp", layout="mono"
    )
    frame.sample_rate = SAMPLE_RATE
    frame.pts = index * AAC_FRAME
    frame.time_base = Fraction(1, SAMPLE_RATE)
    return frame
