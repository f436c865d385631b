"""Every message between a widget and its kernel; the one schema of both sides.

`State` and `Event` go down, a `Command` goes up with an `id` and gets exactly one `Reply` with the
same `id`, also when it fails (`Refused`). A command may arrive twice, because a lost reply makes
the browser send the same `id` again: it is carried out once. Binary parts travel as message
buffers beside the JSON. Keys that are `None` are left out. Money is a decimal string in US dollars;
times are unix seconds of the kernel's clock.

The TypeScript types of `js/src/messages.gen.ts` are made from this package by
`python -m qcut_nb.notebook.typescript`.
"""

from .base import (
    CHUNK_BYTES,
    CommandMessage,
    FileKind,
    JobState,
    Message,
    Mode,
    ReplyMessage,
    RunMode,
    Scalar,
    Sound,
    Usd,
)
from .catalog import FileRow, ModelRow, ParameterRow
from .clips import ClipCard
from .commands import (
    CancelJob,
    CheckFile,
    CloseUpload,
    DownloadAgain,
    Generate,
    OpenUpload,
    Price,
    ReadClip,
    ReadLogs,
    ReadPoster,
    Refresh,
    RememberChoice,
    WriteUpload,
)
from .compare import (
    CompareClip,
    CompareState,
    Comparison,
    MakePreview,
    MetricText,
    PreviewState,
    ReadComparison,
    RecordBallot,
)
from .jobs import JobLine, Problem
from .offers import ChangeText, FieldProblem, Offer, QuoteText
from .replies import (
    Accepted,
    ClipChunk,
    Done,
    FileChecked,
    Logs,
    Poster,
    Priced,
    Refused,
    Snapshot,
    UploadOpened,
    UploadWritten,
)
from .state import BatchState, Changed, State
from .unions import Command, Event, Reply, parse_command
from .wish import Choice, Wish

__all__ = [
    "CHUNK_BYTES",
    "Accepted",
    "BatchState",
    "CancelJob",
    "ChangeText",
    "Changed",
    "CheckFile",
    "Choice",
    "ClipCard",
    "ClipChunk",
    "CloseUpload",
    "Command",
    "CommandMessage",
    "CompareClip",
    "CompareState",
    "Comparison",
    "Done",
    "DownloadAgain",
    "Event",
    "FieldProblem",
    "FileChecked",
    "FileKind",
    "FileRow",
    "Generate",
    "JobLine",
    "JobState",
    "Logs",
    "MakePreview",
    "Message",
    "MetricText",
    "Mode",
    "ModelRow",
    "Offer",
    "OpenUpload",
    "ParameterRow",
    "Poster",
    "PreviewState",
    "Price",
    "Priced",
    "Problem",
    "QuoteText",
    "ReadClip",
    "ReadComparison",
    "ReadLogs",
    "ReadPoster",
    "RecordBallot",
    "Refresh",
    "Refused",
    "RememberChoice",
    "Reply",
    "ReplyMessage",
    "RunMode",
    "Scalar",
    "Snapshot",
    "Sound",
    "State",
    "UploadOpened",
    "UploadWritten",
    "Usd",
    "Wish",
    "WriteUpload",
    "parse_command",
]
