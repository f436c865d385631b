"""Frames of a file at the moments that a timeline asks for, as they were decoded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import RenderError
from ..media import open_media

if TYPE_CHECKING:
    import av

NEAR_START_S = 0.5
ALL_WITHIN_S = 0.1
"""So close before a wanted moment all frames are decoded, further back those that others need."""
SEEK_AHEAD_S = 2.0
"""A jump that far ahead is cheaper by seeking than by decoding on."""
BACKWARDS_FRAMES = 24
"""How many frames are held when a clip runs backwards."""


@dataclass(frozen=True)
class EvenMoments:
    """Moments in even steps that are further apart than a file's frames, so that some are not seen.

    Attributes:
        first_s: The first, seconds from the file's first frame.
        step_s: From one to the next.
        frame_s: How long each frame of the file is shown.
        near_s: By how much rounding may put a frame's start, its end, or a moment elsewhere.
    """

    first_s: Fraction
    step_s: Fraction
    frame_s: Fraction
    near_s: Fraction

    def fall_on(self, start_s: Fraction) -> bool:
        """Whether one may fall on the frame that starts then."""
        next_ = max(0, math.ceil((start_s - self.near_s - self.first_s) / self.step_s))
        return self.first_s + next_ * self.step_s < start_s + self.frame_s + self.near_s


class FrameReader:
    """Reads one file mostly forwards; going back or far ahead seeks.

    Args:
        path: The file.
        ahead: Whether other threads decode ahead: faster for many frames, wasted on a few.
        moments: All that will be asked for; frames that none falls on are not decoded where no
            other frame needs them. `None`: any moment may be asked for.

    Attributes:
        path: The file.
        rotation: By how much a player turns its pictures, degrees against the clock.
        aspect: Width of a pixel by its height.
    """

    def __init__(
        self, path: Path, *, ahead: bool = True, moments: EvenMoments | None = None
    ) -> None:
        self.path = path
        self._moments = moments
        self._thread_type = "AUTO" if ahead else "SLICE"
        self._open()
        self._base = self._stream.time_base or Fraction(1, 1_000_000)
        self._start = self._stream.start_time or 0
        self.aspect = self._stream.sample_aspect_ratio or Fraction(1)
        self._frames: Iterator[tuple[int, av.VideoFrame]] | None = None
        self._held: tuple[int, av.VideoFrame] | None = None
        self._ahead: tuple[int, av.VideoFrame] | None = None
        self._behind: dict[int, av.VideoFrame] = {}
        self._all_from: int | None = None

    def _open(self) -> None:
        self._stack = ExitStack()
        self._container = self._stack.enter_context(open_media(self.path))
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = self._thread_type
        self._is_fresh = True

    def close(self) -> None:
        """Give the file back."""
        self._frames = self._held = self._ahead = None
        self._behind.clear()
        self._stack.close()

    def at(self, t_s: Fraction) -> av.VideoFrame:
        """The frame shown at a moment of the file: the last that starts at or before it.

        Args:
            t_s: Seconds from the file's first frame; behind its end the last frame stays.

        Raises:
            RenderError: The file does not decode there.
        """
        import av

        target = self._start + int(t_s / self._base)
        try:
            frame = self._find(target)
        except (av.FFmpegError, EOFError) as error:
            raise RenderError(
                f"{self.path.name} does not decode at {float(t_s):.2f} s: {error}",
                remedy="Download or copy the clip again, or leave this part out.",
            ) from error
        if frame is None:
            raise RenderError(f"{self.path.name} has no frame at {float(t_s):.2f} s.")
        return frame

    def before(self, t_s: Fraction, step_s: Fraction) -> av.VideoFrame:
        """As `at`, for moments that go backwards by `step_s`: some are read at once and held.

        Raises:
            RenderError: The file does not decode there.
        """
        wanted = round(t_s / step_s)
        if wanted not in self._behind:
            self._behind.clear()
            for place in range(max(0, wanted - BACKWARDS_FRAMES + 1), wanted + 1):
                self._behind[place] = self.at(t_s - (wanted - place) * step_s)
        return self._behind[wanted]

    def _find(self, target: int) -> av.VideoFrame | None:
        held = self._held
        behind = held is None or held[0] > target
        far = held is not None and target - held[0] > SEEK_AHEAD_S / self._base
        if self._frames is None or behind or far:
            self._all_from = target - int(ALL_WITHIN_S / self._base)
            self._seek(target)
            self._read_to(target)
            if self._held is None or self._held[0] < self._all_from:
                # The frame shown then may be one that was left out: it stays longer than most.
                self._all_from = None
                self._seek(target)
        self._read_to(target)
        # A first frame that starts late is the best there is for the moments before it.
        shown = self._held or self._ahead
        return shown[1] if shown is not None else None

    def _read_to(self, target: int) -> None:
        while self._ahead is not None and self._ahead[0] <= target:
            assert self._frames is not None
            self._held, self._ahead = self._ahead, next(self._frames, None)

    def _seek(self, target: int) -> None:
        """Start at a keyframe whose first shown frame is not after the target (open GOPs)."""
        back, step = target, int(1 / self._base)
        while True:
            if back - self._start <= NEAR_START_S / self._base:
                self._restart()
                return
            self._container.seek(back, stream=self._stream)
            self._is_fresh = False
            self._frames = self._decode()
            self._held, self._ahead = None, next(self._frames, None)
            if self._ahead is not None and self._ahead[0] <= target:
                return
            back, step = back - step, step * 2

    def _restart(self) -> None:
        """Read from the start. Not every container finds it by seeking: streams begin anywhere."""
        if not self._is_fresh:
            self._frames = None
            self._stack.close()
            self._open()
        self._is_fresh = False
        self._frames = self._decode()
        self._held, self._ahead = None, next(self._frames, None)

    def _decode(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """Frames with their times, which whoever gets a frame may overwrite."""
        for packet in self._container.demux(self._stream):
            first, at = self._all_from, packet.pts
            unseen = at is not None and (
                (first is not None and at < first)
                or (
                    self._moments is not None
                    and not self._moments.fall_on((at - self._start) * self._base)
                )
            )
            self._stream.codec_context.skip_frame = "NONREF" if unseen else "DEFAULT"
            for frame in packet.decode():
                yield frame.pts or 0, frame
