"""The answers to commands."""

from __future__ import annotations

from typing import Literal

from .base import FileKind, ReplyMessage
from .jobs import Problem
from .offers import Offer
from .state import BatchState, State


class Refused(ReplyMessage):
    """The command was not carried out.

    Attributes:
        field: The control that is wrong, when one is.
    """

    kind: Literal["refused"] = "refused"
    problem: Problem
    field: str | None = None


class Done(ReplyMessage):
    """The command was carried out."""

    kind: Literal["done"] = "done"


class Snapshot(ReplyMessage):
    """The whole state."""

    kind: Literal["snapshot"] = "snapshot"
    state: State | BatchState


class Priced(ReplyMessage):
    """An offer for each model of the wish, in its order."""

    kind: Literal["priced"] = "priced"
    offers: tuple[Offer, ...]


class Accepted(ReplyMessage):
    """The jobs are written down and on their way."""

    kind: Literal["accepted"] = "accepted"
    batch_id: str


class PythonText(ReplyMessage):
    """A cell of Python."""

    kind: Literal["python_text"] = "python_text"
    text: str


class Logs(ReplyMessage):
    """The last lines of a job's log."""

    kind: Literal["logs"] = "logs"
    lines: tuple[str, ...]


class Poster(ReplyMessage):
    """A JPEG in the buffer."""

    kind: Literal["poster"] = "poster"
    clip_id: str


class ClipChunk(ReplyMessage):
    """Bytes of a clip from `offset` on, in the buffer."""

    kind: Literal["clip_chunk"] = "clip_chunk"
    clip_id: str
    version: str
    offset: int
    total_bytes: int


class UploadOpened(ReplyMessage):
    """Parts of at most `chunk_bytes` can be sent, in any order."""

    kind: Literal["upload_opened"] = "upload_opened"
    upload_id: str
    chunk_bytes: int


class UploadWritten(ReplyMessage):
    """A part is on the kernel's disk."""

    kind: Literal["upload_written"] = "upload_written"
    upload_id: str
    offset: int


class FileChecked(ReplyMessage):
    """The file can be used; a small JPEG is in the buffer when there is a picture to show.

    Attributes:
        source: What a `Wish` names: the path on the kernel's machine, or the URL.
        file_kind: What it is.
        label: The file's name.
        facts: For people: "1280x720, JPEG, 210 kB".
    """

    kind: Literal["file_checked"] = "file_checked"
    source: str
    file_kind: FileKind
    label: str
    facts: str
    size_bytes: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
