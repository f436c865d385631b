"""Checking a wire body the way fal does; fault types are fal's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .records import ModelSpec, Parameter, Record


class WireFault(Record):
    """One fault in a body, in the form of fal's 422 answers.

    Attributes:
        loc: Where, as fal spells it: ("body", wire name).
        type: fal's stable fault type.
        msg: For people; not stable at fal.
        ctx: What is allowed.

    Source:
        fal's error reference, read 2026-08.
    """

    loc: tuple[str, ...]
    type: str
    msg: str
    ctx: dict[str, Any]


def check_wire(spec: ModelSpec, body: Mapping[str, Any]) -> list[WireFault]:
    """Every fault of a body; unknown keys are ignored, as fal does."""
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
    return faults


def _value_faults(parameter: Parameter, value: Any) -> list[WireFault]:
    wire = parameter.wire
    if not _has_type(parameter, value):
        return [_fault(wire, f"{parameter.type}_type", f"Input should be a {parameter.type}")]
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
