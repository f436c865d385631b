"""The JavaScript of a widget, as it was built into this installation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qcut_nb.errors import PanelNotBuiltError

STATIC = Path(__file__).parent / "static"


@cache
def bundle(name: str) -> str:
    """The source of one built widget.

    Args:
        name: File name below `static/`: "panel.js" or "progress.js".

    Raises:
        PanelNotBuiltError: It was never built here.
    """
    path = STATIC / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PanelNotBuiltError(
            f"The notebook widgets are not built: {path} is missing.",
            remedy="In a checkout run `npm ci && npm run build` in js/, else install a wheel of "
            "qcut_nb. Everything else, studio.generate(...) included, works without the widgets.",
        ) from error
