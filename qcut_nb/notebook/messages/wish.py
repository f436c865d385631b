"""What a person asks for."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from .base import Message, Mode, Value


class Wish(Message):
    """What to generate: one prompt and one set of shared settings for several models.

    Attributes:
        models: Catalogue ids.
        duration_s: Length of each clip, seconds.
        files: Where each input file is, by input name: a path on the kernel's machine or a URL.
        remix_of: Id of the clip that is remixed; the kernel knows the generation behind it.
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
    files: dict[str, str] = Field(default_factory=dict)
    remix_of: str | None = None
    overrides: dict[str, dict[str, Value]] = Field(default_factory=dict)

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
        favourites: Models that a person put first.
        sort: How the list of models is sorted; empty is the catalogue's order.
    """

    wish: Wish = Wish()
    models_by_mode: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    favourites: tuple[str, ...] = ()
    sort: Literal["", "price", "time"] = ""
