"""The list of models, from the catalogue's records."""

from __future__ import annotations

import re
from collections.abc import Callable

from qcut_nb.catalog import FileInput, ModelSpec, Parameter, models

from .host import Expected
from .messages import FileRow, Mode, ModelRow, ParameterRow

SHARED = frozenset(
    {
        "prompt",
        "duration_s",
        "resolution",
        "aspect_ratio",
        "audio",
        "seed",
        "negative_prompt",
        "fps",
    }
)
"""What stands once in the form for all models."""

_CUE = re.compile(r"\[[A-Z][a-z]+(?: [a-z]+)*\]")


def model_rows(
    modes: tuple[Mode, ...], expected: Callable[[str], Expected]
) -> tuple[ModelRow, ...]:
    """The models of some modes, in the catalogue's order.

    Args:
        modes: Which.
        expected: How long a model usually takes.
    """
    specs = (models[model_id] for model_id in models)
    return tuple(_model_row(spec, expected(spec.id)) for spec in specs if spec.mode in modes)


def _model_row(spec: ModelSpec, expected: Expected) -> ModelRow:
    life = spec.life_cycle
    successor = f"{life.successor_endpoint} at fal, not in this catalogue"
    return ModelRow(
        id=spec.id,
        name=spec.name,
        provider=spec.provider,
        mode=spec.mode,
        endpoint=spec.endpoint,
        life_cycle=life.state,
        retired_on=None if life.on is None else life.on.isoformat(),
        replacement=life.replacement,
        replacement_name=models[life.replacement].name
        if life.replacement
        else (successor if life.successor_endpoint else None),
        list_price=spec.list_price,
        price_source=spec.price_source.text,
        price_checked_on=spec.price_source.checked_on.isoformat(),
        expected_s=expected.range_s,
        expected_from="own" if expected.runs else "published",
        expected_runs=expected.runs,
        sound=spec.output.audio,
        follows=spec.output.follows,
        fixed_duration_s=spec.output.duration_s,
        fixed_resolution=spec.output.resolution,
        use_cases=spec.use_cases,
        parameters=tuple(_parameter_row(p) for p in spec.parameters if p.name != "video_id"),
        files=tuple(_file_row(file) for file in spec.files),
        remixes=spec.parameter("video_id") is not None,
        cues=tuple(dict.fromkeys(cue for note in spec.notes for cue in _CUE.findall(note))),
        notes=spec.notes,
    )


def _parameter_row(parameter: Parameter) -> ParameterRow:
    return ParameterRow(
        name=parameter.name,
        type=parameter.type,
        shared=parameter.name in SHARED,
        choices=parameter.choices,
        default=parameter.default,
        required=parameter.required,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        multiple_of=parameter.multiple_of,
        min_length=parameter.min_length,
        max_length=parameter.max_length,
        max_items=parameter.max_items,
        note=parameter.note,
    )


def _file_row(file: FileInput) -> FileRow:
    return FileRow(
        name=file.name,
        kind=file.kind,
        required=file.required,
        formats=file.formats,
        max_bytes=file.max_bytes,
        min_side_px=file.min_side_px,
        max_side_px=file.max_side_px,
        min_aspect=file.min_aspect,
        max_aspect=file.max_aspect,
        aspects=file.aspects,
        min_s=file.min_s,
        max_s=file.max_s,
        note=file.note,
    )
