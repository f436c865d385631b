"""Checking a wire body the way fal does; fault types are fal's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .records import Constraint, MediaFacts, ModelSpec, Parameter, Record, WireType

# Pydantic's names, which fal's answers carry.
_TYPES: dict[WireType, tuple[str, str]] = {
    "string": ("string_type", "string"),
    "integer": ("int_type", "integer"),
    "number": ("float_type", "number"),
    "boolean": ("bool_type", "boolean"),
    "string_list": ("list_type", "list"),
}


class WireFault(Record):
    """One fault in a body, in the form of fal's 422 answers.

    Attributes:
        loc: Where, as fal spells it: ("body", wire name).
        type: fal's stable fault type.
        msg: For people; not stable at fal.
        ctx: What is allowed.

    Source:
        fal's error reference, read 2026-08; https://docs.pydantic.dev/latest/errors/
        validation_errors for the types of values.
    """

    loc: tuple[str, ...]
    type: str
    msg: str
    ctx: dict[str, Any]


def check_wire(
    spec: ModelSpec, body: Mapping[str, Any], facts: Mapping[str, MediaFacts | None] | None = None
) -> list[WireFault]:
    """Every fault of a body; unknown keys are ignored, as fal does.

    Args:
        spec: The model.
        body: The input.
        facts: Facts of the body's files by the catalogue's names, as far as they are known.
    """
    faults = []
    for parameter in spec.parameters:
        if parameter.wire in body:
            value = body[parameter.wire]
            if value is None and (parameter.nullable or not parameter.required):
                continue
            faults.extend(_value_faults(parameter, value))
        elif parameter.required:
            faults.append(_fault(parameter.wire, "missing", "Field required"))
    for want in spec.files:
        value = body.get(want.wire)
        if value is None:
            if want.required:
                faults.append(_fault(want.wire, "missing", "Field required"))
        elif not isinstance(value, str) or not value.startswith(("http://", "https://", "data:")):
            kind = "image_load_error" if want.kind == "image" else "file_download_error"
            faults.append(_fault(want.wire, kind, f"Failed to load the {want.kind}"))
    if faults:
        return faults
    values = decoded(spec, body)
    for rule in spec.constraints:
        name = rule.broken_by(values, facts or {})
        if name is not None:
            faults.append(_rule_fault(spec, rule, name, facts or {}))
    return faults


def decoded(spec: ModelSpec, body: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in effect in a body without faults, in the caller's spelling."""
    values = {}
    for parameter in spec.parameters:
        if body.get(parameter.wire) is not None:
            values[parameter.name] = parameter.decode(body[parameter.wire])
        elif parameter.default is not None:
            values[parameter.name] = parameter.default
    return values


def _rule_fault(
    spec: ModelSpec, rule: Constraint, name: str, facts: Mapping[str, MediaFacts | None]
) -> WireFault:
    want, known = spec.file(name), facts.get(name)
    if want is not None and known is not None:
        limits = {"max_duration": rule.max_s[name], "provided_duration": known.duration_s}
        return _fault(want.wire, f"{want.kind}_duration_too_long", rule.text, **limits)
    parameter = spec.parameter(name)
    return _fault(parameter.wire if parameter else name, "feature_not_supported", rule.text)


def _value_faults(parameter: Parameter, value: Any) -> list[WireFault]:
    wire = parameter.wire
    if not _has_type(parameter, value):
        kind, noun = _TYPES[parameter.type]
        return [_fault(wire, kind, f"Input should be a valid {noun}")]
    if parameter.choices is not None:
        allowed = [parameter.encode(choice) for choice in parameter.choices]
        if value not in allowed:
            return [
                _fault(wire, "one_of", f"Unexpected value; permitted: {allowed}", expected=allowed)
            ]
    faults = []
    if parameter.type in ("integer", "number"):
        if parameter.minimum is not None and value < parameter.minimum:
            faults.append(_fault(wire, "greater_than_equal", "Too small", ge=parameter.minimum))
        if parameter.maximum is not None and value > parameter.maximum:
            faults.append(_fault(wire, "less_than_equal", "Too large", le=parameter.maximum))
        if not parameter.on_step(value):
            step = parameter.multiple_of
            faults.append(_fault(wire, "multiple_of", "Between two steps", multiple_of=step))
    elif parameter.type == "string":
        if parameter.max_length is not None and len(value) > parameter.max_length:
            faults.append(
                _fault(wire, "sequence_too_long", "Too long", max_length=parameter.max_length)
            )
        if parameter.min_length is not None and len(value) < parameter.min_length:
            faults.append(
                _fault(wire, "sequence_too_short", "Too short", min_length=parameter.min_length)
            )
    elif parameter.max_items is not None and len(value) > parameter.max_items:
        faults.append(_fault(wire, "sequence_too_long", "Too many", max_length=parameter.max_items))
    return faults


def _has_type(parameter: Parameter, value: Any) -> bool:
    if parameter.type == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if parameter.type == "integer":
        return isinstance(value, int)
    if parameter.type == "number":
        return isinstance(value, int | float)
    if parameter.type == "string_list":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _fault(wire: str, kind: str, msg: str, **ctx: Any) -> WireFault:
    return WireFault(loc=("body", wire), type=kind, msg=msg, ctx=ctx)
