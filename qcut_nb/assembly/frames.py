"""The frames of one item or overlay, by their number on the result's grid."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import QcutError, RenderError
from .footage import footage_of, source_frame
from .frame_reader import EvenMoments, FrameReader
from .item_movie import shown_movie
from .layout import Layout, OverlaySlot, Slot
from .lettering import draw_card
from .model import Card, Item, Still
from .moments import moments_of
from .near_frames import NearFrames, near_groups
from .sample_frames import SampleFrames, sample_frames

if TYPE_CHECKING:
    import av


MADE_AHEAD = 3
"""How many frames MoviePy makes before they are asked for."""
TICKS_OFF = 3
"""Frames of a constant rate are up to a tick beside their place, at both ends; one for rounding."""


class Frames(Protocol):
    """Frames in order.

    Attributes:
        aspect: Width of a pixel by its height.
    """

    @property
    def aspect(self) -> Fraction:
        """Width of a pixel by its height."""

    def at(self, number: int) -> av.VideoFrame:
        """The frame with a number, counted from the item's start."""

    def close(self) -> None:
        """Give everything back."""


class FileFrames:
    """Frames of a clip.

    Args:
        item: The clip.
        fps: Of the timeline.
        ahead: Whether it is decoded ahead by other threads; see `FrameReader`.
        first: The first number that is wanted.
        every: From one to the next.
    """

    def __init__(
        self, item: Item, fps: Fraction, *, ahead: bool, first: int = 0, every: int = 1
    ) -> None:
        clip = item.clip
        assert clip is not None
        self._reverse = item.is_reversed
        self._moments = moments_of(item, fps)
        first_s, step_s = self._moments.first_s, self._moments.step_s
        self._jump_s = step_s * every
        footage = footage_of(clip.path)
        few = None
        if not isinstance(footage, str) and self._jump_s * footage.form.fps > 1:
            near_s = Fraction(TICKS_OFF, footage.table.timescale)
            earliest = (self._moments.count - 1 - first if self._reverse else first) % every
            first_s += self._moments.into_s + earliest * step_s
            few = EvenMoments(first_s, self._jump_s, 1 / footage.form.fps, near_s)
        self._reader = FrameReader(clip.path, ahead=ahead, moments=few)
        self.aspect = self._reader.aspect

    def at(self, number: int) -> av.VideoFrame:
        """The frame with a number.

        Raises:
            RenderError: The file does not decode there.
        """
        moments = self._moments
        if self._reverse:
            at_s = moments.at(max(0, moments.count - 1 - number)) + moments.into_s
            return self._reader.before(at_s, self._jump_s)
        return self._reader.at(moments.at(number) + moments.into_s)

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()


class FewFrames:
    """Some frames of a clip from its samples; the file is opened only where these do not do."""

    def __init__(
        self, few: SampleFrames | NearFrames, item: Item, fps: Fraction, every: int = 1
    ) -> None:
        self._few, self._item, self._fps, self._every = few, item, fps, every
        self._file: FileFrames | None = None

    @property
    def aspect(self) -> Fraction:
        """Width of a pixel by its height."""
        return self._few.aspect if self._file is None else self._file.aspect

    def at(self, number: int) -> av.VideoFrame:
        """The frame with a number.

        Raises:
            RenderError: The file does not decode there.
        """
        frame = None if self._file is not None else self._few.at(number)
        if frame is not None:
            return frame
        if self._file is None:
            self._file = FileFrames(
                self._item, self._fps, ahead=False, first=number, every=self._every
            )
        return self._file.at(number)

    def close(self) -> None:
        """Give the file back."""
        self._few.close()
        if self._file is not None:
            self._file.close()


class StillFrames:
    """One picture, as often as it is asked for."""

    aspect = Fraction(1)

    def __init__(self, source: Still | Card, width_px: int, height_px: int, on_black: bool) -> None:
        import av

        from ..media import open_still

        if isinstance(source, Card):
            image = draw_card(source, width_px, height_px)
        else:
            image = open_still(source.path, 2 * max(width_px, height_px), keep_alpha=True)
        if on_black:
            ground = Image.new("RGBA", image.size, "black")
            ground.alpha_composite(image)
            image = ground.convert("RGB")
        self._frame = av.VideoFrame.from_ndarray(
            np.asarray(image), format="rgb24" if on_black else "rgba"
        )

    def at(self, number: int) -> av.VideoFrame:
        """The picture."""
        return self._frame

    def close(self) -> None:
        """Nothing is held."""


