"""The bill of materials inside an export: which clips it is made of, and how those were made."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from ..clip import Clip
from ..media import Recipe, has_c2pa, quick_comment, read_comment, read_picture_comment
from .pieces import digest

if TYPE_CHECKING:
    from .timeline import Timeline

KIND = "timeline"


class SourceUse(BaseModel):
    """One clip in an export.

    Attributes:
        file: Its file name at the time.
        start_s: From where in the file, seconds.
        end_s: Until where, seconds.
        sha256: Hex digest of its content; `None` where it was not computed.
        recipe: How it was made (model, prompt, seed, parameters, cost); `None` where its file did
            not say.
        c2pa: Whether its file carries a C2PA manifest. It is reported, not checked, and an export
            is not signed by it.
        made_from: The clips that it was itself cut from, when it was an export.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    start_s: float
    end_s: float
    sha256: str | None = None
    recipe: Recipe | None = None
    c2pa: bool = False
    made_from: tuple[SourceUse, ...] = ()


class Provenance(BaseModel):
    """What a file is made of.

    Attributes:
        version: Of this form.
        sources: The clips in their order; empty where the file does not say.
        music: File names of the music.
    """

    model_config = ConfigDict(frozen=True)

    version: int = 1
    sources: tuple[SourceUse, ...] = ()
    music: tuple[str, ...] = ()

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
    clips = list(timeline.clips)
    clips += [each.source for each in timeline.edit.overlays if isinstance(each.source, Clip)]
    with ThreadPoolExecutor() as pool:  # hashing leaves the interpreter to others
        uses = tuple(pool.map(_use, clips))
    return Provenance(
        sources=uses,
        music=tuple(sound.path.name for sound in timeline.edit.sounds),
    )


def _use(clip: Clip) -> SourceUse:
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


def _from_tag(text: str | None) -> Provenance:
    try:
        data = json.loads(text or "")
        if not isinstance(data, dict) or data.pop("qcut_nb", None) != KIND:
            return Provenance()
        return Provenance.model_validate(data)
    except (ValueError, RecursionError, ValidationError):
        return Provenance()
