"""What a model really cost so far, beside what it is quoted at."""

from __future__ import annotations

from decimal import Decimal

from ..catalog import ModelSpec, money
from ..store import Store

MICRO = Decimal(1_000_000)
WORTH_SAYING = Decimal("0.01")


def cost_note(store: Store, spec: ModelSpec) -> str:
    """How this project's live runs of a model compare with their quotes; empty where they agree.

    Args:
        store: The project's store.
        spec: The model.
    """
    known = store.experience(spec.id)
    low, high = known.low_micro_usd, known.high_micro_usd
    actual = known.actual_micro_usd
    if (
        not known.runs
        or not high
        or low * (1 - WORTH_SAYING) <= actual <= high * (1 + WORTH_SAYING)
    ):
        return ""
    runs = "1 run" if known.runs == 1 else f"{known.runs} runs"
    ratio = Decimal(actual) / high
    return (
        f"So far {runs} of {spec.name} cost {money(actual / MICRO)} where "
        f"{money(high / MICRO)} was quoted: {ratio:.2f} times as much."
    )
