"""Every message between a widget and its kernel; the one schema of both sides.

`State` and `Event` go down, a `Command` goes up with an `id` and gets exactly one `Reply` with the
same `id`, also when it fails (`Refused`). A command may arrive twice, because a lost reply makes
the browser send the same `id` again: it is carried out once. Binary parts travel as message
buffers beside the JSON. Keys that are `None` are left out. Money is a decimal string in US dollars;
times are unix seconds of the kernel's clock.

The TypeScript types of `js/src/messages.gen.ts` are made from this file by
`python -m qcut_nb.notebook.typescript`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

CHUNK_BYTES = 1 << 20
"""Size of one binary part, both ways: the server closes on more than 10 MiB in one message."""

Usd = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
Scalar = bool | int | float | str
Mode = Literal["text", "image", "frames", "avatar", "remix", "upscale"]
FileKind = Literal["image", "audio", "video"]
RunMode = Literal["simulated", "live"]
Sound = Literal["never", "always", "setting", "input"]
JobState = Literal[
    "planned",
    "reserved",
    "submitting",
    "submitted",
    "queued",
    "running",
    "completed",
    "downloading",
    "stored",
    "submit_unknown",
    "failed",
    "cancelling",
    "cancelled",
    "expired",
]


class Message(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    def wire(self) -> dict[str, Any]:
        """The message as JSON-ready data."""
        return self.model_dump(mode="json", exclude_none=True)


# What a person asks for


class Wish(Message):
    """What to generate: one prompt and one set of shared settings for several models.

    Attributes:
        models: Catalogue ids.
        duration_s: Length of each clip, seconds.
        files: Where each input file is, by input name: a path on the kernel's machine or a URL.
        overrides: Values of single models, by model id, then by parameter name; they win over
            the shared ones.
    """

    mode: Mode = "text"
    prompt: str = ""
    models: tuple[str, ...] = ()
    duration_s: int | float | None = None
    resolution: str | None = None
    aspect_ratio: str | None = None
    audio: bool | None = None
    seed: int | None = None
    negative_prompt: str | None = None
    fps: int | float | None = None
    files: dict[str, str] = {}
    overrides: dict[str, dict[str, Scalar]] = {}

    def shared(self) -> dict[str, Any]:
        """The settings that are set, in the callers' spelling, without prompt and files."""
        names = ("duration_s", "resolution", "aspect_ratio", "audio", "seed", "fps")
        values = {name: getattr(self, name) for name in (*names, "negative_prompt")}
        return {name: value for name, value in values.items() if value not in (None, "")}


class Choice(Message):
    """What a person had chosen, kept between views and kernels.

    Attributes:
        wish: The state of the form.
        models_by_mode: The ticked models of every mode, also of those not shown.
    """

    wish: Wish = Wish()
    models_by_mode: dict[str, tuple[str, ...]] = {}


# What the catalogue offers


