"""Videos whose frames carry their number, and what reads them back."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from qcut_nb.simulator import read_frame_number
from qcut_nb.simulator.frame_numbers import burn_frame_number

from .media import tone

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def make_numbered(
    path: Path,
    *,
    fps: int | Fraction = 24,
    frames: int = 48,
    first: int = 0,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    audio: bool = True,
    width_px: int = 64,
    height_px: int = 48,
    format_name: str | None = None,
) -> Path:
    """Write a moving video whose frame n has the number `first + n` burnt in."""
    rate = Fraction(fps)
    with av.open(str(path), "w", format=format_name) as container:
        video = container.add_stream(codec, rate=rate, options=options or {})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
        video.codec_context.time_base = 1 / rate
        sound: av.AudioStream | None = None
        if audio:
            name = "libopus" if path.suffix == ".webm" else "aac"
            added = container.add_stream(name, rate=48_000, layout="mono")
            assert isinstance(added, av.AudioStream)
            sound = added
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(
                picture(first + number, width_px, height_px), format="yuv420p"
            )
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            for block in tone(int(frames * 48_000 / rate), 48_000, 440):
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))
    return path


def picture(number: int, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """A frame as yuv420p: a bar that moves, and its number."""
    luma = np.full((height_px, width_px), 90, np.uint8)
    luma[height_px // 2 :, number * 2 % width_px :] = 160
    blue, red = (np.full((height_px // 2, width_px // 2), 128, np.uint8) for _ in range(2))
    burn_frame_number([luma, blue, red], number)
    return np.concatenate([plane.reshape(-1) for plane in (luma, blue, red)]).reshape(-1, width_px)


def numbers(path: Path) -> list[int | None]:
    """The number of each frame, as PyAV decodes the file."""
    with av.open(str(path)) as container:
        return [
            read_frame_number(np.asarray(frame.to_ndarray(format="gray"), np.uint8))
            for frame in container.decode(video=0)
        ]


def numbers_by_ffmpeg(path: Path, width_px: int = 64, height_px: int = 48) -> list[int | None]:
    """The number of each frame, as the ffmpeg program shows the file; any complaint is an error."""
    shown = subprocess.run(
        [
            FFMPEG,
            "-v",
            "warning",
            "-i",
            str(path),
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "-",
        ],
        capture_output=True,
        check=True,
    )
    assert not shown.stderr, shown.stderr.decode()
    pictures = np.frombuffer(shown.stdout, np.uint8).reshape(-1, height_px, width_px)
    return [read_frame_number(each) for each in pictures]
