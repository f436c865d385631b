"""Plain measurements of a clip: what it looks and sounds like in numbers, never how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .containers import open_media
from .metrics_likeness import likeness
from .metrics_picture import watch
from .metrics_sound import listen


@dataclass(frozen=True, slots=True)
class Metric:
    """What one number means.

    Attributes:
        unit: Empty for a plain ratio.
        version: Changes when the same file may give another number.
        low: The lowest that can come out; `None` where there is no bound.
        high: The highest, likewise.
        meaning: The definition, in a sentence.
    """

    name: str
    unit: str
    version: str
    low: float | None
    high: float | None
    meaning: str

    @property
    def label(self) -> str:
        """What a person reads: "Scene cuts"."""
        return self.name[:1].upper() + self.name[1:].replace("_", " ")


METRICS = (
    Metric(
        "sharpness",
        "levels",
        "2",
        0,
        None,
        "Spread of the edges' strength (ITU-T P.910 SI) at 960 px, mean of pictures 2 s apart.",
    ),
    Metric(
        "motion",
        "levels",
        "2",
        0,
        255,
        "Spread of the change of luma in about an eighth of a second (ITU-T P.910 TI), mean.",
    ),
    Metric(
        "flicker",
        "%",
        "2",
        0,
        100,
        "How far a picture's mean luma is from its neighbours' middle, mean, cuts left out.",
    ),
    Metric("brightness", "%", "2", 0, 100, "Mean luma; 100 is white."),
    Metric("scene_cuts", "", "2", 0, None, "Changes of scene that FFmpeg's scdet finds at 10."),
    Metric("loudness", "LUFS", "1", -70, None, "Integrated loudness after EBU R128."),
    Metric("silence", "%", "2", 0, 100, "Part of the sound below -50 dBFS for half a second."),
    Metric(
        "first_frame_fidelity", "", "1", -1, 1, "SSIM of the first picture and the given image."
    ),
    Metric(
        "last_frame_fidelity", "", "1", -1, 1, "SSIM of the last picture and the given last frame."
    ),
    Metric("loop_seam", "", "1", -1, 1, "SSIM of the last and the first picture; 1 is no seam."),
)


def measure(
    path: str | Path, *, first_image: Path | None = None, last_image: Path | None = None
) -> dict[str, float | None]:
    """Measure a clip, in one pass over its pictures and one over its sound.

    Pictures that no other picture refers to (many B-frames) are not decoded, but at the end.

    Args:
        path: The video.
        first_image: The image that it was to begin with.
        last_image: The image that it was to end with.

    Returns:
        A value for each of `METRICS`; `None` where it cannot be measured.

    Raises:
        MediaError: A file is missing or broken, or the clip has no picture that decodes.
    """
    with open_media(path) as container:
        seen = watch(container, path)
    with open_media(path) as container:  # going back instead loses the sound's first packet
        heard = listen(container)
    return {
        "sharpness": seen.sharpness,
        "motion": seen.motion,
        "flicker": seen.flicker,
        "brightness": seen.brightness,
        "scene_cuts": seen.scene_cuts,
        "loudness": heard.loudness,
        "silence": heard.silence,
        "first_frame_fidelity": likeness(first_image, seen.first),
        "last_frame_fidelity": likeness(last_image, seen.last),
        "loop_seam": likeness(seen.first, seen.last) if seen.count > 1 else None,
    }
