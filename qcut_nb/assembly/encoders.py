"""Which encoder makes which file, and how good it looks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from ..errors import InputError, RenderError

Codec = Literal["h264", "hevc", "vp9", "av1", "prores", "gif", "webp"]
Quality = Literal["draft", "low", "medium", "high", "best"]
Hardware = Literal["nvenc", "qsv", "videotoolbox", "v4l2m2m"]

SUFFIXES: dict[str, tuple[Codec, ...]] = {
    ".mp4": ("h264", "hevc", "av1"),
    ".m4v": ("h264", "hevc"),
    ".mov": ("prores", "h264", "hevc"),
    ".webm": ("vp9", "av1"),
    ".mkv": ("h264", "hevc", "vp9", "av1"),
    ".gif": ("gif",),
    ".webp": ("webp",),
}
"""What each kind of file can hold; the first is what it gets when nothing is said."""
FORMATS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".webm": "webm",
    ".mkv": "matroska",
    ".gif": "gif",
    ".webp": "webp",
}
ENCODERS: dict[Codec, str] = {
    "h264": "libx264",
    "hevc": "libx265",
    "vp9": "libvpx-vp9",
    "av1": "libsvtav1",
    "prores": "prores_ks",
    "gif": "gif",
    "webp": "libwebp_anim",
}
SCALE: dict[Codec, tuple[int, int, int, int, int]] = {
    "h264": (30, 26, 23, 19, 14),
    "hevc": (32, 29, 26, 22, 17),
    "vp9": (45, 40, 35, 30, 20),
    "av1": (48, 42, 36, 30, 20),
    "prores": (0, 1, 2, 3, 3),
    "gif": (0, 0, 0, 0, 0),
    "webp": (40, 55, 70, 85, 95),
}
"""For each codec, its own number for each step of the quality scale; GIF has none."""
PRORES_BITS = "4000"
"""For each macroblock; the profiles themselves take 200 to 2400, the format ends at 8000."""
QUALITIES: tuple[Quality, ...] = ("draft", "low", "medium", "high", "best")
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower")
PIX_FMTS = {"prores": "yuv422p10le", "gif": "rgb8", "webp": "yuv420p"}
KEYFRAMES_EVERY_S = 2
THREADS = Path("/proc/self/task")
"""A folder for each thread, named by its number; only Linux has it."""


@dataclass(frozen=True)
class Encoding:
    """How the picture is encoded.

    Attributes:
        codec: What it becomes.
        quality: A plain scale; "high" looks as the source does.
        preset: x264's and x265's own word: slower is smaller, not better.
        hardware: An encoder in hardware; `None` is software.
        suffix: Of the file.
    """

    codec: Codec = "h264"
    quality: Quality = "high"
    preset: str = "veryfast"
    hardware: Hardware | None = None
    suffix: str = ".mp4"

    @property
    def can_join(self) -> bool:
        """Whether the result is made of copied samples and pieces: H.264 in MP4, in software."""
        return self.codec == "h264" and self.hardware is None and FORMATS[self.suffix] == "mp4"

    @property
    def encoder(self) -> str:
        """FFmpeg's name of the encoder."""
        if self.hardware is None:
            return ENCODERS[self.codec]
        return f"{self.codec}_{self.hardware}"

    @property
    def pix_fmt(self) -> str:
        """FFmpeg's name of the pixel format."""
        if self.hardware == "qsv":
            return "nv12"  # the one it takes from memory
        return PIX_FMTS.get(self.codec, "yuv420p")

    def options(self) -> dict[str, str]:
        """What FFmpeg's encoder is told."""
        number = str(SCALE[self.codec][QUALITIES.index(self.quality)])
        if self.hardware is not None:
            return {"nvenc": {"cq": number}, "qsv": {"global_quality": number}}.get(
                self.hardware, {}
            )
        match self.codec:
            case "h264":
                return {"crf": number, "preset": self.preset}
            case "hevc":
                return {"crf": number, "preset": self.preset, "x265-params": "log-level=none"}
            case "vp9":
                return {"crf": number, "b": "0", "deadline": "good", "cpu-used": "5", "row-mt": "1"}
            case "av1":
                return {"crf": number, "preset": "9"}
            case "prores":
                # No profile above looks better; the last step gives the same one more room.
                room = {"bits_per_mb": PRORES_BITS} if self.quality == "best" else {}
                return {"profile": number, **room}
            case "webp":
                return {"quality": number, "loop": "0"}
            case _:
                return {}


