"""The records of the catalogue: what fal offers, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from .price import PriceRule

if TYPE_CHECKING:
    from .fit import Fitted
    from .request import Request

Mode = Literal["text", "image", "frames", "avatar", "remix", "upscale"]
WireType = Literal["string", "integer", "number", "boolean", "string_list"]
FileKind = Literal["image", "audio", "video"]
Scalar = bool | int | float | str
SHARED_FILES = ("image", "first_frame", "last_frame", "audio_file", "video")


class Record(BaseModel):
    """Frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """Where a fact was read, and when."""

    text: str
    checked_on: date


class MediaFacts(Record):
    """True facts of one media file, read from its content.

    Attributes:
        format: Container or image format: "mp4", "webm", "mov", "jpeg", "png", "webp", "gif",
            "mp3", "wav", "aac", ...
        size_bytes: Size of the file.
        width_px: Displayed width; `None` for audio.
        height_px: Displayed height; `None` for audio.
        duration_s: Length in seconds; `None` for a still image.
        fps: Mean frames a second; `None` for stills and audio.
        frames: Number of video frames, when known.
        video_codec: Codec name as FFmpeg spells it ("h264"), or `None`.
        audio_codec: Codec name as FFmpeg spells it ("aac"), or `None`.
        first_frame_s: The time that the first video frame carries, seconds. A player's clock
            shows it then; everything else here counts from that frame.
    """

    format: str
    size_bytes: int
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    fps: float | None = None
    frames: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    first_frame_s: float = 0.0

    @property
    def has_audio(self) -> bool:
        """Whether there is a sound track."""
        return self.audio_codec is not None

    @property
    def has_video(self) -> bool:
        """Whether there is a moving picture."""
        return self.video_codec is not None and self.duration_s is not None


class InputFile(Record):
    """A file that a request takes: on this machine, at a public URL, or both.

    Attributes:
        path: Where it is on this machine.
        url: Where fal can read it; set after an upload, or given by the user.
        sha256: Hex digest of the content, when it was read.
        facts: What the file is, when it was read.
        name: What people call it, where that is not the path's name.
    """

    path: str | None = None
    name: str | None = None
    url: str | None = None
    sha256: str | None = None
    facts: MediaFacts | None = None

    @property
    def label(self) -> str:
        """The file's name, for people."""
        return self.name or PurePath(self.path or (self.url or "").split("?")[0]).name or "file"


class Parameter(Record):
    """One setting of a model.

    Attributes:
        name: How callers spell it: shared settings have one spelling for all models
            (`duration_s`, `resolution`, ...); a model's own parameters keep their wire name.
        wire: fal's name in the request body.
        type: JSON type on the wire.
        suffix: Appended to the value on the wire ("8s"); only for type "string".
        choices: The allowed values in the caller's spelling, or `None` for a free value.
        default: What fal takes when nothing is sent; `None` when it has none.
    """

    name: str
    wire: str
    type: WireType
    suffix: str = ""
    choices: tuple[Scalar, ...] | None = None
    default: Scalar | None = None
    required: bool = False
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    note: str = ""

    def on_step(self, value: float) -> bool:
        """Whether a number is a multiple of `multiple_of`, as near as binary fractions are."""
        steps = value / self.multiple_of if self.multiple_of else 0
        return abs(steps - round(steps)) <= 1e-9

    def encode(self, value: Any) -> Any:
        """The value as it goes over the wire."""
        if self.name == "duration_s" and self.type == "string":
            return f"{value:g}{self.suffix}"
        if self.type == "string_list":
            return list(value)
        return value

    def decode(self, wire_value: Any) -> Any:
        """A wire value in the caller's spelling (the inverse of `encode`).

        Raises:
            ValueError: It is not a value of this parameter's wire form.
        """
        if self.name == "duration_s" and self.type == "string":
            return int(str(wire_value).removesuffix(self.suffix))
        return wire_value


class FileInput(Record):
    """A file that a model takes.

    Attributes:
        name: How callers spell it: `image`, `first_frame`, `last_frame`, `audio_file`, `video`,
            or the wire name of a model's own file.
        wire: fal's name in the request body; the value is a URL.
        formats: Accepted formats, as `MediaFacts.format` spells them.
        max_bytes: Largest size.
        min_side_px: Smallest width and height.
        max_side_px: Largest width and height.
        min_aspect: Smallest width / height.
        max_aspect: Largest width / height.
        aspects: Accepted aspect ratios ("16:9"); empty where any goes.
        min_s: Shortest length, seconds.
        max_s: Longest length, seconds.
    """

    name: str
    wire: str
    kind: FileKind
    required: bool = True
    formats: tuple[str, ...]
    max_bytes: int
    min_side_px: int | None = None
    max_side_px: int | None = None
    min_aspect: float | None = None
    max_aspect: float | None = None
    aspects: tuple[str, ...] = ()
    min_s: float | None = None
    max_s: float | None = None
    source: Source
    note: str = ""


