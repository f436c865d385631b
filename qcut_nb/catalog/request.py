"""A checked request: the exact wire body, its files, its price."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..errors import UnsupportedInputError
from .price import Quote, Usage, quote
from .records import InputFile, MediaFacts, ModelSpec, Parameter, Record
from .sizes import output_size

UPLOAD_MARK = "upload:"
ASPECT_SLACK = 0.02
"""How far two aspect ratios may be apart, as a part of one: 1366x768 counts as 16:9."""


class FileUse(Record):
    """A file in its place in a request."""

    name: str
    wire: str
    file: InputFile


class Request(Record):
    """One paid request, frozen before anything is sent.

    Attributes:
        model_id: The catalogue's id of the model.
        endpoint: fal's endpoint id.
        values: Every setting in effect, defaults among them, in the caller's spelling.
        body: The exact JSON body. A local file that has no URL yet stands as
            "upload:<file name>" until `with_urls` fills it in.
        files: The files it takes.
        quote: The price before it is sent.
    """

    model_id: str
    endpoint: str
    values: dict[str, Any]
    body: dict[str, Any]
    files: tuple[FileUse, ...] = ()
    quote: Quote

    @property
    def prompt(self) -> str:
        """The prompt, or an empty string."""
        return str(self.values.get("prompt") or "")

    @property
    def ready(self) -> bool:
        """Whether every file has a URL, so that the body can be sent."""
        return all(use.file.url for use in self.files)

    @property
    def canonical_json(self) -> str:
        """The body as canonical JSON: sorted keys, no spaces."""
        return json.dumps(self.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def with_urls(self, urls: Mapping[str, str]) -> Request:
        """The same request with uploaded files in place, by the files' names."""
        files = tuple(
            use.model_copy(
                update={
                    "file": use.file.model_copy(update={"url": urls.get(use.name, use.file.url)})
                }
            )
            for use in self.files
        )
        body = self.body | {use.wire: use.file.url for use in files if use.file.url}
        return self.model_copy(update={"files": files, "body": body})


