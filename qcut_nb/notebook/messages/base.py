"""What every message is made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CHUNK_BYTES = 1 << 20
"""Size of one binary part, both ways: the server closes on more than 10 MiB in one message."""

Usd = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
Scalar = bool | int | float | str
Value = Scalar | tuple[str, ...]
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

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), hide_input_in_errors=True
    )

    def wire(self) -> dict[str, Any]:
        """The message as JSON-ready data."""
        return self.model_dump(mode="json", exclude_none=True)


class CommandMessage(Message):
    """What goes up; answered by exactly one reply with the same `id`."""

    id: str = Field(min_length=1, max_length=64)


class ReplyMessage(Message):
    """The answer to the command with the same `id`."""

    id: str
