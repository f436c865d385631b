"""`studio.metrics`: measurements of clips, made once and kept."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, Any

from ..catalog import Request
from ..clip import Clip
from ..errors import InputError, must_be
from ..media import METRICS, Metric, few_frames, measure
from ..store import Measured, add_metrics, metrics_of
from .clip_keys import clip_key
from .code_digest import code_digest
from .metrics_table import MetricsTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .core import Core

    Measure = Callable[[NDArray[np.uint8]], float | None]
    Values = Mapping[str, float | None]
    Problems = Mapping[str, InputError]

_own: dict[str, tuple[Metric, Measure]] = {}
"""Registered metrics; they are functions, so they live as long as the kernel."""


class Metrics:
    """Measurements of clips: plain facts of pictures and sound, none of them a verdict."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of(self, clips: Clip | Iterable[Any]) -> MetricsTable:
        """Measure clips; what was measured before is read from the project.

        Where a metric of your own fails, the table says so in its place, and the rest is there.

        Args:
            clips: A clip, clips, a sweep, or anything whose items are clips or have one.

        Raises:
            InputError: That is no clip, or only a range of one.
            MediaError: A file is missing or broken.
        """
        if not isinstance(clips, Clip):
            must_be("clips", clips, Iterable, "a clip, or clips", "Pass studio.clips, for example.")
        given: Iterable[Any] = [clips] if isinstance(clips, Clip) else clips
        found = [one if isinstance(one, Clip) else getattr(one, "clip", one) for one in given]
        rows = {clip: self._of(clip) for clip in found if clip is not None}
        return MetricsTable(
            _all(),
            {clip: values for clip, (values, _) in rows.items()},
            {clip: problems for clip, (_, problems) in rows.items()},
        )

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
            version: What is stored under another one is measured again. By default a digest,
                made now, of the function's code, its defaults and the values that it takes from
                around it; where one of these has no stable form (a model, an object of a class
                of yours), clips are measured again after each `register`.
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
        version = version or code_digest(fn) or secrets.token_hex(6)
        _own[name] = (Metric(name, unit, version, None, None, meaning), fn)

    def unregister(self, name: str) -> None:
        """Take out a metric of your own; what was measured stays in the project.

        Raises:
            InputError: No such metric was registered.
        """
        if _own.pop(name, None) is None:
            raise InputError(
                f"{name!r} is no metric of yours.",
                money="",
                remedy=f"Registered here: {', '.join(_own) or 'none'}.",
            )

    @property
    def names(self) -> list[str]:
        """All metrics, your own among them."""
        return [metric.name for metric in _all()]

    def _of(self, clip: Clip) -> tuple[Values, Problems]:
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

        def keep(values: Values) -> None:
            known.update(values)
            add_metrics(store, key, [Measured(n, versions[n], v) for n, v in values.items()])

        if any(metric.name not in known for metric in METRICS):
            images = _inputs(self._core, clip)
            keep(
                measure(
                    clip.path,
                    first_image=images.get("image") or images.get("first_frame"),
                    last_image=images.get("last_frame"),
                )
            )
        missing = [name for name in _own if name not in known]
        problems: dict[str, InputError] = {}
        if missing:
            frames = few_frames(clip.path)
            fresh = dict[str, float | None]()
            for name in missing:
                try:
                    fresh[name] = _number(name, _own[name][1](frames))
                except Exception as error:
                    problems[name] = _problem(name, error)
            keep(fresh)
        return {name: known[name] for name in versions if name in known}, problems


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


def _problem(name: str, error: Exception) -> InputError:
    if isinstance(error, InputError):
        return error
    cause = error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
    clear_frames(cause.__traceback__)  # they hold the pictures, and tables are kept
    problem = InputError(
        f"Metric {name} failed: {type(error).__name__}: {error}",
        money="",
        remedy="Mend the function and register it again, or call "
        f"studio.metrics.unregister({name!r}).",
    )
    problem.__cause__ = cause
    return problem
