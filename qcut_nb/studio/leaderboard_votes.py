"""Votes in code, and what was voted on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..clip import Clip
from ..errors import InputError
from ..media import Recipe
from ..store import add_ballot, recipes_of_jobs
from .clip_keys import clip_key

if TYPE_CHECKING:
    from .core import Core


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clip that was voted on.

    Attributes:
        item: What it counts for.
        cost_usd: What it cost; for a simulated clip its list price; `None` is unknown.
        simulated: Whether that is a list price.
    """

    item: str
    cost_usd: Decimal | None
    simulated: bool


def vote(core: Core, ranking: Iterable[Clip | Sequence[Clip]], voter: str | None) -> str:
    """Keep a vote; see `Studio.vote`."""
    levels = [[level] if isinstance(level, Clip) else list(level) for level in _several(ranking)]
    strange = [one for level in levels for one in level if not isinstance(one, Clip)]
    if strange or not all(levels):
        raise InputError(
            f"ranking has {strange[0] if strange else 'an empty place'!r} in it.",
            money="",
            remedy="Pass clips, best first; clips that share a place in a list of their own.",
        )
    return keep_ballot(core, levels, voter or None, blind=False)


def keep_ballot(
    core: Core, levels: Sequence[Sequence[Clip]], voter: str | None, *, blind: bool
) -> str:
    """Keep a ranking, best first.

    Raises:
        InputError: It ranks fewer than two clips, or one of them twice; ranges of a clip are
            that clip.
    """
    keys = [[clip_key(clip) for clip in level] for level in levels]
    flat = [key for level in keys for key in level]
    if len(flat) < 2 or len(set(flat)) < len(flat):
        raise InputError(
            f"ranking has {len(set(flat))} different of {len(flat)} clips.",
            money="",
            remedy="Rank at least two clips, each once; ranges of one clip count as that clip.",
        )
    return add_ballot(core.project.store, keys, voter=voter, blind=blind)


def candidates(core: Core, keys: Iterable[str], by: str) -> dict[str, Candidate]:
    """What clips count for, by their keys; clips that are not known here are left out.

    Raises:
        InputError: None of them has anything by which to count.
    """
    wanted = list(keys)
    recipes = recipes_of_jobs(core.project.store, wanted)
    found, known = {}, 0
    for key in wanted:
        text = recipes.get(key)
        if text is None:
            continue
        known += 1
        recipe = Recipe.model_validate_json(text)
        item = _item(recipe, key, by)
        if item is not None:
            simulated = recipe.mode == "simulated"
            metered = None if simulated else recipe.cost.metered_usd
            cost = recipe.cost.estimate_usd if metered is None else metered
            found[key] = Candidate(item, cost, simulated)
    if known and not found:
        raise InputError(
            f"by={by!r}: no clip that was voted on has such a value.",
            money="",
            remedy='Take "model", "prompt", "seed", "clip", or a parameter of their models.',
        )
    return found


def _item(recipe: Recipe, key: str, by: str) -> str | None:
    known: dict[str, Any] = {
        "clip": f"{recipe.title} ({key})",
        "model": recipe.model_name,
        "prompt": recipe.prompt,
        "seed": recipe.seed,
    }
    value = known[by] if by in known else recipe.values.get(by)
    return None if value is None else str(value)


def _several(ranking: Any) -> list[Any]:
    if isinstance(ranking, str | Clip) or not isinstance(ranking, Iterable):
        raise InputError(
            f"ranking={ranking!r} is no ranking.",
            money="",
            remedy="Pass clips, best first: studio.vote([best, second, third]).",
        )
    return list(ranking)
