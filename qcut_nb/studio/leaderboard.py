"""Who wins the votes, how surely, and for what money."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from ..catalog import money
from ..store import Ballot, ballots
from .leaderboard_fit import Z_95, count_wins, fit
from .leaderboard_plot import plot
from .leaderboard_votes import Candidate, candidates

if TYPE_CHECKING:
    import pandas as pd

    from .core import Core

FEW_VOTES = 10
HEAD = ("", "strength", "95 % interval", "votes", "won", "mean cost", "odds per dollar", "group")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one item did.

    Attributes:
        strength: Log-odds against an average item of its group: 0 is average, at 0.69 the odds
            are 2 to 1; `None` where the votes bound it on one side only, or not at all.
        low: Lower end of the 95 % interval.
        high: Upper end.
        votes: Ballots with it.
        comparisons: Pairs with it.
        won: How many of those it won; a tie is half.
        mean_cost_usd: Of its clips that were voted on; by list price where they were simulated;
            `None` when not every cost is known.
        odds_per_usd: exp(strength) for each US dollar of the mean cost.
        group: Items of one group are linked by wins and by losses; only these can be compared.
    """

    item: str
    strength: float | None
    low: float | None
    high: float | None
    votes: int
    comparisons: int
    won: float
    mean_cost_usd: Decimal | None
    odds_per_usd: float | None
    group: int

    @property
    def cells(self) -> tuple[str, ...]:
        """As a line of the table."""
        span = f"{self.low:+z.2f} to {self.high:+z.2f}" if self.low is not None else "-"
        return (
            self.item,
            "not known" if self.strength is None else f"{self.strength:+z.2f}",
            span,
            str(self.votes),
            f"{self.won:g} of {self.comparisons}",
            money(self.mean_cost_usd),
            "-" if self.odds_per_usd is None else f"{self.odds_per_usd:.3g}",
            str(self.group),
        )


class Leaderboard:
    """Items by the strength that votes give them; displays as a table with a plot.

    Attributes:
        by: What the items are.
        rows: The strongest first within each group.
        votes: How many ballots count.
        notes: What the figures do not say, such as that there are too few votes.
    """

    def __init__(self, by: str, votes: list[Ballot], known: dict[str, Candidate]) -> None:
        self.by = by
        items = list(dict.fromkeys(c.item for c in known.values()))
        number = {item: place for place, item in enumerate(items)}
        rankings = [
            [[number[known[key].item] for key in level if key in known] for level in ballot.ranking]
            for ballot in votes
        ]
        counted = [ranking for ranking in rankings if len({i for lv in ranking for i in lv}) > 1]
        self.votes = len(counted)
        self.rows = _rows(items, counted, list(known.values()))
        strangers = {k for b in votes for level in b.ranking for k in level} - set(known)
        self.notes = _notes(self.rows, self.votes, len(strangers), list(known.values()))

    def to_dataframe(self) -> pd.DataFrame:
        """One row per item, the columns of `Standing`; needs `pip install 'qcut-nb[pandas]'`."""
        import pandas as pd

        names = [field.name for field in fields(Standing)]
        return pd.DataFrame([[getattr(r, n) for n in names] for r in self.rows], columns=names)

    def __repr__(self) -> str:
        table = self._table()
        widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in table]
        title = f"Leaderboard by {self.by}: {self.votes} votes"
        return "\n".join([title, *map(str.rstrip, lines), *self.notes])

    def _repr_html_(self) -> str:
        def line(cells: tuple[str, ...], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        head, *rows = self._table()
        body = "".join(line(row, "td") for row in rows)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        bars = [(r.item, r.strength, r.low, r.high) for r in self.rows if r.strength is not None]
        drawn = plot([(n, s, lo, hi) for n, s, lo, hi in bars if lo is not None and hi is not None])
        table = f"<table>{line(head, 'th')}{body}</table>"
        return f'<div style="overflow-x:auto">{table}</div>{drawn}{notes}'

    def _table(self) -> list[tuple[str, ...]]:
        """Head and rows; groups are told where there are several."""
        several = len({row.group for row in self.rows}) > 1
        shown = len(HEAD) if several else len(HEAD) - 1
        return [line[:shown] for line in (HEAD, *(row.cells for row in self.rows))]


def leaderboard(core: Core, by: str) -> Leaderboard:
    """The leaderboard of a project; see `Studio.leaderboard`."""
    votes = ballots(core.project.store)
    keys = dict.fromkeys(key for b in votes for level in b.ranking for key in level)
    return Leaderboard(by, votes, candidates(core, keys, by))


def _rows(
    items: list[str], rankings: list[list[list[int]]], clips: list[Candidate]
) -> list[Standing]:
    if not rankings:
        return []
    wins = count_wins(rankings, len(items))
    found = fit(wins)
    order = {group: place + 1 for place, group in enumerate(dict.fromkeys(found.groups))}
    rows = []
    for place, item in enumerate(items):
        error, strength = found.errors[place], found.strengths[place]
        cost = _mean([clip.cost_usd for clip in clips if clip.item == item])
        rows.append(
            Standing(
                item=item,
                strength=None if error is None else strength,
                low=None if error is None else strength - Z_95 * error,
                high=None if error is None else strength + Z_95 * error,
                votes=sum(any(place in level for level in ranking) for ranking in rankings),
                comparisons=round(float(wins[place].sum() + wins[:, place].sum())),
                won=float(wins[place].sum()),
                mean_cost_usd=cost,
                odds_per_usd=math.exp(strength) / float(cost)
                if error is not None and cost
                else None,
                group=order[found.groups[place]],
            )
        )
    return sorted(rows, key=lambda r: (r.group, -(r.strength or 0), r.item))


def _mean(costs: list[Decimal | None]) -> Decimal | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) / len(known) if known and len(known) == len(costs) else None


def _notes(
    rows: list[Standing], votes: int, strangers: int, clips: list[Candidate]
) -> tuple[str, ...]:
    notes = []
    if votes < FEW_VOTES:
        counted = f"Too few votes: {votes}" if votes else "No vote tells these apart"
        notes.append(
            f"{counted}. From about {FEW_VOTES} on strengths begin to tell something; vote in "
            "studio.compare(..., blind=True) or by studio.vote([best, second])."
        )
    for row in rows:
        if row.strength is None:
            if not row.comparisons:
                said = "was never compared with another"
            elif row.won == row.comparisons:
                said = "won every comparison, so its strength has no upper bound yet"
            elif row.won == 0:
                said = "lost every comparison, so its strength has no lower bound yet"
            else:
                said = "is linked to the others by wins only or by losses only"
            notes.append(f"{row.item} {said}.")
    if len({row.group for row in rows if row.strength is not None}) > 1:
        notes.append("Strengths of different groups cannot be compared: no votes link them.")
    ranked = [row for row in rows if row.strength is not None and row.group == rows[0].group]
    if len(ranked) > 1 and (ranked[0].low or 0) <= (ranked[1].high or 0):
        notes.append(
            f"The intervals of {ranked[0].item} and {ranked[1].item} overlap: the votes do not "
            "tell yet which is better."
        )
    if strangers:
        notes.append(f"Clips of the votes that have no recipe in this project: {strangers}.")
    if any(clip.simulated for clip in clips):
        notes.append("Simulated clips cost nothing; their mean cost is the list price.")
    return tuple(notes)
