"""An edit on the frame grid of its result: whole frames, no seconds, nothing that drifts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..errors import InputError
from .captions import burnt
from .model import Edit, Fit, Item, Movie, Overlay
from .moments import Moments, moments_of
from .times import exact_rate

DEFAULT_FPS = 24.0
DEFAULT_SIZE_PX = (1280, 720)


@dataclass(frozen=True, eq=False)
class Slot:
    """An item in its place; numbers of frames.

    Attributes:
        item: What is shown.
        first: The frame at which it starts.
        into: How many of them, at its start, it shares with the item before.
        out_of: How many, at its end, with the item after.
        moments: What of its source they show.
    """

    item: Item
    first: int
    into: int
    out_of: int
    moments: Moments

    @property
    def frames(self) -> int:
        """How many it has."""
        return self.moments.count

    @property
    def end(self) -> int:
        """The frame behind its last."""
        return self.first + self.frames


@dataclass(frozen=True, eq=False)
class OverlaySlot:
    """An overlay in its place; numbers of frames."""

    overlay: Overlay
    first: int
    end: int


@dataclass(frozen=True)
class Layout:
    """What is where.

    Attributes:
        slots: The items.
        overlays: What lies over them, lowest first.
        frames: Length of the result.
        fps: Its rate, exactly.
        width_px: Its width, even.
        height_px: Its height, even.
        fit: What happens to items of another shape.
        is_preview: Whether it is a quick look.
        every: Of so many frames one is made, from the start of each encoded piece on.
        is_near: Whether frames near those will do.
    """

    slots: tuple[Slot, ...]
    overlays: tuple[OverlaySlot, ...]
    frames: int
    fps: Fraction
    width_px: int
    height_px: int
    fit: Fit
    is_preview: bool = False
    every: int = 1
    is_near: bool = False

    @property
    def duration_s(self) -> Fraction:
        """Length of the result, seconds."""
        return self.frames / self.fps


def lay_out(edit: Edit) -> Layout:
    """Put an edit on its frame grid.

    Raises:
        InputError: A transition is longer than its items.
    """
    fps = rate_of(edit)
    width_px, height_px = size_of(edit)
    seen = [moments_of(item, fps) for item in edit.items]
    shared = [0]
    for number in range(1, len(edit.items)):
        transition = edit.items[number].transition
        shared.append(round(transition.duration_s * fps) if transition else 0)
    shared.append(0)
    slots, at = [], 0
    for number, (item, moments) in enumerate(zip(edit.items, seen, strict=True)):
        into, out_of = shared[number], shared[number + 1]
        if into + out_of > moments.count:
            raise _too_short(number, item, into, out_of, fps)
        at -= into
        slots.append(Slot(item, at, into, out_of, moments))
        at += moments.count
    overlays = []
    for overlay in (*edit.overlays, *burnt(edit.captions)):
        first = round(overlay.start_s * fps)
        end = at if overlay.end_s is None else min(at, round(overlay.end_s * fps))
        if first < end:
            overlays.append(OverlaySlot(overlay, first, end))
    return Layout(
        slots=tuple(slots),
        overlays=tuple(overlays),
        frames=at,
        fps=fps,
        width_px=width_px,
        height_px=height_px,
        fit=edit.look.fit,
        is_preview=edit.look.is_preview,
        every=edit.look.every,
        is_near=edit.look.is_near,
    )


def rate_of(edit: Edit) -> Fraction:
    """The rate asked for, else the highest of the clips."""
    if edit.look.fps is not None:
        return edit.look.fps
    return exact_rate(max(_rate(item) for item in edit.items) or DEFAULT_FPS)


def size_of(edit: Edit) -> tuple[int, int]:
    """The size asked for, else the largest clip's, made even."""
    sizes = [size for item in edit.items if (size := _size(item)) is not None]
    width_px, height_px = max(sizes or [DEFAULT_SIZE_PX], key=lambda size: size[0] * size[1])
    return edit.look.width_px or even(width_px), edit.look.height_px or even(height_px)


def _rate(item: Item) -> float:
    """Its own frames a second; 0 for what has none, as colours and MoviePy's stills."""
    if isinstance(item.source, Movie):
        return float(getattr(item.source.clip, "fps", None) or 0)
    return (item.clip is not None and item.clip.facts.fps) or 0.0


def _size(item: Item) -> tuple[int, int] | None:
    """Its own width and height; `None` for what is drawn in any."""
    if item.size_px is not None:
        return item.size_px
    if isinstance(item.source, Movie):
        return tuple(item.source.clip.size)
    if item.clip is None:
        return None
    return item.clip.facts.width_px or 2, item.clip.facts.height_px or 2


def even(side_px: int) -> int:
    """The even number of pixels at or below."""
    return max(2, int(side_px) // 2 * 2)


def _too_short(number: int, item: Item, into: int, out_of: int, fps: Fraction) -> InputError:
    both = into and out_of
    most_s = item.duration_s / (2 if both else 1)
    longest_s = float(max(into, out_of) / fps)
    return InputError(
        f"A transition of {longest_s:g} s does not fit clip {number + 1} ({item.name}), which "
        f"lasts {item.duration_s:.2f} s{' and has one at both ends' if both else ''}.",
        money="",
        remedy=f"Take at most {most_s:.2f} s, or a longer range.",
    )
