"""What stopped a render, in words: which file it was, and what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path

from ..errors import RenderError
from .kept import FOLDER_SETTING, kept_folder

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def in_words(error: Exception, written: Path, left: str = "nothing was left behind") -> RenderError:
    """An error of the system or of another library as one of ours.

    Args:
        error: What was raised.
        written: What was being written: a full disk is said without a name.
        left: What is there of the result.
    """
    if not isinstance(error, OSError) or not error.errno:
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return RenderError(
            f"{written.name} could not be rendered: {what}",
            remedy="The sources are untouched; timeline.plan() says how it was rendered.",
        )
    what = "there is no space left" if error.errno in FULL else error.strerror or str(error)
    named = Path(error.filename).absolute() if isinstance(error.filename, str) else written
    if named.is_relative_to(kept_folder()):
        return RenderError(
            f"{kept_folder()}, where rendered pieces are kept, cannot be written: {what}.",
            remedy="Make room there, empty it (what is in it is made again where it is needed), or "
            f'have another: os.environ["{FOLDER_SETTING}"] = "/path/with/room". Then render again.',
        )
    is_written = written.is_relative_to(named) or named.name.startswith(written.name)
    if named.is_file() and not is_written:
        return RenderError(
            f"{named} cannot be read: {what}.",
            remedy="Allow reading it, or build the timeline from another file.",
        )
    return RenderError(
        f"{written} cannot be written: {what}.",
        remedy=f"Make room or choose another folder; {left}, and the sources are untouched.",
    )
