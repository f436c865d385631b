"""What a timeline is made of. Everything is frozen; times are seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from ..clip import Clip

Fit = Literal["fit", "fill", "stretch"]
FadeColour = Literal["black", "white"]
TransitionKind = Literal[
    "dissolve",
    "fade_black",
    "fade_white",
    "wipe_left",
    "wipe_right",
    "wipe_up",
    "wipe_down",
    "slide_left",
    "slide_right",
    "slide_up",
    "slide_down",
]
Position = Literal[
    "top_left",
    "top",
    "top_right",
    "left",
    "centre",
    "right",
    "bottom_left",
    "bottom",
    "bottom_right",
]


@dataclass(frozen=True)
class Stamp:
    """What tells that a file is still the same one, without reading it.

    Attributes:
        size_bytes: Its size.
        inode: Its number in the file system.
        written_ns: When it was written, nanoseconds; programs can set it.
        changed_ns: When the system last changed it, nanoseconds; programs cannot set it.
        sha256: Digest of its content, hex, where a studio recorded it.
    """

    size_bytes: int
    inode: int
    written_ns: int
    changed_ns: int
    sha256: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Still:
    """A picture file."""

    path: Path


@dataclass(frozen=True)
class Card:
    """A flat colour with text on it; text alone where `background` is `None`.

    Attributes:
        text: Lines to show; empty is colour alone.
        size: Height of a line as a part of the picture's height.
        colour: Of the text, as CSS writes it.
        background: Behind the whole picture; `None` is transparent.
        position: Where the text stands.
        box: Colour behind the text alone; empty is none.
        font: A font file; `None` is Pillow's own, else one of this machine's that has the text.
    """

    text: str = ""
    size: float = 0.08
    colour: str = "white"
    background: str | None = None
    position: Position = "centre"
    box: str = ""
    font: Path | None = None


@runtime_checkable
class MoviePyClip(Protocol):
    """What MoviePy's video clips have."""

    duration: Any

    def get_frame(self, t: float) -> Any:
        """The picture at a time."""

    def subclipped(self, start_time: float, end_time: float) -> Any:
        """A part of it."""


@dataclass(frozen=True, eq=False)
class Movie:
    """A MoviePy clip; equal only to itself.

    Attributes:
        clip: It.
        files: The files that it reads, with their stamps as it was handed in.
    """

    clip: Any
    files: tuple[tuple[Path, Stamp], ...] = ()


Source = Clip | Still | Card | Movie


@dataclass(frozen=True)
class Transition:
    """How an item follows the one before: both are seen for `duration_s`."""

    kind: TransitionKind
    duration_s: float


@dataclass(frozen=True)
class Item:
    """One thing on the track.

    Attributes:
        source: What is shown.
        length_s: How long, before `speed`.
        begin_s: From where in what its effects make of it; without effects the source says it.
        speed: 2 is twice as fast.
        is_reversed: Last frame first.
        volume: Of its sound; 1 leaves it as it is.
        fade_in_s: Picture and sound, from a colour.
        fade_out_s: Picture and sound, to a colour.
        fade_in_colour: "black" or "white".
        fade_out_colour: "black" or "white".
        effects: MoviePy effects on the picture and sound.
        size_px: Width and height that they give it; `None` without effects.
        transition: From the item before; `None` is a hard cut.
        stamp: Of its file, as the item was made; `None` without a file.
    """

    source: Source
    length_s: float
    begin_s: float = 0.0
    speed: float = 1.0
    is_reversed: bool = False
    volume: float = 1.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    fade_in_colour: FadeColour = "black"
    fade_out_colour: FadeColour = "black"
    effects: tuple[Any, ...] = ()
    size_px: tuple[int, int] | None = None
    transition: Transition | None = None
    stamp: Stamp | None = field(default=None, compare=False)

    @property
    def duration_s(self) -> float:
        """How long it is seen."""
        return self.length_s / self.speed

    @property
    def clip(self) -> Clip | None:
        """Its clip, where it is one."""
        return self.source if isinstance(self.source, Clip) else None

    @property
    def is_plain(self) -> bool:
        """Whether its frames are shown as they are, one by one."""
        return (
            self.clip is not None and self.speed == 1 and not self.is_reversed and not self.effects
        )

    @property
    def is_movie(self) -> bool:
        """Whether MoviePy makes its frames."""
        return bool(self.effects) or isinstance(self.source, Movie)

    @property
    def has_sound(self) -> bool:
        """Whether it brings sound along."""
        if self.volume == 0:
            return False
        if self.clip is not None:
            return self.clip.facts.has_audio
        return isinstance(self.source, Movie) and self.source.clip.audio is not None

    @property
    def name(self) -> str:
        """How people know it."""
        match self.source:
            case Clip():
                return self.source.path.name
            case Still():
                return self.source.path.name
            case Card():
                return f"text {self.source.text!r}" if self.source.text else "colour"
            case _:
                return "MoviePy clip"


