"""Preview copies of clips that a browser cannot play: H.264 in MP4, made once, kept as files."""

from __future__ import annotations

import contextlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from qcut_nb.errors import MediaError, QcutError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_SIDE_PX = 1920
AUDIO_RATE = 48_000
log = logging.getLogger(__name__)


class StoppedError(Exception):
    """The widget was closed while a copy was being made."""


@dataclass
class _Copy:
    made: Future[Path]
    fraction: float = 0.0


class PreviewCopies:
    """Makes copies one after the other, on a thread of its own.

    Attributes:
        folder: Where copies are kept; made with the first one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="qcut-preview")
        self._copies: dict[Path, _Copy] = {}
        self._lock = Lock()
        self._stop = Event()

    def path_of(self, clip: Path) -> Path:
        """Where the copy of a file is or will be; another content has another copy."""
        stat = clip.stat()
        return self.folder / f"{clip.stem}-{stat.st_size:x}-{stat.st_mtime_ns:x}.mp4"

    def existing(self, clip: Path) -> Path | None:
        """The copy of a file, if it was made before."""
        with contextlib.suppress(OSError):
            path = self.path_of(clip)
            return path if path.is_file() else None
        return None

    def ask(self, clip: Path) -> float:
        """Start to make a copy unless it is there or on its way; returns at once.

        Returns:
            The part that is done; 1 only when the copy is whole.

        Raises:
            MediaError: It cannot be made; asking again tries again.
        """
        target = self.path_of(clip)
        if target.is_file():
            return 1.0
        with self._lock:
            copy = self._copies.get(target)
            if copy is None:
                copy = self._copies[target] = _Copy(Future())
                self._pool.submit(self._make, clip, target, copy)
        if not copy.made.done():
            return min(copy.fraction, 0.99)
        with self._lock:
            self._copies.pop(target, None)
        copy.made.result()
        return 1.0

    def close(self) -> None:
        """Make no more; one that is being made is given up and leaves nothing behind."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _make(self, clip: Path, target: Path, copy: _Copy) -> None:
        from qcut_nb.media import finish_file, part_name

        def on_progress(fraction: float) -> None:
            copy.fraction = fraction
            if self._stop.is_set():
                raise StoppedError

        part = part_name(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            transcode(clip, part, on_progress)
            finish_file(part, target)
        except Exception as error:
            part.unlink(missing_ok=True)
            if not isinstance(error, QcutError | StoppedError):
                log.info("no preview copy of %s", clip, exc_info=True)
            copy.made.set_exception(_in_words(error, clip))
        else:
            copy.made.set_result(target)


def _in_words(error: Exception, clip: Path) -> QcutError:
    if isinstance(error, QcutError):
        return error
    wrapped = MediaError(
        f"No preview copy of {clip.name} could be made: {str(error) or type(error).__name__}.",
        remedy="Its file is untouched; another program may play it.",
    )
    wrapped.__cause__ = error
    return wrapped


def transcode(clip: Path, target: Path, on_progress: Callable[[float], None]) -> None:
    """Write a video as H.264 and AAC, frame for frame at the same times.

    Args:
        clip: Any video that FFmpeg decodes.
        target: Where to write; its name may end as it likes.
        on_progress: Called with the part done after each frame; what it raises ends the work.

    Raises:
        MediaError: The file is missing, or not a video.
        OSError: `target` cannot be written, or the file is damaged.
    """
    import av

    from qcut_nb.media import open_media

    with (
        open_media(clip) as source,
        av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out,
    ):
        if not source.streams.video:
            raise MediaError(f"{clip.name} has no video in it.")
        pictures = source.streams.video[0]
        pictures.thread_type = "AUTO"
        sound = source.streams.audio[0] if source.streams.audio else None
        total_s = float(source.duration or 0) / av.time_base
        first = next(source.decode(pictures), None)
        if first is None:
            raise MediaError(f"{clip.name} has no frame that decodes.")
        writer = _Writer(out, pictures, first, sound, timed=source.format.name != "avi")
        source.seek(0)
        for packet in source.demux([stream for stream in (pictures, sound) if stream]):
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    writer.picture(frame)
                    on_progress(min(1.0, (frame.time or 0.0) / total_s) if total_s else 0.0)
                elif isinstance(frame, av.AudioFrame):
                    writer.sound(frame)
        writer.end()


class _Writer:
    """The encoders of one copy, both opened before the first packet is written.

    `timed` says whether pictures carry the time when they are shown: AVI keeps their order only.
    """

    def __init__(self, out: Any, pictures: Any, first: Any, sound: Any, *, timed: bool) -> None:
        import av

        self._out = out
        self._source = pictures
        rate = pictures.average_rate or pictures.guessed_rate or Fraction(24)
        self._start_s = (pictures.start_time or 0) * pictures.time_base
        self._timed, self._last = timed, -1
        self._step = max(1, round(1 / (rate * pictures.time_base)))
        scale = min(1.0, LONGEST_SIDE_PX / max(first.width, first.height))
        video = out.add_stream(
            "libx264", rate=rate, options={"crf": "20", "preset": "veryfast", "g": "24"}
        )
        video.width = max(2, round(first.width * scale / 2) * 2)
        video.height = max(2, round(first.height * scale / 2) * 2)
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = pictures.time_base
        if first.rotation:
            video.set_display_rotation(first.rotation)
        self._video = video
        self._audio: Any = None
        if sound is not None:
            self._audio = out.add_stream("aac", rate=AUDIO_RATE, layout="stereo")
            self._resampler = av.AudioResampler(
                format="fltp", layout="stereo", rate=AUDIO_RATE, frame_size=1024
            )

    def picture(self, frame: Any) -> None:
        small = frame.reformat(self._video.width, self._video.height, "yuv420p")
        if self._timed and frame.pts is not None:
            pts = max(frame.pts - (self._source.start_time or 0), self._last + 1)
        else:
            pts = self._last + self._step if self._last >= 0 else 0
        small.pts = self._last = pts
        small.time_base = self._source.time_base
        small.pict_type = 0
        self._out.mux(self._video.encode(small))

    def sound(self, frame: Any) -> None:
        if frame.pts is not None:
            frame.pts -= round(self._start_s / frame.time_base)
            if frame.pts < 0:
                return  # heard before the first picture
        for block in self._resampler.resample(frame):
            self._out.mux(self._audio.encode(block))

    def end(self) -> None:
        if self._audio is not None:
            for block in self._resampler.resample(None):
                self._out.mux(self._audio.encode(block))
            self._out.mux(self._audio.encode(None))
        self._out.mux(self._video.encode(None))
