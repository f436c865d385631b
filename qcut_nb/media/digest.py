"""What tells one file's content from another's."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..errors import MediaError


def sha256_file(path: str | Path) -> str:
    """The SHA-256 of a file's content, in hex; read in blocks, so memory stays flat.

    Raises:
        MediaError: It cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror or error}.") from error
