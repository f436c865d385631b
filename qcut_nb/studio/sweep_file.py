"""A sweep as a TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..catalog import models
from ..errors import InputError
from .sweep_plan import Axes

VERSION = 1


def write_axes(axes: Axes, path: Path) -> Path:
    """Write a sweep.

    Raises:
        InputError: A value is nothing that TOML holds, or the file cannot be written.
    """
    lines = [
        "# A sweep of qcut_nb: Sweep.load(path, studio)",
        f"version = {VERSION}",
        f"models = {_toml('models', axes.models)}",
        "",
        "[axes]",
        *(f"{name} = {_toml(name, values)}" for name, values in axes.axes.items()),
        "",
        "[settings]",
        *(f"{name} = {_toml(name, value)}" for name, value in axes.settings.items()),
    ]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", money=""
        ) from error
    return path


def read_axes(path: Path) -> Axes:
    """Read a sweep.

    Raises:
        InputError: The file is not there, or is no sweep.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", money="") from error
    except ValueError as error:
        raise InputError(f"{path} is no TOML: {error}.", money="") from error
    axes, settings, names = data.get("axes"), data.get("settings", {}), data.get("models")
    if (
        data.get("version") != VERSION
        or not isinstance(names, list)
        or not isinstance(axes, Mapping)
        or not isinstance(settings, Mapping)
        or not all(isinstance(values, list) for values in axes.values())
    ):
        raise InputError(
            f"{path.name} is no sweep of version {VERSION}.",
            money="",
            remedy="Write one with plan.save(path).",
        )
    read = Axes.of(names, axes)
    return Axes(tuple(models[name].id for name in names), read.axes, settings)


def _toml(name: str, value: Any) -> str:
    """A value as TOML; its strings are JSON's, but for one character."""
    if isinstance(value, PathLike):
        value = fspath(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(name, one) for one in value)}]"
    raise InputError(
        f"{name}={value!r} cannot be written to a file.",
        money="",
        remedy="Give texts, numbers, paths and lists of these.",
    )
