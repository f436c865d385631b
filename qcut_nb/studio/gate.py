"""The gate that every batch passes before anything is recorded or sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..catalog import money, total
from ..engine import PlannedJob
from ..errors import BudgetExceededError, ConfirmationNeededError
from ..store import Cap, CapExceededError
from .budget import STEPS, Budget, usd


def check_price(
    plans: Sequence[PlannedJob],
    budget: Budget,
    *,
    live: bool,
    max_cost_usd: float | Decimal | None = None,
    confirm: bool = False,
    allow_unknown_price: bool = False,
) -> None:
    """Hold what a batch may cost against its limit and against what needs a yes.

    The budget's caps are checked later, in the transaction that records the jobs.

    Raises:
        BudgetExceededError: It may cost more than `max_cost_usd`, or a cap cannot hold.
        ConfirmationNeededError: It needs `confirm=True` or `allow_unknown_price=True`.
        InputError: `max_cost_usd` is no amount.
    """
    limit = None if max_cost_usd is None else usd("max_cost_usd", max_cost_usd)
    paid = [plan for plan in plans if plan.reused_clip is None]
    cost = total(plan.request.quote for plan in paid)
    unknown = [plan.spec.id for plan in paid if plan.request.quote.kind == "unknown"]
    capped = f"max_cost_usd={limit}" if limit is not None else "the budget's caps"
    holds_money = limit is not None or (live and budget.caps_money)
    if unknown and holds_money and not allow_unknown_price:
        raise ConfirmationNeededError(
            f"No price is known for {', '.join(unknown)}, so {capped} cannot hold.",
            needed=cost.high_usd,
            unknown=len(unknown),
            remedy="Leave these models out, or pass allow_unknown_price=True.",
        )
    if limit is not None and cost.high_usd > limit:
        raise BudgetExceededError(
            f"This may cost {money(cost.high_usd)}; max_cost_usd is {money(limit)}.",
            cap="max_cost_usd",
            limit=limit,
            spent=Decimal(0),
            reserved=Decimal(0),
            needed=cost.high_usd,
            remedy="Choose fewer or cheaper models, a shorter length, or a higher max_cost_usd.",
        )
    _check_length(paid, budget)
    asks = budget.asks_above if live and limit is None and not confirm else None
    if asks is not None and (cost.high_usd > asks or unknown):
        raise ConfirmationNeededError(
            f"This may cost {cost}, more than ask_above_usd={money(asks)}.",
            cap="ask_above_usd",
            needed=cost.high_usd,
            unknown=len(unknown),
            remedy="Pass confirm=True, or max_cost_usd= with what it may cost.",
        )


def _check_length(plans: Sequence[PlannedJob], budget: Budget) -> None:
    cap = budget.caps_length
    endless = [plan.spec.id for plan in plans if plan.length_s is None] if cap else []
    if endless:
        raise BudgetExceededError(
            f"The length of the result is not known for {', '.join(endless)}, so {cap} cannot "
            "hold.",
            cap=cap or "",
            remedy="Pass local files instead of URLs, leave these models out, or drop the cap.",
        )


def refusal(error: CapExceededError) -> BudgetExceededError:
    """What a person is told when a batch does not fit under a cap."""
    cap = error.cap
    steps = Decimal(STEPS[cap.unit])
    limit, spent, reserved, needed = (
        Decimal(n) / steps for n in (cap.limit, error.spent, error.reserved, error.needed)
    )
    when = {"per_day": " today", "per_batch": " by this batch"}.get(cap.name.rsplit("_", 1)[0], "")
    held = f" and {_show(cap, reserved)} reserved" if reserved else ""
    raised = spent + reserved + needed
    return BudgetExceededError(
        f"The budget's {cap.name} is {_show(cap, limit)}: {_show(cap, spent)} spent{held}{when}, "
        f"and this needs {_show(cap, needed)}.",
        cap=cap.name,
        limit=limit,
        spent=spent,
        reserved=reserved,
        needed=needed,
        remedy="Choose fewer or cheaper models, look at studio.spend(), or raise it: "
        f"studio.budget = dataclasses.replace(studio.budget, {cap.name}={raised.normalize():f}).",
    )


def _show(cap: Cap, amount: Decimal) -> str:
    if cap.unit == "usd":
        return money(amount)
    return f"{amount.normalize():f} {'s' if cap.unit == 's' else 'clips'}"
