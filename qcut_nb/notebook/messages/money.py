"""What the project has spent, and what it may spend."""

from __future__ import annotations

from .base import Message, Usd


class MoneyLine(Message):
    """The project's money; simulated jobs never count.

    Attributes:
        spent_usd: What is settled, as far as it is known.
        today_usd: Of that, what was started since midnight.
        reserved_usd: Held for jobs that are under way, or that may be charged.
        unknown_jobs: Jobs that ran, and whose price is not known: more than is shown was spent.
        cap_project_usd: The most that the project may reserve and spend.
        cap_day_usd: The most of a day.
        ask_above_usd: From which total on a batch is asked about.
    """

    spent_usd: Usd
    today_usd: Usd
    reserved_usd: Usd
    unknown_jobs: int = 0
    cap_project_usd: Usd | None = None
    cap_day_usd: Usd | None = None
    ask_above_usd: Usd | None = None
