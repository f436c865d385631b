"""Bending shared settings to what one model takes: the nearest allowed, never silent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .records import ModelSpec, Parameter, Record
from .request import refuse
from .sizes import SHORT_SIDE_PX, aspect_value


class Change(Record):
    """One shared setting that a model cannot take as asked.

    Attributes:
        name: The setting, in the caller's spelling.
        asked: The shared value.
        sent: What is sent (or comes back) instead; `None` where nothing is sent.
        why: The reason, in words.
    """

    name: str
    asked: Any
    sent: Any
    why: str

    def __str__(self) -> str:
        if self.sent is None:
            return f"{self.name}={self.asked!r} is not sent: {self.why}"
        return f"{self.name} {self.asked} > {self.sent}: {self.why}"


class Fitted(Record):
    """Settings that a model takes, and what had to change for it."""

    values: dict[str, Any]
    changes: tuple[Change, ...]


def fit(spec: ModelSpec, settings: Mapping[str, Any]) -> Fitted:
    """Bend shared settings to one model.

    A number goes to the nearest that is allowed (the larger of two equally near), a size class and
    an aspect ratio likewise. What the model has no setting for is left out. Texts and files
    are never bent: they pass as they are, or are left out where the model has no place for them.
    """
    values: dict[str, Any] = {}
    changes: list[Change] = []
    for name, asked in settings.items():
        if asked is None:
            continue
        if spec.file(name) is not None:
            values[name] = asked
            continue
        parameter = spec.parameter(name)
        if parameter is None:
            change = _left_out(spec, name, asked)
            if change is not None:
                changes.append(change)
            continue
        _refuse_nonsense(spec, parameter, asked)
        sent = _nearest(parameter, asked)
        values[name] = sent
        if sent != asked:
            changes.append(Change(name=name, asked=asked, sent=sent, why=_takes(parameter)))
    _bend_to_constraints(spec, settings, values, changes)
    return Fitted(values=values, changes=tuple(changes))


def _refuse_nonsense(spec: ModelSpec, parameter: Parameter, asked: Any) -> None:
    """A number is bent to another number; what is no number at all is a mistake."""
    choices = parameter.choices or ()
    numeric = parameter.type in ("integer", "number") or (
        bool(choices) and all(isinstance(c, int | float) for c in choices)
    )
    if not numeric or parameter.type == "boolean":
        return
    number = isinstance(asked, int | float) and not isinstance(asked, bool)
    whole = parameter.choices is not None or parameter.type == "number"
    if not number or not math.isfinite(asked) or not (whole or float(asked).is_integer()):
        raise refuse(spec, parameter.name, f"{parameter.name}={asked!r} is no usable number")
    if choices and asked <= 0:
        raise refuse(
            spec, parameter.name, f"{parameter.name}={asked!r} is not positive", _takes(parameter)
        )


def _left_out(spec: ModelSpec, name: str, asked: Any) -> Change | None:
    fixed = {
        "duration_s": spec.output.duration_s,
        "resolution": spec.output.resolution,
        "audio": {"never": False, "always": True}.get(spec.output.audio),
    }.get(name)
    if fixed == asked:
        return None
    if isinstance(fixed, float):
        fixed = int(fixed)
    if name == "audio":
        return Change(name=name, asked=asked, sent=fixed, why="sound cannot be chosen")
    why = "this is what it always makes" if fixed is not None else f"it has no {name} setting"
    return Change(name=name, asked=asked, sent=fixed, why=why)


def _takes(parameter: Parameter) -> str:
    if parameter.choices is None:
        low = "" if parameter.minimum is None else f" from {parameter.minimum:g}"
        return f"it takes values{low}" + (
            "" if parameter.maximum is None else f" up to {parameter.maximum:.12g}"
        )
    choices = [str(choice) for choice in parameter.choices]
    unit = " s" if parameter.name == "duration_s" else ""
    if len(choices) == 1:
        return f"it takes only {choices[0]}{unit}"
    if len(choices) > 5:
        return f"it takes {choices[0]} to {choices[-1]}{unit}"
    return f"it takes {', '.join(choices[:-1])} or {choices[-1]}{unit}"


def _nearest(parameter: Parameter, asked: Any) -> Any:
    choices = parameter.choices
    if choices is None:
        if parameter.type in ("integer", "number") and isinstance(asked, int | float):
            low = -math.inf if parameter.minimum is None else parameter.minimum
            high = math.inf if parameter.maximum is None else parameter.maximum
            bent = min(max(asked, low), high)
            return int(bent) if parameter.type == "integer" and math.isfinite(bent) else bent
        return asked
    if any(type(c) is type(asked) and c == asked for c in choices):
        return asked
    scale = _scale(parameter.name)
    try:
        wanted = scale(asked)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return asked
    measured = [(c, scale(c)) for c in choices if _measurable(scale, c)]
    if not measured:
        return asked
    return min(measured, key=lambda pair: (abs(pair[1] - wanted), -pair[1]))[0]


def _scale(name: str) -> Any:
    if name == "resolution":
        return lambda value: math.log(SHORT_SIDE_PX[value])
    if name == "aspect_ratio":
        return lambda value: math.log(aspect_value(value))
    return float


def _measurable(scale: Any, choice: Any) -> bool:
    try:
        scale(choice)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return False
    return True


def _bend_to_constraints(
    spec: ModelSpec,
    settings: Mapping[str, Any],
    values: dict[str, Any],
    changes: list[Change],
) -> None:
    defaults = {p.name: p.default for p in spec.parameters}
    for rule in spec.constraints:
        if not rule.applies(defaults | values):
            continue
        for name, allowed in rule.then.items():
            if (defaults | values).get(name) in allowed:
                continue
            values[name] = allowed[0]
            asked = settings.get(name, defaults.get(name))
            changes[:] = [change for change in changes if change.name != name]
            changes.append(Change(name=name, asked=asked, sent=allowed[0], why=rule.text))
