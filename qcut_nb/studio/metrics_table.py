"""Measurements of clips as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING

from ..clip import Clip
from ..errors import InputError
from ..media import Metric

if TYPE_CHECKING:
    import pandas as pd

PROMPT_CHARS = 60
"""Of the prompt that the clips of a table share."""
PROBLEM_CHARS = 80


class MetricsTable(Mapping[str, float | None]):
    """Measurements of some clips; displays as a table. `None` cannot be measured.

    With one clip it is a mapping from metric to value.

    Attributes:
        metrics: What was measured, in the table's order.
        values_of: The values by clip.
        problems_of: By clip, why metrics of your own have no value there: the errors that
            looking them up raises.
    """

    def __init__(
        self,
        metrics: Sequence[Metric],
        values_of: Mapping[Clip, Mapping[str, float | None]],
        problems_of: Mapping[Clip, Mapping[str, InputError]],
    ) -> None:
        self.metrics = metrics
        self.values_of = values_of
        self.problems_of = problems_of

    def __getitem__(self, name: str) -> float | None:
        if len(self.values_of) != 1:
            raise InputError(
                f"There are {len(self.values_of)} clips in this table.",
                money="",
                remedy="Take one: studio.metrics.of(clip)['sharpness'], or .to_dataframe().",
            )
        ((clip, values),) = self.values_of.items()
        if name in self.problems_of[clip]:
            raise self.problems_of[clip][name]
        return values[name]

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def __iter__(self) -> Iterator[str]:
        return iter(next(iter(self.values_of.values()), {}))

    def __len__(self) -> int:
        return len(next(iter(self.values_of.values()), {}))

    def to_dataframe(self) -> pd.DataFrame:
        """One row per clip; needs `pip install 'qcut-nb[pandas]'`."""
        import pandas as pd

        names = [metric.name for metric in self.metrics]
        rows = [
            {"clip": clip.path.name, **{name: values.get(name) for name in names}}
            for clip, values in self.values_of.items()
        ]
        return pd.DataFrame(rows)

    def _table(self) -> list[list[str]]:
        table = [_headings(list(self.values_of))]
        for metric in self.metrics:
            heading = f"{metric.label}, {metric.unit}" if metric.unit else metric.label
            table.append([heading, *(self._text(clip, metric.name) for clip in self.values_of)])
        return table

    def _text(self, clip: Clip, name: str) -> str:
        problem = self.problems_of[clip].get(name)
        if problem is not None:
            return shorten(problem.what, PROBLEM_CHARS, placeholder="…")
        value = self.values_of[clip][name]
        return "not measurable" if value is None else f"{value:.3g}"

    def __repr__(self) -> str:
        table = self._table()
        widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
        lines = ("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in table)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        head, *body = self._table()
        rows = "".join(
            f"<tr><th>{escape(r[0])}</th>{''.join(f'<td>{escape(c)}</td>' for c in r[1:])}</tr>"
            for r in body
        )
        first = "".join(f"<th>{escape(c)}</th>" for c in head)
        return f'<div style="overflow-x:auto"><table><tr>{first}</tr>{rows}</table></div>'


def _headings(clips: list[Clip]) -> list[str]:
    """The corner and a name for each clip; a prompt that all share is said once, in the corner."""
    prompts = {clip.prompt for clip in clips}
    shared = prompts.pop() if len(prompts) == 1 and len(clips) > 1 else None
    if shared is None:
        return ["", *(clip.name for clip in clips)]
    names = [clip.name if clip.recipe is None else clip.recipe.model_name for clip in clips]
    for more in (_seed_of, lambda clip: f", {clip.path.name}"):
        names = [
            name + more(clip) if names.count(name) > 1 else name
            for name, clip in zip(names, clips, strict=True)
        ]
    words = " ".join(shared.split())
    return [words if len(words) <= PROMPT_CHARS else words[: PROMPT_CHARS - 1] + "…", *names]


def _seed_of(clip: Clip) -> str:
    return "" if clip.seed is None else f", seed {clip.seed}"
