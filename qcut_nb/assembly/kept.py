"""Pieces that were rendered before, kept on disk by their content."""

from __future__ import annotations

import contextlib
import getpass
import tempfile
from pathlib import Path

import platformdirs

MOST_BYTES = 4 << 30
"""When more is kept, what was used longest ago goes."""
SWEEP_MARGIN_S = 3600.0
"""Files younger than this may be in use by a render under way, and stay."""


def kept_folder() -> Path:
    """Where pieces are kept; a temporary folder where the user's cache cannot be written."""
    folder = Path(platformdirs.user_cache_dir("qcut_nb")) / "pieces"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"qcut_nb-{getpass.getuser()}" / "pieces"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Remove what was used longest ago until the rest fits."""
    found = []
    for path in folder.rglob("*.mp4"):
        with contextlib.suppress(OSError):
            stamp = path.stat()
            found.append((stamp.st_mtime, stamp.st_size, path))
    found.sort(reverse=True)
    newest = found[0][0] if found else 0.0
    total = 0
    for mtime, size_bytes, path in found:
        total += size_bytes
        if total > most_bytes and newest - mtime > SWEEP_MARGIN_S:
            with contextlib.suppress(OSError):
                path.unlink()
