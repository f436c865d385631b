"""All that travels, by direction; a message that is not here never travels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from . import account, compare, details, shelf
from . import commands as c
from . import replies as r
from .state import Changed

Event = Changed

Command = Annotated[
    c.Refresh
    | c.Price
    | c.Generate
    | c.ReadPython
    | c.CancelJob
    | c.DownloadAgain
    | c.ReadLogs
    | c.ReadDetails
    | c.SettleUnknown
    | c.ResumeProject
    | c.ReadPoster
    | c.ReadClip
    | c.CheckFile
    | c.UseFrame
    | c.UseClip
    | c.OpenUpload
    | c.WriteUpload
    | c.CloseUpload
    | c.RememberChoice
    | shelf.ReadHistory
    | shelf.RenameClip
    | shelf.RateClip
    | shelf.DeleteClips
    | shelf.RestoreClips
    | shelf.SetTimeline
    | shelf.Recall
    | shelf.MakeZip
    | shelf.ReadZip
    | account.SetKey
    | account.SetMode
    | account.ReadBundle
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
    | account.Question
    | r.PythonText
    | r.Logs
    | details.JobDetails
    | r.Poster
    | r.ClipChunk
    | r.UploadOpened
    | r.UploadWritten
    | r.FileChecked
    | shelf.HistoryPage
    | shelf.Recalled
    | shelf.Zip
    | shelf.ZipChunk
    | account.KeySet
    | account.Bundle
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
