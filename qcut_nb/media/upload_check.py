"""Is a file what a model takes? Asked before anything is sent or paid."""

from __future__ import annotations

from pathlib import Path

from ..catalog import ASPECT_SLACK, FileInput, InputFile, MediaFacts, aspect_value
from ..errors import MediaError, UploadRejectedError
from .examined import PICTURES, examine
from .stills import still_format


def check_upload(path: str | Path, want: FileInput) -> InputFile:
    """Check a file against everything a model says about it, and read it once.

    Args:
        path: A file on this machine.
        want: What the model declares.

    Returns:
        The file with its facts and its SHA-256.

    Raises:
        UploadRejectedError: It is missing, empty, damaged, or breaks a limit; the message names
            the input, the value and what is allowed.
    """
    given = Path(path)
    _check_size(given, want)
    try:
        found = examine(given)
        facts = found.facts
        _check_format(given, want, facts)
    except UploadRejectedError:
        raise
    except MediaError as error:
        what = f"{given.name} is no image." if _is_no_image(given, want) else error.what
        raise _rejected(want, f"{what} {_takes(want)}") from error
    _check_sides(given, want, facts)
    _check_length(given, want, facts)
    return InputFile(path=str(given.absolute()), sha256=found.sha256, facts=facts)


def _is_no_image(path: Path, want: FileInput) -> bool:
    with path.open("rb") as file:
        return want.kind == "image" and still_format(file.read(64)) is None


def _rejected(want: FileInput, what: str) -> UploadRejectedError:
    return UploadRejectedError(f"{want.name}: {what}", field=want.name)


def _takes(want: FileInput) -> str:
    return f"Allowed: {want.kind} as {', '.join(want.formats)}, up to {_size(want.max_bytes)}."


def _size(size_bytes: int) -> str:
    if size_bytes >= 1 << 20:
        return f"{size_bytes / (1 << 20):.4g} MiB"
    return f"{size_bytes / 1024:.4g} KiB" if size_bytes >= 1024 else f"{size_bytes} bytes"


def _check_size(path: Path, want: FileInput) -> None:
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "does not exist"
            raise _rejected(want, f"{path} {kind}. {_takes(want)}")
        size_bytes = path.stat().st_size
    except OSError as error:
        raise _rejected(want, f"{path} cannot be read: {error.strerror}.") from error
    if size_bytes == 0:
        raise _rejected(want, f"{path.name} is empty. {_takes(want)}")
    if size_bytes > want.max_bytes:
        raise _rejected(
            want, f"{path.name} has {_size(size_bytes)}; allowed are {_size(want.max_bytes)}."
        )


def _check_format(path: Path, want: FileInput, facts: MediaFacts) -> None:
    kind = "image" if facts.format in PICTURES else "video" if facts.has_video else "audio"
    if facts.format not in want.formats or kind != want.kind:
        raise _rejected(want, f"{path.name} is {kind} ({facts.format}). {_takes(want)}")


def _check_sides(path: Path, want: FileInput, facts: MediaFacts) -> None:
    if facts.width_px is None or facts.height_px is None:
        return
    size = f"{path.name} is {facts.width_px}x{facts.height_px} pixels"
    if want.min_side_px and min(facts.width_px, facts.height_px) < want.min_side_px:
        raise _rejected(want, f"{size}; each side must have at least {want.min_side_px}.")
    if want.max_side_px and max(facts.width_px, facts.height_px) > want.max_side_px:
        raise _rejected(want, f"{size}; each side may have at most {want.max_side_px}.")
    aspect = facts.width_px / facts.height_px
    low, high = want.min_aspect, want.max_aspect
    if (low is not None and aspect < low) or (high is not None and aspect > high):
        limits = " and ".join(
            text
            for text in (
                f"at least {low:g}" if low is not None else "",
                f"at most {high:g}" if high is not None else "",
            )
            if text
        )
        raise _rejected(want, f"{size}, width / height {aspect:.3g}; allowed: {limits}.")
    if want.aspects and not any(
        abs(aspect / aspect_value(name) - 1) <= ASPECT_SLACK for name in want.aspects
    ):
        raise _rejected(want, f"{size}; allowed aspect ratios: {', '.join(want.aspects)}.")


def _check_length(path: Path, want: FileInput, facts: MediaFacts) -> None:
    if facts.format in PICTURES or (want.min_s is None and want.max_s is None):
        return
    limits = (
        f"allowed: {want.min_s or 0:g} to {want.max_s:g} s"
        if want.max_s is not None
        else (f"allowed: at least {want.min_s:g} s")
    )
    if facts.duration_s is None:
        raise _rejected(want, f"{path.name} does not say how long it is; {limits}.")
    too_short = want.min_s is not None and facts.duration_s < want.min_s
    if too_short or (want.max_s is not None and facts.duration_s > want.max_s):
        raise _rejected(want, f"{path.name} lasts {facts.duration_s:.4g} s; {limits}.")
