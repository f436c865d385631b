"""Making the outcome of a request: check it, render its video once, or refuse it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..catalog import MediaFacts, WireFault, models
from ..errors import QcutError
from .encode import Paint, Planes, RenderStoppedError, write_video
from .inputs import measure_video, open_picture, video_frames
from .locks import file_lock
from .paint import (
    cross_fade,
    from_source,
    labelled,
    moving_scene,
    picture_planes,
    stand_in_picture,
    with_inset,
    with_level_meter,
    zoomed_picture,
)
from .plan import Plan, RefusedError, make_plan
from .records import Outcome, Record
from .shelf import Shelf
from .sound import Samples, fitted, levels, read_sound, tone

log = logging.getLogger(__name__)
ERROR_URL = "https://docs.fal.ai/errors"


class Workshop:
    """Renders videos into a folder, each different one once.

    Args:
        shelf: Where files are kept.
        max_height_px: Cap on the height of videos.
        media_file: A file to deliver instead of rendering.
    """

    def __init__(self, shelf: Shelf, max_height_px: int | None, media_file: Path | None) -> None:
        self.shelf = shelf
        self.media = shelf.media
        self.rendered = 0
        self.stopping = threading.Event()
        self._known: dict[str, MediaFacts | None] = {}
        self._max_height_px = max_height_px
        self._fixed = media_file

    def make(self, record: Record) -> Outcome:
        """Do the work of a request; whatever goes wrong is an outcome, as at fal.

        Raises:
            RenderStoppedError: The simulator stops; the work is left for the next one.
        """
        spec = models.by_endpoint(record.endpoint)
        if spec is None:
            return failure(500, "internal_server_error", "The model is not in the catalogue")
        try:
            plan = make_plan(spec, record.body, shelf=self.shelf, max_height_px=self._max_height_px)
            if self._fixed:
                path, facts = self._fixed_copy(self._fixed), None
            else:
                path = self._rendered(plan)
                facts = self._facts(path)
        except RefusedError as error:
            return refusal(error.faults)
        except RenderStoppedError:
            raise
        except Exception:
            log.exception("Rendering request %s failed", record.request_id)
            return failure(500, "internal_server_error", "Internal server error")
        video: dict[str, Any] = {"file_size": path.stat().st_size}
        if facts is not None:
            video |= {
                "width": facts.width_px,
                "height": facts.height_px,
                "fps": facts.fps,
                "duration": facts.duration_s,
                "num_frames": facts.frames,
            }
        return Outcome(
            media=path.name,
            video=video,
            units=None if plan.units is None else f"{plan.units.normalize():f}",
            seed=plan.seed if spec.parameter("seed") else None,
        )

    def _rendered(self, plan: Plan) -> Path:
        path = self.media / f"{plan.key}.mp4"
        if path.exists():
            return path
        with file_lock(self.media / f"{plan.key}.lock"):
            if not path.exists():
                part = path.with_suffix(".part")
                render(plan, part, self.stopping.is_set)
                part.replace(path)
                self.rendered += 1
        return path

    def _facts(self, path: Path) -> MediaFacts | None:
        if path.name not in self._known:
            self._known[path.name] = measure_video(path)
        return self._known[path.name]

    def _fixed_copy(self, source: Path) -> Path:
        path = self.media / f"fixed-{source.stat().st_mtime_ns}{source.suffix}"
        if not path.exists():
            with file_lock(self.media / "fixed.lock"):
                part = path.with_suffix(".part")
                try:
                    part.unlink(missing_ok=True)
                    os.link(source, part)
                except OSError:
                    shutil.copyfile(source, part)
                part.replace(path)
        return path


def render(plan: Plan, path: Path, stopped: Callable[[], bool] = lambda: False) -> None:
    """Write the video of a plan.

    Args:
        plan: What to make.
        path: Where to write.
        stopped: Asked before every frame.

    Raises:
        RenderStoppedError: `stopped` said so.
    """
    sound = _sound(plan)
    paint = _PAINTERS[plan.spec.mode](plan, sound)
    write_video(
        path,
        width_px=plan.width_px,
        height_px=plan.height_px,
        fps=plan.fps,
        frames=plan.frames,
        paint=labelled(paint, plan.width_px, plan.height_px, plan.spec.name, plan.prompt),
        sound=sound,
        stopped=stopped,
    )


def refusal(faults: list[WireFault], status: int = 422) -> Outcome:
    """An outcome of refused input, as fal's model errors look."""
    detail = [
        {
            "loc": list(fault.loc),
            "msg": fault.msg,
            "type": fault.type,
            "url": f"{ERROR_URL}#{fault.type}",
            **({"ctx": fault.ctx} if fault.ctx else {}),
        }
        for fault in faults
    ]
    return Outcome(status=status, body={"detail": detail}, units="0", error_type=faults[0].type)


