"""The JavaScript of a widget, as it was built into this installation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qcut_nb.errors import PanelNotBuiltError

STATIC = Path(__file__).parent / "static"


@cache
def bundle(name: str, folder: Path = STATIC) -> str:
    """The source of one built widget.

    Args:
        name: File name, such as "panel.js".
        folder: Where the built files are.

    Raises:
        PanelNotBuiltError: It was never built here.
    """
    path = folder / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PanelNotBuiltError(
            f"The notebook widgets are not built: {path} is missing.",
            remedy="In a checkout run `npm ci && npm run build` in js/, else install a wheel of "
            "qcut_nb. Everything else, studio.generate(...) included, works without the widgets.",
        ) from error
