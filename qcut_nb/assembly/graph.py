"""FFmpeg's filters over the layers of one part of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from .colours import FULL_RANGE, Colours, matrix_name
from .layout import Layout, OverlaySlot, Slot, even
from .lettering import anchored
from .model import Card, TransitionKind

if TYPE_CHECKING:
    import av
    from av.filter.context import FilterContext

THROUGH: dict[TransitionKind, str] = {"fade_black": "black", "fade_white": "white"}
"""Transitions that go through a colour: FFmpeg's own are there in a fifth of the time."""
XFADE: dict[TransitionKind, str] = {
    "dissolve": "fade",
    "wipe_left": "wipeleft",
    "wipe_right": "wiperight",
    "wipe_up": "wipeup",
    "wipe_down": "wipedown",
    "slide_left": "slideleft",
    "slide_right": "slideright",
    "slide_up": "slideup",
    "slide_down": "slidedown",
}
SCALER = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
"""Without the last three each conversion darkens the colours by a few levels."""
PREVIEW_SCALER = "area"
"""A third of the time; on a picture made smaller hardly another one (PSNR 44 dB)."""
OVERLAY_MARGIN = 0.04
"""Space between an overlay and the edges, as a part of the height."""
TURNS = {90: ("transpose", "2"), 180: ("rotate", "PI"), 270: ("transpose", "1")}


@dataclass(frozen=True)
class FrameLook:
    """What a frame is, so that a filter can be told: size, format, meaning, turn."""

    width_px: int
    height_px: int
    pix_fmt: str
    matrix: int
    range: int
    rotation: int
    aspect: Fraction

    @classmethod
    def of(cls, frame: av.VideoFrame, aspect: Fraction) -> FrameLook:
        """The look of a frame."""
        return cls(
            frame.width,
            frame.height,
            frame.format.name,
            int(frame.colorspace),
            int(frame.color_range),
            frame.rotation % 360,
            aspect if aspect > 0 else Fraction(1),
        )

    def is_same(self, layout: Layout, colours: Colours) -> bool:
        """Whether nothing has to be done to show it in a layout."""
        return (
            (self.width_px, self.height_px) == (layout.width_px, layout.height_px)
            and self.pix_fmt == "yuv420p"
            and not self.rotation
            and self.aspect == 1
            and self.range != FULL_RANGE
            and (self.matrix == colours.matrix or not colours.is_named)
        )


