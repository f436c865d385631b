"""What several models have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .records import ModelSpec, Record


class Choices(Record):
    """The values of one shared setting over several models.

    Attributes:
        common: Values that every model takes, in the first model's order.
        all: Values that at least one model takes.
    """

    common: tuple[Any, ...]
    all: tuple[Any, ...]


class Capabilities(Record):
    """What can be asked of several models at once.

    Attributes:
        durations_s: Lengths, seconds.
        resolutions: Size classes.
        aspect_ratios: Aspect ratios.
        fps: Frame rates.
        audio: Whether every model lets sound be switched.
        seed: Whether every model takes a seed.
        negative_prompt: Whether every model takes a negative prompt.
        prompt_max_chars: The strictest published limit; `None` where none publishes one.
        prompt_limited_by: The model id with that limit.
    """

    durations_s: Choices
    resolutions: Choices
    aspect_ratios: Choices
    fps: Choices
    audio: bool
    seed: bool
    negative_prompt: bool
    prompt_max_chars: int | None
    prompt_limited_by: str | None


def capabilities(specs: Sequence[ModelSpec]) -> Capabilities:
    """Intersect the capabilities of models; a fixed length or size counts as the only choice."""
    limits = [
        (prompt.max_length, spec.id)
        for spec in specs
        if (prompt := spec.parameter("prompt")) is not None and prompt.max_length is not None
    ]
    strictest = min(limits, default=(None, None))
    return Capabilities(
        durations_s=_choices([_values(s, "duration_s", s.output.duration_s) for s in specs]),
        resolutions=_choices([_values(s, "resolution", s.output.resolution) for s in specs]),
        aspect_ratios=_choices([_values(s, "aspect_ratio", None) for s in specs]),
        fps=_choices([_values(s, "fps", None) for s in specs]),
        audio=_all_have(specs, "audio"),
        seed=_all_have(specs, "seed"),
        negative_prompt=_all_have(specs, "negative_prompt"),
        prompt_max_chars=strictest[0],
        prompt_limited_by=strictest[1],
    )


def _all_have(specs: Sequence[ModelSpec], name: str) -> bool:
    return bool(specs) and all(spec.parameter(name) is not None for spec in specs)


def _values(spec: ModelSpec, name: str, fixed: Any) -> tuple[Any, ...]:
    parameter = spec.parameter(name)
    if parameter is not None and parameter.choices is not None:
        return parameter.choices
    if isinstance(fixed, float) and fixed.is_integer():
        fixed = int(fixed)
    return () if fixed is None else (fixed,)


def _choices(offers: list[tuple[Any, ...]]) -> Choices:
    everything = list(dict.fromkeys(value for offer in offers for value in offer))
    if all(isinstance(value, int | float) for value in everything):
        everything.sort()
    common = tuple(v for v in everything if all(v in offer for offer in offers))
    return Choices(common=common, all=tuple(everything))
