"""Which colours the numbers of a picture mean, and what a result says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..media import open_media

UNNAMED = 2
"""FFmpeg's number for "not said"."""
BT709, BT601 = 1, 6
HD_HEIGHT_PX = 720
"""From this height on, players take video that does not name its colours for BT.709."""
FULL_RANGE = 2
MATRICES = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020"}


@dataclass(frozen=True)
class Colours:
    """FFmpeg's numbers for how a video means its numbers; 2 is not said.

    Attributes:
        matrix: From RGB to YUV.
        primaries: The colours of red, green, blue.
        transfer: The tone curve.
        range: 1 is 16 to 235, 2 is 0 to 255.
    """

    matrix: int = UNNAMED
    primaries: int = UNNAMED
    transfer: int = UNNAMED
    range: int = 0

    @property
    def is_named(self) -> bool:
        """Whether it says its matrix."""
        return self.matrix != UNNAMED


def colours_of(path: Path) -> Colours:
    """What a video says about its colours.

    Raises:
        MediaError: It is missing or damaged.
    """
    with open_media(path) as container:
        context = container.streams.video[0].codec_context
        return Colours(
            int(context.colorspace),
            int(context.color_primaries),
            int(context.color_trc),
            int(context.color_range),
        )


def common_colours(sources: Iterable[Colours], height_px: int) -> Colours:
    """What a result says: nothing where no source says anything, else by its height.

    Where nothing is said the numbers pass as they are, so that every player shows result and
    source alike.
    """
    if not any(each.is_named for each in sources):
        return Colours()
    number = BT709 if height_px >= HD_HEIGHT_PX else BT601
    return Colours(number, number, number, 1)


def matrix_name(matrix: int, height_px: int) -> str:
    """FFmpeg's name of a matrix; what is not said is taken as players take it."""
    if matrix in MATRICES:
        return MATRICES[matrix]
    return MATRICES[BT709 if height_px >= HD_HEIGHT_PX else BT601]
