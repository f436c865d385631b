"""A few frames in a row, straight from a file's samples: nothing else is opened or decoded."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..media import decoder_of, sample_packet
from .footage import Footage

if TYPE_CHECKING:
    import av


class SampleFrames:
    """Some shown frames of a file, asked for from front to back.

    FFmpeg looks into the streams of a file that it opens, and decodes some frames more than are
    asked for: for a few frames around a cut that takes as long as the frames themselves.

    Args:
        footage: The file.
        decoder: A fresh decoder of it.
        first: The first shown frame that is wanted.
        end: The one behind the last.
        offset: Which shown frame has number 0.

    Attributes:
        aspect: Width of a pixel by its height.
    """

    def __init__(
        self, footage: Footage, decoder: av.VideoCodecContext, first: int, end: int, offset: int
    ) -> None:
        self._footage, self._decoder = footage, decoder
        self._end, self._offset = end, offset
        self._frames = self._decoded(first)
        self.aspect = Fraction(1)

    def at(self, number: int) -> av.VideoFrame | None:
        """The frame with a number, which rises by one from call to call.

        Returns:
            `None` where the samples do not give it: the file may tell more when it is opened.
        """
        import av

        table = self._footage.table
        wanted = int(table.pts[self._footage.sample_of(number + self._offset)])
        try:
            frame = next(self._frames, None)
        except (av.FFmpegError, OSError):
            return None
        if frame is None or frame.pts != wanted:
            return None
        self.aspect = self._decoder.sample_aspect_ratio or Fraction(1)
        return frame

    def close(self) -> None:
        """Give everything back."""
        self._frames.close()

    def _decoded(self, first: int) -> Generator[av.VideoFrame]:
        table, rank = self._footage.table, self._footage.rank
        low, high = first + self._footage.shown[0], self._end + self._footage.shown[0]
        keys = np.flatnonzero(table.is_key)
        start = int(keys[rank[keys] <= low][-1])
        last = int(np.flatnonzero(rank < high)[-1])
        earliest = int(table.pts[self._footage.sample_of(first)])
        latest = int(table.pts[self._footage.sample_of(self._end - 1)])
        with self._footage.path.open("rb") as file:
            for sample in (*range(start, last + 1), None):
                if sample is not None:
                    early = rank[sample] < low
                    self._decoder.skip_frame = "NONREF" if early else "DEFAULT"
                packet = None if sample is None else sample_packet(file, table, sample)
                for frame in self._decoder.decode(packet):
                    if frame.pts is not None and earliest <= frame.pts <= latest:
                        yield frame


def sample_frames(footage: Footage | str, first: int, end: int, offset: int) -> SampleFrames | None:
    """Some shown frames of a file.

    Args:
        footage: The file, or why nothing of it can be used without opening it.
        first: The first shown frame that is wanted.
        end: The one behind the last.
        offset: Which shown frame has number 0.

    Returns:
        `None` where the file has to be opened.
    """
    if isinstance(footage, str) or not 0 <= first < end <= footage.shown[1] - footage.shown[0]:
        return None
    decoder = decoder_of(footage.table)
    if decoder is None:
        return None
    decoder.thread_count = 1
    return SampleFrames(footage, decoder, first, end, offset)
