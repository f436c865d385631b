"""What a function computes, as a short text that is the same in every kernel."""

from __future__ import annotations

import dis
import hashlib
import sys
from collections.abc import Iterator
from functools import partial
from types import CellType, CodeType, EllipsisType, FunctionType, MethodType, ModuleType, NoneType
from typing import Any

PLAIN = (NoneType, bool, int, float, complex, str, EllipsisType, range)


class _UnstableError(Exception):
    """A value that looks otherwise in each kernel, or may change without looking otherwise."""


def code_digest(fn: Any) -> str | None:
    """A digest of a function's code, its defaults, and the values that it takes from around it.

    Functions of its own module are followed; what other modules hold counts by its name.

    Returns:
        `None` where one of these has no stable form, such as an object of somebody's class.
    """
    try:
        form = repr(_form(fn, None, ()))
    except (_UnstableError, RecursionError):
        return None
    return hashlib.sha256(form.encode()).hexdigest()[:12]


def _form(value: Any, home: str | None, above: tuple[int, ...]) -> Any:
    """A value as nested tuples of texts.

    Args:
        value: Anything.
        home: The module of the function that is looked at; `None` before the first.
        above: Ids of what the value is within, so that what refers to itself comes to an end.
    """
    if type(value) in PLAIN:
        return type(value).__name__, repr(value)
    if id(value) in above:
        return "again", above.index(id(value))
    above = (*above, id(value))
    kind = type(value).__name__
    if isinstance(value, FunctionType) and home in (None, value.__module__):
        parts: Any = (
            value.__code__,
            value.__defaults__,
            value.__kwdefaults__,
            value.__closure__,
            {n: value.__globals__.get(n) for n in sorted(set(_globals(value.__code__)))},
        )
        return kind, _form(parts, value.__module__, above)
    if isinstance(value, ModuleType):
        return kind, value.__name__
    if isinstance(value, CodeType):
        value = (value.co_code, value.co_names, value.co_consts)
    elif isinstance(value, CellType):
        value = (_content(value),)
    elif isinstance(value, partial):
        value = (value.func, value.args, value.keywords)
    elif isinstance(value, MethodType):
        value = (value.__func__, value.__self__)
    elif isinstance(value, dict):
        value = tuple(value.items())
    if isinstance(value, set | frozenset):
        return kind, sorted(repr(_form(one, home, above)) for one in value)
    if isinstance(value, tuple | list):
        return kind, [_form(one, home, above) for one in value]
    return kind, _name(value, home) or _bytes(value)


def _globals(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _globals(value)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return None


def _name(value: Any, home: str | None) -> str | None:
    """By what name a value is imported; `None` where that does not fix what it is."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", "")
    if isinstance(value, type | FunctionType) and module in (home, "__main__"):
        return None
    there = getattr(sys.modules.get(module or ""), name, None)
    return f"{module}.{name}" if there is value else None


def _bytes(value: Any) -> str:
    """The numbers of an array."""
    try:
        view = memoryview(value)
    except (TypeError, ValueError, BufferError) as error:
        raise _UnstableError from error
    if "O" in view.format:  # references, which are addresses
        raise _UnstableError
    return f"{view.format} {view.shape} {hashlib.sha256(view.tobytes()).hexdigest()}"
