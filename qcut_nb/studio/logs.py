"""The library's log: silent until a person asks for it."""

from __future__ import annotations

import logging
import sys
from os import PathLike
from pathlib import Path

from ..errors import InputError

ROOT = "qcut_nb"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MARK = "_qcut_nb_log_to"


def log_to(target: str | PathLike[str] | None, level: str) -> None:
    """See `Studio.log_to`."""
    if level == "off":
        _stop()
        return
    number = logging.getLevelNamesMapping().get(str(level).upper())
    if number is None:
        raise InputError(
            f"level={level!r} is not offered.", remedy="Allowed: debug, info, warning, error, off."
        )
    _stop()
    handler: logging.Handler
    if target is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        path = Path(target)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = logging.FileHandler(path, encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"The log {path} cannot be written: {error.strerror}.",
                remedy="Pass another path, or None for this cell's output.",
            ) from error
    handler.setFormatter(logging.Formatter(FORMAT))
    setattr(handler, _MARK, True)
    log = logging.getLogger(ROOT)
    log.addHandler(handler)
    log.setLevel(number)


def _stop() -> None:
    log = logging.getLogger(ROOT)
    for handler in [h for h in log.handlers if hasattr(h, _MARK)]:
        log.removeHandler(handler)
        handler.close()
