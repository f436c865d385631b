"""The bill of materials inside an export: which files it is made of, and how those were made."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ..clip import Clip
from ..media import (
    Recipe,
    has_c2pa,
    quick_comment,
    read_comment,
    read_picture_comment,
)
from .model import Movie, Sound, Source, Still
from .pieces import digest

if TYPE_CHECKING:
    from .timeline import Timeline

KIND = "timeline"
Role = Literal["clip", "still", "moviepy", "overlay", "music", "voice", "captions"]


class SourceUse(BaseModel):
    """One file in an export.

    Attributes:
        role: What it is there: "overlay" is a clip or a picture over the track.
        file: Its file name at the time; "MoviePy clip" for one that reads no file.
        start_s: From where in the file, seconds; `None` where it has no such place, as pictures.
        end_s: Until where, seconds; `None` likewise.
        sha256: Hex digest of its content; `None` where it was not computed.
        recipe: How it was made (model, prompt, seed, parameters, cost); `None` where its file did
            not say.
        c2pa: Whether its file carries a C2PA manifest. It is reported, not checked, and an export
            is not signed by it.
        made_from: The files that it was itself cut from, when it was an export.
    """

    model_config = ConfigDict(frozen=True)

    role: Role = "clip"
    file: str
    start_s: float | None = None
    end_s: float | None = None
    sha256: str | None = None
    recipe: Recipe | None = None
    c2pa: bool = False
    made_from: tuple[SourceUse, ...] = ()


class Provenance(BaseModel):
    """What a file is made of.

    Attributes:
        version: Of this form.
        sources: The track in its order, then overlays, music and voices, captions; empty where
            the file does not say.
    """

    model_config = ConfigDict(frozen=True)

    version: int = 2
    sources: tuple[SourceUse, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_music_among_sources(cls, data: Any) -> Any:
        """Version 1 had file names of music, and nothing else of it."""
        if not isinstance(data, dict) or "music" not in data:
            return data
        music = [{"role": "music", "file": name} for name in data["music"]]
        return {**data, "sources": [*data.get("sources", ()), *music]}

    def to_tag(self) -> str:
        """The text of the `comment` tag."""
        return json.dumps({"qcut_nb": KIND, **self.model_dump(mode="json")}, ensure_ascii=False)


def provenance(path: str | Path) -> Provenance:
    """Read what an export, or a copy of one, is made of.

    Args:
        path: A rendered timeline; a single clip counts as made of itself.

    Returns:
        No sources where the file carries nothing that can be read.

    Raises:
        MediaError: It is missing or not media.
    """
    found = Path(path)
    is_picture = found.suffix.lower() in (".gif", ".webp") and found.is_file()
    comment = read_picture_comment(found) if is_picture else read_comment(found)
    recipe = Recipe.from_tag(comment)
    if recipe is not None:
        clip = Clip.from_file(path)
        use = SourceUse(
            file=found.name,
            start_s=0,
            end_s=clip.duration_s,
            sha256=digest(found),
            recipe=recipe,
            c2pa=has_c2pa(found),
        )
        return Provenance(sources=(use,))
    return _from_tag(comment)


def bill_of(timeline: Timeline) -> Provenance:
    """The bill of materials of a timeline.

    Raises:
        MediaError: A source cannot be read.
    """
    edit, until_s = timeline.edit, timeline.duration_s
    with ThreadPoolExecutor() as pool:  # hashing leaves the interpreter to others
        found = [
            *pool.map(_shown, [item.source for item in edit.items]),
            *pool.map(_laid_over, [over.source for over in edit.overlays]),
            *pool.map(lambda sound: _heard(sound, until_s), edit.sounds),
        ]
    files = dict.fromkeys(each.origin for each in edit.captions if each.origin is not None)
    found += [SourceUse(role="captions", file=each.path.name, sha256=each.sha256) for each in files]
    return Provenance(sources=tuple(use for use in found if use is not None))


def _shown(source: Source) -> SourceUse | None:
    """Something on the track; `None` for text and colours, which no file has."""
    if isinstance(source, Clip):
        return _clip(source)
    if isinstance(source, Still):
        return SourceUse(role="still", file=source.path.name, sha256=digest(source.path))
    return _movie(source) if isinstance(source, Movie) else None


def _laid_over(source: Source) -> SourceUse | None:
    use = _shown(source)
    return use and use.model_copy(update={"role": "overlay"})


def _clip(clip: Clip) -> SourceUse:
    made = Provenance() if clip.recipe else _from_tag(quick_comment(clip.path))
    return SourceUse(
        file=clip.path.name,
        start_s=round(clip.start_s, 6),
        end_s=round(clip.end_s, 6),
        sha256=digest(clip.path),
        recipe=clip.recipe,
        made_from=made.sources,
        c2pa=has_c2pa(clip.path),
    )


def _movie(movie: Movie) -> SourceUse:
    """A MoviePy clip: the file that it reads, where it reads one itself."""
    name = getattr(movie.clip, "filename", None)
    path = Path(name) if isinstance(name, str | Path) else None
    if path is None or not path.is_file():
        return SourceUse(role="moviepy", file="MoviePy clip")
    return _file("moviepy", path)


def _heard(sound: Sound, until_s: float) -> SourceUse:
    end_s = sound.start_s + sound.until_s(until_s) - sound.at_s
    return _file(sound.role, sound.path, (sound.start_s, end_s))


def _file(
    role: Role, path: Path, span_s: tuple[float | None, float | None] = (None, None)
) -> SourceUse:
    """A file that no `Clip` stands for."""
    comment = quick_comment(path)
    start_s, end_s = (None if t_s is None else round(t_s, 6) for t_s in span_s)
    return SourceUse(
        role=role,
        file=path.name,
        start_s=start_s,
        end_s=end_s,
        sha256=digest(path),
        recipe=Recipe.from_tag(comment),
        made_from=_from_tag(comment).sources,
        c2pa=has_c2pa(path),
    )


def _from_tag(text: str | None) -> Provenance:
    try:
        data = json.loads(text or "")
        if not isinstance(data, dict) or data.pop("qcut_nb", None) != KIND:
            return Provenance()
        return Provenance.model_validate(data)
    except (ValueError, RecursionError, ValidationError):
        return Provenance()
