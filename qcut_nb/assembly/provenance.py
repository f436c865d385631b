"""The bill of materials inside an export: which clips it is made of, and how those were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ..clip import Clip
from ..media import Recipe, read_comment

KIND = "timeline"


class SourceUse(BaseModel):
    """One clip in an export.

    Attributes:
        file: Its file name at the time.
        start_s: From where in the file, seconds.
        end_s: Until where, seconds.
        recipe: How it was made; `None` where its file did not say.
        made_from: The clips that it was itself cut from, when it was an export.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    start_s: float
    end_s: float
    recipe: Recipe | None = None
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
    comment = read_comment(path)
    recipe = Recipe.from_tag(comment)
    if recipe is not None:
        clip = Clip.from_file(path)
        use = SourceUse(file=Path(path).name, start_s=0, end_s=clip.duration_s, recipe=recipe)
        return Provenance(sources=(use,))
    return _from_tag(comment)


def bill_of(clips: Sequence[Clip], music: Sequence[Path]) -> Provenance:
    """The bill of materials of a timeline.

    Raises:
        MediaError: A source cannot be read.
    """
    uses = tuple(
        SourceUse(
            file=clip.path.name,
            start_s=round(clip.start_s, 6),
            end_s=round(clip.end_s, 6),
            recipe=clip.recipe,
            made_from=() if clip.recipe else _from_tag(read_comment(clip.path)).sources,
        )
        for clip in clips
    )
    return Provenance(sources=uses, music=tuple(path.name for path in music))


def _from_tag(text: str | None) -> Provenance:
    try:
        data = json.loads(text or "")
        if not isinstance(data, dict) or data.pop("qcut_nb", None) != KIND:
            return Provenance()
        return Provenance.model_validate(data)
    except (ValueError, RecursionError, ValidationError):
        return Provenance()
