"""What the result looks like."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, Self

from ..errors import InputError
from .editing import Editing
from .layout import even, lay_out
from .model import Fit
from .times import exact_rate


class Framing(Editing):
    """Size, rate and shape of the result."""

    def with_size(self, width_px: int, height_px: int) -> Self:
        """Set the size of the result.

        Raises:
            InputError: A side is odd, which yuv420p video cannot have, or out of range.
        """
        for side in (width_px, height_px):
            if not 2 <= side <= 16384 or side % 2:
                raise InputError(
                    f"A size of {width_px}x{height_px} cannot be encoded: sides are even numbers "
                    "of pixels from 2 to 16384.",
                    money="",
                    remedy=f"Write with_size({_near(width_px)}, {_near(height_px)}).",
                )
        return self._look(width_px=width_px, height_px=height_px)

    def with_aspect(self, aspect: str | float | Fraction, fit: Fit = "fill") -> Self:
        """Set the shape of the result; the height stays, or the width if wider.

        Args:
            aspect: Width to height, such as "9:16" or 2.39.
            fit: What happens to clips of another shape; see `with_fit`.

        Raises:
            InputError: It is no ratio.
        """
        try:
            parts = str(aspect).split(":")
            ratio = Fraction(*(Fraction(part) for part in parts)).limit_denominator(1000)
        except (ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
            raise InputError(
                f"{aspect!r} is no aspect ratio.", money="", remedy='Write it as "16:9" or 1.78.'
            ) from error
        if not Fraction(1, 10) <= ratio <= 10:
            raise InputError(
                f"{aspect!r} is out of range.", money="", remedy='Take "1:10" to "10:1".'
            )
        layout = self.layout
        width_px, height_px = layout.width_px, layout.height_px
        if Fraction(width_px, height_px) > ratio:
            width_px = even(round(height_px * ratio))
        else:
            height_px = even(round(width_px / ratio))
        return self.with_size(width_px, height_px).with_fit(fit)

    def with_fps(self, fps: float | Fraction) -> Self:
        """Set the frame rate of the result; 29.97 and the like mean the exact NTSC rates.

        Raises:
            InputError: It is not from 1 to 240.
        """
        if not 1 <= fps <= 240:
            raise InputError(
                f"{fps} frames a second cannot be made.", money="", remedy="Take 1 to 240."
            )
        return self._look(fps=exact_rate(fps))

    def with_fit(self, fit: Fit) -> Self:
        """Say what happens to clips of another shape.

        Args:
            fit: "fit" adds black bars, "fill" cuts off what is too wide or high, "stretch" bends.

        Raises:
            InputError: It is none of these.
        """
        return self._look(fit=fit)

    def _look(self, **changes: Any) -> Self:
        new = self._new(replace(self.edit, look=replace(self.edit.look, **changes)))
        lay_out(new.edit)  # transitions that fitted at one rate may not at another
        return new


def _near(side: int) -> int:
    """A side that can be encoded, for who asks for another."""
    return even(min(max(side, 2), 16384))
