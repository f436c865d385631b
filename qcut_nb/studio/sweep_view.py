"""A sweep as people see it: a matrix of models by values, in HTML and in text."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from ..catalog import total
from ..errors import QcutError
from ..media import poster
from .sweep_cell import Cell
from .sweep_plan import SweepPlan

MOST_ROWS = 50
MOST_POSTERS = 60
POSTER_SIDE_PX = 128
VALUE_CHARS = 60


def sweep_html(plan: SweepPlan, cells: Sequence[Cell], summary: str) -> str:
    """The matrix as a static table: prices, progress, posters of what is done."""
    posters = _Posters(cells)
    head = "".join(f"<th>{escape(spec.name)}</th>" for spec in plan.specs)
    body = []
    for place, (row, line) in enumerate(_lines(plan)):
        drawn = "".join(
            f"<td>{_same() if _is_again(plan, place, column) else posters.draw(cells[at])}</td>"
            for column, at in enumerate(line)
        )
        body.append(f'<tr><th style="text-align:left">{escape(_row_name(row))}</th>{drawn}</tr>')
    sums = "".join(f"<td><b>{escape(text)}</b></td>" for text in _sums(plan, cells))
    notes = "".join(f"<li>{escape(note)}</li>" for note in _notes(plan))
    return (
        '<div style="overflow-x:auto">'
        f'<table class="qcut-sweep"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}<tr><th>total</th>{sums}</tr></tbody></table></div>"
        f"<p>{escape(_count(cells))}: {escape(summary)}</p>"
        + (f"<ul>{notes}</ul>" if notes else "")
    )


def sweep_text(plan: SweepPlan, cells: Sequence[Cell], summary: str) -> str:
    """The matrix as text."""
    table = [["", *(spec.name for spec in plan.specs)]]
    for place, (row, line) in enumerate(_lines(plan)):
        words = [
            "as above" if _is_again(plan, place, column) else _words(cells[at])
            for column, at in enumerate(line)
        ]
        table.append([_row_name(row), *words])
    table.append(["total", *_sums(plan, cells)])
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    drawn = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in table]
    return "\n".join([f"Sweep of {_count(cells)}: {summary}", *drawn, *_notes(plan)])


def _lines(plan: SweepPlan) -> list[tuple[Mapping[str, Any], tuple[int, ...]]]:
    return list(zip(plan.rows, plan.places, strict=True))[:MOST_ROWS]


def _is_again(plan: SweepPlan, place: int, column: int) -> bool:
    """Whether a line above shows the same cell."""
    at = plan.places[place][column]
    return any(plan.places[above][column] == at for above in range(place))


def _row_name(row: Mapping[str, Any]) -> str:
    parts = []
    for name, value in row.items():
        text = " ".join(str(value).split())
        short = text if len(text) <= VALUE_CHARS else text[: VALUE_CHARS - 1] + "…"
        parts.append(short if name == "prompt" else f"{name} {short}")
    return ", ".join(parts) or "once"


def _words(cell: Cell) -> str:
    if cell.state in ("missing", "done"):
        return f"{cell.quote}" if cell.state == "missing" else f"done ({cell.quote})"
    job, error = cell.job, cell.error
    if cell.state == "under way":
        return f"{job.state if job else cell.state} ({cell.quote})"
    said = f": {error.what}" if error is not None else ""
    return f"{cell.state}{said} ({cell.quote})"


def _sums(plan: SweepPlan, cells: Sequence[Cell]) -> list[str]:
    return [
        str(total(cell.quote for cell in cells if cell.model_id == spec.id)) for spec in plan.specs
    ]


def _count(cells: Sequence[Cell]) -> str:
    return f"{len(cells):,} {'run' if len(cells) == 1 else 'runs'}"


def _notes(plan: SweepPlan) -> list[str]:
    more = len(plan.rows) - MOST_ROWS
    return [*plan.notes, *([f"{more:,} more rows are not shown."] if more > 0 else [])]


def _same() -> str:
    return '<span style="opacity:.6" title="This model does not tell these apart">as above</span>'


class _Posters:
    """Cells with a picture, as long as there is room for pictures."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        done = [cell.key for cell in cells if cell.state == "done"]
        self._shown = frozenset(done[:MOST_POSTERS])

    def draw(self, cell: Cell) -> str:
        text = escape(_words(cell))
        clip = cell.clip if cell.key in self._shown else None
        if clip is None:
            return text
        try:
            data = _poster(clip.path, clip.path.stat().st_mtime_ns)
        except (QcutError, OSError) as error:
            return f"{text}<br>{escape(str(error))}"
        style = "display:block;margin-left:auto"
        return f'<img alt="{escape(cell.label)}" src="{data}" style="{style}">{text}'


@lru_cache(maxsize=512)
def _poster(path: Path, mtime_ns: int) -> str:
    data = poster(path, max_side_px=POSTER_SIDE_PX, quality=50)
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()
