"""Pieces that were rendered before, kept on disk by their content."""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
from pathlib import Path

import platformdirs

from ..media import LEFT_BEHIND_S

FOLDER_SETTING = "QCUT_NB_CACHE"
"""The environment variable that names another folder than the user's cache."""
MOST_BYTES = 4 << 30
"""When more is kept, what was used longest ago goes."""
SWEEP_MARGIN_S = 3600.0
"""Files younger than this may be in use by a render under way, and stay."""
PASSING = (".part", ".sound")
"""Endings of what a render needs only while it runs, and leaves only where it was killed."""


def kept_folder() -> Path:
    """Where pieces are kept; a temporary folder where the user's cache cannot be written."""
    cache = os.environ.get(FOLDER_SETTING) or platformdirs.user_cache_dir("qcut_nb")
    folder = Path(cache).absolute() / "pieces"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"qcut_nb-{getpass.getuser()}" / "pieces"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Remove what killed renders left, and what was used longest ago until the rest fits."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix in (".mp4", *PASSING):
            with contextlib.suppress(OSError):
                stamp = path.stat()
                found.append((stamp.st_mtime, stamp.st_size, path))
    found.sort(reverse=True)
    newest = found[0][0] if found else 0.0
    total = 0
    for mtime, size_bytes, path in found:
        total += size_bytes
        age_s = newest - mtime
        is_left = path.suffix in PASSING and age_s > LEFT_BEHIND_S
        if is_left or (total > most_bytes and age_s > SWEEP_MARGIN_S):
            with contextlib.suppress(OSError):
                path.unlink()