class MovieFrames:
    """Frames that a MoviePy clip makes, while those before are encoded."""

    aspect = Fraction(1)

    def __init__(self, item: Item, fps: Fraction, every: int = 1) -> None:
        self._item = item
        self._movie = shown_movie(item)
        self._moments = moments_of(item, fps)
        self._every = every
        self._last = self._moments.count - 1
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="movie")
        self._made: dict[int, Future[av.VideoFrame]] = {}

    def at(self, number: int) -> av.VideoFrame:
        """The frame with a number.

        Raises:
            RenderError: An effect failed.
        """
        until = min(number + MADE_AHEAD * self._every, self._last)
        for wanted in (number, *range(number + self._every, until + 1, self._every)):
            if wanted not in self._made:
                self._made[wanted] = self._maker.submit(self.make, wanted)
        for old in [old for old in self._made if old < number]:
            del self._made[old]
        return self._made.pop(number).result()

    def make(self, number: int) -> av.VideoFrame:
        """The frame with a number, made in this thread.

        Raises:
            RenderError: An effect failed.
        """
        item = self._item
        place = max(0, self._last - number) if item.is_reversed else number
        t_s = float(self._moments.at(place)) + 1e-6
        try:
            picture = self._movie.get_frame(min(t_s, self._movie.duration - 1e-6))
            if picture.dtype != np.uint8:
                picture = np.clip(picture, 0, 255)
            frame = _rgb_frame(picture if picture.ndim == 3 else picture[:, :, None])
        except QcutError:
            raise
        except Exception as error:
            raise RenderError(
                f"A MoviePy effect failed at {t_s:.2f} s: {error}",
                remedy="Try it alone: clip.to_moviepy().with_effects([...]).get_frame(t).",
            ) from error
        return frame

    def close(self) -> None:
        """Close what was opened here; a clip that was handed in stays open."""
        self._maker.shutdown(wait=True, cancel_futures=True)
        if self._item.clip is not None:
            self._movie.close()


def _rgb_frame(picture: NDArray[np.uint8]) -> av.VideoFrame:
    """A picture of shape (height, width, 3 or 1) as a frame, copied once."""
    import av

    height_px, width_px, channels = picture.shape
    frame = av.VideoFrame(width_px, height_px, "rgb24")
    target = rgb_pixels(frame)
    if picture.flags.c_contiguous and channels in (1, 3):
        target[:] = picture
        return frame
    # Effects often give views, such as mirrored ones: these are copied faster channel by channel.
    for channel in range(3):
        target[..., channel] = picture[..., channel % channels]
    return frame


def rgb_pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The pixels of an RGB frame, (height, width, 3), where they are: nothing is copied."""
    plane: Any = frame.planes[0]  # a buffer, though its type does not say so
    rows = np.frombuffer(plane, np.uint8).reshape(frame.height, -1)
    return rows[:, : frame.width * 3].reshape(frame.height, frame.width, 3)


def frames_of_slot(slot: Slot, layout: Layout, first: int, end: int, *, ahead: bool) -> Frames:
    """The frames of an item.

    Args:
        slot: The item.
        layout: The timeline.
        first: The first frame of the timeline that is wanted.
        end: The one behind the last, at the latest.
        ahead: Whether files are decoded ahead by other threads; see `FrameReader`.

    Raises:
        RenderError: Its file cannot be opened.
    """
    item = slot.item
    if item.clip is not None and item.is_plain and not ahead and layout.every == 1:
        footage = footage_of(item.clip.path)
        if not isinstance(footage, str) and footage.form.fps == layout.fps:
            offset = source_frame(slot, footage)
            low = first - slot.first + offset
            high = min(end, slot.end) - slot.first + offset
            few = sample_frames(footage, low, high, offset)
            if few is not None:
                return FewFrames(few, item, layout.fps)
    span = first - slot.first, min(end, slot.end) - slot.first
    return _frames(item, layout, span, on_black=True, ahead=ahead)


def frames_of_overlay(
    over: OverlaySlot, layout: Layout, first: int, end: int, *, ahead: bool
) -> Frames:
    """The frames of an overlay; see `frames_of_slot`."""
    item = Item(over.overlay.source, float((over.end - over.first) / layout.fps))
    span = first - over.first, min(end, over.end) - over.first
    return _frames(item, layout, span, on_black=False, ahead=ahead)


def _frames(
    item: Item, layout: Layout, span: tuple[int, int], *, on_black: bool, ahead: bool
) -> Frames:
    source, fps, every = item.source, layout.fps, layout.every
    if item.is_movie:
        return MovieFrames(item, fps, every)
    if isinstance(source, Still | Card):
        return StillFrames(source, layout.width_px, layout.height_px, on_black)
    near = near_groups(item, fps, every, *span) if layout.is_near else None
    if near is not None:
        return FewFrames(NearFrames(*near), item, fps, every)
    return FileFrames(item, fps, ahead=ahead, first=span[0], every=every)
