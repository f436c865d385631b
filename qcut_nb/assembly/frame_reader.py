"""Frames of a source at the moments a timeline asks for, fitted to its size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import RenderError
from ..media import open_media

if TYPE_CHECKING:
    import av

Fit = Literal["fit", "fill", "stretch"]
HD_HEIGHT_PX = 720
"""From this height on, players take video that does not name its colours for BT.709."""
UNNAMED = 2
"""FFmpeg's number of a colour matrix that is not named."""
SEEK_AHEAD_S = 2.0
"""A jump that far ahead is cheaper by seeking than by decoding on."""


class FrameReader:
    """Reads one file mostly forwards; going back or far ahead seeks.

    Attributes:
        path: The file.
    """

    def __init__(
        self, path: Path, width_px: int, height_px: int, fit: Fit, *, guess_colours: bool
    ) -> None:
        self.path = path
        self._guess_colours = guess_colours
        self._box = (width_px, height_px)
        self._fit = fit
        self._stack = ExitStack()
        self._container = self._stack.enter_context(open_media(path))
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._base = self._stream.time_base or Fraction(1, 1_000_000)
        self._start = self._stream.start_time or 0
        self._frames: Iterator[av.VideoFrame] | None = None
        self._held: av.VideoFrame | None = None
        self._ahead: av.VideoFrame | None = None
        self._picture: tuple[int | None, NDArray[np.uint8]] | None = None

    def close(self) -> None:
        """Give the file back."""
        self._frames = None
        self._stack.close()

    def at(self, t_s: float) -> NDArray[np.uint8]:
        """The picture shown at a moment of the file.

        Args:
            t_s: Seconds from the file's first frame; behind its end the last frame stays.

        Returns:
            Shape (height, width, 3), RGB; the caller must not write into it.

        Raises:
            RenderError: The file does not decode there.
        """
        import av

        # A microsecond of grace: a time computed in floats must not fall before its own frame.
        target = self._start + int((Fraction(t_s) + Fraction(1, 1_000_000)) / self._base)
        try:
            frame = self._find(target)
        except (av.FFmpegError, EOFError) as error:
            raise RenderError(
                f"{self.path.name} does not decode at {t_s:.2f} s: {error}",
                remedy="Download or copy the clip again, or leave this part out.",
            ) from error
        if frame is None:
            raise RenderError(f"{self.path.name} has no frame at {t_s:.2f} s.")
        if self._picture is None or self._picture[0] != frame.pts:
            self._picture = (frame.pts, self._fitted(frame))
        return self._picture[1]

    def _find(self, target: int) -> av.VideoFrame | None:
        held = self._held
        behind = held is None or (held.pts or 0) > target
        far = held is not None and target - (held.pts or 0) > SEEK_AHEAD_S / self._base
        if self._frames is None or behind or far:
            self._seek(target)
        while self._ahead is not None and (self._ahead.pts or 0) <= target:
            assert self._frames is not None
            self._held, self._ahead = self._ahead, next(self._frames, None)
        return self._held or self._ahead

    def _seek(self, target: int) -> None:
        """Start at a keyframe whose first shown frame is not after the target (open GOPs)."""
        back, step = target, int(1 / self._base)
        while True:
            self._container.seek(max(back, self._start), stream=self._stream)
            self._frames = self._container.decode(self._stream)
            self._held, self._ahead = None, next(self._frames, None)
            if back <= self._start:
                return
            if self._ahead is not None and (self._ahead.pts or 0) <= target:
                return
            back, step = back - step, step * 2

    def _fitted(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        width_px, height_px = self._box
        shape = self._stream.sample_aspect_ratio or Fraction(1)
        shown = [round(frame.width * shape) if shape > 0 else frame.width, frame.height]
        turned = frame.rotation % 360
        if turned % 180:
            shown.reverse()
        inner = placed(shown[0], shown[1], width_px, height_px, self._fit)
        size = inner[::-1] if turned % 180 else inner
        guess = self._guess_colours and frame.colorspace == UNNAMED
        colours = "ITU709" if frame.height >= HD_HEIGHT_PX else "ITU601"
        from av.video.reformatter import Interpolation

        # Without these flags each conversion darkens the colours by a few levels.
        exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        rgb = frame.reformat(
            width=size[0],
            height=size[1],
            format="rgb24",
            src_colorspace=colours if guess else None,
            interpolation=exact,
        ).to_ndarray()
        picture = np.asarray(rgb, np.uint8)
        if turned:
            picture = np.rot90(picture, turned // 90)
        return on_canvas(picture, width_px, height_px)


def names_colours(path: Path) -> bool:
    """Whether a video says which colour matrix its numbers mean.

    Raises:
        MediaError: It is missing or damaged.
    """
    with open_media(path) as container:
        return container.streams.video[0].codec_context.colorspace != UNNAMED


def placed(
    width_px: int, height_px: int, box_width_px: int, box_height_px: int, fit: Fit
) -> tuple[int, int]:
    """The size to which a picture is scaled for a box.

    Args:
        width_px: Of the picture.
        height_px: Of the picture.
        box_width_px: Of the box.
        box_height_px: Of the box.
        fit: "fit" keeps all of it inside, "fill" covers the box, "stretch" takes its shape.
    """
    if fit == "stretch":
        return box_width_px, box_height_px
    scales = (Fraction(box_width_px, width_px), Fraction(box_height_px, height_px))
    scale = min(scales) if fit == "fit" else max(scales)
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def on_canvas(picture: NDArray[np.uint8], width_px: int, height_px: int) -> NDArray[np.uint8]:
    """A picture in the middle of a black canvas; what is too large is cut off evenly."""
    height, width = picture.shape[:2]
    top, left = max(0, (height - height_px) // 2), max(0, (width - width_px) // 2)
    cut = picture[top : top + height_px, left : left + width_px]
    if cut.shape[:2] == (height_px, width_px):
        return cut
    canvas = np.zeros((height_px, width_px, 3), np.uint8)
    y, x = (height_px - cut.shape[0]) // 2, (width_px - cut.shape[1]) // 2
    canvas[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    return canvas
