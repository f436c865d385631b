"""All that travels, by direction; a message that is not here never travels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from . import commands as c
from . import compare
from . import replies as r
from .state import Changed

Event = Changed

Command = Annotated[
    c.Refresh
    | c.Price
    | c.Generate
    | c.CancelJob
    | c.DownloadAgain
    | c.ReadLogs
    | c.ReadPoster
    | c.ReadClip
    | c.CheckFile
    | c.OpenUpload
    | c.WriteUpload
    | c.CloseUpload
    | c.RememberChoice
    | compare.ReadComparison
    | compare.MakePreview
    | compare.RecordBallot,
    Field(discriminator="kind"),
]

Reply = Annotated[
    r.Refused
    | r.Done
    | r.Snapshot
    | r.Priced
    | r.Accepted
    | r.Logs
    | r.Poster
    | r.ClipChunk
    | r.UploadOpened
    | r.UploadWritten
    | r.FileChecked
    | compare.Comparison
    | compare.PreviewState,
    Field(discriminator="kind"),
]

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)


def parse_command(content: object) -> Command:
    """Read a command that arrived.

    Raises:
        pydantic.ValidationError: It is not one of the commands.
    """
    return _COMMANDS.validate_python(content)
