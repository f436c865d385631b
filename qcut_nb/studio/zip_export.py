"""Clips and their recipes in one ZIP."""

from __future__ import annotations

import re
import secrets
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ..clip import Clip
from ..errors import InputError, MediaError
from ..media import finish_file

NAME_CHARS = 80


def write_zip(target: Path, clips: Sequence[tuple[Clip, str | None]]) -> Path:
    """Write clips into a ZIP, each with its recipe as JSON beside it.

    Video does not shrink, so it is stored as it is: nothing of it is held in memory, and the
    ZIP appears under its name only when it is whole.

    Args:
        target: The ZIP; replaced if it exists.
        clips: Clips with the names that people gave them.

    Returns:
        `target`.

    Raises:
        InputError: There are no clips.
        MediaError: A clip's file is gone, or the ZIP cannot be written.
    """
    if not clips:
        raise InputError("There is no clip to put into a ZIP.", remedy="Choose at least one.")
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    names: set[str] = set()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for clip, title in clips:
                name = _free_name(_plain(title) or clip.path.stem, names)
                archive.write(clip.path, name + clip.path.suffix)
                if clip.recipe is not None:
                    archive.writestr(f"{name}.json", clip.recipe.model_dump_json(indent=2))
        finish_file(part, target)
    except OSError as error:
        raise MediaError(
            f"{target.name} cannot be written: {error.strerror or error}.",
            remedy="Make room or check that the clips' files are there, then try again.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def zip_name(project: str) -> str:
    """A new ZIP's name, with the moment in it."""
    return f"{_plain(project) or 'clips'}-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.zip"


def _plain(text: str | None) -> str:
    """A text as a file name that every system takes."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "_", text or "").strip(" .")[:NAME_CHARS]


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free.casefold())
    return free
