"""The cell that does what a click in the panel would do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..errors import UnsupportedInputError
from ..notebook import Wish
from .wishes import wish_settings

if TYPE_CHECKING:
    from .core import Core


def python_text(core: Core, wish: Wish) -> str:
    """A cell of Python for a wish; it takes the studio from the name `studio`.

    One model takes its settings strictly in code, so the cell names what will be sent, not what
    was asked.

    Raises:
        InputError: A model is not known, or the clip to remix cannot be remixed.
    """
    specs, settings = wish_settings(core, wish)
    overrides: dict[str, dict[str, Any]] = {
        spec.id: wish.overrides[spec.id] for spec in specs if wish.overrides.get(spec.id)
    }
    if len(specs) == 1:
        # Where they do not fit, the cell says so in the same words as the panel.
        with contextlib.suppress(UnsupportedInputError):
            settings = specs[0].fit(**settings).values
        settings |= overrides.pop(specs[0].id, {})
    lines = []
    if "prompt" in settings:
        lines.append(_literal(settings.pop("prompt")))
    lines.append(f"models={_literal([spec.id for spec in specs])}")
    lines += [f"{name}={_literal(value)}" for name, value in settings.items()]
    if overrides:
        lines.append(f"overrides={_literal(overrides)}")
    return "batch = studio.generate(\n" + "".join(f"    {line},\n" for line in lines) + ")\nbatch\n"


def _literal(value: Any) -> str:
    return repr(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
