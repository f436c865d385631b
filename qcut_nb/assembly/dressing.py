"""What lies over the track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

from ..clip import Clip
from ..errors import InputError
from ..media import probe
from .captions import read_captions
from .fonts import check_text
from .framing import Framing
from .lettering import colour
from .model import Caption, Card, Overlay, Position, Still
from .sounding import Sounding
from .sources import stamp_of
from .times import Time, seconds

LOWER_THIRD_SIZE = 0.06
END_SLACK_S = 0.1
"""Lengths of files are rounded; a time this far behind the end means the end."""


class Dressing(Framing, Sounding):
    """Overlays, text and captions over the track."""

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
        seen = source if isinstance(source, Clip) else _seen_in(source)
        start_s = seconds(start, self.fps, "A start")
        end_s = None if end is None else seconds(end, self.fps, "An end")
        if isinstance(seen, Clip):
            end_s = _end_of(seen, start_s, end_s)
        if not 0 < width <= 1 or not 0 <= opacity <= 1:
            raise InputError(
                f"width={width} and opacity={opacity} are parts of 1.",
                money="",
                remedy="Take width above 0 and up to 1, opacity from 0 to 1.",
            )
        fade_s = seconds(fade, self.fps, "A fade")
        length_s = (self.duration_s if end_s is None else end_s) - start_s
        if fade_s > max(0.0, length_s):
            raise InputError(
                f"A fade of {fade_s:g} s is longer than what fades, {length_s:.2f} s.",
                money="",
                remedy=f"Take at most {max(0.0, length_s):.2f} s.",
            )
        made = Overlay(
            seen,
            start_s,
            end_s,
            width,
            position,
            opacity,
            fade_in_s=fade_s,
            fade_out_s=fade_s,
            stamp=stamp_of(seen if isinstance(seen, Clip) else seen.path),
        )
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
        font: str | Path | None = None,
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
            font: A font file; `None` takes one that has the text, of this machine where needed.

        Raises:
            InputError: A time, a size or a colour is not possible, or no font shows the text.
        """
        check_size(size)
        _check_colours(colour, box)
        start_s = seconds(start, self.fps, "A start")
        duration_s = seconds(duration, self.fps, "A length")
        card = Card(text, size, colour, None, position, box, check_text(text, font))
        fade_s = min(seconds(fade, self.fps, "A fade"), duration_s / 2)
        end_s = start_s + duration_s
        return self._over(Overlay(card, start_s, end_s, fade_in_s=fade_s, fade_out_s=fade_s))

    def lower_third(
        self,
        text: str,
        start: Time = 0.0,
        duration: Time = 4.0,
        *,
        font: str | Path | None = None,
    ) -> Self:
        """Show a name or a place at the lower left, on a dark box; see `title`."""
        return self.title(
            text,
            start,
            duration,
            size=LOWER_THIRD_SIZE,
            position="bottom_left",
            box="#000000a0",
            font=font,
        )

    def captions(
        self,
        source: str | Path | Sequence[tuple[Time, Time, str]],
        *,
        burn: bool = True,
        ending: Literal[".srt", ".vtt"] = ".srt",
        font: str | Path | None = None,
    ) -> Self:
        """Add captions.

        Args:
            source: An SRT or VTT file, or a list of (start, end, text).
            burn: Whether they are drawn into the picture; otherwise `render` writes a file of
                them beside the result.
            ending: Which one: ".srt" (SubRip) or ".vtt" (WebVTT, for web pages).
            font: A font file to draw them with; see `title`.

        Raises:
            InputError: The file holds no captions, the ending is not possible, a caption starts
                behind the timeline's end, or no font shows it.
        """
        if isinstance(source, str | Path):
            found = read_captions(source)
        else:
            found = tuple(
                Caption(seconds(start, self.fps), seconds(end, self.fps), text)
                for start, end, text in source
            )
        until_s = self.duration_s
        for place, each in enumerate(found, 1):
            if not each.start_s < min(each.end_s, until_s):
                raise InputError(
                    f"Caption {place} ({each.text[:40]!r}) is from {each.start_s:g} to "
                    f"{each.end_s:g} s; the timeline lasts {until_s:g} s.",
                    money="",
                    remedy="Take times inside the timeline, the smaller one first.",
                )
        if burn:
            made = [replace(each, font=check_text(each.text, font)) for each in found]
        else:
            made = [replace(each, file=ending) for each in found]
        return self._new(replace(self.edit, captions=(*self.edit.captions, *made)))

    def _over(self, overlay: Overlay) -> Self:
        if overlay.start_s >= self.duration_s:
            raise InputError(
                f"The timeline lasts {self.duration_s:g} s; nothing can start at "
                f"{overlay.start_s:g} s.",
                money="",
                remedy=f"Take a start from 0 to below {self.duration_s:g} s.",
            )
        if overlay.end_s is not None and overlay.end_s <= overlay.start_s:
            raise InputError(
                f"From {overlay.start_s:g} to {overlay.end_s:g} s nothing is seen.",
                money="",
                remedy="Take a later end.",
            )
        return self._new(replace(self.edit, overlays=(*self.edit.overlays, overlay)))


def _seen_in(path: str | Path) -> Clip | Still:
    """What a file shows.

    Raises:
        InputError: Nothing.
        MediaError: It is missing or damaged.
    """
    facts = probe(path)
    if facts.has_video:
        return Clip.from_file(path)
    if facts.width_px is None:
        raise InputError(
            f"{Path(path).name} shows nothing: it is {facts.format}.",
            money="",
            remedy="Lay over a video or a picture; sound is added by music(path) or voice(path).",
        )
    return Still(Path(path).absolute())


def _end_of(clip: Clip, start_s: float, end_s: float | None) -> float:
    """Until when a clip is laid over from some moment on."""
    until_s = start_s + clip.duration_s
    if end_s is not None and end_s > until_s + END_SLACK_S:
        raise InputError(
            f"{clip.path.name} lasts {clip.duration_s:.2f} s: laid over from {start_s:g} s it ends "
            f"at {until_s:g} s, not {end_s:g} s.",
            money="",
            remedy="Leave the end out, or lay it over again where it ends.",
        )
    return until_s if end_s is None else min(end_s, until_s)


def check_size(size: float) -> None:
    """Refuse a size of text that nobody could read.

    Raises:
        InputError: It is not from 0.01 to 1.
    """
    if not 0.01 <= size <= 1:
        raise InputError(
            f"A text size of {size} is not possible.",
            money="",
            remedy="Take 0.01 to 1: the height of a line as a part of the picture's height.",
        )


def _check_colours(*names: str) -> None:
    for name in filter(None, names):
        colour(name)
