"""What lies over and under the track, and what the result looks like."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, Self, get_args

from ..clip import Clip
from ..errors import InputError
from ..media import probe
from .captions import KINDS, read_captions
from .editing import Editing, number
from .layout import even
from .lettering import colour
from .model import Caption, Card, Fit, Overlay, Position, Sound, Still
from .sources import stamp_of
from .times import Time, exact_rate, seconds

LOUDEST_LUFS, SOFTEST_LUFS = -5.0, -70.0
MOVING = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi"})
LOWER_THIRD_SIZE = 0.06


class Dressing(Editing):
    """Overlays, text, sound, captions, and the look of the result."""

    def overlay(
        self,
        source: Clip | str | Path,
        start: Time = 0.0,
        end: Time | None = None,
        *,
        position: Position = "top_right",
        width: float = 0.3,
        opacity: float = 1.0,
        fade: Time = 0.0,
    ) -> Self:
        """Lay a clip or a picture over the timeline; a clip's sound stays out.

        Args:
            source: A clip, a range, or the path of a video or picture.
            start: From when.
            end: Until when; `None` is the clip's end, for a picture the timeline's.
            position: "top_left", "top", "top_right", "left", "centre", ...
            width: Its width as a part of the picture's, up to 1.
            opacity: 1 hides what is below.
            fade: How long it fades in and out.

        Raises:
            InputError: A number is out of range, or the source is none.
            MediaError: The file is missing or damaged.
        """
        if isinstance(source, str | Path):
            path = Path(source).absolute()
            facts = probe(path)
            source = Clip.from_file(path) if facts.has_video else Still(path)  # type: ignore[assignment]  # a still is no clip; both are sources
        start_s = seconds(start, self.fps, "A start")
        end_s = None if end is None else seconds(end, self.fps, "An end")
        if isinstance(source, Clip) and end_s is None:
            end_s = start_s + source.duration_s
        if not 0 < width <= 1 or not 0 <= opacity <= 1:
            raise InputError(
                f"width={width} and opacity={opacity} are parts of 1.",
                money="",
                remedy="Take width above 0 and up to 1, opacity from 0 to 1.",
            )
        _check_position(position)
        fade_s = seconds(fade, self.fps, "A fade")
        stamp = stamp_of(source if isinstance(source, Clip) else source.path)  # type: ignore[union-attr]  # as above
        made = Overlay(source, start_s, end_s, width, position, opacity, fade_s, stamp)  # type: ignore[arg-type]  # as above
        return self._over(made)

    def title(
        self,
        text: str,
        start: Time = 0.0,
        duration: Time = 3.0,
        *,
        size: float = 0.1,
        colour: str = "white",
        position: Position = "centre",
        fade: Time = 0.3,
        box: str = "",
    ) -> Self:
        """Show text over the picture.

        Args:
            text: Lines are broken where they are too long.
            start: From when.
            duration: How long.
            size: Height of a line as a part of the picture's height.
            colour: As CSS writes it.
            position: "centre", "top", "bottom_left", ...
            fade: How long it fades in and out.
            box: Colour behind the text; empty is none.

        Raises:
            InputError: A time, a size or a colour is not possible.
        """
        if not 0.01 <= size <= 1:
            raise InputError(f"A text size of {size} is not from 0.01 to 1.", money="")
        _check_colours(colour, box)
        _check_position(position)
        start_s = seconds(start, self.fps, "A start")
        duration_s = seconds(duration, self.fps, "A length")
        card = Card(text, size, colour, None, position, box)
        fade_s = min(seconds(fade, self.fps, "A fade"), duration_s / 2)
        return self._over(Overlay(card, start_s, start_s + duration_s, fade_s=fade_s))

    def lower_third(self, text: str, start: Time = 0.0, duration: Time = 4.0) -> Self:
        """Show a name or a place at the lower left, on a dark box."""
        return self.title(
            text,
            start,
            duration,
            size=LOWER_THIRD_SIZE,
            position="bottom_left",
            box="#000000a0",
        )

    def music(
        self,
        path: str | Path,
        volume: float = 1.0,
        *,
        start_s: Time = 0.0,
        at: Time = 0.0,
        end: Time | None = None,
        fade_in_s: Time = 0.0,
        fade_out_s: Time = 0.0,
        duck: bool = False,
    ) -> Self:
        """Mix a sound file in; it ends with the timeline or before.

        Args:
            path: A file with sound.
            volume: Factor; 1 leaves it as it is, 0 is silence.
            start_s: From where in the file.
            at: From when in the timeline.
            end: Until when in the timeline; `None` is its end.
            fade_in_s: Fade at its start.
            fade_out_s: Fade at its end.
            duck: Whether it steps back while clips or voices are heard.

        Raises:
            InputError: The file has no sound, a number is out of range, or there is nothing to
                duck for.
            MediaError: The file is missing or damaged.
        """
        facts = probe(path)
        name = Path(path).name
        if not facts.has_audio:
            raise InputError(f"{name} has no sound in it: it is {facts.format}.", money="")
        from_s = seconds(start_s, self.fps, "A start")
        if facts.duration_s is not None and from_s >= facts.duration_s:
            raise InputError(
                f"{name} lasts {facts.duration_s:.2f} s; it cannot start at {from_s:g} s.",
                money="",
            )
        at_s = seconds(at, self.fps, "A start")
        if at_s >= self.duration_s:
            raise InputError(
                f"The timeline lasts {self.duration_s:g} s; {name} cannot start at {at_s:g} s.",
                money="",
            )
        heard = any(item.has_sound for item in self.edit.items)
        if duck and not heard and not any(not sound.duck for sound in self.edit.sounds):
            raise InputError(
                f"{name} cannot duck: no clip and no voice has sound.",
                money="",
                remedy="Add the voice first, or leave duck out.",
            )
        sound = Sound(
            path=Path(path).absolute(),
            volume=number(volume, "A volume"),
            start_s=from_s,
            at_s=at_s,
            end_s=None if end is None else seconds(end, self.fps, "An end"),
            fade_in_s=seconds(fade_in_s, self.fps, "A fade"),
            fade_out_s=seconds(fade_out_s, self.fps, "A fade"),
            duck=duck,
            stamp=stamp_of(Path(path).absolute()),
        )
        return self._new(replace(self.edit, sounds=(*self.edit.sounds, sound)))

    def voice(self, path: str | Path, at: Time = 0.0, volume: float = 1.0) -> Self:
        """Mix a voice in from some moment; music with `duck=True` steps back for it.

        Raises:
            InputError: The file has no sound, or a number is out of range.
            MediaError: The file is missing or damaged.
        """
        return self.music(path, volume, at=at)

    def loudness(self, lufs: float = -14.0) -> Self:
        """Bring the result to an integrated loudness; peaks stay below -1 dBFS.

        Args:
            lufs: -14 is what streaming services play at, -23 what broadcasters do.

        Raises:
            InputError: It is out of range, or there is no sound.
        """
        if not SOFTEST_LUFS <= lufs <= LOUDEST_LUFS:
            raise InputError(
                f"A loudness of {lufs} LUFS is not possible.",
                money="",
                remedy=f"Take {SOFTEST_LUFS:g} to {LOUDEST_LUFS:g}; -14 is usual online.",
            )
        if not self.edit.sounds and not any(item.has_sound for item in self.edit.items):
            raise InputError("There is no sound whose loudness could be set.", money="")
        return self._look(loudness_lufs=float(lufs))

    def captions(
        self,
        source: str | Path | list[tuple[float, float, str]],
        *,
        burn: bool = True,
        ending: Literal[".srt", ".vtt"] = ".srt",
    ) -> Self:
        """Add captions.

        Args:
            source: An SRT or VTT file, or a list of (start in seconds, end in seconds, text).
            burn: Whether they are drawn into the picture; otherwise `render` writes a file of
                them beside the result.
            ending: Which one: ".srt" (SubRip) or ".vtt" (WebVTT, for web pages).

        Raises:
            InputError: The file holds no captions, or a time or the ending is not possible.
        """
        if ending not in KINDS:
            raise InputError(
                f"Captions are written to .srt or .vtt files, not {ending!r}.",
                money="",
                remedy='Take ending=".srt" or ending=".vtt".',
            )
        if isinstance(source, str | Path):
            found = read_captions(source)
        else:
            found = tuple(
                Caption(seconds(start, self.fps), seconds(end, self.fps), text)
                for start, end, text in source
            )
        return self._new(
            replace(self.edit, captions=found, burns_captions=burn, captions_ending=ending)
        )

    def with_size(self, width_px: int, height_px: int) -> Self:
        """Set the size of the result.

        Raises:
            InputError: A side is odd, which yuv420p video cannot have, or out of range.
        """
        for side in (width_px, height_px):
            if not isinstance(side, int) or not 2 <= side <= 16384 or side % 2:
                raise InputError(
                    f"A size of {width_px}x{height_px} cannot be encoded: sides are even numbers "
                    "of pixels from 2 to 16384.",
                    money="",
                    remedy=f"Write with_size({even(width_px)}, {even(height_px)}).",
                )
        return self._look(width_px=width_px, height_px=height_px)

    def with_aspect(self, aspect: str, fit: Fit = "fill") -> Self:
        """Set the shape of the result, such as "9:16"; the height stays, or the width if wider.

        Raises:
            InputError: It is no ratio.
        """
        try:
            ratio = Fraction(*(int(part) for part in aspect.split(":")))
        except (ValueError, TypeError, ZeroDivisionError) as error:
            raise InputError(
                f"{aspect!r} is no aspect ratio.", money="", remedy='Write it as "16:9".'
            ) from error
        if not Fraction(1, 10) <= ratio <= 10:
            raise InputError(f"{aspect!r} is not from 1:10 to 10:1.", money="")
        layout = self.layout
        width_px, height_px = layout.width_px, layout.height_px
        if Fraction(width_px, height_px) > ratio:
            width_px = even(round(height_px * ratio))
        else:
            height_px = even(round(width_px / ratio))
        return self.with_size(width_px, height_px).with_fit(fit)

    def with_fps(self, fps: float) -> Self:
        """Set the frame rate of the result; 29.97 and the like mean the exact NTSC rates.

        Raises:
            InputError: It is not from 1 to 240.
        """
        if not 1 <= fps <= 240:
            raise InputError(f"{fps:g} frames a second cannot be made; take 1 to 240.", money="")
        return self._look(fps=exact_rate(float(fps)))

    def with_fit(self, fit: Fit) -> Self:
        """Say what happens to clips of another shape.

        Args:
            fit: "fit" adds black bars, "fill" cuts off what is too wide or high, "stretch" bends.

        Raises:
            InputError: It is none of these.
        """
        if fit not in get_args(Fit):
            raise InputError(
                f"{fit!r} is no way to fit; take {', '.join(get_args(Fit))}.", money=""
            )
        return self._look(fit=fit)

    def _look(self, **changes: Any) -> Self:
        return self._new(replace(self.edit, look=replace(self.edit.look, **changes)))

    def _over(self, overlay: Overlay) -> Self:
        if overlay.start_s >= self.duration_s:
            raise InputError(
                f"The timeline lasts {self.duration_s:g} s; nothing can start at "
                f"{overlay.start_s:g} s.",
                money="",
            )
        if overlay.end_s is not None and overlay.end_s <= overlay.start_s:
            raise InputError(
                f"From {overlay.start_s:g} to {overlay.end_s:g} s nothing is seen.", money=""
            )
        return self._new(replace(self.edit, overlays=(*self.edit.overlays, overlay)))


def _check_colours(*names: str) -> None:
    for name in filter(None, names):
        colour(name)


def _check_position(position: str) -> None:
    if position not in get_args(Position):
        raise InputError(
            f"{position!r} is no position.",
            money="",
            remedy=f"Take {', '.join(get_args(Position))}.",
        )