class LayerGraph:
    """A graph with one input for each layer; one frame into each gives one frame.

    Args:
        slots: One item, or two that a transition joins.
        overlays: What lies over them, lowest first.
        looks: What the frames of each are, in the same order.
        layout: Where they stand.
        colours: What the result says about its colours.
        start: Place on the grid of the first frame that will be put.
    """

    def __init__(
        self,
        slots: tuple[Slot, ...],
        overlays: tuple[OverlaySlot, ...],
        looks: tuple[FrameLook, ...],
        layout: Layout,
        colours: Colours,
        start: int,
    ) -> None:
        import av

        self._layout, self._colours, self._start = layout, colours, start
        self._graph = av.filter.Graph()
        self._inputs: list[FilterContext] = []
        below = [
            self._faded(self._fitted(look), slot) for slot, look in zip(slots, looks, strict=False)
        ]
        node = self._joined(below, slots) if len(below) == 2 else below[0]
        for slot, look in zip(overlays, looks[len(slots) :], strict=True):
            node = self._laid_over(node, slot, look)
        node = self._add(node, "format", "pix_fmts=yuv420p")
        self._sink = self._graph.add("buffersink")
        node.link_to(self._sink)
        self._graph.configure()

    def put(self, frames: list[av.VideoFrame], number: int) -> list[av.VideoFrame]:
        """Give one frame to each layer.

        Args:
            frames: In the order of the layers.
            number: Their place on the grid.

        Returns:
            What is ready, in order.
        """
        for frame, node in zip(frames, self._inputs, strict=True):
            frame.pts, frame.time_base = number, 1 / self._layout.fps
            node.push(frame)
        return self._pull()

    def end(self) -> list[av.VideoFrame]:
        """Say that there are no more; what was held back."""
        for node in self._inputs:
            node.push(None)
        return self._pull()

    def _pull(self) -> list[av.VideoFrame]:
        import av

        ready = []
        while True:
            try:
                ready.append(self._sink.pull())
            except (BlockingIOError, av.EOFError):
                return [frame for frame in ready if isinstance(frame, av.VideoFrame)]

    def _add(self, node: FilterContext, name: str, args: str = "") -> FilterContext:
        new = self._graph.add(name, args)
        node.link_to(new)
        return new

    def _input(self, look: FrameLook) -> FilterContext:
        ranged = {1: ":range=tv", 2: ":range=pc"}.get(look.range, "")
        rate = self._layout.fps
        node = self._graph.add(
            "buffer",
            f"video_size={look.width_px}x{look.height_px}:pix_fmt={look.pix_fmt}"
            f":time_base={1 / rate}:frame_rate={rate}:pixel_aspect=1/1"
            f":colorspace={look.matrix}{ranged}",
        )
        self._inputs.append(node)
        return node

    def _turned(self, node: FilterContext, look: FrameLook) -> tuple[FilterContext, int, int]:
        """The upright picture, and its size as it is shown."""
        width_px, height_px = round(look.width_px * look.aspect), look.height_px
        if look.rotation in TURNS:
            node = self._add(node, *TURNS[look.rotation])
        if look.rotation in (90, 270):
            width_px, height_px = height_px, width_px
        return node, width_px, height_px

    def _scaled(self, node: FilterContext, look: FrameLook, size: tuple[int, int]) -> FilterContext:
        """Scaled, and its colours brought to the result's."""
        scaler = PREVIEW_SCALER if self._layout.is_preview else SCALER
        args = f"{size[0]}:{size[1]}:flags={scaler}:out_range=tv"
        target = matrix_name(self._colours.matrix, self._layout.height_px)
        if look.pix_fmt.startswith(("rgb", "gbr", "bgr")):
            args += f":out_color_matrix={target}"
        elif self._colours.is_named:
            source = matrix_name(look.matrix, look.height_px)
            args += f":in_color_matrix={source}:out_color_matrix={target}"
        return self._add(node, "scale", args)

    def _fitted(self, look: FrameLook) -> FilterContext:
        layout = self._layout
        node = self._input(look)
        if look.is_same(layout, self._colours):
            return node
        node, width_px, height_px = self._turned(node, look)
        scales = Fraction(layout.width_px, width_px), Fraction(layout.height_px, height_px)
        if layout.fit == "stretch":
            inner = layout.width_px, layout.height_px
        else:
            scale = min(scales) if layout.fit == "fit" else max(scales)
            inner = max(2, round(width_px * scale)), max(2, round(height_px * scale))
        node = self._scaled(node, look, inner)
        node = self._add(node, "format", "pix_fmts=yuv420p")
        box = f"{layout.width_px}:{layout.height_px}"
        if layout.fit == "fit" and inner != (layout.width_px, layout.height_px):
            node = self._add(node, "pad", f"{box}:-1:-1:black")
        elif inner != (layout.width_px, layout.height_px):
            node = self._add(node, "crop", box)
        return self._add(node, "setsar", "1")

    def _faded(self, node: FilterContext, slot: Slot) -> FilterContext:
        item, fps = slot.item, self._layout.fps
        end = slot.end / fps - Fraction(item.fade_out_s)
        for kind, length_s, colour, start in (
            ("in", item.fade_in_s, item.fade_in_colour, slot.first / fps),
            ("out", item.fade_out_s, item.fade_out_colour, end),
        ):
            if length_s:
                node = self._add(
                    node,
                    "fade",
                    f"t={kind}:st={float(start):.6f}:d={length_s:.6f}:color={colour}",
                )
        return node

    def _joined(self, below: list[FilterContext], slots: tuple[Slot, ...]) -> FilterContext:
        slot, fps = slots[1], self._layout.fps
        transition = slot.item.transition
        assert transition is not None
        if colour := THROUGH.get(transition.kind):
            return self._through(colour, below, slot)
        node = self._graph.add(
            "xfade",
            f"transition={XFADE[transition.kind]}:duration={float(slot.into / fps):.6f}"
            f":offset={float((slot.first - self._start) / fps):.6f}",
        )
        below[0].link_to(node, 0, 0)
        below[1].link_to(node, 0, 1)
        return node

    def _through(self, colour: str, below: list[FilterContext], slot: Slot) -> FilterContext:
        """The first goes to a colour in half of the time, the second comes from it in the other."""
        fps = self._layout.fps
        half_s, first_s = float(slot.into / fps / 2), float(slot.first / fps)
        out, into = (
            self._add(node, "fade", f"t={way}:st={start_s:.6f}:d={half_s:.6f}:color={colour}")
            for node, way, start_s in (
                (below[0], "out", first_s),
                (below[1], "in", first_s + half_s),
            )
        )
        from_s = first_s + half_s - 0.25 / float(fps)  # between two frames, where nothing rounds
        node = self._graph.add("overlay", f"0:0:format=yuv420:enable=gte(t,{from_s:.6f})")
        out.link_to(node, 0, 0)
        into.link_to(node, 0, 1)
        return node

    def _laid_over(self, node: FilterContext, slot: OverlaySlot, look: FrameLook) -> FilterContext:
        layout, overlay = self._layout, slot.overlay
        above, width_px, height_px = self._turned(self._input(look), look)
        x = y = 0
        size = layout.width_px, layout.height_px
        if not isinstance(overlay.source, Card):
            width = even(round(layout.width_px * overlay.width))
            size = width, even(round(width * height_px / width_px))
            margin_px = round(OVERLAY_MARGIN * layout.height_px)
            x, y = anchored(overlay.position, size, (layout.width_px, layout.height_px), margin_px)
        above = self._scaled(above, look, size)
        above = self._add(above, "format", "pix_fmts=yuva420p")
        if overlay.opacity < 1:
            above = self._add(above, "colorchannelmixer", f"aa={overlay.opacity:.4f}")
        end = slot.end / layout.fps - Fraction(overlay.fade_out_s)
        for kind, length_s, start in (
            ("in", overlay.fade_in_s, slot.first / layout.fps),
            ("out", overlay.fade_out_s, end),
        ):
            if length_s:
                args = f"t={kind}:st={float(start):.6f}:d={length_s:.6f}:alpha=1"
                above = self._add(above, "fade", args)
        over = self._graph.add("overlay", f"{x}:{y}:format=yuv420")
        node.link_to(over, 0, 0)
        above.link_to(over, 0, 1)
        return over
