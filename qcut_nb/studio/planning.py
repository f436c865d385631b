"""From what a person asks to checked and priced jobs; nothing is sent here."""

from __future__ import annotations

import secrets
import shutil
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..catalog import (
    Change,
    FileInput,
    InputFile,
    Mode,
    ModelSpec,
    as_file,
    models,
)
from ..engine import PlannedJob
from ..errors import (
    InputError,
    RetiredModelError,
    UnsupportedInputError,
    UploadRejectedError,
    must_be,
)
from ..media import check_upload, sha256_file

SHARED_SETTINGS = frozenset(
    {"duration_s", "resolution", "aspect_ratio", "audio", "seed", "negative_prompt", "fps"}
)


def resolve_models(
    names: str | ModelSpec | Iterable[str | ModelSpec], settings: Mapping[str, Any]
) -> list[ModelSpec]:
    """The models that are meant; a name that stands for two goes by the files that are given.

    Raises:
        UnknownModelError: A name is not known.
        InputError: No model is given, or one twice.
    """
    remedy = "Pass models=['kling_v2_5'], for example."
    must_be("models", names, (str, ModelSpec, Iterable), "a model's id or several", remedy)
    given = [names] if isinstance(names, str | ModelSpec) else list(names)
    if not given:
        raise InputError("No model is chosen.", remedy=remedy)
    mode: Mode = "image" if settings.get("image") is not None else "text"
    specs = [n if isinstance(n, ModelSpec) else models.resolve(n, mode) for n in given]
    strange = [s.id for s in specs if s.id not in models or models[s.id] != s]
    if strange:
        raise InputError(
            f"Not a model of the catalogue: {', '.join(strange)}.",
            remedy="Choose from qcut_nb.models.",
        )
    ids = [spec.id for spec in specs]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise InputError(
            f"Chosen twice: {', '.join(twice)}.",
            remedy="Name each model once; for several takes call generate() again.",
        )
    return specs


def refuse_retired(spec: ModelSpec) -> None:
    """Refuse a model that was shut down.

    Raises:
        RetiredModelError: Names the replacement.
    """
    life = spec.life_cycle
    if life.state == "retired":
        raise RetiredModelError(
            f"{spec.name} ({spec.id}) was shut down on {life.on}.",
            remedy=life.advice or "Choose another: qcut_nb.models.find().",
        )


def _warn_of_retiring(spec: ModelSpec) -> None:
    life = spec.life_cycle
    if life.state == "retiring":
        warnings.warn(
            f"{spec.name} ({spec.id}) is not in fal's list any more (seen {life.on}) and may stop. "
            f"{life.advice}".rstrip(),
            FutureWarning,
            stacklevel=5,
        )


def plan_jobs(
    specs: Sequence[ModelSpec],
    settings: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    *,
    live: bool,
    fit: bool,
    inputs: Path,
    checked: dict[tuple[str, FileInput], InputFile] | None = None,
) -> list[PlannedJob]:
    """Check, bend and price one request per model.

    Args:
        specs: The models.
        settings: What is asked of all of them.
        overrides: Settings of single models, by id, alias or endpoint; they are never bent.
        live: Whether money can be spent: retired models are refused then.
        fit: Bend the shared settings to the nearest that each model takes, or take them strictly.
        inputs: Where a copy of each input file is kept, so that what is sent is what was checked.
        checked: Files that were checked already; takes up what is checked now.

    Raises:
        InputError: Names the model, the setting and what is allowed.
        UploadRejectedError: A file is not what a model takes.
    """
    _refuse_strangers(specs, settings, fit=fit)
    own = _overrides_by_id(specs, overrides)
    checked = {} if checked is None else checked
    plans = []
    for spec in specs:
        if live:
            refuse_retired(spec)
            _warn_of_retiring(spec)
        values: dict[str, Any] = dict(settings)
        changes: tuple[Change, ...] = ()
        if fit:
            fitted = spec.fit(**settings)
            values, changes = fitted.values, fitted.changes
        values |= own.get(spec.id, {})
        for want in spec.files:
            if values.get(want.name) is not None:
                values[want.name] = _check_file(values[want.name], want, checked, inputs)
        plans.append(PlannedJob(spec, spec.request(**values), changes))
    return plans


def _check_file(
    value: Any, want: FileInput, checked: dict[tuple[str, FileInput], InputFile], inputs: Path
) -> InputFile:
    file = as_file(value, want.name)
    if file.path is None:
        return file
    if (file.path, want) not in checked:
        checked[file.path, want] = _kept(check_upload(file.path, want), file.label, want, inputs)
    return checked[file.path, want]


def _kept(file: InputFile, name: str, want: FileInput, inputs: Path) -> InputFile:
    """A copy by digest in the project: the original may change before its turn comes."""
    source = Path(file.path or "")
    target = inputs / f"{file.sha256}{source.suffix.lower()}"
    if not target.exists():
        part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
        try:
            shutil.copyfile(source, part)
            if sha256_file(part) != file.sha256:
                raise UploadRejectedError(f"{name} changed while it was read.", field=want.name)
            part.replace(target)
        except OSError as error:
            raise UploadRejectedError(
                f"{name} could not be copied to {inputs}: {error.strerror}.",
                field=want.name,
                remedy="Make room there, or make the folder writable, then do it again.",
            ) from error
        finally:
            part.unlink(missing_ok=True)
    return file.model_copy(update={"path": str(target), "name": name})


def _refuse_strangers(
    specs: Sequence[ModelSpec],
    settings: Mapping[str, Any],
    *,
    fit: bool,
) -> None:
    names = {p.name for spec in specs for p in spec.parameters}
    names |= {f.name for spec in specs for f in spec.files}
    for name, value in settings.items():
        known = name in names or (name in SHARED_SETTINGS and fit)
        if value is not None and not known:
            raise UnsupportedInputError(
                f"None of the chosen models takes {name!r}.",
                field=name,
                remedy=f"They take: {', '.join(sorted(names))}.",
            )


def _overrides_by_id(
    specs: Sequence[ModelSpec], overrides: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    own: dict[str, Mapping[str, Any]] = {}
    remedy = "Pass overrides={'kling_v2_5': {'cfg_scale': 0.7}}, for example."
    must_be("overrides", overrides, Mapping, "a mapping of settings by model id", remedy)
    for name, values in overrides.items():
        must_be(f"overrides[{name!r}]", values, Mapping, "a mapping of settings", remedy)
        meant = [s for s in specs if name == s.id] or [
            s for s in specs if name in (s.endpoint, *s.aliases)
        ]
        if len(meant) != 1 or meant[0].id in own:
            what = "which is not among the chosen models" if not meant else "more than once"
            raise UnsupportedInputError(
                f"overrides name {name!r}, {what}.",
                field="overrides",
                remedy=f"Chosen are: {', '.join(spec.id for spec in specs)}.",
            )
        own[meant[0].id] = values
    return own
