"""Where a preview will be seen, and by which address a file is reached from there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote


def plays_relative_urls() -> bool:
    """Whether this notebook's front end serves files beside the notebook by relative URL.

    Jupyter servers do. VS Code's webview and Colab's frames do not.
    """
    in_vscode = "VSCODE_PID" in os.environ or "VSCODE_CWD" in os.environ
    return not in_vscode and "google.colab" not in sys.modules


def relative_url(path: Path) -> str | None:
    """A file's address relative to the notebook, percent-encoded.

    A Jupyter kernel starts in its notebook's folder, so this is the working directory.

    Returns:
        `None` where there is no relative way, as between two drives of Windows.
    """
    try:
        relative = os.path.relpath(path, Path.cwd())
    except (ValueError, OSError):
        return None
    url = quote(Path(relative).as_posix())
    # "a:b.mp4" would be read as a scheme.
    return url if url.startswith(".") else f"./{url}"
