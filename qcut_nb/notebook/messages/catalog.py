"""What the catalogue offers."""

from __future__ import annotations

from typing import Literal

from .base import FileKind, Message, Mode, Sound, Value


class ParameterRow(Message):
    """One setting of a model.

    Attributes:
        name: In the caller's spelling: the key of `Wish.overrides`.
        shared: Has one spelling for all models, so that it stands once in the form.
        choices: An enum; otherwise the type and the limits say what is free.
        multiple_of: Step of a number.
        max_length: Most characters of a text.
        max_items: Most items of a list.
        note: What else is known, a sentence.
    """

    name: str
    type: Literal["string", "integer", "number", "boolean", "string_list"]
    shared: bool
    choices: tuple[bool | int | float | str, ...] | None = None
    default: Value | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    note: str = ""


class FileRow(Message):
    """One file that a model takes.

    Attributes:
        name: In the caller's spelling: the key of `Wish.files`.
        formats: As the content says, not the file's name.
        min_side_px: Least width and height.
        max_side_px: Most width and height.
        min_aspect: Least width / height.
        max_aspect: Most width / height.
        aspects: The only aspect ratios that go ("16:9"); empty where any does.
        min_s: Shortest length, seconds.
        max_s: Longest length, seconds.
        note: What else is known, a sentence.
    """

    name: str
    kind: FileKind
    required: bool
    formats: tuple[str, ...]
    max_bytes: int
    min_side_px: int | None = None
    max_side_px: int | None = None
    min_aspect: float | None = None
    max_aspect: float | None = None
    aspects: tuple[str, ...] = ()
    min_s: float | None = None
    max_s: float | None = None
    note: str = ""


class ModelRow(Message):
    """One model of the list.

    Attributes:
        endpoint: fal's endpoint id.
        retired_on: ISO date.
        replacement: Id of the model to take instead; `None` where this catalogue has none.
        replacement_name: Its name, or fal's endpoint where this catalogue does not have it.
        list_price: The price as the original model list prints it.
        price_source: Where our price was read.
        price_checked_on: When, as ISO date.
        expected_s: Usual time from submit to result, seconds (low, high).
        expected_from: "own": the middle half of this project's own runs; "published": the list.
        expected_runs: How many own runs that is.
        follows: The input whose length the result has.
        fixed_duration_s: Length of the result where no setting decides it.
        fixed_resolution: Size class of the result where no setting decides it.
        remixes: Takes an earlier generation (`Wish.remix_of`).
        cues: Words for the camera that the prompt may hold, as they are inserted.
    """

    id: str
    name: str
    provider: str
    mode: Mode
    endpoint: str
    life_cycle: Literal["active", "retiring", "retired"]
    retired_on: str | None = None
    replacement: str | None = None
    replacement_name: str | None = None
    list_price: str
    price_source: str
    price_checked_on: str
    expected_s: tuple[float, float] | None = None
    expected_from: Literal["own", "published"] = "published"
    expected_runs: int = 0
    sound: Sound
    follows: Literal["audio_file", "video", "video_id"] | None = None
    fixed_duration_s: float | None = None
    fixed_resolution: str | None = None
    use_cases: tuple[str, ...] = ()
    parameters: tuple[ParameterRow, ...]
    files: tuple[FileRow, ...] = ()
    remixes: bool = False
    cues: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
