"""Where the browser can get a file from: the Jupyter server's `/files/` URL."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path


@cache
def server_root() -> Path | None:
    """The folder that this kernel's Jupyter server serves; `None` where there is none.

    Only the folder is read from the server's own record, which also holds its token.
    """
    pid = os.environ.get("JPY_PARENT_PID")
    if pid is None or not pid.isdigit():
        return None
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return None
    record = Path(jupyter_runtime_dir()) / f"jpserver-{pid}.json"
    try:
        root = json.loads(record.read_text(encoding="utf-8")).get("root_dir")
    except (OSError, ValueError):
        return None
    return Path(root).resolve() if root else None


def files_path(path: Path, root: Path | None) -> str | None:
    """Where a file is below the server's root, with slashes.

    Returns:
        `None` when the server does not give it out: outside its root, or in a hidden folder.
    """
    if root is None:
        return None
    try:
        relative = path.resolve().relative_to(root)
    except ValueError:
        return None
    if any(part.startswith(".") for part in relative.parts):
        return None
    return relative.as_posix()
