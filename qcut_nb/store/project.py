"""A project: a plain folder beside the notebook."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, ProjectError
from .store import Store

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Project:
    """The folders of a project and its store.

    Attributes:
        name: The project's name; also the folder's.
        folder: `qcut/<name>` below the root.
        store: The database in it.
    """

    name: str
    folder: Path
    store: Store

    @property
    def clips(self) -> Path:
        """Where clips are kept."""
        return self.folder / "clips"

    @property
    def exports(self) -> Path:
        """Where rendered timelines go."""
        return self.folder / "exports"

    @property
    def inputs(self) -> Path:
        """Where files that were given to models are kept."""
        return self.folder / "inputs"

    @classmethod
    def open(cls, name: str, root: Path) -> Project:
        """Open a project, or start it.

        Raises:
            InputError: The name cannot be a folder's name.
            ProjectError: The folder cannot be written, or its database cannot be opened.
        """
        check_name(name)
        folder = root / "qcut" / name
        try:
            for part in ("clips", "exports", "inputs"):
                (folder / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProjectError(
                f"The project folder {folder} cannot be made: {error.strerror}.",
                money="Nothing was spent.",
                remedy="Pass another place: Studio(name, root='/some/writable/folder').",
            ) from error
        if not os.access(folder, os.W_OK):
            raise ProjectError(
                f"The project folder {folder} is not writable.",
                money="Nothing was spent.",
                remedy="Pass another place: Studio(name, root='/some/writable/folder').",
            )
        return cls(name=name, folder=folder, store=Store.open(folder / "project.sqlite3"))


def check_name(name: str) -> None:
    """Refuse names that some file system cannot hold, or that leave the folder.

    Raises:
        InputError: Says what is wrong with the name.
    """
    wrong = (
        not name
        or len(name) > 80
        or name != name.strip()
        or name.startswith(".")
        or name.endswith(".")
        or _FORBIDDEN.search(name)
        or _DEVICES.fullmatch(name)
    )
    if wrong:
        raise InputError(
            f"{name!r} cannot be a project's name.",
            remedy='Use 1 to 80 characters without <>:"/\\|?*, not starting or ending in a dot.',
        )
