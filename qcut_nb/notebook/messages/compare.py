"""Several clips on one clock."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import CommandMessage, Message, ReplyMessage
from .jobs import Problem


class MetricText(Message):
    """A stored measurement of a clip.

    Attributes:
        label: What a person reads instead of the name.
        value: `None` where it was not measurable.
        unit: Empty for a plain number.
    """

    name: str
    label: str
    value: float | None = None
    unit: str = ""


class CompareClip(Message):
    """One place of a comparison: a clip without its media, or why there is none.

    Attributes:
        id: The place; names the clip in commands.
        cost: For people; "unknown" when it is.
        cost_per_s: Cost of one second of it, for people; `None` when unknown.
        time_to_result_s: From submit to the stored clip, seconds.
        start_s: Where the compared range starts, seconds on the clock of the file's player.
        end_s: Where it ends.
        first_frame_s: When that clock shows the file's first frame.
        sync_s: The moment that all clips reach together, seconds from `start_s`.
        format: The file's container, such as "mp4" or "avi".
        version: Changes when the file's content does.
        files_path: Path below the Jupyter server's root, with slashes; `None` when outside.
        is_copy: Whether what plays is a preview copy, because the file's codec may not play.
        row: The matrix row it belongs to; empty without a matrix.
        column: The matrix column.
        problem: Why it cannot be shown.
    """

    id: str
    name: str
    model_name: str = ""
    prompt: str = ""
    file_name: str = ""
    cost: str = ""
    cost_per_s: str | None = None
    time_to_result_s: float | None = None
    seed: int | None = None
    start_s: float = 0.0
    end_s: float = 0.0
    first_frame_s: float = 0.0
    sync_s: float = 0.0
    fps: float = 24.0
    width_px: int = 0
    height_px: int = 0
    video_codec: str = ""
    format: str = ""
    has_sound: bool = False
    size_bytes: int = 0
    version: str = ""
    files_path: str | None = None
    is_copy: bool = False
    metrics: tuple[MetricText, ...] = ()
    row: str = ""
    column: str = ""
    problem: Problem | None = None


class CompareState(Message):
    """Everything a fresh comparison needs to show.

    Attributes:
        clips: In the order of the places; a matrix goes row by row, with every cell.
        rows: The matrix's rows; empty without a matrix.
        columns: The matrix's columns.
        blind: Whether names start out hidden.
        voter: Who votes, as far as it is known.
        static_class: CSS class of the static HTML that a live view hides.
    """

    kind: Literal["compare_state"] = "compare_state"
    clips: tuple[CompareClip, ...]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    blind: bool = False
    voter: str = ""
    static_class: str


class ReadComparison(CommandMessage):
    """Ask for the comparison as it is now; answered by `Comparison`."""

    kind: Literal["read_comparison"] = "read_comparison"


class MakePreview(CommandMessage):
    """Make a copy that any browser plays, or ask how far it is; answered by `PreviewState`."""

    kind: Literal["make_preview"] = "make_preview"
    clip_id: str


class RecordBallot(CommandMessage):
    """Keep a vote; answered by `Done`.

    Attributes:
        ranking: Ids of clips, best first; clips that share a place stand together.
        voter: Who votes; empty when they do not say.
        blind: Whether names were hidden.
    """

    kind: Literal["record_ballot"] = "record_ballot"
    ranking: tuple[tuple[str, ...], ...] = Field(min_length=1)
    voter: str = Field(default="", max_length=200)
    blind: bool


class Comparison(ReplyMessage):
    """The comparison as it is now."""

    kind: Literal["comparison"] = "comparison"
    state: CompareState


class PreviewState(ReplyMessage):
    """How far a preview copy is.

    Attributes:
        fraction: The part that is done.
        clip: The clip with its copy, once that is whole.
    """

    kind: Literal["preview_state"] = "preview_state"
    fraction: float
    clip: CompareClip | None = None
