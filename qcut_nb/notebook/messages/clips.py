"""What was made."""

from __future__ import annotations

from .base import Message


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
