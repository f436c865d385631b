"""What votes and metrics know a clip by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..clip import Clip
from ..media import sha256_file


def clip_key(clip: Clip) -> str:
    """The job that made a clip, or `sha256:` and the digest of a file without a recipe.

    Raises:
        OSError: The file has no recipe and cannot be read.
    """
    if clip.recipe is not None and clip.recipe.job_id:
        return clip.recipe.job_id
    stat = clip.path.stat()
    return f"sha256:{_digest(clip.path, stat.st_mtime_ns, stat.st_size)}"


@lru_cache(maxsize=256)
def _digest(path: Path, mtime_ns: int, size_bytes: int) -> str:
    return sha256_file(path)
