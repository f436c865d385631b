"""The page of a gallery: one HTML file, its style and script within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from importlib.resources import files

from ..catalog import money
from ..clip import Clip

MARK = '<meta name="generator" content="qcut_nb gallery">'
POLICY = (
    "default-src 'none'; img-src 'self' file:; media-src 'self' file:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One clip on the page.

    Attributes:
        video: Its file, relative to the page.
        poster: Its picture, likewise; empty without one.
        row: What it shares with the others of its row.
        problem: Why it may not play.
    """

    clip: Clip
    video: str
    poster: str
    row: str
    problem: str = ""


def page(exhibits: Sequence[Exhibit], title: str) -> str:
    """The whole page. All text is escaped, and nothing is loaded from elsewhere."""
    by_row: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        by_row.setdefault(exhibit.row, []).append(exhibit)
    rows = "".join(_row(n, name, some) for n, (name, some) in enumerate(by_row.items(), 1))
    here = files(__package__).joinpath("gallery_assets")
    style, script = (here.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{MARK}'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>"
        f"<header><h1>{escape(title)}</h1><p>{escape(_summary(exhibits))}</p>"
        '<label>Search <input type="search" id="search" '
        'placeholder="prompt, model, setting"></label> '
        '<span id="found" role="status"></span></header>'
        f"<main>{rows}</main><script>{script}</script></body></html>\n"
    )


def _row(number: int, name: str, exhibits: Sequence[Exhibit]) -> str:
    heading = escape(name) or "Clips"
    return (
        f'<section class="row"><h2 id="row{number}">{heading}</h2><div class="together">'
        f'<button type="button" class="play" id="play{number}" '
        f'aria-labelledby="play{number} row{number}">Play row</button> '
        '<input type="range" class="scrub" min="0" max="1" step="any" value="0" '
        f'aria-label="Position in this row" aria-describedby="row{number}"></div>'
        '<div class="clips">'
        f"{''.join(_figure(exhibit) for exhibit in exhibits)}</div></section>"
    )


def _figure(exhibit: Exhibit) -> str:
    clip = exhibit.clip
    span = "" if clip.is_whole else f"#t={clip.start_s:.3f},{clip.end_s:.3f}"
    poster = f' poster="{escape(exhibit.poster)}"' if exhibit.poster else ""
    problem = f'<p class="problem">{escape(exhibit.problem)}</p>' if exhibit.problem else ""
    unplayable = (
        f"This browser does not play {clip.facts.video_codec}; a video player may: {exhibit.video}."
    )
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _recipe(clip)
    )
    recipe = f"<details><summary>Recipe</summary><dl>{lines}</dl></details>" if lines else ""
    name = clip.recipe.model_name if clip.recipe is not None else clip.path.stem
    facts = clip.facts
    sound = "sound" if facts.has_audio else "no sound"
    return (
        f'<figure data-search="{escape(_search_text(clip))}">'
        f'<video controls playsinline preload="metadata"{poster} '
        f'aria-label="{escape(clip.name)}" src="{escape(exhibit.video + span)}"></video>'
        f"<figcaption><b>{escape(name)}</b> <span>{escape(_cost(clip))}</span><br><span>"
        f"{clip.duration_s:.2f} s · {facts.width_px}x{facts.height_px} · {sound}</span>"
        f'{problem}<p class="problem unplayable" hidden>{escape(unplayable)}</p>'
        f"{recipe}</figcaption></figure>"
    )


def _search_text(clip: Clip) -> str:
    """What the search looks at: a line of words, then a line `name=value` for each setting."""
    recipe = clip.recipe
    if recipe is None:
        return clip.name
    words = f"{recipe.prompt or ''} {recipe.model_name} {recipe.model_id} {recipe.endpoint}"
    names = ("prompt", "model")
    settings = [f"{name}={value}" for name, value in _recipe(clip) if name not in names]
    return "\n".join(" ".join(line.split()) for line in (words, *settings))


def _recipe(clip: Clip) -> list[tuple[str, str]]:
    recipe = clip.recipe
    if recipe is None:
        return []
    settings = {n: v for n, v in recipe.values.items() if n != "prompt" and v is not None}
    lines = [
        ("prompt", recipe.prompt or ""),
        ("model", f"{recipe.model_name} ({recipe.endpoint})"),
        *((name, str(value)) for name, value in settings.items()),
        *((use.name, use.label) for use in recipe.inputs),
        ("seed", "" if recipe.seed is None or "seed" in settings else str(recipe.seed)),
        ("made", recipe.created_at.strftime("%Y-%m-%d")),
    ]
    return [(name, value) for name, value in lines if value]


def _cost(clip: Clip) -> str:
    if clip.recipe is None:
        return "cost unknown"
    if clip.recipe.mode == "simulated":
        return f"simulated, list price {money(clip.quote_usd)}"
    return "cost unknown" if clip.cost_usd is None else money(clip.cost_usd)


def _summary(exhibits: Sequence[Exhibit]) -> str:
    costs = [exhibit.clip.cost_usd for exhibit in exhibits]
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    unknown = costs.count(None)
    several = "1 clip" if len(exhibits) == 1 else f"{len(exhibits)} clips"
    if unknown == len(costs):
        return f"{several}, cost unknown"
    return f"{several}, {money(known)} spent" + (
        f" and {unknown} of unknown cost" if unknown else ""
    )
