"""From a timeline to a file: whole, or not there at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import MediaFacts
from ..clip import Clip
from ..errors import InputError, QcutError
from ..media import finish_file, new_part
from .captions import caption_file
from .check import Check, check_animation, check_mp4, check_other
from .encoders import FORMATS, Encoding
from .export import SILENT, write_once
from .failures import in_words
from .join import write_mp4
from .joining import video_track
from .layout import Layout, lay_out
from .planner import plan_edit
from .progress import RenderProgress
from .provenance import bill_of
from .sound_plan import copied_sound
from .sound_track import encoded_track
from .sources import check_sources, files_of
from .work import made_pieces

if TYPE_CHECKING:
    from .timeline import Timeline

CODECS = {
    "avc1": "h264",
    "avc3": "h264",
    "hvc1": "hevc",
    "av01": "av1",
    "vp09": "vp9",
    "mp4v": "mpeg4",
}
JOIN_SHARE = 0.05
"""The part of the progress that writing the joined file takes, where something is encoded."""


@dataclass(frozen=True)
class Order:
    """What is to be rendered, and how.

    Attributes:
        path: The target.
        encoding: How the picture is encoded.
        overwrite: Whether a file that is there may be replaced.
        executor: Who makes pieces; `None` is threads of this process.
        check: How thoroughly the result is checked.
        sidecar: Whether the bill of materials is written beside it, too.
        may_copy: Whether samples may be copied.
    """

    path: Path
    encoding: Encoding
    overwrite: bool = False
    executor: Executor | None = None
    check: Check = "quick"
    sidecar: bool = False
    may_copy: bool = True


def render(
    timeline: Timeline,
    order: Order,
    *,
    on_progress: Callable[[float], None] | None,
    show: bool,
) -> Clip:
    """Write a timeline; see `Timeline.render`."""
    target = order.path.absolute()
    beside = _beside(timeline, target, order)
    for path in (target, *beside):
        _check_target(timeline, path, order.overwrite)
    check_sources(timeline.edit, thoroughly=True)
    progress = RenderProgress(target.name, on_progress, show)
    parts: dict[Path, Path] = {}
    written, left = target, "nothing was left behind"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for written in (target, *beside):
            parts[written] = new_part(written)
        written = target
        how, facts = _write(timeline, parts[target], order, progress)
        for written, text in beside.items():
            parts[written].write_text(text(), encoding="utf-8")
        for path in parts:
            _check_target(timeline, path, order.overwrite)  # it may have come meanwhile
        for written, part in parts.items():
            finish_file(part, written)
            left = f"{target.name} itself is whole"
    except BaseException as error:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
        progress.stopped()
        if isinstance(error, QcutError) or not isinstance(error, Exception):
            raise
        raise in_words(error, written, left) from error
    progress.done(how)
    return Clip(path=target, facts=facts) if facts is not None else Clip.from_file(target)


def _facts(part: Path, layout: Layout, kind: str, codec: str, *, has_sound: bool) -> MediaFacts:
    """What was checked to be so, so that nothing has to be opened again."""
    return MediaFacts(
        format=kind,
        size_bytes=part.stat().st_size,
        width_px=layout.width_px,
        height_px=layout.height_px,
        duration_s=float(layout.duration_s),
        fps=round(float(layout.fps), 3),
        frames=layout.frames,
        video_codec=codec,
        audio_codec="aac" if has_sound else None,
    )


def _write(
    timeline: Timeline, part: Path, order: Order, progress: RenderProgress
) -> tuple[str, MediaFacts | None]:
    """Write and check the file: how it was made, and its facts where they are known."""
    edit = timeline.edit
    layout = lay_out(edit)
    comment = bill_of(timeline).to_tag()
    plan = plan_edit(edit, may_copy=order.encoding.can_join and order.may_copy)
    has_sound = plan.sound != "none"
    if not order.encoding.can_join:
        write_once(
            edit,
            layout,
            plan.colours,
            order.encoding,
            part,
            comment,
            progress,
            has_sound=has_sound,
        )
        animated = FORMATS[order.encoding.suffix] in SILENT
        if animated:
            check_animation(part, layout)
        else:
            check_other(part, layout, has_sound=has_sound, check=order.check)
        how = f"{order.encoding.codec}, {plan.kind}"
        codec = order.encoding.codec
        return how, _facts(part, layout, codec, codec, has_sound=False) if animated else None
    share = 1 - JOIN_SHARE if plan.encoded_frames or plan.sound == "encode" else 0.0
    with made_pieces(
        edit, layout, plan, order.encoding, order.executor, lambda done: progress(done * share)
    ) as made:
        tracks = [video_track(plan, layout, made.pieces)]
        sound = copied_sound(layout) if plan.sound == "copy" else None
        if made.sound is not None:
            sound = encoded_track(made.sound)
        if sound is not None:
            tracks.append(sound)
        write_mp4(
            part,
            tracks,
            layout.duration_s,
            {"comment": comment},
            lambda done: progress(share + (1 - share) * done),
        )
    was_encoded = plan.stretches[-1].copied is None
    numbers = plan.numbers
    check_mp4(part, layout, numbers, sound=sound, check=order.check, decode_end=was_encoded)
    joined = CODECS[plan.host.form.codec if plan.host is not None else "avc1"]
    facts = _facts(part, layout, "mp4", joined, has_sound=has_sound)
    fps = round(float(layout.fps / layout.every), 3)
    return plan.kind, facts.model_copy(update={"frames": len(numbers), "fps": fps})


def _beside(timeline: Timeline, target: Path, order: Order) -> dict[Path, Callable[[], str]]:
    """The files that are written beside the result, and what makes their text."""
    found: dict[Path, Callable[[], str]] = {}
    if order.sidecar:
        path = target.with_name(target.name + ".json")
        found[path] = lambda: bill_of(timeline).model_dump_json(indent=2)
    captions = timeline.edit.captions
    for ending in sorted({each.file for each in captions if each.file}):
        chosen = [each for each in captions if each.file == ending]
        found[target.with_suffix(ending)] = partial(caption_file, chosen, ending)
    return found


def _check_target(timeline: Timeline, target: Path, overwrite: bool) -> None:
    if not target.exists():
        return
    if any(source.exists() and target.samefile(source) for source in files_of(timeline.edit)):
        raise InputError(
            f"{target.name} is a source of this timeline; sources are never written.",
            money="",
            remedy="Render to another name.",
        )
    if target.is_dir():
        raise InputError(f"{target} is a folder.", money="", remedy="Choose another name.")
    if not overwrite:
        raise InputError(
            f"{target} exists already.",
            money="",
            remedy="Choose another name, or pass overwrite=True to replace it once the new "
            "file is whole.",
        )
