"""From axes to cells: every combination, planned and priced, and equal ones taken together."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..catalog import FileInput, InputFile, ModelSpec, Request
from ..engine import PlannedJob
from ..errors import InputError
from .planning import plan_jobs, resolve_models

MOST_CELLS = 10_000


@dataclass(frozen=True, slots=True)
class Axes:
    """What a sweep goes through; plain data.

    Attributes:
        models: Their ids.
        axes: The values of each axis, by setting.
        settings: What is the same in every cell.
    """

    models: tuple[str, ...]
    axes: Mapping[str, tuple[Any, ...]]
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, models: Any, settings: Mapping[str, Any]) -> Axes:
        """Split what a person gives: a list, tuple or range is an axis, all else is fixed.

        Raises:
            UnknownModelError: A name is not known.
            InputError: An axis is empty or names a value twice, or there are too many cells.
        """
        axes: dict[str, tuple[Any, ...]] = {}
        fixed: dict[str, Any] = {}
        for name, value in settings.items():
            if isinstance(value, list | tuple | range):
                axes[name] = _checked(name, tuple(value))
            elif value is not None:
                fixed[name] = value
        first = {**fixed, **{name: values[0] for name, values in axes.items()}}
        specs = resolve_models(models, first)
        count = len(specs) * math.prod(len(values) for values in axes.values())
        if count > MOST_CELLS:
            raise InputError(
                f"This sweep has {count:,} combinations.",
                remedy=f"Take fewer values: at most {MOST_CELLS:,} combinations are planned.",
            )
        return cls(tuple(spec.id for spec in specs), axes, fixed)


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """One request of a sweep.

    Attributes:
        values: The value on each axis, the model's id among them; `None` on an axis that the
            model does not take.
        combinations: How many combinations of the axes come to this very request.
    """

    key: str
    values: Mapping[str, Any]
    job: PlannedJob
    combinations: int

    @property
    def spec(self) -> ModelSpec:
        """The model."""
        return self.job.spec


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """All cells of a sweep.

    Attributes:
        cells: Each once, in the order of the axes, models last.
        places: The cell of each combination: one line for each combination of the axes, one
            place in it for each model.
        rows: The values of each line, by axis.
        notes: What collapsed and what was bent.
    """

    specs: tuple[ModelSpec, ...]
    cells: tuple[PlannedCell, ...]
    places: tuple[tuple[int, ...], ...]
    rows: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]

    @property
    def combinations(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Every combination: the place of its cell in `cells`, and its values."""
        for row, line in zip(self.rows, self.places, strict=True):
            for spec, at in zip(self.specs, line, strict=True):
                yield at, {**row, "model": spec.id}


def plan_cells(axes: Axes, specs: Iterable[ModelSpec], *, live: bool, inputs: Path) -> SweepPlan:
    """Check and price every combination; free, nothing is recorded but copies of input files.

    Raises:
        InputError: Names the model, the setting and what is allowed.
        UploadRejectedError: A file is not what a model takes.
    """
    chosen = tuple(specs)
    names = list(axes.axes)
    cells: dict[str, PlannedCell] = {}
    places, rows = [], []
    checked: dict[tuple[str, FileInput], InputFile] = {}
    order: dict[str, int] = {}
    bent: dict[str, dict[str, None]] = {}
    for combination in itertools.product(*axes.axes.values()):
        row = dict(zip(names, combination, strict=True))
        settings = {**axes.settings, **row}
        jobs = plan_jobs(chosen, settings, {}, live=live, fit=True, inputs=inputs, checked=checked)
        line = []
        for job in jobs:
            for change in job.changes:
                if takes(job.spec, change.name) or change.name not in axes.axes:
                    bent.setdefault(job.spec.name, {})[str(change)] = None
            key = cell_key(job.request)
            known = cells.get(key)
            if known is None:
                order[key] = len(order)
                values = {n: v if takes(job.spec, n) else None for n, v in row.items()}
                values["model"] = job.spec.id
                cells[key] = PlannedCell(key, values, replace(job, cell=key), 1)
            else:
                cells[key] = replace(known, combinations=known.combinations + 1)
            line.append(order[key])
        places.append(tuple(line))
        rows.append(row)
    found = tuple(cells.values())
    return SweepPlan(chosen, found, tuple(places), tuple(rows), _notes(axes, chosen, bent))


def cell_key(request: Request) -> str:
    """What a cell is found by: its request, with the digests of its input files."""
    body = dict(request.body)
    for use in request.files:
        if use.file.sha256 is not None:
            body[use.wire] = f"sha256:{use.file.sha256}"
    text = json.dumps([request.endpoint, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def takes(spec: ModelSpec, name: str) -> bool:
    """Whether a model has a setting or a file of this name."""
    return spec.parameter(name) is not None or spec.file(name) is not None


def _notes(
    axes: Axes, specs: tuple[ModelSpec, ...], bent: Mapping[str, Mapping[str, None]]
) -> tuple[str, ...]:
    notes = []
    for spec in specs:
        for name, values in axes.axes.items():
            if not takes(spec, name) and len(values) > 1:
                notes.append(
                    f"{spec.name} takes no {name}: its {len(values)} values are one run there."
                )
    notes += [f"{name}: {'; '.join(changes)}." for name, changes in bent.items()]
    return tuple(notes)


def _checked(name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        raise InputError(f"The axis {name} has no values.", remedy=f"Give {name}=[...] some.")
    seen: set[str] = set()
    for value in values:
        if repr(value) in seen:
            raise InputError(
                f"{name}={value!r} is on its axis twice.",
                remedy="Name each value once; for several takes of a prompt, sweep over seed.",
            )
        seen.add(repr(value))
    return values