def build(spec: ModelSpec, settings: Mapping[str, Any]) -> Request:
    """Check settings strictly and build the request.

    Sent explicitly are the settings that are given, and every setting that bears on the price.
    A setting of `None` counts as not given.

    Raises:
        UnsupportedInputError: Names the setting, the value and what is allowed.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    files = _files(spec, given)
    chosen = {
        name: _checked(spec, _known(spec, name), value)
        for name, value in given.items()
        if spec.file(name) is None
    }
    values = {p.name: p.default for p in spec.parameters if p.default is not None} | chosen
    _check_required(spec, values, {use.name for use in files})
    _check_constraints(spec, values, files)
    _check_frames(spec, files)
    explicit = set(chosen) | spec.price.parameters
    body = {
        p.wire: p.encode(values[p.name])
        for p in spec.parameters
        if p.name in values and (p.name in explicit or p.required)
    }
    for use in files:
        body[use.wire] = use.file.url or UPLOAD_MARK + use.file.label
    return Request(
        model_id=spec.id,
        endpoint=spec.endpoint,
        values=values,
        body=body,
        files=files,
        quote=quote_for(spec, values, {use.name: use.file.facts for use in files}),
    )


def quote_for(
    spec: ModelSpec, values: Mapping[str, Any], facts: Mapping[str, MediaFacts | None]
) -> Quote:
    """Price settings that are already checked.

    Args:
        spec: The model.
        values: Settings in effect.
        facts: Facts of the input files by name, as far as they are known.
    """
    return quote(
        spec.price,
        usage(spec, values, facts),
        source=spec.price_source.text,
        checked_on=spec.price_source.checked_on,
    )


def usage(
    spec: ModelSpec, values: Mapping[str, Any], facts: Mapping[str, MediaFacts | None]
) -> Usage:
    """What a request with these settings uses."""
    shape = facts.get("video") or facts.get("image") or facts.get("first_frame")
    follows = facts.get(spec.output.follows or "")
    source_s = follows.duration_s if follows else None
    width_px: int | None
    height_px: int | None
    width_px, height_px = output_size(spec, values, shape)
    if spec.mode == "upscale" and (shape is None or not shape.width_px):
        width_px = height_px = None
    seconds = values.get("duration_s") or spec.output.duration_s or source_s
    if values.get("num_frames"):
        seconds = values["num_frames"] / spec.output.fps
    fps = values.get("target_fps") or values.get("fps")
    if isinstance(fps, str):
        fps = float(fps.removesuffix("fps"))
    return Usage(
        values=dict(values),
        seconds=seconds,
        source_seconds=source_s,
        out_width_px=width_px,
        out_height_px=height_px,
        frames=follows.frames if follows else None,
        out_fps=fps or (follows.fps if follows else None),
    )


def refuse(spec: ModelSpec, field: str, what: str, remedy: str = "") -> UnsupportedInputError:
    """The error for one wrong setting of a model."""
    return UnsupportedInputError(f"{spec.name} ({spec.id}): {what}.", field=field, remedy=remedy)


def _known(spec: ModelSpec, name: str) -> Parameter:
    parameter = spec.parameter(name)
    if parameter is not None:
        return parameter
    names = [p.name for p in spec.parameters] + [f.name for f in spec.files]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise refuse(spec, name, f"takes no {name!r}", f"{hint}It takes: {', '.join(names)}.")


def _files(spec: ModelSpec, given: Mapping[str, Any]) -> tuple[FileUse, ...]:
    uses = []
    for want in spec.files:
        value = given.get(want.name)
        if value is None:
            if want.required:
                raise refuse(
                    spec,
                    want.name,
                    f"needs {want.name!r} ({want.kind}: {', '.join(want.formats)})",
                    f"Pass {want.name}=<path or URL>.",
                )
            continue
        uses.append(FileUse(name=want.name, wire=want.wire, file=as_file(value, want.name)))
    return tuple(uses)


def as_file(value: str | PathLike[str] | InputFile, name: str = "file") -> InputFile:
    """A path, a URL or an input file, as an input file. Nothing is read.

    Raises:
        UnsupportedInputError: It is none of these.
    """
    if isinstance(value, InputFile):
        return value
    if not isinstance(value, str | PathLike):
        raise UnsupportedInputError(
            f"{name} is given as a path or a URL, not as {type(value).__name__}.",
            field=name,
            remedy="Save it first, for example PIL.Image.fromarray(frame).save('frame.png').",
        )
    text = fspath(value)
    if not text:
        raise UnsupportedInputError(
            f"{name}={text!r} is no path and no URL.",
            field=name,
            remedy=f"Pass {name}=<path or URL>, or leave it out.",
        )
    if text.startswith(("https://", "http://", "data:")):
        return InputFile(url=text)
    return InputFile(path=str(Path(text).expanduser()))


def _checked(spec: ModelSpec, parameter: Parameter, value: Any) -> Any:
    name = parameter.name
    if isinstance(value, float) and value.is_integer() and parameter.type != "number":
        value = int(value)
    if parameter.choices is not None:
        allowed = ", ".join(str(choice) for choice in parameter.choices)
        if not any(type(c) is type(value) and c == value for c in parameter.choices):
            raise refuse(spec, name, f"{name}={value!r} is not offered", f"Allowed: {allowed}.")
        return value
    kinds: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "string_list": (list, tuple),
    }
    right = isinstance(value, kinds[parameter.type])
    if isinstance(value, bool) and parameter.type != "boolean":
        right = False
    if not right or (isinstance(value, float) and not math.isfinite(value)):
        raise refuse(spec, name, f"{name}={value!r} is not of type {parameter.type}")
    _check_range(spec, parameter, value)
    return list(value) if parameter.type == "string_list" else value


def _check_range(spec: ModelSpec, parameter: Parameter, value: Any) -> None:
    name = parameter.name
    if parameter.type in ("integer", "number"):
        low, high = parameter.minimum, parameter.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise refuse(spec, name, f"{name}={value!r} is {_bounds(low, high)}")
        if not parameter.on_step(value):
            raise refuse(
                spec, name, f"{name}={value!r} is not a multiple of {parameter.multiple_of:g}"
            )
    elif parameter.type == "string":
        if parameter.max_length is not None and len(value) > parameter.max_length:
            raise refuse(
                spec,
                name,
                f"{name} has {len(value)} characters; at most {parameter.max_length} are allowed",
                f"Shorten it by {len(value) - parameter.max_length}.",
            )
        if len(value.strip()) < (parameter.min_length or 0):
            raise refuse(spec, name, f"{name} is empty", "Write at least one word.")
    elif parameter.max_items is not None and len(value) > parameter.max_items:
        raise refuse(spec, name, f"{name} has {len(value)} items; at most {parameter.max_items}")


def _bounds(low: float | None, high: float | None) -> str:
    """What a value missed, in full digits: a limit of a seed has ten."""
    if low is not None and high is not None:
        return f"outside {low:.12g} to {high:.12g}"
    return (
        f"below the smallest, {low:.12g}" if low is not None else f"above the largest, {high:.12g}"
    )


def _check_required(spec: ModelSpec, values: Mapping[str, Any], files: set[str]) -> None:
    for parameter in spec.parameters:
        value = values.get(parameter.name)
        if parameter.required and (value is None or (isinstance(value, str) and not value.strip())):
            raise refuse(
                spec, parameter.name, f"needs {parameter.name!r}", f"Pass {parameter.name}=..."
            )


def _check_constraints(
    spec: ModelSpec, values: Mapping[str, Any], files: tuple[FileUse, ...]
) -> None:
    given = {use.name: use.file for use in files}
    facts = {name: file.facts for name, file in given.items()}
    for rule in spec.constraints:
        name = rule.broken_by(values, facts)
        if name is None:
            continue
        length = facts[name] if name in rule.max_s else None
        what = (
            f"{name}={values.get(name)!r} does not go with the rest"
            if length is None
            else f"{given[name].label} is {length.duration_s:.1f} s long"
        )
        raise refuse(spec, name, what, rule.text)


def _check_frames(spec: ModelSpec, files: tuple[FileUse, ...]) -> None:
    """The first and the last picture of one video have one shape."""
    facts = {use.name: use.file.facts for use in files}
    first, last = facts.get("first_frame"), facts.get("last_frame")
    if first is None or last is None:
        return
    sizes = (first.width_px, first.height_px, last.width_px, last.height_px)
    if not all(sizes):
        return
    wide, high, last_wide, last_high = (float(side or 1) for side in sizes)
    if abs((wide / high) / (last_wide / last_high) - 1) > ASPECT_SLACK:
        raise refuse(
            spec,
            "last_frame",
            f"the last picture is {last_wide:g}x{last_high:g}, the first {wide:g}x{high:g}",
            "Both need the same width / height.",
        )
