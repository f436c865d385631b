"""The clip itself: a file, what is known about it, and a range of its time."""

from __future__ import annotations

import math
import shutil
from collections.abc import Container
from dataclasses import dataclass, field, replace
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import MediaFacts
from ..errors import InputError, MediaError, must_be
from .keeping import Kept, Owner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..media import Recipe

END_SLACK_S = 0.1
"""A time this far behind the end means the end: models give 4.96 s where 5 s were asked."""


@dataclass(frozen=True)
class Clip(Kept):
    """A video file with its recipe, or a range of one. In a notebook it shows itself.

    `clip[1.5:4]` is the range from 1.5 to 4 s; a range of a range counts from its own start.

    Attributes:
        path: The file.
        facts: What the whole file is.
        recipe: How it was made; `None` for a file that carries none.
        start_s: Where the range starts, seconds in the file.
        end_s: Where it ends, seconds in the file; given as NaN it is the file's end.
        owner: What `rerun` delegates to.
    """

    path: Path
    facts: MediaFacts
    recipe: Recipe | None = None
    start_s: float = 0.0
    end_s: float = math.nan
    owner: Owner | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).absolute())
        if math.isnan(self.end_s):
            object.__setattr__(self, "end_s", self.facts.duration_s or 0.0)

    def __hash__(self) -> int:
        return hash((self.path, self.start_s, self.end_s))

    def __getstate__(self) -> dict[str, Any]:
        """Without its studio: for another process it is a file and its recipe."""
        return {**self.__dict__, "owner": None}

    def __deepcopy__(self, memo: dict[int, Any]) -> Clip:
        """Itself: nothing of it changes."""
        return self

    @classmethod
    def from_file(cls, path: str | Path) -> Clip:
        """A clip from any video file; reads its recipe if it has one.

        Raises:
            MediaError: The file is missing, damaged, or has no video.
        """
        from ..media import probe, read_recipe

        facts = probe(path)
        if not facts.has_video or not facts.duration_s:
            raise MediaError(
                f"{Path(path).name} has no video in it: it is {facts.format}.",
                remedy="A clip needs a video file, such as MP4, MOV or WebM.",
            )
        return cls(path=Path(path), facts=facts, recipe=read_recipe(path))

    @property
    def name(self) -> str:
        """How people know it: `AI (Model name): prompt...`, or the file's name."""
        return self.recipe.title if self.recipe is not None else self.path.stem

    @property
    def model_id(self) -> str | None:
        """The model that made it."""
        return self.recipe.model_id if self.recipe is not None else None

    @property
    def prompt(self) -> str | None:
        """The prompt that made it."""
        return self.recipe.prompt if self.recipe is not None else None

    @property
    def seed(self) -> int | None:
        """The seed that made it, when known."""
        return self.recipe.seed if self.recipe is not None else None

    @property
    def cost_usd(self) -> Decimal | None:
        """What it cost, US dollars: as metered, else as quoted; 0 for a simulated clip.

        `None` is unknown, not free.
        """
        if self.recipe is None:
            return None
        if self.recipe.mode == "simulated":
            return Decimal(0)
        metered_usd = self.recipe.cost.metered_usd
        return self.recipe.cost.estimate_usd if metered_usd is None else metered_usd

    @property
    def quote_usd(self) -> Decimal | None:
        """What its model costs by list, US dollars, also where the clip was simulated."""
        return self.recipe.cost.estimate_usd if self.recipe is not None else None

    @property
    def duration_s(self) -> float:
        """Length of the range, seconds."""
        return self.end_s - self.start_s

    @property
    def is_whole(self) -> bool:
        """Whether the range is the whole file."""
        return self.start_s == 0 and self.end_s == (self.facts.duration_s or 0.0)

    def __getitem__(self, times: slice) -> Clip:
        """A range, in seconds; negative times count from the end.

        Raises:
            InputError: It is empty, outside the clip, or not a range.
        """
        if not isinstance(times, slice) or times.step is not None:
            raise InputError(
                "A clip is cut by a range of seconds.",
                money="",
                remedy=f"Write clip[{0.0:g}:{self.duration_s:g}], or clip.frame(t_s) for a frame.",
            )
        start_s = self._time(times.start, 0.0)
        end_s = self._time(times.stop, self.duration_s)
        if end_s - start_s < 0.001:
            raise InputError(
                f"The range {start_s:g} to {end_s:g} s of {self.path.name} is empty.",
                money="",
                remedy=f"Its times go from 0 to {self.duration_s:g} s, the smaller one first.",
            )
        return replace(self, start_s=self.start_s + start_s, end_s=self.start_s + end_s)

    def _time(self, given: Any, default_s: float) -> float:
        if given is None:
            return default_s
        try:
            t_s = float(given)
        except (TypeError, ValueError) as error:
            raise InputError(f"{given!r} is not a time in seconds.", money="") from error
        if t_s < 0:
            t_s += self.duration_s
        if not -0.001 <= t_s <= self.duration_s + END_SLACK_S:
            raise InputError(
                f"{given} s is outside {self.path.name}.",
                money="",
                remedy=f"Take times from 0 to {self.duration_s:g} s.",
            )
        return min(max(t_s, 0.0), self.duration_s)

    def frame(self, t_s: float) -> NDArray[np.uint8]:
        """The frame shown at a moment: the last that starts at or before it.

        Args:
            t_s: Seconds from the start of this clip or range.

        Returns:
            Shape (height, width, 3), RGB, 0 to 255.

        Raises:
            InputError: `t_s` is outside the clip.
            MediaError: The file is missing or damaged.
        """
        from ..media import frame_at

        remedy = f"Take a time from 0 to {self.duration_s:g} s."
        must_be("t_s", t_s, Real, "a time in seconds", remedy, money="")
        if not 0 <= t_s <= self.duration_s:
            raise InputError(f"{t_s:g} s is outside {self.path.name}.", money="", remedy=remedy)
        return frame_at(self.path, self.start_s + float(t_s))

    def poster(self, max_side_px: int = 480, quality: int = 75) -> bytes:
        """The first picture of the clip or range, as JPEG.

        Args:
            max_side_px: Longest side, pixels.
            quality: JPEG quality, 1 to 95.

        Raises:
            MediaError: The file is missing or damaged.
        """
        from ..media import poster

        return poster(self.path, self.start_s or None, max_side_px=max_side_px, quality=quality)

    def save(self, path: str | Path, overwrite: bool = False) -> Path:
        """Copy the file, recipe and all.

        Args:
            path: The new file, or a folder that keeps the name.
            overwrite: Whether a file that is there may be replaced; only a whole copy replaces it.

        Returns:
            Where the copy is.

        Raises:
            InputError: There is a file already, or this is only a range of a file.
            MediaError: The file is gone, or the copy cannot be written.
        """
        from ..media import whole_file

        if not self.is_whole:
            raise InputError(
                f"This is the range {self.start_s:g} to {self.end_s:g} s of {self.path.name}; "
                "a file holds whole clips.",
                money="",
                remedy="Render it: qcut_nb.Timeline([clip]).render(path).",
            )
        target = Path(path)
        if target.is_dir():
            target /= self.path.name
        if target.suffix.lower() != self.path.suffix.lower():
            raise InputError(
                f"{target.name} would hold what {self.path.name} holds: a copy keeps its ending.",
                money="",
                remedy=f"Call it {target.stem}{self.path.suffix}, or render it: "
                f"qcut_nb.Timeline([clip]).render({target.name!r}).",
            )
        if target.exists() and (not overwrite or target.samefile(self.path)):
            raise InputError(
                f"{target} exists already.",
                money="",
                remedy="Choose another name, or pass overwrite=True for another file.",
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(target) as part:
                shutil.copyfile(self.path, part)
        except OSError as error:
            raise MediaError(
                f"{target} cannot be written: {error.strerror or error}. "
                f"The clip is still at {self.path}.",
                remedy="Make room there or choose another folder, then do it again.",
            ) from error
        return target

    def to_moviepy(self) -> Any:
        """The clip or range as a MoviePy `VideoFileClip`; close it when done.

        Raises:
            FfmpegMissingError: MoviePy has no ffmpeg.
            MediaError: The file is missing or damaged.
        """
        from .moviepy_bridge import open_video

        size_px = (self.facts.width_px or 0, self.facts.height_px or 0)
        span_s = None if self.is_whole else (self.start_s, self.end_s)
        return open_video(self.path, size_px if all(size_px) else None, span_s)

    def rerun(self, **changes: Any) -> Any:
        """Generate it again from its recipe, with changes; a new payment in live mode.

        Args:
            changes: Settings that differ, such as `seed=7`.

        Raises:
            InputError: The clip did not come from a studio.
        """
        if self.owner is None:
            raise InputError(
                f"{self.path.name} did not come from a studio, so it is not known where to run it.",
                money="",
                remedy="Call studio.rerun(clip, ...) on the studio that should run it.",
            )
        return self.owner.rerun(self, **changes)

    def __repr__(self) -> str:
        span = "" if self.is_whole else f"[{self.start_s:g}:{self.end_s:g}]"
        size = f"{self.facts.width_px}x{self.facts.height_px}"
        return f"Clip({self.path.name}{span}, {self.duration_s:.2f} s, {size}, {self.name!r})"

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        from .preview import preview_html

        return {"text/plain": repr(self), "text/html": preview_html(self)}