def choose_encoding(
    suffix: str,
    codec: Codec | None,
    quality: Quality,
    preset: str,
    hardware: Hardware | None,
) -> Encoding:
    """The encoding for a file.

    Raises:
        InputError: The file cannot hold the codec, or a word is none that is known.
        RenderError: This installation has no such encoder.
    """
    suffix = suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{suffix!r} is not the ending of a video file that can be written."
            if suffix
            else "The file's name has no ending.",
            money="",
            remedy=f"Call it cut.mp4, or another of {', '.join(SUFFIXES)}.",
        )
    allowed = SUFFIXES[suffix]
    if codec is not None and codec not in allowed:
        raise InputError(
            f"A {suffix} file is not written with codec={codec!r}.",
            money="",
            remedy=f"{suffix} takes {', '.join(allowed)}.",
        )
    if preset not in PRESETS:
        raise InputError(
            f"preset={preset!r} is none of the encoder's.",
            money="",
            remedy=f"Take {', '.join(PRESETS)}.",
        )
    encoding = Encoding(codec or allowed[0], quality, preset, hardware, suffix)
    _check_present(encoding)
    return encoding


@contextmanager
def usual_priority() -> Iterator[None]:
    """Take back what an encoder does to the scheduling of threads when it is opened.

    SVT-AV1, run by root, makes its threads and the one that opens it real-time ones: they would
    stop all other work of the machine, and every process started later would inherit it.
    """
    if not THREADS.is_dir():
        yield
        return
    before = _policies()
    try:
        yield
    finally:
        for thread, policy in _policies().items():
            wanted = before.get(thread, os.SCHED_OTHER)
            if policy == os.SCHED_FIFO != wanted:
                with suppress(ProcessLookupError):  # it ended meanwhile
                    os.sched_setscheduler(thread, wanted, os.sched_param(0))


def _policies() -> dict[int, int]:
    found = {}
    for thread in (int(path.name) for path in THREADS.iterdir()):
        with suppress(ProcessLookupError):
            found[thread] = os.sched_getscheduler(thread)
    return found


def _check_present(encoding: Encoding) -> None:
    import av
    from av.codec import Codec as FfmpegCodec

    # SVT-AV1 listens to nothing else, and tells its life on the way.
    os.environ.setdefault("SVT_LOG", "1")
    try:
        FfmpegCodec(encoding.encoder, "w")
    except (ValueError, av.FFmpegError) as error:
        raise RenderError(
            f"This installation of PyAV has no encoder {encoding.encoder}.",
            remedy="Leave `hardware` out, or take another codec.",
        ) from error
    if encoding.hardware is not None:
        _check_hardware(encoding)


def _check_hardware(encoding: Encoding) -> None:
    """An encoder may be there without the hardware that it drives: only opening it tells."""
    import av

    context: Any = av.CodecContext.create(encoding.encoder, "w")
    context.width, context.height, context.pix_fmt = 640, 360, encoding.pix_fmt
    context.time_base, context.framerate = Fraction(1, 30), Fraction(30)
    try:
        context.open()
    except (av.FFmpegError, OSError) as error:
        raise RenderError(
            f"{encoding.encoder} does not run on this machine: {error}",
            remedy="Leave `hardware` out; software encodes everywhere.",
        ) from error
