"""Starting jobs: the one way, for code and for the panel."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from numbers import Integral
from types import NoneType
from typing import TYPE_CHECKING, Any

from ..catalog import ModelSpec
from ..engine import PlannedJob
from ..errors import must_be
from ..store import CapExceededError, Guard
from .batch import Batch
from .gate import check_price, refusal
from .job import Job
from .planning import plan_jobs, resolve_models
from .reuse import Reuse, reused

if TYPE_CHECKING:
    from .core import Core


def generate(
    core: Core,
    names: str | ModelSpec | Iterable[str | ModelSpec],
    settings: Mapping[str, Any],
    *,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    max_cost_usd: float | Decimal | None = None,
    confirm: bool = False,
    allow_unknown_price: bool = False,
    reuse: Reuse = "never",
    max_parallel: int | None = None,
    fit: bool | None = None,
) -> Batch:
    """Check and price everything, record it, and start it; see `Studio.generate`."""
    core.connection.require_key()
    specs = resolve_models(names, settings)
    plans = plan_jobs(
        specs,
        settings,
        overrides or {},
        live=core.connection.mode == "live",
        fit=len(specs) > 1 if fit is None else fit,
        inputs=core.project.inputs,
    )
    return start(
        core,
        plans,
        max_cost_usd=max_cost_usd,
        confirm=confirm,
        allow_unknown_price=allow_unknown_price,
        reuse=reuse,
        max_parallel=max_parallel,
    )


def start(
    core: Core,
    plans: Sequence[PlannedJob],
    *,
    max_cost_usd: float | Decimal | None = None,
    confirm: bool = False,
    allow_unknown_price: bool = False,
    reuse: Reuse = "never",
    max_parallel: int | None = None,
    guard: Guard | None = None,
) -> Batch:
    """Take planned jobs through the gate, reserve their price, and start them as one batch.

    Raises:
        BudgetExceededError: They do not fit; nothing was recorded.
        ConfirmationNeededError: They need a yes.
        ReuseQuestionError: `reuse="ask"`, and the project has clips that answer some of them.
        MissingKeyError: Live mode without a key.
        InputError: An argument is not what it can be.
    """
    core.connection.require_key()
    number = (Integral, NoneType)
    must_be("max_parallel", max_parallel, number, "a number of jobs", "Pass 1 or more.", least=1)
    for name, said in (("confirm", confirm), ("allow_unknown_price", allow_unknown_price)):
        must_be(name, said, bool, "a yes or no", "Pass True or False.")
    plans = reused(core, plans, reuse)
    check_price(
        plans,
        core.budget,
        live=core.connection.mode == "live",
        max_cost_usd=max_cost_usd,
        confirm=confirm,
        allow_unknown_price=allow_unknown_price,
    )
    batch_id = secrets.token_hex(4)
    try:
        ids = core.engine.start(
            plans,
            batch_id=batch_id,
            max_parallel=max_parallel,
            caps=core.budget.caps(batch_id),
            guard=guard,
        )
    except CapExceededError as error:
        raise refusal(error) from None
    return Batch(core, batch_id, [Job(core, job_id) for job_id in ids])
