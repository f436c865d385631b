"""From a clip's recipe back to the settings of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..catalog import InputFile, ModelSpec, Request, models
from ..clip import Clip
from ..errors import InputError, must_be
from .planning import SHARED_SETTINGS

if TYPE_CHECKING:
    from .core import Core


def settings_of(
    core: Core, clip: Clip, changes: Mapping[str, Any]
) -> tuple[ModelSpec, dict[str, Any]]:
    """The model and the settings that made a clip, with changes.

    Raises:
        InputError: It is no clip, the clip carries no recipe, or an input file of it is not here.
    """
    remedy = "For a file: studio.rerun(qcut_nb.Clip.from_file(path))."
    must_be("clip", clip, Clip, "a clip", remedy)
    recipe = clip.recipe
    if recipe is None:
        raise InputError(
            f"{clip.path.name} carries no recipe: it is not known how it was made.",
            remedy="Use studio.generate(...).",
        )
    wanted = dict(changes)
    spec = models[wanted.pop("model", recipe.model_id)]
    settings = {
        name: value
        for name, value in recipe.values.items()
        if name in SHARED_SETTINGS or spec.parameter(name) is not None
    }
    known = _files_of(core, recipe.job_id)
    for used in recipe.inputs:
        if spec.file(used.name) is None or wanted.get(used.name) is not None:
            continue
        file = known.get(used.name)
        if file is None:
            raise InputError(
                f"The input {used.name!r} ({used.label}) of {clip.path.name} is not known here.",
                remedy=f"Pass {used.name}=<path or URL>.",
            )
        path = core.project.input_path(file.path) if file.path else None
        settings[used.name] = str(path) if path else file.url
    return spec, settings | wanted


def _files_of(core: Core, job_id: str | None) -> dict[str, InputFile]:
    row = core.project.store.job(job_id) if job_id else None
    if row is None:
        return {}
    return {use.name: use.file for use in Request.model_validate_json(row.request).files}