class Constraint(Record):
    """What must hold between settings.

    Attributes:
        when: Values that switch the rule on (any of the listed ones, for each name).
        then: The values still allowed, by name.
        max_s: Longest length of a file, seconds, by file name.
        text: The rule in words.
    """

    when: dict[str, tuple[Scalar, ...]]
    then: dict[str, tuple[Scalar, ...]] = {}
    max_s: dict[str, float] = {}
    text: str

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Whether these settings switch the rule on."""
        return all(values.get(name) in allowed for name, allowed in self.when.items())

    def broken_by(
        self, values: Mapping[str, Any], facts: Mapping[str, MediaFacts | None]
    ) -> str | None:
        """The setting or file, by name, that breaks the rule; files count as far as known."""
        if not self.applies(values):
            return None
        for name, allowed in self.then.items():
            if values.get(name) not in allowed:
                return name
        for name, limit_s in self.max_s.items():
            known = facts.get(name)
            if known is not None and known.duration_s and known.duration_s >= limit_s:
                return name
        return None


class LifeCycle(Record):
    """Whether a model can still be bought.

    Attributes:
        state: "retired" is refused in live mode; "retiring" still runs, with a word of warning.
        on: Since when.
        replacement: Id of a model of this catalogue to take instead; it is an active one.
        successor_endpoint: fal's endpoint that follows it, where this catalogue does not have it.
    """

    state: Literal["active", "retiring", "retired"] = "active"
    on: date | None = None
    replacement: str | None = None
    successor_endpoint: str | None = None
    source: Source

    @property
    def advice(self) -> str:
        """What to take instead, as a sentence; empty where nothing is known."""
        if self.replacement:
            return f"Use {self.replacement!r} instead."
        if self.successor_endpoint:
            return f"fal follows it up with {self.successor_endpoint}, not in this catalogue."
        return ""


class Output(Record):
    """What comes back where no setting decides it.

    Attributes:
        resolution: Size class of models without a resolution setting.
        duration_s: Length of models without a duration setting.
        fps: Frames a second; what the simulator makes. fal does not promise it.
        audio: Sound: "never", "always", or "setting" (parameter `audio`).
        follows: The file that decides the length.
    """

    resolution: str | None = None
    duration_s: float | None = None
    fps: float = 24
    audio: Literal["never", "always", "setting", "input"] = "never"
    follows: Literal["audio_file", "video", "video_id"] | None = None


class FactSources(Record):
    """Where the facts of a model were read that have no source beside them.

    In the data, a file's `[sources]` hold for all of its models; a model's own win. The date of a
    document that bears one is that date.
    """

    list_price: Source
    output: Source
    use_cases: Source | None = None
    expected_s: Source | None = None
    notes: Source | None = None


class ModelSpec(Record):
    """Everything known about one endpoint of fal.

    Attributes:
        id: The id to use in code.
        aliases: Other strings that resolve to this model.
        endpoint: fal's endpoint id.
        price: How a request is priced.
        list_price: The price as the original model list prints it, kept for comparison.
        expected_s: Usual time from submit to result, seconds (low, high); `None` is unknown.
        wire_source: Where the parameters were read.
        sources: Where everything else was read.
        notes: What else is known, a sentence each.
    """

    id: str
    aliases: tuple[str, ...] = ()
    name: str
    provider: str
    mode: Mode
    endpoint: str
    parameters: tuple[Parameter, ...]
    files: tuple[FileInput, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    price: PriceRule
    price_source: Source
    list_price: str
    expected_s: tuple[float, float] | None = None
    use_cases: tuple[str, ...] = ()
    life_cycle: LifeCycle
    output: Output
    wire_source: Source
    sources: FactSources
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _every_fact_has_a_source(self) -> Self:
        for name in ("use_cases", "expected_s", "notes"):
            if getattr(self, name) and getattr(self.sources, name) is None:
                message = f"{self.id}: {name} needs a source: add sources.{name}"
                raise ValueError(message)
        return self

    def __repr__(self) -> str:
        return f"<{self.id}: {self.name}, from {self.mode}, {self.endpoint}>"

    def parameter(self, name: str) -> Parameter | None:
        """The setting of this name, in the caller's spelling."""
        return next((p for p in self.parameters if p.name == name), None)

    def file(self, name: str) -> FileInput | None:
        """The file input of this name, in the caller's spelling."""
        return next((f for f in self.files if f.name == name), None)

    def request(self, **settings: Any) -> Request:
        """Check settings strictly and build the exact wire request; see `request.build`.

        Raises:
            UnsupportedInputError: This model does not take one of the settings.
        """
        from .request import build

        return build(self, settings)

    def fit(self, **settings: Any) -> Fitted:
        """Bend shared settings to the nearest that this model takes; see `fit.fit`."""
        from .fit import fit

        return fit(self, settings)
