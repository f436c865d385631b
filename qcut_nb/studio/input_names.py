"""Input files that the project keeps by digest, under the names that people know them by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import InputFile, as_file
from ..store import Shelf

if TYPE_CHECKING:
    from .core import Core

_DIGEST = re.compile(r"[0-9a-f]{64}")


def named(core: Core, source: str | InputFile) -> InputFile:
    """A path or URL as an input file; a copy of the project's has its original's name."""
    file = as_file(source)
    path = Path(file.path or "")
    if file.name or path.parent != core.project.inputs or not _DIGEST.fullmatch(path.stem):
        return file
    return file.model_copy(update={"name": Shelf(core.project.store).input_name(path.stem)})
