"""From the panel's form to settings of `generate`, and from a past job back into the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import FileUse, ModelSpec, Parameter, Request, models
from ..errors import InputError, UnsupportedInputError
from ..notebook import Wish
from ..store import Shelf
from .planning import SHARED_SETTINGS

if TYPE_CHECKING:
    from .core import Core

WORDS = frozenset({"prompt", "video_id"})


def wish_settings(core: Core, wish: Wish) -> tuple[list[ModelSpec], dict[str, Any]]:
    """The models of a wish, and what is asked of all of them, as `generate` takes it.

    What none of the models has a place for is left out: a prompt that stayed in the form, a file
    of another mode.

    Raises:
        InputError: A model is not known, or the clip to remix cannot be remixed.
    """
    specs = [models[name] for name in wish.models]
    settings: dict[str, Any] = wish.shared()
    if wish.prompt.strip():
        settings["prompt"] = wish.prompt
    if wish.remix_of is not None:
        settings["video_id"] = video_id_of(core, wish.remix_of)
    settings |= {name: source for name, source in wish.files.items() if source}
    known = {place for spec in specs for place in _places(spec)} | SHARED_SETTINGS
    return specs, {name: value for name, value in settings.items() if name in known}


def _places(spec: ModelSpec) -> list[str]:
    return [p.name for p in spec.parameters] + [f.name for f in spec.files]


def video_id_of(core: Core, clip_id: str) -> str:
    """What fal knows a clip by.

    Raises:
        UnsupportedInputError: It does not know it any more, or never did.
    """
    found = Shelf(core.project.store).video_ids([clip_id]).get(clip_id)
    if found is None:
        raise UnsupportedInputError(
            f"Clip {clip_id} cannot be remixed: only Sora results that were made with "
            "delete_video=False are still known to fal.",
            field="remix_of",
            remedy="Choose another clip.",
        )
    return found


def recalled(core: Core, job_id: str) -> tuple[Wish, Sequence[str]]:
    """What a job was asked with, as the form shows it, and its input files that are gone.

    Where the result says which seed it had, that seed is in it.

    Raises:
        InputError: There is no such job, or its model is not in the catalogue any more.
    """
    row = core.project.store.job(job_id)
    if row is None or row.model_id not in models:
        raise InputError(
            f"It is not known what job {job_id!r} was asked with.",
            remedy="Choose one of this project's clips.",
        )
    request = Request.model_validate_json(row.request)
    spec = models[row.model_id]
    values = dict(request.values)
    made = core.project.store.clip(job_id)
    if made is not None and spec.parameter("seed") is not None:
        values["seed"] = core.clip_of(made).seed
    shared = {n: v for n, v in values.items() if n in SHARED_SETTINGS and v is not None}
    wish = Wish(
        mode=spec.mode,
        prompt=request.prompt,
        models=(spec.id,),
        files={use.name: _source(use) for use in request.files if _source(use)},
        remix_of=_clip_of_video(core, values.get("video_id")),
        overrides=_own(spec, values),
        **shared,
    )
    return wish, [use.name for use in request.files if not _source(use)]


def _own(spec: ModelSpec, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    def wanted(parameter: Parameter) -> bool:
        name = parameter.name
        if name in SHARED_SETTINGS or name in WORDS:
            return False
        return values.get(name) is not None and values[name] != parameter.default

    own = {p.name: values[p.name] for p in spec.parameters if wanted(p)}
    return {spec.id: own} if own else {}


def _source(use: FileUse) -> str:
    path = use.file.path
    if path is not None and Path(path).is_file():
        return path
    return "" if path is not None else (use.file.url or "")


def _clip_of_video(core: Core, video_id: Any) -> str | None:
    return Shelf(core.project.store).clip_of_video(str(video_id)) if video_id else None
