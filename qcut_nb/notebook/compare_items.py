"""What a comparison is made of, and the studio as the comparison sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qcut_nb.errors import QcutError

if TYPE_CHECKING:
    from qcut_nb.clip import Clip

    from .messages import MetricText


@dataclass(frozen=True)
class CompareItem:
    """One place of a comparison: a clip, or why there is none.

    Attributes:
        label: What it is called where there is no clip to name it.
        clip: The clip or range.
        problem: Why there is no clip.
        sync_s: A moment of the clip, seconds from its start, that all clips reach together.
        row: The matrix row it belongs to.
        column: The matrix column.
    """

    label: str
    clip: Clip | None = None
    problem: QcutError | None = None
    sync_s: float = 0.0
    row: str = ""
    column: str = ""


@dataclass(frozen=True)
class ClipStory:
    """What is known about a clip beyond its file.

    Attributes:
        time_to_result_s: From submit to the stored clip, seconds; `None` is unknown.
        metrics: What was measured and stored; nothing is measured for the comparison.
    """

    time_to_result_s: float | None = None
    metrics: tuple[MetricText, ...] = ()


class CompareHost(Protocol):
    """The studio, as a comparison sees it; safe from any thread, never waits for the network."""

    @property
    def previews_folder(self) -> Path:
        """Where preview copies are kept; need not exist."""

    def story(self, clip: Clip) -> ClipStory:
        """What the project knows about a clip, also one that is not its own."""

    def record_ballot(
        self, ranking: Sequence[Sequence[Clip]], *, voter: str | None, blind: bool
    ) -> None:
        """Keep a vote.

        Args:
            ranking: Best first; clips that share a place stand together.
            voter: Who voted, when they said so.
            blind: Whether names were hidden.
        """
