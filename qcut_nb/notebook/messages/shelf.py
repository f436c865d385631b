"""What a person does with clips: find, name, rate, delete, use again, take home."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import CommandMessage, ReplyMessage
from .clips import ClipCard
from .wish import Wish


class ReadHistory(CommandMessage):
    """Ask for a page of the project's clips, newest first; answered by `HistoryPage`.

    Attributes:
        search: Words that the prompt, the title or the model's name must all hold.
        model_id: Only clips of this model.
        remixable: Only clips that can be remixed.
        deleted: The deleted clips instead of the others.
        before: `HistoryPage.next` of the page before; `None` is the first page.
    """

    kind: Literal["read_history"] = "read_history"
    search: str = Field(default="", max_length=300)
    model_id: str | None = None
    remixable: bool = False
    deleted: bool = False
    before: str | None = None
    limit: int = Field(default=10, ge=1, le=50)


class HistoryPage(ReplyMessage):
    """A page of clips.

    Attributes:
        next: What the next page is asked for with; `None` on the last.
        total: How many clips all pages have.
        models: Ids of the models that made the project's clips, to filter by; first page only.
    """

    kind: Literal["history_page"] = "history_page"
    clips: tuple[ClipCard, ...]
    next: str | None = None
    total: int
    models: tuple[str, ...] = ()


class RenameClip(CommandMessage):
    """Give a clip a title, or take it away; answered by `Done`, shown by `Changed`."""

    kind: Literal["rename_clip"] = "rename_clip"
    clip_id: str
    title: str | None = Field(default=None, max_length=200)


class RateClip(CommandMessage):
    """Rate a clip, or take the rating away; answered by `Done`, shown by `Changed`."""

    kind: Literal["rate_clip"] = "rate_clip"
    clip_id: str
    rating: int | None = Field(default=None, ge=1, le=5)


class DeleteClips(CommandMessage):
    """Put clips among the deleted; their files stay. Answered by `Done`, shown by `Changed`."""

    kind: Literal["delete_clips"] = "delete_clips"
    clip_ids: tuple[str, ...]


class RestoreClips(CommandMessage):
    """Bring deleted clips back; answered by `Done`, shown by `Changed`."""

    kind: Literal["restore_clips"] = "restore_clips"
    clip_ids: tuple[str, ...]


class SetTimeline(CommandMessage):
    """Keep a list of clips for a timeline, in order; answered by `Done`, shown by `Changed`."""

    kind: Literal["set_timeline"] = "set_timeline"
    clip_ids: tuple[str, ...]


class Recall(CommandMessage):
    """Ask for what a job was asked with, to put it into the form; answered by `Recalled`."""

    kind: Literal["recall"] = "recall"
    job_id: str


class Recalled(ReplyMessage):
    """What a job was asked with, inputs among it.

    Attributes:
        missing: Input files that are not here any more, by name.
    """

    kind: Literal["recalled"] = "recalled"
    wish: Wish
    missing: tuple[str, ...] = ()


class MakeZip(CommandMessage):
    """Write clips and their recipes into one ZIP in the project's exports; answered by `Zip`."""

    kind: Literal["make_zip"] = "make_zip"
    clip_ids: tuple[str, ...] = Field(min_length=1)


class Zip(ReplyMessage):
    """A ZIP is in the project's exports.

    Attributes:
        path: On the kernel's machine.
        files_path: Path below the Jupyter server's root, with slashes; `None` when outside.
    """

    kind: Literal["zip"] = "zip"
    file_name: str
    path: str
    files_path: str | None = None
    size_bytes: int
    clip_count: int


class ReadZip(CommandMessage):
    """Ask for at most `CHUNK_BYTES` of a ZIP; answered by `ZipChunk`."""

    kind: Literal["read_zip"] = "read_zip"
    file_name: str
    offset: int = Field(ge=0)


class ZipChunk(ReplyMessage):
    """Bytes of a ZIP from `offset` on, in the buffer."""

    kind: Literal["zip_chunk"] = "zip_chunk"
    file_name: str
    offset: int
    total_bytes: int
