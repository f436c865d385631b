"""Progress of a render in the cell that runs it: one display, updated in place."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any

MIN_INTERVAL_S = 0.25


class RenderProgress:
    """Tells a callback, and a notebook's cell at most four times a second.

    Args:
        name: What is rendered.
        callback: Called with the fraction done, 0 to 1, for every step.
        show: Whether to show it in the cell; nothing is shown outside a notebook.
    """

    def __init__(self, name: str, callback: Callable[[float], None] | None, show: bool) -> None:
        self._name = name
        self._callback = callback
        self._handle: Any = None
        self._html: Any = None
        self._started_s = time.monotonic()
        self._shown_s: float | None = None
        if show and in_notebook():
            from IPython import display

            shown: Any = display  # IPython's display module has no types
            self._html = shown.HTML
            self._handle = shown.display(shown.HTML(self._bar(0.0, "")), display_id=True)

    def __call__(self, fraction: float) -> None:
        """Report the fraction done."""
        if self._callback is not None:
            self._callback(fraction)
        now_s = time.monotonic()
        is_early = self._shown_s is not None and now_s - self._shown_s < MIN_INTERVAL_S
        if self._handle is None or not fraction or is_early:
            return
        self._shown_s = now_s
        left_s = (now_s - self._started_s) * (1 - fraction) / fraction
        self._show(self._bar(fraction, f"about {left_s:.0f} s left"))

    def done(self, how: str) -> None:
        """Say that it is finished."""
        took_s = time.monotonic() - self._started_s
        took = f"{took_s:.1f} s" if took_s >= 0.1 else f"{took_s * 1000:.0f} ms"
        self._show(f"<div>{html.escape(self._name)} rendered in {took} ({how}).</div>")

    def stopped(self) -> None:
        """Say that it was stopped and left nothing behind."""
        self._show(f"<div>{html.escape(self._name)} was not rendered.</div>")

    def _show(self, markup: str) -> None:
        if self._handle is not None:
            self._handle.update(self._html(markup))

    def _bar(self, fraction: float, note: str) -> str:
        return (
            '<div style="font-family:var(--jp-ui-font-family,sans-serif)">'
            f"Rendering {html.escape(self._name)} "
            f'<progress value="{fraction:.3f}" max="1"></progress> '
            f"{fraction:.0%} {html.escape(note)}</div>"
        )


def in_notebook() -> bool:
    """Whether this runs in a notebook's kernel."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
