"""The recipe inside a clip's file: how it was made, so that it can be made again."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ..errors import MediaError
from .parts import finish_file, part_name
from .tags import read_comment, retag

TITLE_LENGTH = 120


def _with_plain_zone(at: datetime) -> datetime:
    """The same moment without pydantic's own zone: freed late, it crashes an ending interpreter."""
    offset = at.utcoffset()
    return at if offset is None else at.replace(tzinfo=timezone(offset))


class RecipeInput(BaseModel):
    """One input file of a generation.

    Attributes:
        name: The model's input: `image`, `first_frame`, ...
        sha256: Hex digest of its content; `None` for a public URL that was never read.
        label: Its file name, for people.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str | None = None
    label: str = ""


class RecipeCost(BaseModel):
    """What a generation cost, in US dollars; `None` is unknown, not free.

    Attributes:
        estimate_usd: The quote before it was sent (its upper end).
        metered_usd: What fal counted, times the unit price at the time.
    """

    model_config = ConfigDict(frozen=True)

    estimate_usd: Decimal | None = None
    metered_usd: Decimal | None = None


class Recipe(BaseModel):
    """How a clip was made.

    Attributes:
        version: Of this form; a reader takes what it knows.
        values: All parameters in the shared spelling, as they were sent.
        cost: In simulated mode, what it would have cost.
        seed: The seed that was used, when known.
        mode: "simulated" cost nothing.
        cell: Key of the sweep's cell that it was made for.
        catalog_version: Of the model data that made the request.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())

    version: int = 1
    model_id: str
    model_name: str
    endpoint: str
    prompt: str | None = None
    values: dict[str, Any] = {}
    inputs: tuple[RecipeInput, ...] = ()
    cost: RecipeCost = RecipeCost()
    seed: int | None = None
    request_id: str | None = None
    job_id: str | None = None
    project: str | None = None
    cell: str | None = None
    mode: Literal["live", "simulated"]
    catalog_version: str | None = None
    created_at: Annotated[datetime, AfterValidator(_with_plain_zone)]

    @property
    def title(self) -> str:
        """How the clip is called: `AI (Model name): prompt...`."""
        words = " ".join((self.prompt or "").split())
        title = f"AI ({self.model_name}): {words}" if words else f"AI ({self.model_name})"
        return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"

    def to_tag(self) -> str:
        """The text of the `comment` tag."""
        return json.dumps({"qcut_nb": "clip", **self.model_dump(mode="json")}, ensure_ascii=False)

    @classmethod
    def from_tag(cls, text: str | None) -> Recipe | None:
        """The recipe in a `comment` tag; `None` where the text is anything else."""
        try:
            data = json.loads(text or "")
            if not isinstance(data, dict) or data.pop("qcut_nb", None) != "clip":
                return None
            recipe = cls.model_validate(data)
            recipe.to_tag().encode()  # JSON can carry halves of characters, files cannot
            return recipe
        except (ValueError, RecursionError, ValidationError):
            return None


def write_recipe(
    src: str | Path, dst: str | Path, recipe: Recipe, title: str | None = None
) -> bool:
    """Write a clip's file with its recipe in the `comment` tag; no packet is touched.

    A file whose container takes no tags, or that the muxer refuses, is copied byte for byte: a
    clip that was paid for is kept as it came, and the project's store has its recipe anyway.

    Args:
        src: The checked download; it is only read.
        dst: The final file; replaced if it exists, and only by a whole one.
        recipe: What to write.
        title: The file's title; `None` takes the recipe's.

    Returns:
        Whether the recipe is in the file.

    Raises:
        MediaError: `dst` cannot be written, for example for want of space; `src` is untouched.
    """
    target = Path(dst)
    try:
        try:
            retag(src, target, {"comment": recipe.to_tag(), "title": title or recipe.title})
        except MediaError:
            _copy_bytes(Path(src), target)
            return False
    except OSError as error:
        raise MediaError(
            f"{target} cannot be written: {error.strerror or error}.",
            money="The clip is safe in what was downloaded.",
            remedy="Make room or allow writing, then retry; that is free.",
        ) from error
    return True


def read_recipe(path: str | Path) -> Recipe | None:
    """The recipe in a file; `None` where it has none that can be read.

    Raises:
        MediaError: It is missing or not media.
    """
    return Recipe.from_tag(read_comment(path))


def _copy_bytes(src: Path, dst: Path) -> None:
    part = part_name(dst)
    try:
        shutil.copyfile(src, part)
        finish_file(part, dst)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
