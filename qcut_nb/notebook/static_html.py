"""What a widget's cell shows without a kernel: posters and facts, as plain HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any


def static_html(heading: str, hint: str, previews: Sequence[str], css_class: str) -> str:
    """A heading and the previews of the latest clips.

    Args:
        heading: What this is, as text.
        hint: How to make it live again, as text.
        previews: HTML of each clip, newest first.
        css_class: What the live widget hides it by.
    """
    shown = "".join(f'<div style="flex:0 1 300px">{preview}</div>' for preview in previews)
    return (
        f'<div class="{css_class}" style="font-family:var(--jp-ui-font-family,sans-serif)">'
        f"<b>{html.escape(heading)}</b>"
        f'<div style="opacity:.7">{html.escape(hint)}</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:12px;margin-top:8px">{shown}</div></div>'
    )


class StaticOutput:
    """A display output beside the widget's own, updated as clips come.

    Attributes:
        display_id: What the notebook knows it by.
    """

    def __init__(self, display_id: str) -> None:
        self.display_id = display_id
        self._shown = False

    def show(self, markup: str) -> None:
        """Show it in the running cell; does nothing outside a notebook kernel."""
        publisher = _publisher()
        if publisher is not None:
            self._publish(publisher, markup, update=False)
            self._shown = True

    def update(self, markup: str) -> None:
        """Replace it wherever it is shown."""
        publisher = _publisher()
        if publisher is not None and self._shown:
            self._publish(publisher, markup, update=True)

    def _publish(self, publisher: Any, markup: str, *, update: bool) -> None:
        publisher.publish(
            {"text/html": markup, "text/plain": "qcut_nb"},
            transient={"display_id": self.display_id},
            update=update,
        )


def _publisher() -> Any:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell.display_pub if shell is not None and hasattr(shell, "kernel") else None
