"""Compared clips as a matrix: what each has on the two axes, and every cell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..catalog import models
from ..errors import QcutError
from ..notebook import CompareItem
from .sweep import Sweep


def on_axes(
    clips: Any,
    sources: Sequence[Any],
    items: Sequence[CompareItem],
    rows: str | None,
    columns: str | None,
) -> list[CompareItem]:
    """Items with their row and column; of a sweep one for every combination of its axes.

    A combination whose request is that of an earlier one has no clip of its own, and says so.
    """
    placed: list[CompareItem] = []
    first: dict[int, CompareItem] = {}
    for at, values in _combinations(clips, sources, items):
        item = replace(
            items[at],
            row=_text(values, rows) if rows else "",
            column=_text(values, columns) if columns else "",
        )
        known = first.setdefault(at, item)
        if known is item:
            placed.append(item)
        elif columns or known.row != item.row:
            where = "above" if known.column == item.column else "on the left"
            problem = QcutError(f"As {where}: this model does not tell these apart.", money="")
            placed.append(replace(item, label="", clip=None, problem=problem, sync_s=0.0))
    return placed


def matrix(
    items: Sequence[CompareItem], *, with_columns: bool
) -> tuple[list[CompareItem], list[str], list[str]]:
    """Every cell of the matrix that items span, row by row.

    A row in which several items share a column becomes several, numbered from the second on;
    without column names the items of a row stand side by side.

    Returns:
        The cells, the names of the rows, the names of the columns.
    """
    by_row: dict[str, list[CompareItem]] = {}
    for item in items:
        by_row.setdefault(item.row, []).append(item)
    if not with_columns:
        width = max(len(row) for row in by_row.values())
        columns = [""] * width
        lines = [(name, name, dict(enumerate(row))) for name, row in by_row.items()]
    else:
        columns = list(dict.fromkeys(item.column for item in items))
        lines = []
        for name, row in by_row.items():
            of_name: list[dict[int, CompareItem]] = []
            for item in row:
                at = columns.index(item.column)
                free = next((line for line in of_name if at not in line), None)
                if free is None:
                    of_name.append(free := {})
                free[at] = item
            lines += [
                (name, f"{name} ({nth})" if name and nth > 1 else name, line)
                for nth, line in enumerate(of_name, 1)
            ]
    cells = [
        line.get(at) or CompareItem(label="", row=name, column=column)
        for name, _, line in lines
        for at, column in enumerate(columns)
    ]
    return cells, [title for _, title, _ in lines], columns


def _combinations(
    clips: Any, sources: Sequence[Any], items: Sequence[CompareItem]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Which item, and the values that it has there."""
    if isinstance(clips, Sweep):
        yield from clips._plan.combinations
        return
    for at, (source, item) in enumerate(zip(sources, items, strict=True)):
        recipe = item.clip.recipe if item.clip is not None else None
        known: dict[str, Any] = {}
        if recipe is not None:
            made_with = {"model": recipe.model_id, "prompt": recipe.prompt, "seed": recipe.seed}
            known = {**recipe.values, **made_with}
        values = getattr(source, "values", None)
        yield at, {**known, **values} if isinstance(values, Mapping) else known


def _text(values: Mapping[str, Any], axis: str) -> str:
    value = values.get(axis)
    spec = models.get(str(value)) if axis == "model" else None
    if spec is not None:
        return spec.name
    return "-" if value is None else str(value)
