"""The timeline: clips in order, and what happens between and around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from ..clip import Clip
from ..errors import InputError
from ..media import probe
from .composition import Composition, Music, Piece, Shape, pieces_of
from .frame_reader import Fit
from .plan import Plan, plan
from .render import check_sources, render


@dataclass(frozen=True, init=False, repr=False)
class Timeline:
    """Clips one after the other. Immutable: every method gives a new timeline.

    ```python
    cut = Timeline([first[0:3], second, "third.mp4"]).crossfade(0.5).music("song.mp3", volume=0.3)
    cut.render("teaser.mp4")
    ```

    Clips of different sizes and rates are brought to one: by default the largest clip's size
    (made even), the highest rate, and black bars where shapes differ.

    Attributes:
        clips: Clips, ranges (`clip[1.5:4]`) or paths, in order.
        crossfade_s: Overlap of neighbours, seconds.
        music_tracks: Sound files under the whole.
        width_px: Width that was asked for; `None` takes the largest clip's.
        height_px: Height that was asked for, likewise.
        frame_rate: Frames a second that were asked for; `None` takes the highest of the clips.
        fit_mode: What happens to clips of another shape.
    """

    clips: tuple[Clip, ...]
    crossfade_s: float
    music_tracks: tuple[Music, ...]
    width_px: int | None
    height_px: int | None
    frame_rate: float | None
    fit_mode: Fit

    def __init__(self, clips: Sequence[Clip | str | Path]) -> None:
        """Put clips in order.

        Args:
            clips: Clips, ranges of clips, or paths of video files.

        Raises:
            InputError: There are none, or something else is among them.
            MediaError: A file is missing or has no video.
        """
        if isinstance(clips, str | Path | Clip):
            clips = [clips]
        self._set(
            clips=tuple(_as_clip(clip, number) for number, clip in enumerate(clips, 1)),
            crossfade_s=0.0,
            music_tracks=(),
            width_px=None,
            height_px=None,
            frame_rate=None,
            fit_mode="fit",
        )
        if not self.clips:
            raise InputError("A timeline needs at least one clip.", remedy="Timeline([clip, ...])")

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(self, **changes: Any) -> Timeline:
        """A copy with other fields."""
        copy = object.__new__(Timeline)
        copy._set(**{each.name: getattr(self, each.name) for each in fields(self)} | changes)
        return copy

    def crossfade(self, seconds: float) -> Timeline:
        """Let each clip fade into the next, pictures and sound.

        Args:
            seconds: Overlap at every joint; 0 is a hard cut.

        Raises:
            InputError: A clip is too short for it.
        """
        _check_number(seconds, "A crossfade", "s")
        for number, clip in enumerate(self.clips, 1):
            joints = (number > 1) + (number < len(self.clips))
            if seconds * joints > clip.duration_s:
                raise InputError(
                    f"A crossfade of {seconds:g} s does not fit clip {number} "
                    f"({clip.path.name}), which lasts {clip.duration_s:.2f} s"
                    f"{' and fades at both ends' if joints == 2 else ''}.",
                    remedy=f"Take at most {clip.duration_s / joints:.2f} s, or a longer range.",
                )
        return self._with(crossfade_s=float(seconds))

    def music(
        self,
        path: str | Path,
        volume: float = 1.0,
        *,
        start_s: float = 0.0,
        fade_out_s: float = 0.0,
    ) -> Timeline:
        """Mix a sound file in, from the start; it ends with the timeline or before.

        Args:
            path: A file with sound.
            volume: Factor; 1 leaves it as it is, 0 is silence.
            start_s: From where in the file, seconds.
            fade_out_s: Fade at the timeline's end, seconds.

        Raises:
            InputError: The file has no sound, or a number is out of range.
            MediaError: The file is missing or damaged.
        """
        _check_number(volume, "A volume", "")
        _check_number(start_s, "A start", "s")
        _check_number(fade_out_s, "A fade", "s")
        facts = probe(path)
        if not facts.has_audio:
            raise InputError(f"{Path(path).name} has no sound in it: it is {facts.format}.")
        if facts.duration_s is not None and start_s >= facts.duration_s:
            raise InputError(
                f"{Path(path).name} lasts {facts.duration_s:.2f} s; it cannot start at "
                f"{start_s:g} s."
            )
        track = Music(Path(path).absolute(), float(volume), float(start_s), float(fade_out_s))
        return self._with(music_tracks=(*self.music_tracks, track))

    def with_size(self, width_px: int, height_px: int) -> Timeline:
        """Set the size of the result.

        Raises:
            InputError: A side is odd, which yuv420p video cannot have, or out of range.
        """
        for side in (width_px, height_px):
            if not isinstance(side, int) or not 2 <= side <= 16384 or side % 2:
                raise InputError(
                    f"A size of {width_px}x{height_px} cannot be encoded: sides are even numbers "
                    "of pixels from 2 to 16384.",
                    remedy=f"Write with_size({_even(width_px)}, {_even(height_px)}).",
                )
        return self._with(width_px=width_px, height_px=height_px)

    def with_fps(self, fps: float) -> Timeline:
        """Set the frame rate of the result; 29.97 and the like mean the exact NTSC rates.

        Raises:
            InputError: It is not from 1 to 240.
        """
        if not 1 <= fps <= 240:
            raise InputError(f"{fps:g} frames a second cannot be made; take 1 to 240.")
        return self._with(frame_rate=float(fps))

    def with_fit(self, fit: Fit) -> Timeline:
        """Say what happens to clips of another shape.

        Args:
            fit: "fit" adds black bars, "fill" cuts off what is too wide or high, "stretch" bends.

        Raises:
            InputError: It is none of these.
        """
        if fit not in get_args(Fit):
            raise InputError(f"{fit!r} is no way to fit; take {', '.join(get_args(Fit))}.")
        return self._with(fit_mode=fit)

    @property
    def duration_s(self) -> float:
        """Length of the result, seconds."""
        overlaps = self.crossfade_s * (len(self.clips) - 1)
        return sum(clip.duration_s for clip in self.clips) - overlaps

    @property
    def shape(self) -> Shape:
        """Size, rate and fit of the result."""
        largest = max(self.clips, key=_area).facts
        fps = self.frame_rate or max(clip.facts.fps or 0.0 for clip in self.clips) or 24.0
        return Shape(
            width_px=self.width_px or _even(largest.width_px or 2),
            height_px=self.height_px or _even(largest.height_px or 2),
            fps=exact_rate(fps),
            fit=self.fit_mode,
        )

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The clips in their places."""
        return pieces_of(self.clips, self.crossfade_s)

    def plan(self) -> Plan:
        """How it will be rendered, and why: by copying packets, or through MoviePy.

        Raises:
            InputError: A source is missing or has changed.
            MediaError: A source is damaged.
        """
        check_sources(self)
        return plan(self)

    def render(
        self,
        path: str | Path,
        overwrite: bool = False,
        on_progress: Callable[[float], None] | None = None,
        show: bool = True,
    ) -> Clip:
        """Write the timeline as MP4 (H.264, AAC, yuv420p, index in front).

        Stopping it (interrupt the kernel) leaves nothing behind.

        Args:
            path: The new file; its folder is made where needed.
            overwrite: Whether a file that is there may be replaced, once the new one is whole.
            on_progress: Called with the fraction done, 0 to 1.
            show: Whether a notebook's cell shows the progress.

        Returns:
            The result as a clip; its file carries the bill of materials (`provenance`).

        Raises:
            InputError: The target exists, is a source, or is no MP4; a source is gone or changed.
            MediaError: A source is damaged.
            RenderError: It cannot be written.
            FfmpegMissingError: MoviePy is needed and finds no ffmpeg.
        """
        return render(self, path, overwrite=overwrite, on_progress=on_progress, show=show)

    def composition(self) -> Composition:
        """Pictures and sound of the timeline by time; close it when done."""
        return Composition(self.pieces, self.music_tracks, self.shape)

    def to_moviepy(self) -> Any:
        """The timeline as a MoviePy clip, for any effect and any writer of MoviePy.

        Raises:
            InputError: A source is missing or has changed.
            FfmpegMissingError: MoviePy has no ffmpeg.
        """
        check_sources(self)
        return self.composition().to_moviepy()

    def __repr__(self) -> str:
        shape = self.shape
        count = f"{len(self.clips)} clip{'s' if len(self.clips) > 1 else ''}"
        return (
            f"Timeline({count}, {self.duration_s:.2f} s, {shape.width_px}x{shape.height_px}, "
            f"{float(shape.fps):g} fps)"
        )


def exact_rate(fps: float) -> Fraction:
    """The exact rate behind a rounded one: 29.97 is 30000/1001."""
    whole = round(fps * 1001 / 1000)
    ntsc = Fraction(whole * 1000, 1001)
    if abs(fps - whole) > 0.002 and abs(fps - ntsc) < 0.005:
        return ntsc
    return Fraction(fps).limit_denominator(1001)


def _as_clip(given: Any, number: int) -> Clip:
    if isinstance(given, Clip):
        return given
    if isinstance(given, str | Path):
        return Clip.from_file(given)
    raise InputError(
        f"Item {number} of the timeline is {type(given).__name__}, not a clip.",
        remedy="Give clips, ranges such as clip[1.5:4], or paths of video files.",
    )


def _check_number(value: float, what: str, unit: str) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise InputError(f"{what} of {value} {unit}".rstrip() + " is not possible; take 0 or more.")


def _area(clip: Clip) -> int:
    return (clip.facts.width_px or 0) * (clip.facts.height_px or 0)


def _even(side_px: int) -> int:
    return max(2, int(side_px) // 2 * 2)
