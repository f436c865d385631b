"""Strengths with their intervals, as an inline SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

WIDTH_PX = 560
NAMES_PX = 200
ROW_PX = 26
MOST_CHARS = 28


def plot(bars: Sequence[tuple[str, float, float, float]]) -> str:
    """Points with whiskers, one line for each item; empty without items.

    Args:
        bars: Name, strength, lower and upper end.
    """
    if not bars:
        return ""
    low, high = min(min(b[2] for b in bars), 0.0), max(max(b[3] for b in bars), 0.0)
    room = WIDTH_PX - NAMES_PX - 20

    def x(value: float) -> float:
        return NAMES_PX + 10 + room * (value - low) / ((high - low) or 1)

    height_px = ROW_PX * len(bars) + 22
    rows = "".join(_row(bar, ROW_PX * place + 16, x) for place, bar in enumerate(bars))
    return (
        f'<svg role="img" aria-label="Strengths with 95 % intervals" width="{WIDTH_PX}" '
        f'height="{height_px}" viewBox="0 0 {WIDTH_PX} {height_px}" font-size="12" '
        'fill="currentColor" stroke="none" style="max-width:100%">'
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="2" y2="{height_px - 18}" '
        f'stroke="currentColor" stroke-opacity=".4" stroke-dasharray="3 3"/>{rows}'
        f'<text x="{x(0):.1f}" y="{height_px - 4}" text-anchor="middle">average</text></svg>'
    )


def _row(bar: tuple[str, float, float, float], y: float, x: Callable[[float], float]) -> str:
    name, strength, low, high = bar
    short = name if len(name) <= MOST_CHARS else name[: MOST_CHARS - 1] + "…"
    return (
        f"<g><title>{escape(name)}: {strength:+z.2f} ({low:+z.2f} to {high:+z.2f})</title>"
        f'<text x="{NAMES_PX - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(short)}</text>'
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
        'stroke="currentColor" stroke-width="2"/>'
        f'<circle cx="{x(strength):.1f}" cy="{y:.1f}" r="4.5"/></g>'
    )