@dataclass(frozen=True)
class Overlay:
    """Something over the track.

    Attributes:
        source: A clip, a picture, or text.
        start_s: From when in the timeline.
        end_s: Until when; `None` is the end.
        width: As a part of the picture's width; text always has the whole picture.
        position: Where it stands.
        opacity: 1 hides what is below.
        fade_in_s: How long it fades in.
        fade_out_s: How long it fades out.
        stamp: Of its file, as the overlay was made; `None` without a file.
    """

    source: Clip | Still | Card
    start_s: float
    end_s: float | None
    width: float = 0.3
    position: Position = "top_right"
    opacity: float = 1.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    stamp: Stamp | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Sound:
    """A sound file under the track.

    Attributes:
        path: The file.
        volume: Factor; 1 leaves it as it is.
        start_s: From where in the file.
        at_s: From when in the timeline.
        end_s: Until when in the timeline; `None` is the end of either.
        lasts_s: How much of the file there is from `start_s` on.
        fade_in_s: Fade at its start.
        fade_out_s: Fade at its end.
        duck: Whether it steps back while other sound is heard.
        role: What it was added as; it sounds the same.
        stamp: Of the file, as the sound was added.
    """

    path: Path
    volume: float = 1.0
    start_s: float = 0.0
    at_s: float = 0.0
    end_s: float | None = None
    lasts_s: float = math.inf
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    duck: bool = False
    role: Literal["music", "voice"] = "music"
    stamp: Stamp | None = field(default=None, compare=False)

    def until_s(self, whole_s: float) -> float:
        """Until when it is heard in a timeline of so many seconds."""
        end_s = math.inf if self.end_s is None else self.end_s
        return min(whole_s, end_s, self.at_s + self.lasts_s)


@dataclass(frozen=True)
class CaptionFile:
    """Where captions were read from.

    Attributes:
        path: The file.
        sha256: Digest of its content as it was read, hex.
    """

    path: Path
    sha256: str


@dataclass(frozen=True)
class Caption:
    """Words and when they are said.

    Attributes:
        start_s: From when in the timeline.
        end_s: Until when.
        text: One line or several.
        file: Ending of the file beside the result that they go to; empty draws them into it.
        font: A font file to draw them with, as in `Card`.
        origin: The file that they were read from; `None` where they were given.
    """

    start_s: float
    end_s: float
    text: str
    file: Literal["", ".srt", ".vtt"] = ""
    font: Path | None = None
    origin: CaptionFile | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Look:
    """What a result looks and sounds like; `None` takes it from the clips.

    Attributes:
        width_px: Even.
        height_px: Even.
        fps: Frames a second.
        fit: What happens to clips of another shape.
        loudness_lufs: Integrated loudness of the result.
        is_preview: Whether it is a quick look: made in fewer pieces, and scaled faster.
        every: Of so many frames of the grid one is made, and stays until the next.
        is_near: Whether frames near those will do, which are soon decoded.
    """

    width_px: int | None = None
    height_px: int | None = None
    fps: Fraction | None = None
    fit: Fit = "fit"
    loudness_lufs: float | None = None
    is_preview: bool = False
    every: int = 1
    is_near: bool = False


@dataclass(frozen=True)
class Edit:
    """The whole edit: what `Timeline` holds and rendering reads."""

    items: tuple[Item, ...]
    overlays: tuple[Overlay, ...] = ()
    sounds: tuple[Sound, ...] = ()
    captions: tuple[Caption, ...] = ()
    look: Look = field(default_factory=Look)
