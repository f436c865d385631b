"""Arguments of another kind than a method says are refused in words, before it starts.

The annotations say what is allowed, so no method has to ask for itself. Ranges are its own affair.
"""

from __future__ import annotations

import inspect
import reprlib
import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import InputError
from .times import Time

Class = TypeVar("Class", bound=type)
TIME = 'a time: seconds (2.5), "1:02.5" or frames ("48f")'
WORDS: dict[Any, str] = {
    float: "a number",
    int: "a whole number",
    str: "text",
    bool: "True or False",
    Path: "a path",
    Callable: "a function",
    type(None): "None",
}
SHORT = {Time: "time", str: "text"}


def checked(cls: Class) -> Class:
    """A class whose public methods, also those of its bases, refuse arguments of another kind."""
    for name in dir(cls):
        made = inspect.getattr_static(cls, name)
        if not name.startswith("_"):
            if isinstance(made, classmethod | staticmethod):
                setattr(cls, name, type(made)(_checked(made.__func__, cls)))
            elif inspect.isfunction(made):
                setattr(cls, name, _checked(made, cls))
    return cls


def _checked(function: Callable[..., Any], cls: type) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @lru_cache(maxsize=1)
    def kinds() -> dict[str, Any]:
        return get_type_hints(function, localns={cls.__name__: cls})

    @wraps(function)
    def method(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            return function(*args, **kwargs)  # Python says it best
        _check(function.__name__, given, kinds())
        return function(*args, **kwargs)

    return method


def _check(name: str, given: Mapping[str, Any], kinds: Mapping[str, Any]) -> None:
    for argument, value in given.items():
        if argument in kinds and not _is(value, kinds[argument]):
            *words, last = _words(kinds[argument])
            raise InputError(
                f"{name}({argument}={reprlib.repr(value)}) is not possible.",
                money="",
                remedy=f"Give {' or '.join([', '.join(words), last] if words else [last])}.",
            )


def _is(value: Any, kind: Any) -> bool:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return any(_is(value, each) for each in inner)
    if origin is Literal:
        return isinstance(value, str) and value in inner
    if origin is tuple:
        return (
            isinstance(value, tuple | list)
            and len(value) == len(inner)
            and all(map(_is, value, inner))
        )
    if origin is Sequence:
        return (
            isinstance(value, Sequence)
            and not isinstance(value, str)
            and all(_is(each, inner[0]) for each in value)
        )
    if kind is Any:
        return True
    if kind in (int, float):
        return isinstance(value, int | kind) and not isinstance(value, bool)
    found = origin or kind
    return isinstance(value, found) if isinstance(found, type) else True


def _words(kind: Any) -> list[str]:
    """What is allowed, each in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        times = set(get_args(Time))
        is_time = times <= set(inner)
        # A path may be text, which then needs no word of its own.
        left = times if is_time else {str} if Path in inner else set()
        words = [word for each in inner if each not in left for word in _words(each)]
        return [TIME, *words] if is_time else words
    if origin is Literal:
        return [f'"{each}"' for each in inner]
    if origin is tuple:
        return [f"({', '.join(SHORT.get(each, str(each)) for each in inner)})"]
    if origin is Sequence:
        return ["a list" if inner == (Any,) else f"a list of {_words(inner[0])[0]}"]
    found = origin or kind
    name = getattr(found, "__name__", str(found))
    return [WORDS.get(found, f"a{'n' * (name[0] in 'AEIOU')} {name}")]
