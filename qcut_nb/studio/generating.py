"""Starting jobs: the one way, for code and for the panel."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..catalog import ModelSpec
from ..errors import InputError
from .batch import Batch
from .job import Job
from .planning import check_cost, plan_jobs, resolve_models

if TYPE_CHECKING:
    from .core import Core


def generate(
    core: Core,
    names: str | ModelSpec | Iterable[str | ModelSpec],
    settings: Mapping[str, Any],
    *,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    max_cost_usd: float | Decimal | None = None,
    allow_unknown_price: bool = False,
    max_parallel: int | None = None,
    fit: bool | None = None,
) -> Batch:
    """Check and price everything, record it, and start it; see `Studio.generate`."""
    core.connection.require_key()
    if max_parallel is not None and max_parallel < 1:
        raise InputError(
            f"max_parallel={max_parallel} is no number of jobs.", remedy="Pass 1 or more."
        )
    specs = resolve_models(names, settings)
    plans = plan_jobs(
        specs,
        settings,
        overrides or {},
        live=core.connection.mode == "live",
        fit=len(specs) > 1 if fit is None else fit,
        inputs=core.project.inputs,
    )
    check_cost(plans, max_cost_usd, allow_unknown_price=allow_unknown_price)
    batch_id = secrets.token_hex(4)
    ids = core.engine.start(plans, batch_id=batch_id, max_parallel=max_parallel)
    return Batch(core, batch_id, [Job(core, job_id) for job_id in ids])
