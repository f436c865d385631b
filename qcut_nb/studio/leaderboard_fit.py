"""Bradley-Terry strengths from comparisons, with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Z_95 = 1.959963984540054
MOST_STEPS = 100
SMALL_STEP = 1e-10


@dataclass(frozen=True, slots=True)
class Fit:
    """Strengths of the items that can be compared with each other.

    Attributes:
        groups: For each item the group in which it can be measured: within a group every item
            reaches every other by wins and by losses. Items of different groups have no finite
            distance.
        strengths: Log-odds relative to the mean of the item's group; 0 for an item alone.
        errors: Standard errors of these; `None` for an item alone.
    """

    groups: tuple[int, ...]
    strengths: tuple[float, ...]
    errors: tuple[float | None, ...]


def fit(wins: NDArray[np.float64]) -> Fit:
    """The most likely strengths under Bradley and Terry's model.

    Item i beats item j with odds exp(strength i - strength j). Found by Newton's method; the
    errors come from the inverse of the information matrix, strengths of a group adding to 0.

    Args:
        wins: Shape (n, n): how often i beat j; a tie is half a win for both.

    Source:
        R. A. Bradley and M. E. Terry, Biometrika 39 (1952) 324. Existence of the maximum:
        L. R. Ford, Amer. Math. Monthly 64 (1957) 28.
    """
    import numpy as np

    count = len(wins)
    groups = _groups(wins)
    strengths, errors = [0.0] * count, [None] * count  # type: list[float], list[float | None]
    for group in set(groups):
        members = [item for item in range(count) if groups[item] == group]
        if len(members) < 2:
            continue
        found, variance = _newton(wins[np.ix_(members, members)])
        for place, item in enumerate(members):
            strengths[item] = float(found[place])
            errors[item] = float(np.sqrt(variance[place]))
    return Fit(tuple(groups), tuple(strengths), tuple(errors))


def _newton(wins: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    count = len(wins)
    games = wins + wins.T
    strengths = np.zeros(count)
    ones = np.full((count, count), 1 / count)
    for _ in range(MOST_STEPS):
        chance = 1 / (1 + np.exp(strengths[None, :] - strengths[:, None]))
        slope = (wins - games * chance).sum(axis=1)
        weight = games * chance * (1 - chance)
        information = np.diag(weight.sum(axis=1)) - weight
        step = np.linalg.solve(information + ones, slope)
        # A full step can overshoot far from the maximum; its length is bounded there.
        strengths = strengths + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        strengths -= strengths.mean()
        if float(np.abs(step).max()) < SMALL_STEP:
            break
    # With the rows of `ones` added it can be inverted; what they add is taken off again.
    variance = np.diag(np.linalg.inv(information + ones) - ones)
    return strengths, np.asarray(variance)


def _groups(wins: NDArray[np.float64]) -> list[int]:
    """Strongly connected parts of the graph of wins, numbered by their first item."""
    import numpy as np

    reach = (wins > 0) | np.eye(len(wins), dtype=bool)
    for via in range(len(wins)):
        reach |= reach[:, [via]] & reach[[via], :]
    both = reach & reach.T
    return [int(np.argmax(row)) for row in both]


def count_wins(rankings: Sequence[Sequence[Sequence[int]]], items: int) -> NDArray[np.float64]:
    """How often each item beat each other.

    Args:
        rankings: Items by number, best first; those that share a place tie. An item against
            itself counts nothing.
        items: How many items there are.
    """
    import numpy as np

    wins = np.zeros((items, items))
    for ranking in rankings:
        for place, level in enumerate(ranking):
            lower = [item for below in ranking[place + 1 :] for item in below]
            for at, item in enumerate(level):
                for other in lower:
                    wins[item, other] += item != other
                for other in level[at + 1 :]:
                    if item != other:
                        wins[item, other] += 0.5
                        wins[other, item] += 0.5
    return wins
