"""Answering a request from the project's own clips, where it is exactly the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from ..engine import PlannedJob
from ..errors import InputError, ReuseQuestionError

if TYPE_CHECKING:
    from .core import Core

Reuse = Literal["never", "ask", "always"]


def reused(core: Core, plans: Sequence[PlannedJob], reuse: Reuse) -> list[PlannedJob]:
    """The plans, with those answered for which the project has a clip.

    A request is the same when its body with a fixed seed and the digests of its input files are.
    One without a seed is never answered: its next result would be another one.

    Raises:
        ReuseQuestionError: `reuse="ask"`, and there are such clips.
        InputError: There is no such way.
    """
    if reuse not in get_args(Reuse):
        raise InputError(
            f"reuse={reuse!r} is not offered.", remedy=f"Allowed: {', '.join(get_args(Reuse))}."
        )
    if reuse == "never":
        return list(plans)
    answered = [replace(plan, reused_clip=_clip_for(core, plan)) for plan in plans]
    found = tuple(plan.reused_clip for plan in answered if plan.reused_clip is not None)
    if found and reuse == "ask":
        which = ", ".join(plan.spec.id for plan in answered if plan.reused_clip is not None)
        raise ReuseQuestionError(
            f"The project already has the clip of exactly this request for {which}.",
            clip_ids=found,
            remedy='Pass reuse="always" to take it at no cost, or reuse="never" to pay again.',
        )
    return answered


def _clip_for(core: Core, plan: PlannedJob) -> str | None:
    if plan.reused_clip is not None or plan.reuse_key is None:
        return plan.reused_clip
    for row in core.project.store.clips_of_request(plan.reuse_key, core.connection.mode):
        file = core.project.folder / row.file
        if file.is_file() and file.stat().st_size == row.size_bytes:
            return row.id
    return None
