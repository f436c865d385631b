"""Making the pieces of a plan, in parallel, with a true count of what is done."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import RenderError
from .encoders import Encoding
from .failures import in_words
from .kept import kept_folder, sweep
from .layout import Layout
from .model import Edit
from .pieces import PieceJob, content_key, is_whole, make_piece, matching, without_owners
from .plan import Plan, Stretch
from .sound_track import encode_sound

REPORT_EVERY_S = 0.1
SOUND_SHARE = 0.1
"""What a frame's sound costs, beside encoding the frame."""


class Stopped(Exception):
    """The render was stopped."""


@dataclass
class Count:
    """Work done, counted by the threads that do it; in frames that are encoded."""

    total: float
    stop: threading.Event = field(default_factory=threading.Event)
    _done: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, amount: float) -> None:
        """Count some work.

        Raises:
            Stopped: It shall stop.
        """
        if self.stop.is_set():
            raise Stopped
        with self._lock:
            self._done += amount

    @property
    def fraction(self) -> float:
        """The part that is done."""
        return min(1.0, self._done / self.total) if self.total else 1.0


@dataclass(frozen=True)
class Made:
    """What was made: a file for each encoded stretch, and the sound where it was encoded."""

    pieces: dict[Stretch, Path]
    sound: Path | None


@contextlib.contextmanager
def made_pieces(
    edit: Edit,
    layout: Layout,
    plan: Plan,
    encoding: Encoding,
    executor: Executor | None,
    on_progress: Callable[[float], None],
) -> Iterator[Made]:
    """Make the pieces and the sound of a plan; what is not kept goes away afterwards.

    Args:
        edit: The edit.
        layout: Its frame grid.
        plan: What is to be made.
        encoding: How.
        executor: Who makes the pieces; `None` is a thread for each core.
        on_progress: Called in this thread with the fraction done.

    Raises:
        RenderError: A source does not decode, a worker was lost, or a piece cannot be kept.
    """
    folder = kept_folder()
    jobs, passing = _jobs(edit, plan, encoding, folder)
    missing = {job.path: job for job in jobs if not is_whole(job)}
    for path in {job.path for job in jobs} - set(missing):
        os.utime(path)
    frames = sum(job.frames for job in missing.values())
    sound_work = layout.frames * SOUND_SHARE if plan.sound == "encode" else 0.0
    count = Count(frames + sound_work)
    sound: Path | None = None
    try:
        if plan.sound == "encode":
            sound = folder / f"{uuid.uuid4().hex}.sound"
            passing.append(sound)
        _run(edit, layout, list(missing.values()), sound, executor, count, on_progress)
        yield Made({stretch: job.path for job in jobs for stretch in _of(job, plan)}, sound)
    finally:
        for path in passing:
            path.unlink(missing_ok=True)
        sweep(folder)


def _of(job: PieceJob, plan: Plan) -> list[Stretch]:
    return [each for each in plan.stretches if (each.first, each.end) == (job.first, job.end)]


def _jobs(
    edit: Edit, plan: Plan, encoding: Encoding, folder: Path
) -> tuple[list[PieceJob], list[Path]]:
    """What to make, and which of the files are of no use later."""
    bare = without_owners(edit)
    stretches = [stretch for stretch in plan.stretches if stretch.copied is None]
    match = matching(plan.host, max(each.frames for each in stretches)) if stretches else None
    jobs, passing = [], []
    for stretch in stretches:
        job = PieceJob(
            bare, stretch.first, stretch.end, plan.colours, encoding, match, folder / "unnamed"
        )
        key = content_key(job)
        path = folder / f"{key or uuid.uuid4().hex}.mp4"
        if key is None:
            passing.append(path)
        jobs.append(PieceJob(bare, stretch.first, stretch.end, plan.colours, encoding, match, path))
    return jobs, passing


def _run(
    edit: Edit,
    layout: Layout,
    missing: list[PieceJob],
    sound: Path | None,
    executor: Executor | None,
    count: Count,
    on_progress: Callable[[float], None],
) -> None:
    own = ThreadPoolExecutor(max_workers=(os.cpu_count() or 2) + 1, thread_name_prefix="render")
    futures: dict[Future[Any], float] = {}
    try:
        if sound is not None:
            share = layout.frames * SOUND_SHARE
            futures[own.submit(_sound, edit, layout, sound, count, share)] = 0.0
        for job in missing:
            if executor is None or not _can_travel(job):
                futures[own.submit(make_piece, job, lambda: count.add(1))] = 0.0
            else:
                futures[executor.submit(make_piece, job)] = job.frames
        _wait(futures, count, on_progress)
    except BaseException as error:
        count.stop.set()
        for future in futures:
            future.cancel()
        if isinstance(error, BrokenExecutor):
            raise _lost(error) from error
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def _can_travel(job: PieceJob) -> bool:
    """MoviePy clips and effects hold open files and stay in this process."""
    return content_key(job) is not None


def _sound(edit: Edit, layout: Layout, path: Path, count: Count, share: float) -> None:
    told = 0.0

    def on_progress(fraction: float) -> None:
        nonlocal told
        count.add((fraction - told) * share)
        told = fraction

    encode_sound(edit, layout, path, on_progress)


def _wait(
    futures: dict[Future[Any], float], count: Count, on_progress: Callable[[float], None]
) -> None:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=REPORT_EVERY_S, return_when=FIRST_COMPLETED)
        for future in done:
            error = future.exception()
            if error is not None:
                raise _lost(error) from error
            count.add(futures[future])
        on_progress(count.fraction)


def _lost(error: BaseException) -> BaseException:
    """Our own errors as they are; a worker that died, in words."""
    if isinstance(error, OSError) and error.errno:
        return in_words(error, kept_folder())
    if isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker":
        return RenderError(
            "A worker that rendered a piece was killed; the pieces that were done are kept.",
            remedy="Render again: only what is missing is rendered.",
        )
    return error
