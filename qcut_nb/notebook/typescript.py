"""The TypeScript types of the messages, made from the package `messages`.

`python -m qcut_nb.notebook.typescript` writes `js/src/messages.gen.ts` of this checkout.
"""

from __future__ import annotations

import inspect
import sys
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from . import messages

COMMAND_LINE = "python -m qcut_nb.notebook.typescript"
TARGET = Path(__file__).parents[2] / "js" / "src" / "messages.gen.ts"
_UNIONS = ("Event", "Command", "Reply")
_ALIASES = ("Scalar", "Value", "Mode", "FileKind", "RunMode", "Sound", "JobState", "Remedy")
_BASES = (messages.Message, messages.CommandMessage, messages.ReplyMessage)
_PLAIN: dict[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
    Any: "unknown",
}


def generate() -> str:
    """The whole text of `messages.gen.ts`."""
    blocks = [f"// Made from qcut_nb/notebook/messages by `{COMMAND_LINE}`; do not edit."]
    blocks.append(f"export const CHUNK_BYTES = {messages.CHUNK_BYTES};")
    for name in _ALIASES:
        blocks.append(f"export type {name} = {_type(getattr(messages, name), named=False)};")
    blocks += [_interface(model) for model in _models()]
    for name in _UNIONS:
        blocks.append(f"export type {name} = {_type(getattr(messages, name), named=False)};")
    return "\n\n".join(blocks) + "\n"


def _models() -> list[type[BaseModel]]:
    return [
        value
        for name, value in vars(messages).items()
        if inspect.isclass(value)
        and issubclass(value, messages.Message)
        and value not in _BASES
        and name not in _UNIONS
    ]


def _interface(model: type[BaseModel]) -> str:
    hints = get_type_hints(model, include_extras=True)
    lines = [f"/** {(inspect.getdoc(model) or '').splitlines()[0]} */"]
    lines.append(f"export interface {model.__name__} {{")
    for name, field in model.model_fields.items():
        parts = [part for part in _parts(hints[name]) if part is not type(None)]
        optional = len(parts) != len(_parts(hints[name]))
        if optional and field.is_required():
            raise TypeError(f"{model.__name__}.{name} can be None, so it needs the default None")
        text = " | ".join(dict.fromkeys(_type(part) for part in parts))
        lines.append(f"  {name}{'?' if optional else ''}: {text};")
    return "\n".join([*lines, "}"])


def _parts(hint: Any) -> tuple[Any, ...]:
    if _alias(hint) is None and get_origin(hint) in (Union, types.UnionType):
        return get_args(hint)
    return (hint,)


def _alias(hint: Any) -> str | None:
    return next((name for name in _ALIASES if hint == getattr(messages, name)), None)


def _type(hint: Any, *, named: bool = True) -> str:
    if named and (alias := _alias(hint)) is not None:
        return alias
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(arguments[0], named=named)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(_type(part) for part in arguments))
    if origin is dict:
        return f"Record<string, {_type(arguments[1])}>"
    if origin is tuple and arguments[-1] is Ellipsis:
        item = _type(arguments[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin is tuple:
        return f"[{', '.join(_type(part) for part in arguments)}]"
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return hint.__name__
    raise TypeError(f"no TypeScript type is known for {hint!r}")


def main() -> None:
    """Write the types."""
    TARGET.write_text(generate(), encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET}\n")


if __name__ == "__main__":
    main()
