"""What a run cost by fal's own count, and what a failed one means for its reservation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..catalog import money
from ..errors import FalError, FalServerError
from ..store import Charge
from .desk import Desk
from .live_job import MICRO, LiveJob
from .views import JobProblem


async def metered(desk: Desk, job: LiveJob, units: Decimal | None) -> dict[str, Any]:
    """What to record of a run's cost: units times the unit price around its submit.

    Args:
        desk: What to work with.
        job: The job; its `metered_usd` is set where it becomes known.
        units: What fal counted; `None` where it does not say.
    """
    if units is None:
        return {}
    if job.unit_price is None:
        job.unit_price = await desk.prices.soon(job.spec.endpoint)
    columns: dict[str, Any] = {"billable_units": str(units)}
    if job.unit_price is not None:
        job.metered_usd = units * job.unit_price.usd
        micro_usd = int((job.metered_usd * MICRO).to_integral_value())
        columns |= {**job.unit_price.columns, "metered_micro_usd": micro_usd}
    return columns


async def failed_run(desk: Desk, job: LiveJob, error: FalError) -> None:
    """End a job that fal ran and that gave nothing.

    Source:
        fal's FAQ on billing: server errors are never billed, refused inputs may be where the
        model had begun; the answer's billable units say which.
    """
    units = error.billable_units
    columns = await metered(desk, job, units)
    charge: Charge
    if units == 0 or (units is None and isinstance(error, FalServerError)):
        charge, said = "none", "Not charged."
    elif job.metered_usd is not None:
        charge, said = "settled", f"fal metered {money(job.metered_usd)} for it."
    else:
        charge, said = "possible", f"It may have been charged: fal does not say.{kept_text(job)}"
    if job.mode == "simulated":
        said = "Simulated: nothing was charged."
    job.problem = JobProblem.of(error, money=said)
    await desk.advance(job, "failed", charge=charge, problem=job.problem_json, **columns)


def for_money(job: LiveJob, text: str) -> str:
    """What something means for money; of a simulated job, what it would mean."""
    if job.mode == "simulated":
        return f"Simulated: nothing was charged. In live mode: {text}"
    return f"{text}{kept_text(job)}"


def kept_text(job: LiveJob) -> str:
    """That a reservation stays, as the end of a sentence about money."""
    high_usd = job.request.quote.high_usd
    if job.mode == "simulated" or job.metered_usd is not None or not high_usd:
        return ""
    return f" {money(high_usd)} stay reserved for it: studio.spend() shows them."
