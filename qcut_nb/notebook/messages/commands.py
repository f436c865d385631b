"""What goes up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import CommandMessage, FileKind, Usd
from .wish import Choice, Wish


class Refresh(CommandMessage):
    """Ask for the whole state; answered by `Snapshot`."""

    kind: Literal["refresh"] = "refresh"


class Price(CommandMessage):
    """Price a wish; answered by `Priced`, an offer for each model of the wish."""

    kind: Literal["price"] = "price"
    wish: Wish


class Generate(CommandMessage):
    """Generate with every model of the wish: spends money in live mode.

    Answered by `Accepted`, or by a `Question` after which it can be sent again with the answer.

    Attributes:
        approved_usd: The total that a person was asked about and said yes to.
        reuse: Whether clips that the project already has may answer; "ask" asks.
    """

    kind: Literal["generate"] = "generate"
    wish: Wish
    approved_usd: Usd | None = None
    reuse: Literal["ask", "yes", "no"] = "ask"


class ReadPython(CommandMessage):
    """Ask for the cell that does what `Generate` would do; answered by `PythonText`."""

    kind: Literal["read_python"] = "read_python"
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


class ReadDetails(CommandMessage):
    """Ask for everything about a job; answered by `JobDetails`."""

    kind: Literal["read_details"] = "read_details"
    job_id: str


class SettleUnknown(CommandMessage):
    """Say what became of a request whose reply was lost; answered by `Done`.

    Attributes:
        decision: "adopt": it is the request `request_id` at fal; "abandon": let it be;
            "resubmit": send it once more, knowing that both may be charged.
    """

    kind: Literal["settle_unknown"] = "settle_unknown"
    job_id: str
    decision: Literal["adopt", "abandon", "resubmit"]
    request_id: str | None = None


class ResumeProject(CommandMessage):
    """Look at every unfinished job again; free, submits nothing. Answered by `Done`."""

    kind: Literal["resume_project"] = "resume_project"


class ReadPoster(CommandMessage):
    """Ask for a clip's poster; answered by `Poster`.

    Attributes:
        at_s: Which moment of the file, seconds; `None` is the first picture.
    """

    kind: Literal["read_poster"] = "read_poster"
    clip_id: str
    at_s: float | None = Field(default=None, ge=0)


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


class UseFrame(CommandMessage):
    """Make a picture of a clip's frame, as an input; answered by `FileChecked`.

    Attributes:
        at: Seconds from the start of the file, or one of its ends.
    """

    kind: Literal["use_frame"] = "use_frame"
    clip_id: str
    at: float | Literal["first", "last"]


class UseClip(CommandMessage):
    """Take a clip itself as an input; answered by `FileChecked`."""

    kind: Literal["use_clip"] = "use_clip"
    clip_id: str


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
