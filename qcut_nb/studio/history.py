"""A project's past, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from numbers import Integral
from typing import TYPE_CHECKING

from ..catalog import ModelSpec, models, money
from ..engine import JobView
from ..errors import must_be
from ..store import Shelf
from .job import Job

if TYPE_CHECKING:
    from .core import Core

CELL_CHARS = 40
HEAD = ("when", "model", "prompt", "state", "quoted", "metered", "clip")


def look_back(core: Core, limit: int, search: str, model: str | ModelSpec | None) -> History:
    """The latest jobs that are looked for; see `Studio.history`."""
    must_be("limit", limit, Integral, "a number of jobs", "Pass 1 or more.", least=1)
    must_be("search", search, str, "a text", "Pass words of the prompt or of the model's id.")
    limit = int(limit)
    spec = model if model is None or isinstance(model, ModelSpec) else models[model]
    model_id = None if spec is None else spec.id
    if not search and model_id is None:
        return History(core, core.engine.views(limit=limit))
    found = Shelf(core.project.store).job_ids(search.split(), model_id, limit)
    return History(core, [core.engine.view(job_id) for job_id in found])


class History(Sequence[Job]):
    """Jobs, the newest first; displays as a table in a cell and as text elsewhere."""

    def __init__(self, core: Core, views: Sequence[JobView]) -> None:
        self._core = core
        self._views = views

    def __len__(self) -> int:
        return len(self._views)

    def __getitem__(self, place: int | slice) -> Job | History:  # type: ignore[override]  # a slice is a History
        if isinstance(place, slice):
            return History(self._core, self._views[place])
        return Job(self._core, self._views[place].id)

    def __iter__(self) -> Iterator[Job]:
        return (Job(self._core, view.id) for view in self._views)

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                datetime.fromtimestamp(view.created_at).astimezone().strftime("%Y-%m-%d %H:%M"),
                view.model_name,
                view.prompt,
                "reused" if view.reused else view.state,
                f"{view.quote} (simulated)" if view.mode == "simulated" else str(view.quote),
                _metered(view),
                f"ai-{view.model_id}-{view.clip_id}" if view.clip_id else "",
            )
            for view in self._views
        ]

    def __repr__(self) -> str:
        rows = [[_short(cell) for cell in row] for row in (HEAD, *self._rows())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "".join(line(row, "td") for row in self._rows())
        return f"<table>{line(HEAD, 'th')}{body}</table>"


def _metered(view: JobView) -> str:
    if view.reused:
        return "nothing"
    return "not money" if view.mode == "simulated" else money(view.metered_usd)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CELL_CHARS else line[: CELL_CHARS - 1] + "…"
