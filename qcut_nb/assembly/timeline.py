"""The timeline: clips in order, and what happens between and around them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ..clip import Clip
from ..errors import InputError, QcutError
from ..media import probe
from .arguments import checked
from .check import Check
from .dressing import Dressing, check_size
from .editing import as_edit
from .encoders import Codec, Hardware, Quality, choose_encoding
from .fonts import check_text
from .interchange import to_edl, to_otio
from .items import as_item
from .layout import lay_out
from .lettering import colour
from .model import Card, Edit, Item, MoviePyClip, Still
from .movie_pace import MoviePace
from .moviepy_bridge import timeline_movie
from .plan import Plan
from .planner import plan_edit
from .preview import MOST_HEIGHT_PX, preview_clip
from .render import Order, render
from .slicing import joined
from .sources import check_sources, stamp_of
from .strip import strip_html
from .times import Time, seconds


@checked
@dataclass(frozen=True, init=False, repr=False)
class Timeline(Dressing):
    """Clips one after the other. Immutable: every method gives a new timeline.

    ```python
    cut = Timeline([first[0:3], second, "third.mp4"]).crossfade(0.5).music("song.mp3", volume=0.3)
    cut.plan()
    cut.render("teaser.mp4")
    ```

    Clips of different sizes and rates are brought to one: by default the largest clip's size
    (made even), the highest rate, and black bars where shapes differ.

    Attributes:
        edit: The whole edit, as data.
    """

    edit: Edit

    def __init__(self, clips: Iterable[Any] | Timeline | Clip | MoviePyClip | str | Path) -> None:
        """Put clips in order.

        Args:
            clips: Clips, ranges of clips, paths of video files, MoviePy clips, or timelines.

        Raises:
            InputError: There are none, or something else is among them.
            MediaError: A file is missing or has no video.
        """
        given: list[Any] = [clips]
        if isinstance(clips, Iterable) and not isinstance(clips, str):
            given = list(clips)
        if not given:
            raise InputError(
                "A timeline needs at least one clip.", money="", remedy="Timeline([clip, ...])"
            )
        edit: Edit | None = None
        if not any(isinstance(each, Timeline) for each in given):
            edit = Edit(tuple(as_item(each, place) for place, each in enumerate(given, 1)))
        else:
            for place, each in enumerate(given, 1):
                one = each.edit if isinstance(each, Timeline) else Edit((as_item(each, place),))
                edit = one if edit is None else joined(edit, one)
        object.__setattr__(self, "edit", edit)

    def _new(self, edit: Edit) -> Self:
        new = object.__new__(type(self))
        object.__setattr__(new, "edit", edit)
        return new

    @classmethod
    def _of(cls, source: Still | Card, duration: Time) -> Self:
        length_s = seconds(duration, lay_out(Edit((Item(source, 1.0),))).fps, "A length")
        if not length_s:
            raise InputError(
                "A length of 0 shows nothing.", money="", remedy="Take 1 or more frames."
            )
        new = object.__new__(cls)
        stamp = stamp_of(source.path) if isinstance(source, Still) else None
        object.__setattr__(new, "edit", Edit((Item(source, length_s, stamp=stamp),)))
        return new

    @classmethod
    def still(cls, path: str | Path, duration: Time = 3.0) -> Self:
        """A picture for some time, to be put among clips.

        Raises:
            InputError: It is no picture, or the length is not possible.
            MediaError: It is missing or damaged.
        """
        facts = probe(path)
        if facts.duration_s is not None or facts.width_px is None:
            raise InputError(
                f"{Path(path).name} is no picture: it is {facts.format}.",
                money="",
                remedy="Put videos among the clips: Timeline([path, ...]).",
            )
        return cls._of(Still(Path(path).absolute()), duration)

    @classmethod
    def colour(cls, name: str, duration: Time = 1.0) -> Self:
        """A colour for some time, to be put among clips; CSS names and "#rrggbb".

        Raises:
            InputError: Nothing is called so, or the length is not possible.
        """
        colour(name)
        return cls._of(Card(background=name), duration)

    @classmethod
    def text(
        cls,
        text: str,
        duration: Time = 3.0,
        *,
        background: str = "black",
        size: float = 0.1,
        font: str | Path | None = None,
    ) -> Self:
        """Text on a colour for some time, to be put among clips; see `title`.

        Raises:
            InputError: The colour, the size or the length is not possible, or no font shows it.
        """
        colour(background)
        check_size(size)
        card = Card(text, size, background=background, font=check_text(text, font))
        return cls._of(card, duration)

    @classmethod
    def from_moviepy(cls, clip: Any) -> Self:
        """A timeline of one MoviePy clip; Python makes its frames.

        Raises:
            InputError: It is no MoviePy video clip, or has no end.
        """
        return cls([clip])

    def __add__(self, other: Timeline | Clip | MoviePyClip | str | Path) -> Self:
        """One after the other; this one says what the result looks like."""
        return self._new(joined(self.edit, as_edit(other)))

    @property
    def clips(self) -> tuple[Clip, ...]:
        """The clips and ranges on the track, in order."""
        return tuple(item.clip for item in self.edit.items if item.clip is not None)

    def plan(self) -> Plan:
        """How it will be rendered, stretch by stretch, and why, with an estimate of the time.

        For each kind of MoviePy clip or effect a few frames are made to know how long they take.

        Raises:
            InputError: A source is missing or has changed.
            MediaError: A source is damaged.
        """
        check_sources(self.edit)
        return plan_edit(self.edit, pace=MoviePace())

    def render(
        self,
        path: str | Path,
        overwrite: bool = False,
        on_progress: Callable[[float], None] | None = None,
        show: bool = True,
        *,
        codec: Codec | None = None,
        quality: Quality = "high",
        preset: str = "veryfast",
        hardware: Hardware | None = None,
        executor: Executor | None = None,
        check: Check = "quick",
        sidecar: bool = False,
        may_copy: bool = True,
    ) -> Clip:
        """Write the timeline: MP4 (H.264, AAC, yuv420p, index in front), or by the file's ending.

        Stopping it (interrupt the kernel) leaves nothing behind.

        Args:
            path: The new file; its folder is made where needed. `.mp4`, `.mov`, `.webm`, `.mkv`,
                `.gif`, `.webp`.
            overwrite: Whether a file that is there may be replaced, once the new one is whole.
            on_progress: Called with the fraction done, 0 to 1.
            show: Whether a notebook's cell shows the progress.
            codec: "h264", "hevc", "vp9", "av1", "prores"; `None` is the file's usual one.
            quality: "draft", "low", "medium", "high", "best"; for what is encoded. GIF has one.
            preset: x264's and x265's word for speed; slower is smaller.
            hardware: "nvenc", "qsv", "videotoolbox", "v4l2m2m" where it is present.
            executor: Any `concurrent.futures.Executor` that renders stretches; `None` is threads.
            check: "quick" reads the index and decodes the end; "full" decodes every frame.
            sidecar: Whether the bill of materials is written as JSON beside it, too.
            may_copy: Whether unchanged parts may be copied.

        Returns:
            The result as a clip; its file carries the bill of materials (`provenance`).

        Raises:
            InputError: The target exists, is a source, or has no ending that can be written; a
                source is gone or changed.
            MediaError: A source is damaged.
            RenderError: It cannot be written, or the encoder is not there.
            FfmpegMissingError: MoviePy is needed and finds no ffmpeg.
        """
        encoding = choose_encoding(Path(path).suffix, codec, quality, preset, hardware)
        order = Order(Path(path), encoding, overwrite, executor, check, sidecar, may_copy)
        return render(self, order, on_progress=on_progress, show=show)

    @staticmethod
    def render_many(
        orders: Iterable[tuple[Timeline, str | Path]], **options: Any
    ) -> list[Clip | QcutError]:
        """Render many timelines; one that fails harms no other.

        Args:
            orders: Each timeline with its target.
            options: As `render` takes them; an `executor` is shared by all.

        Returns:
            For each, in order, the result, or the error that kept it from being made.
        """
        results: list[Clip | QcutError] = []
        for place, order in enumerate(orders, 1):
            try:
                match order:
                    case (Timeline() as timeline, path):
                        results.append(timeline.render(path, **options))
                    case _:
                        raise InputError(
                            f"Order {place} is {order!r:.60}.",
                            money="",
                            remedy="Give each timeline with its target: (timeline, path).",
                        )
            except QcutError as error:
                results.append(error)
        return results

    def preview(self, height_px: int = 240) -> Clip:
        """A small, fast version that plays in the cell, as long as the whole.

        It shows at most 25 frames a second, and fewer the longer decoding takes: down to 1, then
        frames near their moments. The clip's name says how many.

        Args:
            height_px: Its height, 16 to 480; a smaller timeline keeps its own.

        Raises:
            InputError: The height is out of range.
            MediaError: A source is damaged.
        """
        if not 16 <= height_px <= MOST_HEIGHT_PX:
            raise InputError(
                f"A preview of {height_px!r} pixels' height is not made.",
                money="",
                remedy=f"Take 16 to {MOST_HEIGHT_PX}.",
            )
        check_sources(self.edit)
        return preview_clip(self, height_px)

    def to_moviepy(self) -> Any:
        """The timeline as a MoviePy clip, for any effect and any writer of MoviePy.

        Raises:
            InputError: A source is missing or has changed.
            FfmpegMissingError: MoviePy has no ffmpeg.
        """
        check_sources(self.edit)
        return timeline_movie(self.edit)

    def to_edl(self, title: str = "qcut_nb") -> str:
        """The track as an edit decision list (CMX 3600), with source ranges.

        Sounds, titles, overlays, captions, fades and MoviePy effects are not in it.
        """
        return to_edl(self.layout, title)

    def to_otio(self, title: str = "qcut_nb") -> Any:
        """The track as an OpenTimelineIO timeline: clips, ranges, gaps, transitions, recipes.

        Music and voices are audio tracks. Titles, overlays, captions, fades, volumes and MoviePy
        effects are not in it.

        Raises:
            ConfigError: The extra `otio` is not installed.
        """
        return to_otio(self.layout, self.edit.sounds, title)

    def __repr__(self) -> str:
        layout = self.layout
        count = len(self.edit.items)
        return (
            f"Timeline({count} clip{'s' if count > 1 else ''}, {self.duration_s:.2f} s, "
            f"{layout.width_px}x{layout.height_px}, {float(layout.fps):g} fps)"
        )

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": strip_html(self)}
