"""A folder to share: clips with their recipes in one page that opens from disk."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..clip import Clip
from ..errors import InputError, MediaError, QcutError
from .gallery_page import MARK, Exhibit, page

if TYPE_CHECKING:
    from .core import Core

CONTENT = frozenset({"index.html", "media"})


def gallery(core: Core, folder: Path, clips: Any, *, rows: str, title: str | None) -> Path:
    """Write a gallery; see `Studio.gallery`."""
    shown = _clips(core, clips)
    if not shown:
        raise InputError(
            "There is no clip to show.",
            money="",
            remedy="Generate some first, or pass clips: studio.gallery(folder, clips).",
        )
    target = folder.absolute()
    _check_target(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        (part / "media").mkdir(parents=True)
        exhibits = [_exhibit(clip, place, part, rows) for place, clip in enumerate(shown, 1)]
        text = page(exhibits, title or core.project.name)
        (part / "index.html").write_text(text, encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        part.replace(target)
    except OSError as error:
        raise MediaError(
            f"The gallery in {target} cannot be written: {error.strerror or error}.",
            money="",
            remedy="Make room there or choose another folder, then do it again.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target / "index.html"


def _clips(core: Core, clips: Any) -> list[Clip]:
    if clips is None:
        return [core.clip_of(row) for row in reversed(core.project.store.clips())]
    if isinstance(clips, Clip):
        return [clips]
    several = next(
        (found for name in ("cells", "jobs") if (found := getattr(clips, name, None)) is not None),
        clips,
    )
    if isinstance(several, str | Mapping) or not isinstance(several, Iterable):
        raise InputError(
            f"clips={clips!r} is nothing to show.",
            money="",
            remedy="Pass clips, a batch or a sweep.",
        )
    found = [one if isinstance(one, Clip) else getattr(one, "clip", one) for one in several]
    strange = [one for one in found if one is not None and not isinstance(one, Clip)]
    if strange:
        raise InputError(
            f"{strange[0]!r} is no clip.",
            money="",
            remedy="Pass clips; a file is one by qcut_nb.Clip.from_file(path).",
        )
    return [one for one in found if one is not None]


def _check_target(target: Path) -> None:
    """Only an empty folder or a gallery of ours is ever replaced."""
    if not target.exists():
        return
    names = {path.name for path in target.iterdir()} if target.is_dir() else {""}
    index = target / "index.html"
    ours = names <= CONTENT and index.is_file() and MARK in index.read_text("utf-8", "replace")
    if names and not ours:
        raise InputError(
            f"{target} holds something that is no gallery, so it is left as it is.",
            money="",
            remedy="Choose an empty or a new folder.",
        )


def _exhibit(clip: Clip, place: int, folder: Path, rows: str) -> Exhibit:
    slug = re.sub(r"[^a-z0-9]+", "-", (clip.model_id or clip.path.stem).lower()).strip("-")
    name = f"{place:03d}-{slug[:40] or 'clip'}"
    suffix = clip.path.suffix.lower() if clip.path.suffix.isascii() else ".mp4"
    video, picture, problem = f"media/{name}{suffix}", f"media/{name}.jpg", ""
    try:
        (folder / picture).write_bytes(clip.poster(max_side_px=640))
    except QcutError as error:
        picture, problem = "", error.what
    if not clip.path.is_file():
        raise MediaError(
            f"{clip.path.name} is not there any more.",
            money="",
            remedy="Leave it out, or bring it back: studio.verify() says what is missing.",
        )
    # A copy and no hard link: what happens to the shared file must not happen to the clip.
    shutil.copyfile(clip.path, folder / video)
    return Exhibit(clip, video, picture, _row(clip, rows), problem)


def _row(clip: Clip, rows: str) -> str:
    recipe = clip.recipe
    if recipe is None:
        return ""
    known = {"prompt": recipe.prompt, "model": recipe.model_name, "seed": recipe.seed}
    value = known[rows] if rows in known else recipe.values.get(rows)
    return "" if value is None else str(value)
