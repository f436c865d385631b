"""The frames of a part of a timeline, in order, ready to be encoded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import RenderError
from .colours import Colours
from .frames import Frames, frames_of_overlay, frames_of_slot
from .graph import FrameLook, LayerGraph
from .layout import Layout, OverlaySlot, Slot

if TYPE_CHECKING:
    import av


@dataclass(frozen=True)
class Segment:
    """Frames with the same layers.

    Attributes:
        first: Its first frame on the grid.
        end: The frame behind its last.
        slots: One item, or two that a transition joins.
        overlays: What lies over them, lowest first.
    """

    first: int
    end: int
    slots: tuple[Slot, ...]
    overlays: tuple[OverlaySlot, ...]


def segments(layout: Layout, first: int, end: int) -> list[Segment]:
    """Cut a part of a timeline wherever its layers change."""
    cuts = {first, end}
    layers: list[Slot | OverlaySlot] = [*layout.slots, *layout.overlays]
    for each in layers:
        cuts |= {each.first, each.end}
    edges = sorted(cut for cut in cuts if first <= cut <= end)
    return [
        Segment(
            low,
            high,
            tuple(slot for slot in layout.slots if slot.first <= low < slot.end),
            tuple(over for over in layout.overlays if over.first <= low < over.end),
        )
        for low, high in itertools.pairwise(edges)
    ]


class PictureStream:
    """Frames of a part of a timeline: yuv420p, the layout's size, each with its place on the grid.

    Args:
        layout: The timeline.
        colours: What the result says about its colours.
        ahead: Whether sources are decoded ahead by other threads; see `FrameReader`.
    """

    def __init__(self, layout: Layout, colours: Colours, *, ahead: bool = True) -> None:
        self._layout = layout
        self._colours = colours
        self._ahead = ahead
        self._open: dict[Slot | OverlaySlot, Frames] = {}
        self._end = layout.frames

    def close(self) -> None:
        """Give all files back."""
        for frames in self._open.values():
            frames.close()
        self._open.clear()

    def frames(self, first: int, end: int) -> Iterator[av.VideoFrame]:
        """The frames from one place on the grid to another, or each second of them, and so on.

        Raises:
            RenderError: A source does not decode.
        """
        self._end = end
        every = self._layout.every
        for segment in segments(self._layout, first, end):
            numbers = range(segment.first + (first - segment.first) % every, segment.end, every)
            needed: set[Slot | OverlaySlot] = {*segment.slots, *segment.overlays}
            for done in [each for each in self._open if each not in needed]:
                self._open.pop(done).close()
            count = 0
            for frame in self._segment(segment, numbers):
                frame.pts = numbers[count]
                frame.time_base = 1 / self._layout.fps
                count += 1
                yield frame
            if count != len(numbers):
                raise RenderError(
                    f"Frames {segment.first} to {segment.end} came out as {count} frames.",
                    remedy="Please report this with timeline.plan().",
                )

    def _segment(self, segment: Segment, numbers: range) -> Iterator[av.VideoFrame]:
        layers: list[Slot | OverlaySlot] = [*segment.slots, *segment.overlays]
        graph: LayerGraph | None = None
        looks: tuple[FrameLook, ...] = ()
        for number in numbers:
            sources = [self._source(layer, number) for layer in layers]
            frames = [
                source.at(number - layer.first)
                for source, layer in zip(sources, layers, strict=True)
            ]
            seen = tuple(
                FrameLook.of(frame, source.aspect)
                for frame, source in zip(frames, sources, strict=True)
            )
            if seen != looks:
                if graph is not None:
                    yield from graph.end()
                looks = seen
                plain = len(layers) == 1 and not _fades(segment.slots[0])
                graph = None
                if not plain or not looks[0].is_same(self._layout, self._colours):
                    graph = LayerGraph(
                        segment.slots,
                        segment.overlays,
                        looks,
                        self._layout,
                        self._colours,
                        number,
                    )
            if graph is None:
                yield frames[0]
            else:
                yield from graph.put(frames, number)
        if graph is not None:
            yield from graph.end()

    def _source(self, layer: Slot | OverlaySlot, number: int) -> Frames:
        if layer not in self._open:
            where = self._layout, number, self._end
            if isinstance(layer, Slot):
                self._open[layer] = frames_of_slot(layer, *where, ahead=self._ahead)
            else:
                self._open[layer] = frames_of_overlay(layer, *where, ahead=self._ahead)
        return self._open[layer]


def _fades(slot: Slot) -> bool:
    return bool(slot.item.fade_in_s or slot.item.fade_out_s)
