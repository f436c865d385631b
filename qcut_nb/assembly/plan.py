"""The least work that gives the right frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .tracks import Tracks, tracks_of

if TYPE_CHECKING:
    from .timeline import Timeline


@dataclass(frozen=True)
class Plan:
    """How a timeline will be rendered.

    Attributes:
        kind: "copy" moves packets and touches no frame; "moviepy" decodes, composes, encodes.
        reason: Why, in one sentence.
    """

    kind: Literal["copy", "moviepy"]
    reason: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"


def plan(timeline: Timeline) -> Plan:
    """Decide how a timeline is rendered.

    Raises:
        MediaError: A source is damaged.
    """
    why_not = _effect(timeline) or _mismatch(timeline)
    if why_not:
        return Plan("moviepy", why_not)
    count = len(timeline.clips)
    what = "the clip is whole" if count == 1 else f"{count} whole clips of equal format"
    return Plan("copy", f"{what} and nothing changes: packets are copied.")


def _effect(timeline: Timeline) -> str:
    if timeline.crossfade_s:
        return "A crossfade mixes frames."
    if timeline.music_tracks:
        return "Music is mixed in."
    for number, clip in enumerate(timeline.clips, 1):
        if not clip.is_whole:
            return f"Clip {number} ({clip.path.name}) is only a part of its file."
        facts = clip.facts
        if (timeline.width_px, timeline.height_px) not in (
            (None, None),
            (facts.width_px, facts.height_px),
        ):
            return f"Clip {number} ({clip.path.name}) has another size than was asked."
        if timeline.frame_rate is not None and timeline.frame_rate != facts.fps:
            return f"Clip {number} ({clip.path.name}) has another frame rate than was asked."
    return ""


def _mismatch(timeline: Timeline) -> str:
    first: Tracks | None = None
    for number, clip in enumerate(timeline.clips, 1):
        tracks = tracks_of(clip.path)
        name = f"Clip {number} ({clip.path.name})"
        if tracks.obstacle or tracks.video is None:
            return f"{name} {tracks.obstacle}."
        if first is None:
            first = tracks
            continue
        assert first.video is not None
        if (first.sound is None) != (tracks.sound is None):
            return f"{name} has {'no ' if tracks.sound is None else ''}sound, unlike the first."
        pairs = [*zip(first.video.form, tracks.video.form, strict=True)]
        if first.sound is not None and tracks.sound is not None:
            pairs += zip(first.sound.form, tracks.sound.form, strict=True)
        for (what, one), (_, other) in pairs:
            if one != other:
                return f"{name} has another {what} than the first."
        reorder = first.video.start - first.video.first_dts
        if tracks.video.start - tracks.video.first_dts != reorder:
            return f"{name} has another order of frames than the first."
    return ""
