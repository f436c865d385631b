"""A project: a plain folder beside the notebook."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from ..errors import InputError, ProjectError
from .database import JOURNAL_NAME
from .rebuilding import begin_journal
from .store import Store

DATABASE_NAME = "project.sqlite3"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE)


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
        store = Store.open(folder / DATABASE_NAME)
        _begin_journal(store, folder)
        return cls(name=name, folder=folder, store=store)

    def input_path(self, path: str) -> Path:
        """Where an input file is now: where it was, or in this folder if the folder was moved."""
        known = Path(path)
        return known if known.exists() else self.inputs / PurePath(path.replace("\\", "/")).name


def _begin_journal(store: Store, folder: Path) -> None:
    """A project of an older version has no journal yet; while it is made, nobody else writes."""
    if (folder / JOURNAL_NAME).exists():
        return
    try:
        with store.transaction():
            if not (folder / JOURNAL_NAME).exists():
                begin_journal(store.jobs(limit=-1), store.clips(limit=-1), folder)
    except ProjectError:
        store.close()
        raise


def check_name(name: str) -> None:
    """Refuse names that some file system cannot hold, or that leave the folder.

    Raises:
        InputError: Says what is wrong with the name.
    """
    wrong = (
        not isinstance(name, str)
        or not name
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
            remedy='Use 1 to 80 characters without <>:"/\\|?*, no dot at either end, and none of '
            "the names that Windows keeps for itself, such as CON and NUL.",
        )
