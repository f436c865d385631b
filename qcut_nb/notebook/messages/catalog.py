"""What the catalogue offers."""

from __future__ import annotations

from typing import Literal

from .base import FileKind, Message, Mode, Scalar, Sound


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
