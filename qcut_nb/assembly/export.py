"""Writing other files than joined MP4: one pass, picture and sound together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..media import write_picture_comment
from .colours import Colours
from .encoders import FORMATS, KEYFRAMES_EVERY_S, Encoding, usual_priority
from .layout import Layout
from .model import Edit
from .picture_stream import PictureStream
from .pieces import set_colours
from .sound_filters import sound_frame
from .sound_reader import CHANNELS, SAMPLE_RATE, Samples
from .sound_track import BITS_PER_S, mixed_sound

SOUND_CODECS = {"webm": "libopus", "matroska": "aac", "mp4": "aac", "mov": "aac"}
OPUS_SAMPLES = 960
SILENT = frozenset({"gif", "webp"})


def write_once(
    edit: Edit,
    layout: Layout,
    colours: Colours,
    encoding: Encoding,
    part: Path,
    comment: str,
    on_progress: Callable[[float], None],
    *,
    has_sound: bool,
) -> None:
    """Encode a timeline from front to back.

    Raises:
        RenderError: A source does not decode.
        OSError: It cannot be written.
    """
    import av

    format_name = FORMATS[encoding.suffix]
    options = {"movflags": "+faststart"} if format_name in ("mp4", "mov") else {}
    if format_name in SILENT:
        options = {"loop": "0"}
    stream = PictureStream(layout, colours)
    blocks: Iterator[Samples] = iter(())
    try:
        with av.open(str(part), "w", format=format_name, options=options) as target:
            if format_name not in SILENT:
                target.metadata["comment"] = comment
            video: Any = target.add_stream(
                encoding.encoder, rate=layout.fps, options=_options(encoding, layout)
            )
            video.width, video.height = layout.width_px, layout.height_px
            video.pix_fmt = encoding.pix_fmt
            video.codec_context.time_base = 1 / layout.fps
            set_colours(video, colours)
            if encoding.codec == "hevc" and format_name in ("mp4", "mov"):
                video.codec_context.codec_tag = "hvc1"  # what Apple's players take
            sound: Any = None
            if has_sound and format_name in SOUND_CODECS:
                sound = target.add_stream(
                    SOUND_CODECS[format_name], rate=SAMPLE_RATE, layout="stereo"
                )
                sound.bit_rate = BITS_PER_S
                blocks = mixed_sound(edit, layout)
            with usual_priority():
                target.start_encoding()
            feed = _Sound(target, sound, blocks)
            for number, frame in enumerate(stream.frames(0, layout.frames)):
                if encoding.pix_fmt != "yuv420p":
                    frame = frame.reformat(format=encoding.pix_fmt)
                frame.pts, frame.time_base = number, 1 / layout.fps
                frame.pict_type = 0
                target.mux(video.encode(frame))
                feed.until(round((number + 1) * SAMPLE_RATE / layout.fps))
                on_progress((number + 1) / layout.frames)
            target.mux(video.encode(None))
            feed.end()
    finally:
        stream.close()
    if format_name in SILENT:
        write_picture_comment(part, comment)


def _options(encoding: Encoding, layout: Layout) -> dict[str, str]:
    options = encoding.options()
    if encoding.codec in ("h264", "hevc", "vp9", "av1"):
        options["g"] = str(round(layout.fps * KEYFRAMES_EVERY_S))
    return options


class _Sound:
    """Sound that is encoded as far as the picture has come."""

    def __init__(self, target: Any, stream: Any, blocks: Iterator[Samples]) -> None:
        self._target, self._stream, self._blocks = target, stream, blocks
        self._size = 1024
        if stream is not None and stream.codec_context.name == "libopus":
            self._size = OPUS_SAMPLES
        self._held = np.zeros((0, CHANNELS), np.float32)
        self._at = 0

    def until(self, sample: int) -> None:
        while self._stream is not None and self._at + self._size <= sample:
            while len(self._held) < self._size:
                block = next(self._blocks, None)
                if block is None:
                    return
                self._held = np.concatenate([self._held, block])
            self._send(self._size)

    def end(self) -> None:
        if self._stream is None:
            return
        for block in self._blocks:
            self._held = np.concatenate([self._held, block])
        while len(self._held):
            self._send(min(self._size, len(self._held)))
        self._target.mux(self._stream.encode(None))

    def _send(self, count: int) -> None:
        self._target.mux(self._stream.encode(sound_frame(self._held[:count], self._at)))
        self._held, self._at = self._held[count:], self._at + count