def failure(status: int, error_type: str, text: str) -> Outcome:
    """An outcome of a failed run, as fal's request errors look."""
    return Outcome(
        status=status, body={"detail": text, "error_type": error_type}, error_type=error_type
    )


def _sound(plan: Plan) -> Samples | None:
    if not plan.sound:
        return None
    given = plan.files.get("audio_file") or plan.files.get("video")
    if given is not None and given.path is not None:
        found = read_sound(given.path)
        if found is not None:
            return fitted(found, plan.duration_s)
    return tone(plan.duration_s, f"{plan.spec.id} {plan.prompt} {plan.seed}")


def _picture(plan: Plan, name: str, width_px: int, height_px: int) -> Planes:
    given = plan.files[name]
    image = open_picture(given) or stand_in_picture(width_px, height_px, given.url)
    return picture_planes(image, width_px, height_px)


def _scene_key(plan: Plan) -> str:
    return f"{plan.spec.id} {plan.prompt} {plan.seed}"


def _from_text(plan: Plan, sound: Samples | None) -> Paint:
    return moving_scene(
        plan.width_px, plan.height_px, plan.frames, float(plan.fps), _scene_key(plan)
    )


def _from_image(plan: Plan, sound: Samples | None) -> Paint:
    first = _picture(plan, "image", plan.width_px, plan.height_px)
    if "last_frame" in plan.files:
        last = _picture(plan, "last_frame", plan.width_px, plan.height_px)
        return cross_fade(first, last, plan.frames)
    return zoomed_picture(first, plan.frames, _scene_key(plan))


def _from_frames(plan: Plan, sound: Samples | None) -> Paint:
    first = _picture(plan, "first_frame", plan.width_px, plan.height_px)
    last = _picture(plan, "last_frame", plan.width_px, plan.height_px)
    return cross_fade(first, last, plan.frames)


def _avatar(plan: Plan, sound: Samples | None) -> Paint:
    if "video" in plan.files:
        width_px, height_px = plan.width_px // 4 // 2 * 2, plan.height_px // 4 // 2 * 2
        inset = _picture(plan, "image", max(2, width_px), max(2, height_px))
        left_px, top_px = plan.width_px - inset[0].shape[1], 0
        return with_inset(_from_video(plan, sound), inset, left_px, top_px)
    picture = _picture(plan, "image", plan.width_px, plan.height_px)
    paint = zoomed_picture(picture, plan.frames, _scene_key(plan))
    if sound is None:
        return paint
    return with_level_meter(paint, levels(sound, plan.frames, float(plan.fps)))


def _from_video(plan: Plan, sound: Samples | None) -> Paint:
    path = plan.source or plan.files["video"].path
    if path is None:
        return _from_text(plan, sound)
    facts = measure_video(path)
    if facts is None or facts.fps is None:
        raise QcutError(f"{path.name} has no moving picture.")
    frames = video_frames(
        path,
        width_px=plan.width_px,
        height_px=plan.height_px,
        source_fps=type(plan.fps)(facts.fps).limit_denominator(1001),
        fps=plan.fps,
    )
    return from_source(frames, recolour=plan.spec.mode == "remix")


_PAINTERS: dict[str, Callable[[Plan, Samples | None], Paint]] = {
    "text": _from_text,
    "image": _from_image,
    "frames": _from_frames,
    "avatar": _avatar,
    "remix": _from_video,
    "upscale": _from_video,
}
