"""A project's store remade from its clips and its journal, when the database is lost or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..catalog import Change, Quote, Request, models
from ..errors import MediaError, ProjectError
from ..media import Recipe, probe, read_recipe, sha256_file
from ..store import (
    DATABASE_NAME,
    ENDED,
    NEXT_STATES,
    ClipRow,
    Remains,
    check_name,
    refuse_in_use,
    remake,
)
from .greeting import greet

ENDINGS = frozenset({".mp4", ".mov", ".webm", ".mkv", ".gif"})
CHANGES = TypeAdapter(tuple[Change, ...])
MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found.

    Attributes:
        jobs: Jobs in the store now.
        clips: Clips in the store now.
        unfinished: Jobs that had not ended; they are picked up, nothing is paid again.
        from_files: Clips that only their own files told of.
        left_out: Jobs and files that could not be read, by their names.
        kept_aside: The old database; `None` where there was none.
    """

    jobs: int
    clips: int
    unfinished: int
    from_files: int
    left_out: tuple[str, ...]
    kept_aside: Path | None

    def __str__(self) -> str:
        lines = [
            f"Store remade. Jobs: {self.jobs}, unfinished: {self.unfinished}. "
            f"Clips: {self.clips}, known from their files alone: {self.from_files}."
        ]
        if self.kept_aside is not None:
            lines.append(f"The old database is kept as {self.kept_aside.name}.")
        if self.left_out:
            lines.append(f"Could not be read: {', '.join(self.left_out)}.")
        return "\n".join(lines)


def rebuild(folder: Path) -> Rebuilt:
    """Remake the store of a project that nobody has open. Free: nothing is sent.

    Args:
        folder: The project's.

    Raises:
        ProjectError: Another kernel works on it, or the store cannot be written; nothing changed.
    """
    refuse_in_use(folder / DATABASE_NAME)
    try:
        remains = Remains.of_journal(folder)
    except OSError as error:
        raise ProjectError(
            f"{folder.name}'s journal cannot be read: {error.strerror}.",
            money="Nothing was spent, and nothing was changed.",
            remedy="Make journal.jsonl readable, and call it again.",
        ) from error
    left_out = [f"job {job_id}" for job_id in _spoilt(remains)]
    from_files = 0
    known = {clip["file"] for clip in remains.clips.values()}
    for path in _videos(folder / "clips"):
        file = path.relative_to(folder).as_posix()
        if file in known:
            continue
        found = _from_file(path, file)
        if found is None:
            left_out.append(path.name)
        elif found[1].id not in remains.clips:
            remains.add(*found)
            from_files += 1
    aside = remake(folder, DATABASE_NAME, remains)
    return Rebuilt(
        jobs=len(remains.jobs),
        clips=len(remains.clips),
        unfinished=sum(job["state"] not in ENDED for job in remains.jobs.values()),
        from_files=from_files,
        left_out=tuple(left_out),
        kept_aside=aside,
    )


def _videos(clips: Path) -> Iterator[Path]:
    if clips.is_dir():
        yield from sorted(path for path in clips.iterdir() if path.suffix.lower() in ENDINGS)


def _spoilt(remains: Remains) -> list[str]:
    """Take out the jobs that could not be worked with, because their lines were spoilt."""
    spoilt = [job_id for job_id, job in remains.jobs.items() if not _sound(job)]
    for job_id in spoilt:
        del remains.jobs[job_id]
    for clip_id, clip in list(remains.clips.items()):
        if not _sound_clip(clip):
            del remains.clips[clip_id]
    return spoilt


def _sound(job: dict[str, Any]) -> bool:
    try:
        Request.model_validate_json(job["request"])
        CHANGES.validate_json(job["changes"])
        return job["state"] in NEXT_STATES and isinstance(job["created_at"], int | float)
    except (KeyError, TypeError, ValueError, ValidationError):
        return False


def _sound_clip(clip: dict[str, Any]) -> bool:
    try:
        Recipe.model_validate_json(clip["recipe"])
        return not Path(clip["file"]).is_absolute() and ".." not in Path(clip["file"]).parts
    except (KeyError, TypeError, ValueError, ValidationError):
        return False


def _from_file(path: Path, file: str) -> tuple[dict[str, Any], ClipRow] | None:
    """The job and the clip that a file's recipe tells of."""
    try:
        recipe, facts = read_recipe(path), probe(path)
        sha256 = sha256_file(path)
    except (MediaError, OSError):
        return None
    if recipe is None or not recipe.job_id:
        return None
    at = recipe.created_at.timestamp()
    clip = ClipRow(
        id=recipe.job_id,
        job_id=recipe.job_id,
        file=file,
        sha256=sha256,
        size_bytes=facts.size_bytes,
        facts=facts.model_dump_json(),
        recipe=recipe.model_dump_json(),
        created_at=path.stat().st_mtime,
    )
    return _job_of(recipe, at), clip


def _job_of(recipe: Recipe, at: float) -> dict[str, Any]:
    estimate, metered = recipe.cost.estimate_usd, recipe.cost.metered_usd
    quote = Quote(amount_usd=estimate, low_usd=estimate, high_usd=estimate, source="the recipe")
    request = Request(
        model_id=recipe.model_id,
        endpoint=recipe.endpoint,
        values=recipe.values,
        body={},
        quote=quote,
    )
    known = metered if metered is not None else estimate
    spent = known if recipe.mode == "live" else None
    return {
        "id": recipe.job_id,
        "batch_id": "rebuilt",
        "place": 0,
        "mode": recipe.mode,
        "state": "stored",
        "model_id": recipe.model_id,
        "catalog_version": recipe.catalog_version or models.version,
        "request": request.model_dump_json(),
        "changes": "[]",
        "low_micro_usd": _micro(estimate),
        "high_micro_usd": _micro(estimate),
        "metered_micro_usd": _micro(metered),
        "charge": "settled",
        "reserved_micro_usd": 0,
        "spent_micro_usd": _micro(spent) or 0,
        "request_id": recipe.request_id,
        "cell": recipe.cell,
        "created_at": at,
        "ended_at": at,
    }


def _micro(amount_usd: Decimal | None) -> int | None:
    return None if amount_usd is None else int((amount_usd * MICRO).to_integral_value())


def rebuild_closed(name: str, root: Path) -> Rebuilt:
    """Remake the store of a project by its name, also when it cannot be opened.

    Raises:
        InputError: The name cannot be a project's.
        ProjectError: There is no such project, or it is in use.
    """
    check_name(name)
    folder = root / "qcut" / name
    if not folder.is_dir():
        raise ProjectError(
            f"There is no project folder {folder}.",
            money="Nothing was spent.",
            remedy="Check the name and root=, or leave rebuild=True out to start a new project.",
        )
    with closed_here(folder):
        return rebuild(folder)


@contextmanager
def closed_here(folder: Path) -> Iterator[None]:
    """Close a project in this kernel for the time being; whatever comes of it, then go on.

    Raises:
        ProjectError: Another kernel works on it; nothing was closed.
    """
    from .core import Core

    refuse_in_use(folder / DATABASE_NAME, open_here=True)
    cores = Core.close_all(folder)
    try:
        yield
    finally:
        for core in cores:
            if said := greet(core.again()[0]):
                print(said)
