"""Real media files for tests: tiny, made in milliseconds, with frames that can be told apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont

STEP = 7
"""Grey levels between one frame and the next, modulo 200."""


def grey(number: int) -> int:
    """The grey level of a frame, so that frames near each other differ clearly."""
    return 20 + number * STEP % 200


def make_video(
    path: Path,
    *,
    width_px: int = 64,
    height_px: int = 48,
    fps: int | Fraction = 24,
    frames: int = 24,
    audio: bool = True,
    first: int = 0,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    rotation: int = 0,
    faststart: bool = True,
    tone_hz: float = 440,
    sample_rate: int = 48_000,
    noise: bool = False,
) -> Path:
    """Write a video whose frame n is a flat picture of level `grey(first + n)`.

    `noise` makes frames incompressible, for files that must have some size.
    """
    movflags = {"movflags": "+faststart"} if faststart and path.suffix in (".mp4", ".mov") else {}
    x264 = {"preset": "ultrafast", "g": "12"} if codec == "libx264" else {}
    random = np.random.default_rng(7)
    with av.open(str(path), "w", options=movflags) as container:
        video = container.add_stream(codec, rate=Fraction(fps), options={**x264, **(options or {})})
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
        video.codec_context.time_base = 1 / Fraction(fps)
        if rotation:
            video.set_display_rotation(rotation)
        sound: av.AudioStream | None = None
        if audio:
            name = "libopus" if path.suffix == ".webm" else "aac"
            added = container.add_stream(name, rate=sample_rate, layout="mono")
            assert isinstance(added, av.AudioStream)
            sound = added
        for number in range(frames):
            if noise:
                rgb = random.integers(0, 255, (height_px, width_px, 3), np.uint8)
            else:
                rgb = np.full((height_px, width_px, 3), grey(first + number), np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = number, 1 / Fraction(fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            length = int(frames * sample_rate / Fraction(fps))
            for block in tone(length, sample_rate, tone_hz):
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))
    return path


def tone(length: int, sample_rate: int, hz: float) -> Iterator[av.AudioFrame]:
    """Blocks of a sine, mono, float."""
    wave = 0.4 * np.sin(2 * np.pi * hz * np.arange(length) / sample_rate)
    samples = wave.astype(np.float32)[None, :]
    size = 960 if sample_rate == 48_000 else 1024
    for start in range(0, length, size):
        block = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[:, start : start + size]), format="fltp", layout="mono"
        )
        block.sample_rate, block.pts = sample_rate, start
        yield block


def make_sound(path: Path, *, duration_s: float = 1.0, codec: str, hz: float = 440) -> Path:
    """Write a sound file of one sine."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(
            format=stream.codec_context.format.name,
            layout="mono",
            rate=48_000,
            frame_size=stream.codec_context.frame_size or None,
        )
        for block in tone(int(duration_s * 48_000), 48_000, hz):
            for ready in resampler.resample(block):
                container.mux(stream.encode(ready))
        for ready in resampler.resample(None):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return path


def make_font(path: Path) -> Path:
    """Write Pillow's own font to a file."""
    own = ImageFont.load_default(20)
    assert isinstance(own, ImageFont.FreeTypeFont)
    assert isinstance(own.path, io.BytesIO)
    path.write_bytes(own.path.getvalue())
    return path


def make_picture(
    path: Path, *, width_px: int = 80, height_px: int = 60, turned: bool = False
) -> Path:
    """Write a picture with a gradient; `turned` adds the EXIF mark of a phone held upright."""
    ramp = np.linspace(0, 255, width_px, dtype=np.uint8)
    rgb = np.stack([np.tile(ramp, (height_px, 1))] * 3, axis=-1)
    image = Image.fromarray(rgb)
    exif = image.getexif()
    if turned:
        exif[0x0112] = 6
    image.save(path, exif=exif)
    return path


def packets(path: Path) -> list[tuple[int, int | None, int | None, bool, bytes]]:
    """Every packet of a file: stream, pts, dts, keyframe, bytes."""
    with av.open(str(path)) as container:
        return [
            (packet.stream_index, packet.pts, packet.dts, packet.is_keyframe, bytes(packet))
            for packet in container.demux()
            if packet.size
        ]


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame of a video, as decoded (yuv420p planes)."""
    with av.open(str(path)) as container:
        return [
            np.asarray(frame.to_ndarray(), np.uint8).copy() for frame in container.decode(video=0)
        ]


def levels(path: Path) -> list[int]:
    """The mean grey level of each frame."""
    with av.open(str(path)) as container:
        return [
            round(float(np.mean(np.asarray(frame.to_ndarray(format="gray")))))
            for frame in container.decode(video=0)
        ]


def loudness(path: Path) -> tuple[NDArray[np.float32], int]:
    """All samples of a file's first sound track, the mean of its channels, with the rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=stream.rate)
        blocks = [
            np.asarray(ready.to_ndarray(), np.float32).mean(axis=0)
            for frame in container.decode(stream)
            for ready in resampler.resample(frame)
        ]
        return np.concatenate(blocks), int(stream.rate)
