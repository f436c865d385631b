"""What the widgets show, made from jobs and clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qcut_nb.catalog import models, money
from qcut_nb.errors import QcutError

from .host import Expected, StoredClip
from .messages import ClipCard, JobLine, Problem, Remedy
from .offers import change_text, quote_text
from .server_root import files_path

if TYPE_CHECKING:
    from qcut_nb.clip import Clip
    from qcut_nb.engine import JobView

PROMPT_CHARS = 300
ENDED = ("stored", "failed", "cancelled", "expired")


def job_line(view: JobView, expected: Expected) -> JobLine:
    """One job as a line."""
    problem = view.error
    life = models[view.model_id].life_cycle
    return JobLine(
        id=view.id,
        batch_id=view.batch_id,
        model_id=view.model_id,
        model_name=view.model_name,
        prompt=(view.prompt or "")[:PROMPT_CHARS],
        state=view.state,
        queue_position=view.queue_position,
        created_at=view.created_at,
        submitted_at=view.submitted_at,
        ended_at=view.ended_at,
        received_bytes=view.received_bytes,
        total_bytes=view.total_bytes,
        upload_fraction=view.upload_fraction,
        log_lines=len(view.logs),
        problem=None
        if problem is None
        else Problem(
            what=problem.what,
            money=problem.money,
            remedy=problem.remedy,
            actions=_job_actions(view),
            model_id=life.replacement,
        ),
        quote=quote_text(view.quote),
        will_send=tuple(change_text(change) for change in view.changes),
        clip_id=view.clip_id,
        request_id=view.request_id,
        mode="live" if view.mode == "live" else "simulated",
        expected_s=expected.range_s,
        expected_from="own" if expected.runs else "published",
        expected_runs=expected.runs,
        cost=_job_cost(view),
        reused=view.reused,
        lost_contact=view.lost_contact,
        settled=view.settled,
    )


def _job_cost(view: JobView) -> str:
    if view.charge == "open":
        return ""
    if view.mode == "simulated" or view.reused:
        return "free"
    if view.charge == "none":
        return "not charged"
    amount_usd = view.billed_usd if view.billed_usd is not None else view.metered_usd
    amount_usd = view.quote.high_usd if amount_usd is None else amount_usd
    return f"perhaps {money(amount_usd)}" if view.charge == "possible" else money(amount_usd)


def _job_actions(view: JobView) -> tuple[Remedy, ...]:
    if view.error is None or not view.settled:
        return ()
    if view.state == "submit_unknown":
        return ("resume", "adopt", "resubmit", "abandon")
    if view.state not in ENDED:
        return ("download_again",) if view.error.kind == "DownloadError" else ("resume",)
    found: list[Remedy] = []
    if view.error.kind == "FalAuthError":
        found.append("set_key")
    if models[view.model_id].life_cycle.replacement is not None:
        found.append("use_model")
    limit = models[view.model_id].parameter("prompt")
    too_long = limit and limit.max_length and len(view.prompt) > 0.9 * limit.max_length
    if too_long and view.error.kind == "FalRejectedError" and "prompt" in view.error.what:
        found.append("shorten_prompt")
    if view.state != "stored":
        found.append("recall")
    return tuple(found)


def clip_card(stored: StoredClip, root: Path | None) -> ClipCard:
    """One stored clip, without its media.

    Args:
        stored: The clip.
        root: The folder that the Jupyter server serves, when there is one.
    """
    clip = stored.clip
    facts, recipe, stat = clip.facts, clip.recipe, clip.path.stat()
    model_id = "" if recipe is None else recipe.model_id
    return ClipCard(
        id=stored.id,
        job_id=stored.job_id,
        title=stored.title,
        name=clip.name,
        model_id=model_id,
        model_name=clip.path.stem if recipe is None else recipe.model_name,
        mode=models[model_id].mode if model_id in models else "text",
        run_mode="live" if recipe is not None and recipe.mode == "live" else "simulated",
        prompt=(clip.prompt or "")[:PROMPT_CHARS],
        created_at=stored.created_at,
        file_name=clip.path.name,
        cost=_cost(clip),
        rating=stored.rating,
        deleted=stored.deleted,
        remixable=stored.remixable,
        seed=clip.seed,
        duration_s=facts.duration_s,
        width_px=facts.width_px,
        height_px=facts.height_px,
        fps=facts.fps,
        has_sound=facts.has_audio,
        size_bytes=stat.st_size,
        version=f"{stat.st_size:x}-{stat.st_mtime_ns:x}",
        files_path=files_path(clip.path, root),
    )


def problem_of(error: QcutError) -> Problem:
    """An error's three parts, and what a button can do about it."""
    actions: dict[str, tuple[Remedy, ...]] = {
        "MissingKeyError": ("set_key",),
        "FalAuthError": ("set_key",),
    }
    return Problem(
        what=error.what,
        money=error.money,
        remedy=error.remedy,
        actions=actions.get(type(error).__name__, ()),
    )


def _cost(clip: Clip) -> str:
    if clip.recipe is not None and clip.recipe.mode == "simulated":
        return f"free ({money(clip.quote_usd)} live)"
    return money(clip.cost_usd)