class ParameterRow(Message):
    """One setting of a model."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "string_list"]
    choices: tuple[Scalar, ...] | None = None
    default: Scalar | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None


class FileRow(Message):
    """One file that a model takes."""

    name: str
    kind: FileKind
    required: bool
    formats: tuple[str, ...]
    max_bytes: int


class ModelRow(Message):
    """One model of the list.

    Attributes:
        list_price: The price as the original model list prints it.
        expected_s: Usual time from submit to result, seconds (low, high).
        fixed_duration_s: Length of the result where no setting decides it.
        fixed_resolution: Size class of the result where no setting decides it.
        retired_on: ISO date.
        replacement: Id of the model to take instead.
    """

    id: str
    name: str
    provider: str
    mode: Mode
    life_cycle: Literal["active", "retiring", "retired"]
    retired_on: str | None = None
    replacement: str | None = None
    replacement_name: str | None = None
    list_price: str
    expected_s: tuple[float, float] | None = None
    sound: Sound
    fixed_duration_s: float | None = None
    fixed_resolution: str | None = None
    use_cases: tuple[str, ...] = ()
    parameters: tuple[ParameterRow, ...]
    files: tuple[FileRow, ...] = ()


# What it costs and what will be sent


class QuoteText(Message):
    """A price before anything is sent.

    Attributes:
        text: For people: "$0.35", "$0.70-0.80", "price unknown".
        low_usd: Lower end; `None` when unknown, which is not free.
        high_usd: Upper end, likewise.
        detail: How it comes about.
        source: Where the price was read.
        checked_on: When, as ISO date.
    """

    kind: Literal["exact", "range", "unknown"]
    text: str
    low_usd: Usd | None = None
    high_usd: Usd | None = None
    detail: str = ""
    source: str = ""
    checked_on: str | None = None


class ChangeText(Message):
    """A shared setting that a model cannot take as asked, and what it gets instead."""

    name: str
    asked: Scalar | None = None
    sent: Scalar | None = None
    why: str


class FieldProblem(Message):
    """What keeps a model from being generated with, and which control is wrong.

    Attributes:
        field: "prompt", a setting, an input file, or "model".
        text: In words, with what is allowed.
    """

    field: str
    text: str


class Offer(Message):
    """What one model makes of a wish.

    Attributes:
        will_send: What is sent instead of what was asked.
        problems: Empty when it can be generated.
        body: The exact request; a local file stands as "upload:<name>". Empty with problems.
    """

    model_id: str
    quote: QuoteText
    will_send: tuple[ChangeText, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    body: dict[str, Any] = {}


# What is going on


class Problem(Message):
    """An error for people, in three lines.

    Attributes:
        what: What happened.
        money: Whether money was spent.
        remedy: What to do.
        action: What a button can do about it.
    """

    what: str
    money: str = ""
    remedy: str = ""
    action: Literal["download_again", "shorten_prompt"] | None = None


class JobLine(Message):
    """One job, as far as a line shows it.

    Attributes:
        prompt: The first 300 characters.
        submitted_at: When fal accepted it.
        upload_fraction: Part of its files that is uploaded, 0 to 1; `None` without an upload.
        log_lines: Number of log lines that can be asked for.
        expected_s: Usual time from submit to result, seconds (low, high).
        lost_contact: fal does not answer at the moment; the job goes on there.
        settled: Nothing more happens by itself.
    """

    id: str
    batch_id: str
    model_id: str
    model_name: str
    prompt: str
    state: JobState
    queue_position: int | None = None
    created_at: float
    submitted_at: float | None = None
    ended_at: float | None = None
    received_bytes: int = 0
    total_bytes: int | None = None
    upload_fraction: float | None = None
    log_lines: int = 0
    problem: Problem | None = None
    quote: QuoteText
    will_send: tuple[ChangeText, ...] = ()
    clip_id: str | None = None
    request_id: str | None = None
    expected_s: tuple[float, float] | None = None
    lost_contact: bool = False
    settled: bool = False


class ClipCard(Message):
    """One stored clip, without its media.

    Attributes:
        name: As people see it.
        file_name: Name of the file in the project.
        cost: For people; "unknown" when it is.
        version: Changes when the file's content does.
        files_path: Path below the Jupyter server's root, with slashes; `None` when outside.
    """

    id: str
    name: str
    model_name: str
    prompt: str
    file_name: str
    cost: str
    seed: int | None = None
    duration_s: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    fps: float | None = None
    has_sound: bool = False
    size_bytes: int
    version: str
    files_path: str | None = None


class State(Message):
    """Everything a fresh panel needs to show.

    Attributes:
        now_s: The kernel's clock when this was made.
        key_last_four: Last characters of the key in use; `None` without one.
        jobs: Unfinished jobs and the latest that ended without a clip, newest first.
        clips: The latest clips, newest first.
        clip_count: Number of clips in the project.
        static_class: CSS class of the static HTML that a live view hides.
    """

    kind: Literal["state"] = "state"
    now_s: float
    project: str
    mode: RunMode
    key_last_four: str | None = None
    spent_usd: Usd
    modes: tuple[Mode, ...]
    models: tuple[ModelRow, ...]
    choice: Choice
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    clip_count: int
    static_class: str


class BatchState(Message):
    """Everything a fresh progress view of one batch needs to show."""

    kind: Literal["batch_state"] = "batch_state"
    now_s: float
    mode: RunMode
    batch_id: str
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]
    static_class: str


class Changed(Message):
    """What changed since the last event: at most ten a second, however many jobs.

    Attributes:
        jobs: The jobs that changed, whole.
        clips: Clips that were stored, newest first.
    """

    kind: Literal["changed"] = "changed"
    now_s: float
    spent_usd: Usd
    clip_count: int
    jobs: tuple[JobLine, ...]
    clips: tuple[ClipCard, ...]


Event = Changed


# Commands


class _Command(Message):
    id: str = Field(min_length=1, max_length=64)


class Refresh(_Command):
    """Ask for the whole state; answered by `Snapshot`."""

    kind: Literal["refresh"] = "refresh"


class Price(_Command):
    """Price a wish; answered by `Priced`, an offer for each model of the wish."""

    kind: Literal["price"] = "price"
    wish: Wish


class Generate(_Command):
    """Generate with every model of the wish: spends money in live mode; answered by `Accepted`."""

    kind: Literal["generate"] = "generate"
    wish: Wish


class CancelJob(_Command):
    """Ask to stop a job; answered by `Done`, and what came of it by an event."""

    kind: Literal["cancel_job"] = "cancel_job"
    job_id: str


class DownloadAgain(_Command):
    """Download a finished clip once more, free; answered by `Done`."""

    kind: Literal["download_again"] = "download_again"
    job_id: str


class ReadLogs(_Command):
    """Ask for a job's log; answered by `Logs`."""

    kind: Literal["read_logs"] = "read_logs"
    job_id: str


