"""From a timeline to a file: whole, or not there at all."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..clip import Clip
from ..errors import InputError, MediaError, QcutError, RenderError
from ..media import finish_file, probe
from .copy_join import copy_join
from .encode import encode
from .progress import RenderProgress
from .provenance import bill_of

if TYPE_CHECKING:
    from .timeline import Timeline

SUFFIXES = (".mp4", ".m4v")


def render(
    timeline: Timeline,
    path: str | Path,
    *,
    overwrite: bool,
    on_progress: Callable[[float], None] | None,
    show: bool,
) -> Clip:
    """Write a timeline; see `Timeline.render`."""
    target = Path(path).absolute()
    _check_target(timeline, target, overwrite)
    check_sources(timeline)
    part = target.with_name(f"{target.stem}.part{target.suffix}")
    progress = RenderProgress(target.name, on_progress, show)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        how = _write(timeline, part, progress)
        finish_file(part, target)
    except BaseException as error:
        with suppress(OSError):  # a folder that cannot be made has no part in it either
            part.unlink(missing_ok=True)
        progress.stopped()
        if isinstance(error, QcutError) or not isinstance(error, Exception):
            raise
        raise _failed(target, error) from error
    progress.done(how)
    return Clip.from_file(target)


def _write(timeline: Timeline, part: Path, progress: RenderProgress) -> str:
    comment = bill_of(timeline.clips, [music.path for music in timeline.music_tracks]).to_tag()
    plan = timeline.plan()
    if plan.kind == "copy":
        copy_join(timeline.clips, part, comment, progress)
        frames: int | None = sum(clip.facts.frames or 0 for clip in timeline.clips)
    else:
        composition = timeline.composition()
        try:
            movie = composition.to_moviepy()
            frames = encode(
                movie,
                part,
                timeline.shape.fps,
                comment,
                progress,
                name_colours=composition.names_colours,
            )
        finally:
            composition.close()
    facts = probe(part)
    if facts.frames != frames:
        raise RenderError(
            f"The result has {facts.frames} frames where {frames} were expected; it was removed.",
            remedy="Please report this with timeline.plan().",
        )
    return plan.kind


def check_sources(timeline: Timeline) -> None:
    """Every source must still be the file it was.

    Raises:
        InputError: One is missing, or was changed since the timeline was made.
    """
    for number, clip in enumerate(timeline.clips, 1):
        name = f"Clip {number}, {clip.path}"
        try:
            size_bytes = clip.path.stat().st_size
        except OSError as error:
            raise InputError(
                f"{name}, is not there: {error.strerror or error}.",
                remedy="Put it back, or build the timeline from a file that is there.",
            ) from error
        if size_bytes != clip.facts.size_bytes:
            raise InputError(
                f"{name}, has changed since the timeline was made.",
                remedy="Build the timeline again: Clip.from_file(path) reads the new file.",
            )
    for music in timeline.music_tracks:
        if not music.path.is_file():
            raise InputError(f"The music {music.path} is not there.")


def _check_target(timeline: Timeline, target: Path, overwrite: bool) -> None:
    if target.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{target.name!r} is not the name of an MP4 file.",
            remedy=f"Call it {target.stem or 'cut'}.mp4.",
        )
    if not target.exists():
        return
    sources = [clip.path for clip in timeline.clips] + [m.path for m in timeline.music_tracks]
    if any(source.exists() and target.samefile(source) for source in sources):
        raise InputError(
            f"{target.name} is a source of this timeline; sources are never written.",
            remedy="Render to another name.",
        )
    if target.is_dir() or not overwrite:
        raise InputError(
            f"{target} exists already.",
            remedy="Choose another name, or pass overwrite=True to replace it once the new "
            "file is whole.",
        )


def _failed(target: Path, error: Exception) -> MediaError:
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        what = "there is no space left" if full else error.strerror or str(error)
        return RenderError(
            f"{target} cannot be written: {what}.",
            remedy="Make room or choose another folder; nothing was left behind, and the sources "
            "are untouched.",
        )
    return RenderError(
        f"{target.name} could not be rendered: {error}",
        remedy="The sources are untouched; timeline.plan() says how it was rendered.",
    )
