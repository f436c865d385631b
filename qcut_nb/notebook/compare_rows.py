"""One place of a comparison as the browser gets it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from qcut_nb.catalog import money
from qcut_nb.errors import MediaError

from .compare_items import ClipStory, CompareItem
from .messages import CompareClip, Problem
from .rows import PROMPT_CHARS, problem_of
from .server_root import files_path

if TYPE_CHECKING:
    from qcut_nb.clip import Clip

CENT = Decimal("0.001")


def compare_clip(
    place: int, item: CompareItem, story: ClipStory | None, copy: Path | None, root: Path | None
) -> CompareClip:
    """One place.

    Args:
        place: Its number, from 0; becomes the id.
        item: What stands there.
        story: What the project knows of the clip; `None` where there is none.
        copy: A preview copy to play instead of the file.
        root: The folder that the Jupyter server serves, when there is one.
    """
    names = {"id": f"c{place}", "row": item.row, "column": item.column}
    clip = item.clip
    if clip is None:
        problem = Problem(what="There is no clip.") if item.problem is None else None
        return CompareClip(
            name=item.label,
            problem=problem or (item.problem and problem_of(item.problem)),
            **names,
        )
    facts, recipe, media = clip.facts, clip.recipe, copy or clip.path
    story = story or ClipStory()
    first_s = facts.first_frame_s if copy is None else 0.0
    shown = CompareClip(
        name=clip.name,
        model_name=item.label or (recipe.model_name if recipe is not None else clip.path.stem),
        prompt=(clip.prompt or "")[:PROMPT_CHARS],
        file_name=media.name,
        cost=cost_text(clip),
        cost_per_s=_cost_per_s(clip),
        time_to_result_s=story.time_to_result_s,
        seed=clip.seed,
        start_s=first_s + clip.start_s,
        end_s=first_s + clip.end_s,
        first_frame_s=first_s,
        sync_s=item.sync_s,
        fps=facts.fps or 24.0,
        width_px=facts.width_px or 0,
        height_px=facts.height_px or 0,
        video_codec=facts.video_codec or "",
        format=facts.format,
        has_sound=facts.has_audio,
        files_path=files_path(media, root),
        is_copy=copy is not None,
        metrics=story.metrics,
        **names,
    )
    try:
        stat = media.stat()
    except OSError:
        return shown.model_copy(update={"problem": problem_of(gone(clip))})
    version = f"{stat.st_size:x}-{stat.st_mtime_ns:x}"
    return shown.model_copy(update={"size_bytes": stat.st_size, "version": version})


def gone(clip: Clip) -> MediaError:
    """The file of a clip is not there any more."""
    return MediaError(f"The file is not there any more: {clip.path}")


def cost_text(clip: Clip) -> str:
    """What it cost: "$0.35", "free ($0.35 live)", "unknown"; nothing without a recipe."""
    if clip.recipe is None:
        return ""
    if clip.recipe.mode == "simulated":
        return f"free ({money(clip.quote_usd)} live)"
    return money(clip.cost_usd)


def _cost_per_s(clip: Clip) -> str | None:
    simulated = clip.recipe is not None and clip.recipe.mode == "simulated"
    cost_usd = clip.quote_usd if simulated else clip.cost_usd
    whole_s = clip.facts.duration_s
    if cost_usd is None or not whole_s:
        return None
    rate = (cost_usd / Decimal(str(whole_s))).quantize(CENT)
    return f"{money(rate)}/s{' live' if simulated else ''}"