class ReadPoster(_Command):
    """Ask for a clip's poster; answered by `Poster`."""

    kind: Literal["read_poster"] = "read_poster"
    clip_id: str


class ReadClip(_Command):
    """Ask for at most `CHUNK_BYTES` of a clip's file; answered by `ClipChunk`."""

    kind: Literal["read_clip"] = "read_clip"
    clip_id: str
    offset: int = Field(ge=0)


class CheckFile(_Command):
    """Check a file on the kernel's machine or a URL as an input; answered by `FileChecked`."""

    kind: Literal["check_file"] = "check_file"
    file_kind: FileKind
    source: str


class OpenUpload(_Command):
    """Announce a file from the browser; answered by `UploadOpened`."""

    kind: Literal["open_upload"] = "open_upload"
    file_kind: FileKind
    name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=0)


class WriteUpload(_Command):
    """Bring one part of a file, in the buffer; answered by `UploadWritten`."""

    kind: Literal["write_upload"] = "write_upload"
    upload_id: str
    offset: int = Field(ge=0)


class CloseUpload(_Command):
    """Say that all parts were sent; answered by `FileChecked`."""

    kind: Literal["close_upload"] = "close_upload"
    upload_id: str


class RememberChoice(_Command):
    """Keep the state of the form; answered by `Done`."""

    kind: Literal["remember_choice"] = "remember_choice"
    choice: Choice


Command = Annotated[
    Refresh
    | Price
    | Generate
    | CancelJob
    | DownloadAgain
    | ReadLogs
    | ReadPoster
    | ReadClip
    | CheckFile
    | OpenUpload
    | WriteUpload
    | CloseUpload
    | RememberChoice,
    Field(discriminator="kind"),
]


# Replies


class _Reply(Message):
    id: str


class Refused(_Reply):
    """The command was not carried out.

    Attributes:
        field: The control that is wrong, when one is.
    """

    kind: Literal["refused"] = "refused"
    problem: Problem
    field: str | None = None


class Done(_Reply):
    """The command was carried out."""

    kind: Literal["done"] = "done"


class Snapshot(_Reply):
    """The whole state."""

    kind: Literal["snapshot"] = "snapshot"
    state: State | BatchState


class Priced(_Reply):
    """An offer for each model of the wish, in its order."""

    kind: Literal["priced"] = "priced"
    offers: tuple[Offer, ...]


class Accepted(_Reply):
    """The jobs are written down and on their way."""

    kind: Literal["accepted"] = "accepted"
    batch_id: str


class Logs(_Reply):
    """The last lines of a job's log."""

    kind: Literal["logs"] = "logs"
    lines: tuple[str, ...]


class Poster(_Reply):
    """A JPEG in the buffer."""

    kind: Literal["poster"] = "poster"
    clip_id: str


class ClipChunk(_Reply):
    """Bytes of a clip from `offset` on, in the buffer."""

    kind: Literal["clip_chunk"] = "clip_chunk"
    clip_id: str
    version: str
    offset: int
    total_bytes: int


class UploadOpened(_Reply):
    """Parts of at most `chunk_bytes` can be sent, in any order."""

    kind: Literal["upload_opened"] = "upload_opened"
    upload_id: str
    chunk_bytes: int


class UploadWritten(_Reply):
    """A part is on the kernel's disk."""

    kind: Literal["upload_written"] = "upload_written"
    upload_id: str
    offset: int


class FileChecked(_Reply):
    """The file can be used; a small JPEG is in the buffer when there is a picture to show.

    Attributes:
        source: What a `Wish` names: the path on the kernel's machine, or the URL.
        label: The file's name.
        facts: For people: "1280x720, JPEG, 210 kB".
    """

    kind: Literal["file_checked"] = "file_checked"
    source: str
    label: str
    facts: str


Reply = Annotated[
    Refused
    | Done
    | Snapshot
    | Priced
    | Accepted
    | Logs
    | Poster
    | ClipChunk
    | UploadOpened
    | UploadWritten
    | FileChecked,
    Field(discriminator="kind"),
]

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)


def parse_command(content: object) -> Command:
    """Read a command that arrived.

    Raises:
        pydantic.ValidationError: It is not one of the commands.
    """
    return _COMMANDS.validate_python(content)
