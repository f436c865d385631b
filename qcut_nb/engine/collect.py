"""From a result to a stored clip: download, check, recipe, rename, record."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..catalog import MediaFacts, models, money
from ..errors import DownloadError, FalConnectionError, FalError, MediaError
from ..fal import Downloaded
from ..media import (
    Recipe,
    RecipeCost,
    RecipeInput,
    check_clip,
    read_recipe,
    sha256_file,
    write_recipe,
)
from ..store import Charge, ClipRow
from .desk import Desk
from .live_job import LiveJob
from .metering import for_money
from .views import JobProblem
from .watch import RETRY_S, result_of

Progress = Callable[[int, int | None], None]
ENDINGS = ("mp4", "webm", "mov", "mkv", "gif")


@dataclass(frozen=True)
class Finished:
    """A clip's file in its final place."""

    path: Path
    facts: MediaFacts
    sha256: str


async def collect(
    desk: Desk, job: LiveJob, output: Mapping[str, Any], *, begun_before: bool
) -> None:
    """Bring the clip home and record it.

    Args:
        desk: What to work with.
        job: A job whose result is known.
        output: The result.
        begun_before: Another process may have come as far as the file's final name.

    Raises:
        DownloadError: It could not be saved; the job stays where it is, to be tried again.
    """
    base = desk.project.clips / f"ai-{job.spec.id}-{job.id}"
    recipe = recipe_of(desk, job, output)
    done = await desk.on_media(_already_there, base, job.id) if begun_before else None
    part = base.with_name(base.name + ".part")
    if done is None and begun_before and part.exists():
        done = await desk.on_media(_finish_what_came, part, base, recipe)
    if done is None:
        came = await _download(desk, job, output, part)
        try:
            done = await desk.on_media(finish, part, base, recipe, came.came_whole)
        except DownloadError:
            await desk.on_media(_set_aside, part)
            await _download(desk, job, output, part)
            done = await desk.on_media(finish, part, base, recipe)
    clip = ClipRow(
        id=job.id,
        job_id=job.id,
        file=done.path.relative_to(desk.project.folder).as_posix(),
        sha256=done.sha256,
        size_bytes=done.facts.size_bytes,
        facts=done.facts.model_dump_json(),
        recipe=recipe.model_dump_json(),
        created_at=time.time(),
    )
    await desk.on_disk(desk.project.store.store_clip, clip)
    job.clip_id = clip.id
    job.problem = None
    job.entered("stored")


async def _download(desk: Desk, job: LiveJob, output: Mapping[str, Any], part: Path) -> Downloaded:
    def progress(received_bytes: int, total_bytes: int | None) -> None:
        job.received_bytes, job.total_bytes = received_bytes, total_bytes
        desk.show_sometimes(job)

    try:
        return await _fetch(desk, job, video_url(output), part, progress)
    except FalError:
        fresh = await result_of(desk, job)
        try:
            return await _fetch(desk, job, video_url(fresh.output), part, progress)
        except FalError as error:
            usd = job.metered_usd
            charged = "The run was charged." if usd is None else f"fal metered {money(usd)} for it."
            gone = DownloadError(
                error.what,
                money=for_money(job, charged),
                remedy=f"Ask fal's support with request id {job.request_id}; generating it again "
                "would be a new payment.",
            )
            if error.status_code in (404, 410):
                job.problem = JobProblem.of(gone)
                charge: Charge = "possible" if usd is None else "settled"
                await desk.advance(job, "expired", charge=charge, problem=job.problem_json)
            raise gone from error


async def _fetch(desk: Desk, job: LiveJob, url: str, part: Path, progress: Progress) -> Downloaded:
    """Download, however long the network is away; what is wrong with the file or disk is raised."""
    attempt = 0
    while True:
        try:
            came = await desk.client.download(url, part, on_progress=progress)
        except FalConnectionError:
            job.lost_contact = True
            desk.show(job)
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1
        else:
            job.lost_contact = False
            return came


def video_url(output: Mapping[str, Any]) -> str:
    """Where the video of a result is.

    Raises:
        DownloadError: The result has none.
    """
    video = output.get("video")
    url = video.get("url") if isinstance(video, Mapping) else None
    if not isinstance(url, str) or not url:
        raise DownloadError(
            f"fal's answer has no video; it has: {', '.join(map(str, output)) or 'nothing'}.",
            money="The run may have been charged.",
            remedy="Look at the request at fal.ai/dashboard.",
        )
    return url


def finish(part: Path, base: Path, recipe: Recipe, came_whole: bool = False) -> Finished:
    """Check a download, write its recipe into it, and give it its final name.

    Args:
        part: The download.
        base: Its final name, without the ending.
        recipe: How it was made.
        came_whole: As for `check_clip`.

    Raises:
        DownloadError: It is not a playable video.
    """
    facts = check_clip(part, came_whole=came_whole)
    path = base.with_name(f"{base.name}.{facts.format}")
    write_recipe(part, path, recipe)
    _clear_away(base, path)
    size_bytes = path.stat().st_size
    return Finished(path, facts.model_copy(update={"size_bytes": size_bytes}), sha256_file(path))


def _finish_what_came(part: Path, base: Path, recipe: Recipe) -> Finished | None:
    """A download that was complete when its process died, or when the disk was full."""
    try:
        return finish(part, base, recipe)
    except DownloadError:
        return None


def _already_there(base: Path, job_id: str) -> Finished | None:
    """The clip of a job whose process died between the rename and the record."""
    for path in (base.with_name(f"{base.name}.{ending}") for ending in ENDINGS):
        if not path.exists():
            continue
        try:
            recipe = read_recipe(path)
            facts = check_clip(path)
        except MediaError:
            continue
        if recipe is not None and recipe.job_id == job_id:
            _clear_away(base, path)
            return Finished(path, facts, sha256_file(path))
    return None


def _clear_away(base: Path, final: Path) -> None:
    """Remove what the way to a clip left behind, now that the clip is in its place."""
    for ending in ("part", "part.etag", "part.broken", f"{final.suffix[1:]}.part"):
        # What cannot be removed harms nobody; the clip must not fail for it.
        with contextlib.suppress(OSError):
            os.unlink(f"{base}.{ending}")  # noqa: PTH108 - mostly none is there: a path costs more


def _set_aside(part: Path) -> None:
    part.replace(part.with_name(part.name + ".broken"))
    part.with_name(part.name + ".etag").unlink(missing_ok=True)


def recipe_of(desk: Desk, job: LiveJob, output: Mapping[str, Any]) -> Recipe:
    """How a clip was made, for its file and the store."""
    request = job.request
    seed = output.get("seed", request.values.get("seed"))
    return Recipe(
        model_id=job.spec.id,
        model_name=job.spec.name,
        endpoint=request.endpoint,
        prompt=request.prompt or None,
        values=request.values,
        inputs=tuple(
            RecipeInput(name=use.name, sha256=use.file.sha256, label=use.file.label)
            for use in request.files
        ),
        cost=RecipeCost(estimate_usd=request.quote.high_usd, metered_usd=job.metered_usd),
        seed=seed if isinstance(seed, int) else None,
        request_id=job.request_id,
        job_id=job.id,
        project=desk.project.name,
        cell=job.cell,
        mode="simulated" if job.mode == "simulated" else "live",
        catalog_version=models.version,
        created_at=datetime.fromtimestamp(job.created_at, UTC),
    )
