"""What a file is, found out once: probing, decoding and hashing the same bytes again is waste."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from ..catalog import MediaFacts
from ..errors import MediaError
from .containers import open_media
from .digest import sha256_file
from .probe import probe
from .stills import open_still

PICTURES = frozenset({"jpeg", "png", "webp", "gif", "avif", "heif", "bmp", "tiff"})
_KEPT = 256
_known: OrderedDict[tuple[str, int, int, int], Examined | MediaError] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that decodes.

    Attributes:
        sha256: Hex digest of its content.
    """

    facts: MediaFacts
    sha256: str


def examine(path: Path) -> Examined:
    """The facts and the digest of a file, and proof that it decodes.

    A file is read once for as long as its size, its time of change and its place on the disk stay
    the same. Whoever sends it compares the digest again.

    Raises:
        MediaError: It is missing, damaged, or not media.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}.") from error
    key = (str(path.absolute()), stat.st_size, stat.st_mtime_ns, stat.st_ino)
    with _lock:
        found = _known.get(key)
    if found is None:
        found = _examine(path)
        with _lock:
            _known[key] = found
            while len(_known) > _KEPT:
                _known.popitem(last=False)
    if isinstance(found, MediaError):
        raise MediaError(found.what, money=found.money, remedy=found.remedy) from found
    return found


def _examine(path: Path) -> Examined | MediaError:
    try:
        facts = probe(path)
        _check_decodes(path, facts)
        return Examined(facts, sha256_file(path))
    except MediaError as error:
        return error


def _check_decodes(path: Path, facts: MediaFacts) -> None:
    if facts.format == "heif":
        return  # Pillow does not read HEIF; fal does
    if facts.format in PICTURES:
        open_still(path)
    elif not facts.has_video:
        with open_media(path) as container:
            if next(container.decode(container.streams.audio[0]), None) is None:
                raise MediaError(f"{path.name} has no sound that decodes.")
