"""What a plan says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .colours import Colours
from .footage import Footage
from .times import clock

Strategy = Literal["copy", "smart", "filter", "moviepy"]
EFFORT: tuple[Strategy, ...] = ("copy", "smart", "filter", "moviepy")
"""From the least to the most work."""


@dataclass(frozen=True)
class CopiedFrames:
    """Shown frames of a file, from one up to another, whose samples are moved untouched."""

    footage: Footage
    first: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """A part of the result that is made in one way.

    Attributes:
        first: Its first frame.
        end: The frame behind its last.
        start_s: When it starts, seconds.
        end_s: When it ends, seconds.
        strategy: "copy" moves samples untouched; "smart" encodes unchanged frames so that they
            join with copied ones; "filter" decodes, filters, encodes; "moviepy" likewise, with
            frames that Python makes.
        reason: Why, in one sentence.
        copied: What is moved; `None` where it is encoded.
        every: Of so many frames one is made.
    """

    first: int
    end: int
    start_s: float
    end_s: float
    strategy: Strategy
    reason: str
    copied: CopiedFrames | None = None
    every: int = 1

    @property
    def numbers(self) -> range:
        """Places on the grid of the frames that it has."""
        return range(self.first, self.end, self.every)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return len(self.numbers)

    def __str__(self) -> str:
        return f"{clock(self.start_s)} - {clock(self.end_s)}  {self.strategy:7}  {self.reason}"


@dataclass(frozen=True)
class Plan:
    """How a timeline will be rendered.

    Attributes:
        stretches: The picture, in order, without gaps.
        sound: "copy", "encode" or "none".
        sound_reason: Why.
        host: The footage whose form the result has; `None` where all is encoded.
        colours: What the result says about its colours.
        fps: Frames a second.
        estimate_s: Roughly how long rendering takes on this machine, seconds. What MoviePy takes is
            measured on a few frames; `None` is not known, as where one of these failed.
    """

    stretches: tuple[Stretch, ...]
    sound: Literal["copy", "encode", "none"]
    sound_reason: str
    host: Footage | None
    colours: Colours
    fps: Fraction
    estimate_s: float | None

    @property
    def kind(self) -> Strategy:
        """The strategy that takes the most work."""
        return max((each.strategy for each in self.stretches), key=EFFORT.index)

    @property
    def reason(self) -> str:
        """Why that one, in one sentence."""
        if self.kind == "copy":
            return self.stretches[0].reason
        return next(each.reason for each in self.stretches if each.strategy == self.kind)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Places on the grid of all frames of the result."""
        return np.concatenate([np.asarray(each.numbers, np.int64) for each in self.stretches])

    @property
    def encoded_frames(self) -> int:
        """How many frames are encoded."""
        return sum(each.frames for each in self.stretches if each.copied is None)

    @property
    def effort(self) -> str:
        """The estimate in words."""
        if self.estimate_s is None:
            return "how long it takes is not known"
        return (
            f"about {self.estimate_s:.1f} s of work"
            if self.estimate_s >= 0.1
            else "hardly any work"
        )

    def __str__(self) -> str:
        lines = [str(each) for each in self.stretches]
        lines.append(f"sound: {self.sound}  {self.sound_reason}")
        lines.append(self.effort)
        return "\n".join(lines)
