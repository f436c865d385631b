"""The one line about money that is said when a project with unfinished jobs is opened."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..catalog import money
from ..engine import JobView

if TYPE_CHECKING:
    from .core import Core


def greet(core: Core) -> str:
    """Pick up what was left unfinished; says so in one line, empty where there is nothing."""
    mode = core.connection.mode
    picked_up = set(core.engine.resume())
    unfinished = [row.id for row in core.project.store.unfinished() if row.mode == mode]
    views = [core.engine.view(job_id) for job_id in unfinished]
    mine = [view for view in views if view.id in picked_up]
    others = [view for view in views if view.id not in picked_up]
    said = []
    if mine:
        said.append(f"{_jobs(mine)} picked up ({_amount(mine)})")
    if others:
        said.append(f"{_jobs(others)} left to another kernel ({_amount(others)})")
    return f"{'; '.join(said)}; nothing is paid again." if said else ""


def _jobs(views: Sequence[JobView]) -> str:
    return "1 unfinished job" if len(views) == 1 else f"{len(views)} unfinished jobs"


def _amount(views: Sequence[JobView]) -> str:
    if all(view.mode == "simulated" for view in views):
        return "simulated: free"
    known = [view.quote.high_usd for view in views if view.quote.high_usd is not None]
    parts = [f"{money(sum(known, Decimal(0)))} reserved"]
    if len(known) < len(views):
        parts.append(f"{len(views) - len(known)} of unknown price")
    doubt = sum(view.state in ("submitting", "submit_unknown") for view in views)
    if doubt:
        parts.append(f"{doubt} of unknown fate, may be charged")
    return ", ".join(parts)
