"""Writing a MoviePy clip as MP4, in one pass and in this process.

MoviePy's own writer rounds the frame rate to two decimals, writes the sound to a second file
first, and does not look at how its ffmpeg ended; here a full disk is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .sound_reader import CHANNELS, SAMPLE_RATE

CRF = "19"
"""x264's quality: visually the same as the source."""
PRESET = "veryfast"
"""Three times as fast as "medium"; what it loses is size, since the quality is held by CRF."""
AUDIO_BITS_PER_S = 192_000
HD_HEIGHT_PX = 720
BT709, BT601 = 1, 6
KEYFRAMES_EVERY_S = 2


def encode(
    movie: Any,
    part: Path,
    fps: Fraction,
    comment: str,
    on_progress: Callable[[float], None],
    *,
    name_colours: bool,
) -> int:
    """Write a MoviePy clip as H.264 and AAC, yuv420p, index in front.

    Args:
        movie: A MoviePy clip of even size; its sound is taken where it has any.
        part: Where to write.
        fps: Frames a second, exactly.
        comment: The `comment` tag.
        on_progress: Called after each frame with the fraction done.
        name_colours: Whether the result says which colour matrix it has: BT.709 from 720 lines on,
            else BT.601. Otherwise it is BT.601 and does not say so, as FFmpeg does it.

    Returns:
        The number of frames.

    Raises:
        OSError: `part` cannot be written.
    """
    import av

    width_px, height_px = movie.size
    frames = max(1, round(Fraction(movie.duration) * fps))
    bt709 = name_colours and height_px >= HD_HEIGHT_PX
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as target:
        target.metadata["comment"] = comment
        video = target.add_stream(
            "libx264",
            rate=fps,
            options={"crf": CRF, "preset": PRESET, "g": str(round(fps * KEYFRAMES_EVERY_S))},
        )
        video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
        video.codec_context.time_base = 1 / fps
        if name_colours:
            number = BT709 if bt709 else BT601
            video.colorspace = video.color_primaries = video.color_trc = number
            video.color_range = 1
        sound = None
        if movie.audio is not None:
            sound = target.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
            sound.bit_rate = AUDIO_BITS_PER_S
        sent = 0
        for number in range(frames):
            rgb = np.ascontiguousarray(movie.get_frame(float(number / fps)), np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
                format="yuv420p", dst_colorspace="ITU709" if bt709 else "ITU601"
            )
            frame.pts, frame.time_base = number, 1 / fps
            target.mux(video.encode(frame))
            if sound is not None:
                until = round((number + 1) * SAMPLE_RATE / fps)
                while sent < until:
                    count = min(sound.codec_context.frame_size or 1024, until - sent)
                    if count < 1024 and number + 1 < frames:
                        break
                    target.mux(sound.encode(_block(movie, sent, count)))
                    sent += count
            on_progress((number + 1) / frames)
        target.mux(video.encode(None))
        if sound is not None:
            target.mux(sound.encode(None))
    return frames


def _block(movie: Any, start: int, count: int) -> Any:
    import av

    moments = np.arange(start, start + count) / SAMPLE_RATE
    samples = np.asarray(movie.audio.get_frame(moments), np.float32).reshape(count, -1)
    if samples.shape[1] != CHANNELS:
        samples = np.repeat(samples[:, :1], CHANNELS, axis=1)
    block = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples.T), format="fltp", layout="stereo"
    )
    block.sample_rate, block.pts, block.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
    return block
