"""What a request asks for, worked out the way fal does: settings, files, size, length, price."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..catalog import (
    MediaFacts,
    ModelSpec,
    WireFault,
    check_wire,
    decoded,
    output_size,
    quote_for,
)
from .inputs import Given, InputFaultError, measure_video, receive
from .prices import unit_price
from .shelf import Shelf

RECIPE_VERSION = 1
STAND_IN_S = 5.0
VIDEO_ID_PREFIX = "video_"


class RefusedError(Exception):
    """The input is not valid; carries every fault."""

    def __init__(self, faults: list[WireFault]) -> None:
        super().__init__("; ".join(fault.msg for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Plan:
    """A video to make.

    Attributes:
        spec: The model.
        values: Settings in effect, in the caller's spelling.
        files: The files given, by the catalogue's names.
        source: The video to remix.
        width_px: Even.
        height_px: Even.
        fps: Frames a second.
        frames: Number of frames.
        sound: Whether there is a sound track.
        seed: The seed in effect.
        units: Billable units; `None` where no price is known.
    """

    spec: ModelSpec
    values: dict[str, Any]
    files: dict[str, Given]
    source: Path | None
    width_px: int
    height_px: int
    fps: Fraction
    frames: int
    sound: bool
    seed: int
    units: Decimal | None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.frames / self.fps)

    @property
    def prompt(self) -> str:
        """The prompt, or nothing."""
        return str(self.values.get("prompt") or "")

    @property
    def key(self) -> str:
        """Equal for plans that give the same video."""
        facts = {
            "version": RECIPE_VERSION,
            "endpoint": self.spec.endpoint,
            "values": self.values,
            "files": {name: given.digest for name, given in self.files.items()},
            "source": self.source.name if self.source else None,
            "size": [self.width_px, self.height_px],
            "seed": self.seed,
        }
        text = json.dumps(facts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def make_plan(
    spec: ModelSpec,
    body: dict[str, Any],
    *,
    shelf: Shelf,
    max_height_px: int | None,
) -> Plan:
    """Check a request and work out the video.

    Args:
        spec: The model.
        body: The input.
        shelf: The files that there are: uploads and earlier videos.
        max_height_px: Cap on the height of the video.

    Raises:
        RefusedError: fal would answer 422.
    """
    faults = check_wire(spec, body)
    files = {}
    if not faults:
        for want in spec.files:
            if body.get(want.wire) is not None:
                try:
                    files[want.name] = receive(want, body[want.wire], shelf)
                except InputFaultError as error:
                    faults.append(error.fault)
    facts = {name: given.facts for name, given in files.items()}
    faults = faults or check_wire(spec, body, facts)
    source, source_facts = _remix_source(spec, body, shelf, faults)
    if faults:
        raise RefusedError(faults)
    values = decoded(spec, body)
    shape = facts.get("video") or facts.get("image") or facts.get("first_frame") or source_facts
    width_px, height_px = output_size(spec, values, shape)
    units = _units(spec, values, facts)
    width_px, height_px = _capped(width_px, height_px, max_height_px)
    fps = _fps(spec, values, facts.get("video"))
    length_s = _length_s(spec, values, facts, source_facts)
    return Plan(
        spec=spec,
        values=values,
        files=files,
        source=source,
        width_px=width_px,
        height_px=height_px,
        fps=fps,
        frames=max(1, round(length_s * fps)),
        sound=_has_sound(spec, values, facts),
        seed=_seed(spec, values, body),
        units=units,
    )


def _remix_source(
    spec: ModelSpec, body: dict[str, Any], shelf: Shelf, faults: list[WireFault]
) -> tuple[Path | None, MediaFacts | None]:
    if spec.output.follows != "video_id" or faults:
        return None, None
    path = shelf.made(str(body.get("video_id") or "").removeprefix(VIDEO_ID_PREFIX))
    if path is None:
        loc = ("body", "video_id")
        faults.append(WireFault(loc=loc, type="value_error", msg="Video not found", ctx={}))
        return None, None
    return path, measure_video(path)


def _units(
    spec: ModelSpec, values: dict[str, Any], facts: dict[str, MediaFacts | None]
) -> Decimal | None:
    """What the answer's `X-Fal-Billable-Units` says: units x unit price is the quote."""
    price = unit_price(spec)
    amount_usd = quote_for(spec, values, facts).high_usd
    if price is None or amount_usd is None or not price.usd:
        return None
    return (amount_usd / price.usd).quantize(Decimal("0.000001"))


def _capped(width_px: int, height_px: int, max_height_px: int | None) -> tuple[int, int]:
    if max_height_px is None or height_px <= max_height_px:
        return width_px, height_px
    scale = max_height_px / height_px
    return max(2, 2 * round(width_px * scale / 2)), max(2, 2 * round(height_px * scale / 2))


def _fps(spec: ModelSpec, values: dict[str, Any], video: MediaFacts | None) -> Fraction:
    wanted = values.get("target_fps") or values.get("fps")
    if isinstance(wanted, str):
        wanted = wanted.removesuffix("fps")
    if wanted is None and spec.output.follows == "video" and video is not None:
        wanted = video.fps
    return Fraction(str(wanted or spec.output.fps)).limit_denominator(1001)


def _length_s(
    spec: ModelSpec,
    values: dict[str, Any],
    facts: dict[str, MediaFacts | None],
    source: MediaFacts | None,
) -> float:
    if values.get("num_frames"):
        return float(values["num_frames"]) / spec.output.fps
    if values.get("duration_s"):
        return float(values["duration_s"])
    followed = source if spec.output.follows == "video_id" else facts.get(spec.output.follows or "")
    if followed is not None and followed.duration_s:
        return followed.duration_s
    return spec.output.duration_s or STAND_IN_S


def _has_sound(
    spec: ModelSpec, values: dict[str, Any], facts: dict[str, MediaFacts | None]
) -> bool:
    if spec.output.audio == "setting":
        wanted = values.get("audio", values.get("preserve_audio"))
        if spec.output.follows == "video":
            video = facts.get("video")
            return bool(wanted) and video is not None and video.has_audio
        return bool(wanted)
    if spec.output.audio == "input":
        followed = facts.get(spec.output.follows or "")
        return followed is not None and followed.has_audio
    return spec.output.audio == "always"


def _seed(spec: ModelSpec, values: dict[str, Any], body: dict[str, Any]) -> int:
    """The seed asked for; else one that equal requests share, so that they share a video."""
    seed = values.get("seed")
    if isinstance(seed, int) and seed >= 0:
        return seed
    text = spec.endpoint + json.dumps(body, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1
