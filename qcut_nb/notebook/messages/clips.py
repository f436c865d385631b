"""What was made."""

from __future__ import annotations

from .base import Message, Mode, RunMode


class ClipCard(Message):
    """One stored clip, without its media.

    Attributes:
        job_id: What made it.
        title: The person's own; `None` where there is none.
        name: As people see it without one: "AI (Model): prompt".
        mode: What the model was given.
        run_mode: "simulated" cost nothing.
        created_at: When it was stored.
        file_name: Name of the file in the project.
        cost: For people; "unknown" when it is.
        rating: 1 to 5.
        deleted: It is among the deleted ones, from which it can be brought back.
        remixable: `Wish.remix_of` can name it.
        version: Changes when the file's content does.
        files_path: Path below the Jupyter server's root, with slashes; `None` when outside.
    """

    id: str
    job_id: str
    title: str | None = None
    name: str
    model_id: str
    model_name: str
    mode: Mode
    run_mode: RunMode
    prompt: str
    created_at: float
    file_name: str
    cost: str
    rating: int | None = None
    deleted: bool = False
    remixable: bool = False
    seed: int | None = None
    duration_s: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    fps: float | None = None
    has_sound: bool = False
    size_bytes: int
    version: str
    files_path: str | None = None
