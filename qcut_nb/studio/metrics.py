"""`studio.metrics`: measurements of clips, made once and kept."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import Request
from ..clip import Clip
from ..errors import InputError
from ..media import METRICS, Metric, few_frames, measure
from ..store import Measured, add_metrics, metrics_of
from .clip_keys import clip_key

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from .core import Core

    Measure = Callable[[NDArray[np.uint8]], float | None]

PROMPT_CHARS = 60
"""Of the prompt that the clips of a table share."""
_own: dict[str, tuple[Metric, Measure]] = {}
"""Registered metrics; they are functions, so they live as long as the kernel."""


class Metrics:
    """Measurements of clips: plain facts of pictures and sound, none of them a verdict."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of(self, clips: Clip | Iterable[Any]) -> MetricsTable:
        """Measure clips; what was measured before is read from the project.

        Args:
            clips: A clip, clips, a sweep, or anything whose items are clips or have one.

        Raises:
            InputError: That is no clip, or only a range of one.
            MediaError: A file is missing or broken.
        """
        given: Iterable[Any] = [clips] if isinstance(clips, Clip) else clips
        found = [one if isinstance(one, Clip) else getattr(one, "clip", one) for one in given]
        return MetricsTable({clip: self._of(clip) for clip in found if clip is not None})

    def register(
        self,
        name: str,
        fn: Measure,
        *,
        unit: str = "",
        version: str | None = None,
        meaning: str = "",
    ) -> None:
        """Add a metric of your own, for this kernel; registering a name again replaces it.

        Args:
            name: What it is called.
            fn: Gets up to 32 pictures from even moments, shape (n, height, width, 3), RGB, 0 to
                255, at most 320 px large; gives a number, or `None` where it cannot tell.
            unit: Of the number.
            version: What is stored under another one is measured again; by default a digest of
                the function's code.
            meaning: A sentence about it.

        Raises:
            InputError: The name is one of qcut_nb's own, or `fn` cannot be called.
        """
        if any(metric.name == name for metric in METRICS) or not name.isidentifier():
            raise InputError(
                f"{name!r} cannot be a metric's name.",
                money="",
                remedy="Use a Python identifier that is not among: "
                f"{', '.join(metric.name for metric in METRICS)}.",
            )
        if not callable(fn):
            raise InputError(f"fn={fn!r} cannot be called.", money="")
        metric = Metric(name, unit, version or _digest(fn), None, None, meaning)
        _own[name] = (metric, fn)

    @property
    def names(self) -> list[str]:
        """All metrics, your own among them."""
        return [metric.name for metric in _all()]

    def _of(self, clip: Clip) -> dict[str, float | None]:
        if not isinstance(clip, Clip) or not clip.is_whole:
            raise InputError(
                f"{clip!r} is no whole clip.",
                money="",
                remedy="Metrics are of whole clips; render a range first.",
            )
        store, key = self._core.project.store, clip_key(clip)
        versions = {metric.name: metric.version for metric in _all()}
        stored = metrics_of(store, [key])[key]
        known = {one.name: one.value for one in stored if versions.get(one.name) == one.version}
        fresh: dict[str, float | None] = {}
        if any(metric.name not in known for metric in METRICS):
            images = _inputs(self._core, clip)
            fresh |= measure(
                clip.path,
                first_image=images.get("image") or images.get("first_frame"),
                last_image=images.get("last_frame"),
            )
        missing = [name for name in _own if name not in known]
        if missing:
            frames = few_frames(clip.path)
            fresh |= {name: _number(name, _own[name][1](frames)) for name in missing}
        if fresh:
            rows = [Measured(name, versions[name], value) for name, value in fresh.items()]
            add_metrics(store, key, rows)
        return {name: (known | fresh)[name] for name in versions}


class MetricsTable(Mapping[str, float | None]):
    """Measurements of some clips; displays as a table. `None` cannot be measured.

    With one clip it is a mapping from metric to value.

    Attributes:
        values_of: The values by clip.
    """

    def __init__(self, values_of: Mapping[Clip, Mapping[str, float | None]]) -> None:
        self.values_of = values_of

    def __getitem__(self, name: str) -> float | None:
        if len(self.values_of) != 1:
            raise InputError(
                f"There are {len(self.values_of)} clips in this table.",
                money="",
                remedy="Take one: studio.metrics.of(clip)['sharpness'], or .to_dataframe().",
            )
        return next(iter(self.values_of.values()))[name]

    def __iter__(self) -> Iterator[str]:
        return iter(next(iter(self.values_of.values()), {}))

    def __len__(self) -> int:
        return len(next(iter(self.values_of.values()), {}))

    def to_dataframe(self) -> pd.DataFrame:
        """One row per clip; needs `pip install 'qcut-nb[pandas]'`."""
        import pandas as pd

        rows = [{"clip": clip.path.name, **values} for clip, values in self.values_of.items()]
        return pd.DataFrame(rows)

    def _table(self) -> list[list[str]]:
        known = {metric.name: metric for metric in _all()}
        table = [_headings(list(self.values_of))]
        for name in self:
            label, unit = known[name].label, known[name].unit
            heading = f"{label}, {unit}" if unit else label
            table.append([heading, *(_text(v[name]) for v in self.values_of.values())])
        return table

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


def stored_metrics(
    core: Core, clip_keys: Iterable[str]
) -> dict[str, list[tuple[Metric, float | None]]]:
    """What was measured of clips, by clip key. Nothing is measured for it."""
    order = {metric.name: (place, metric) for place, metric in enumerate(_all())}
    found = metrics_of(core.project.store, clip_keys)
    return {
        key: [
            (order[one.name][1], one.value)
            for one in sorted(rows, key=lambda row: order.get(row.name, (0,))[0])
            if one.name in order and order[one.name][1].version == one.version
        ]
        for key, rows in found.items()
    }


def _all() -> list[Metric]:
    return [*METRICS, *(metric for metric, _ in _own.values())]


def _inputs(core: Core, clip: Clip) -> dict[str, Path]:
    """The images that a clip was made from, as far as they are still here."""
    job_id = clip.recipe.job_id if clip.recipe is not None else None
    row = core.project.store.job(job_id) if job_id else None
    if row is None:
        return {}
    uses = Request.model_validate_json(row.request).files
    paths = {u.name: core.project.input_path(u.file.path) for u in uses if u.file.path}
    return {name: path for name, path in paths.items() if path.is_file()}


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"Metric {name} gave {value!r}, which is no number.", money="") from error
    return number if math.isfinite(number) else None


def _digest(fn: Any) -> str:
    code = getattr(fn, "__code__", None)
    text = repr(fn) if code is None else repr((code.co_code, code.co_names, code.co_consts))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _text(value: float | None) -> str:
    return "not measurable" if value is None else f"{value:.3g}"
