"""What goes up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import CommandMessage, FileKind
from .wish import Choice, Wish


class Refresh(CommandMessage):
    """Ask for the whole state; answered by `Snapshot`."""

    kind: Literal["refresh"] = "refresh"


class Price(CommandMessage):
    """Price a wish; answered by `Priced`, an offer for each model of the wish."""

    kind: Literal["price"] = "price"
    wish: Wish


class Generate(CommandMessage):
    """Generate with every model of the wish: spends money in live mode; answered by `Accepted`."""

    kind: Literal["generate"] = "generate"
    wish: Wish


class CancelJob(CommandMessage):
    """Ask to stop a job; answered by `Done`, and what came of it by an event."""

    kind: Literal["cancel_job"] = "cancel_job"
    job_id: str


class DownloadAgain(CommandMessage):
    """Download a finished clip once more, free; answered by `Done`."""

    kind: Literal["download_again"] = "download_again"
    job_id: str


class ReadLogs(CommandMessage):
    """Ask for a job's log; answered by `Logs`."""

    kind: Literal["read_logs"] = "read_logs"
    job_id: str


class ReadPoster(CommandMessage):
    """Ask for a clip's poster; answered by `Poster`."""

    kind: Literal["read_poster"] = "read_poster"
    clip_id: str


class ReadClip(CommandMessage):
    """Ask for at most `CHUNK_BYTES` of a clip's file; answered by `ClipChunk`."""

    kind: Literal["read_clip"] = "read_clip"
    clip_id: str
    offset: int = Field(ge=0)


class CheckFile(CommandMessage):
    """Check a file on the kernel's machine or a URL as an input; answered by `FileChecked`."""

    kind: Literal["check_file"] = "check_file"
    file_kind: FileKind
    source: str


class OpenUpload(CommandMessage):
    """Announce a file from the browser; answered by `UploadOpened`."""

    kind: Literal["open_upload"] = "open_upload"
    file_kind: FileKind
    name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=0)


class WriteUpload(CommandMessage):
    """Bring one part of a file, in the buffer; answered by `UploadWritten`."""

    kind: Literal["write_upload"] = "write_upload"
    upload_id: str
    offset: int = Field(ge=0)


class CloseUpload(CommandMessage):
    """Say that all parts were sent; answered by `FileChecked`."""

    kind: Literal["close_upload"] = "close_upload"
    upload_id: str


class RememberChoice(CommandMessage):
    """Keep the state of the form; answered by `Done`."""

    kind: Literal["remember_choice"] = "remember_choice"
    choice: Choice
