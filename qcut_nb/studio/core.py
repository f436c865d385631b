"""The open heart of a project: one engine per project, mode and process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import MediaFacts
from ..engine import Engine
from ..errors import InputError, ProjectError
from ..media import Recipe
from ..store import ClipRow, Project, check_name
from . import tidying
from .budget import Budget
from .connection import Connection
from .generating import generate

if TYPE_CHECKING:
    from ..clip import Clip, Kept
    from ..notebook import PanelHost
    from .batch import Batch

OPTIONS = ("max_cost_usd", "confirm", "allow_unknown_price", "reuse")
_open: dict[tuple[Path, str], Core] = {}
_opening = threading.Lock()


class Core:
    """A project, its connection and its engine; shared by all studios on it in this process."""

    def __init__(self, project: Project, connection: Connection, budget: Budget) -> None:
        from .panel_host import StudioHost

        self.project = project
        self.connection = connection
        self.budget = budget
        self.engine = Engine(project, connection.opener(), connection.mode)
        self.host: PanelHost = StudioHost(self)

    @classmethod
    def open(
        cls, name: str, root: Path, connection: Connection, budget: Budget | None
    ) -> tuple[Core, bool]:
        """The core of a project; says also whether it was made just now.

        A key or a budget that is given counts from now on, for everyone who has it open here.

        Raises:
            InputError: It is open with another simulator, or the name cannot be a project's.
        """
        check_name(name)
        key = ((root / "qcut" / name).resolve(), connection.mode)
        with _opening:
            core = _open.get(key)
            if core is not None:
                core.connection.refuse_other(connection.simulator, name)
                core.budget = budget or core.budget
                if connection.key is not None and connection.key != core.connection.key:
                    core.connection.key = connection.key
                    core.connection.key_source = connection.key_source
                    core.engine.use_key(connection.key)
                return core, False
            core = _open[key] = cls(Project.open(name, root), connection, budget or Budget())
            return core, True

    @classmethod
    def opened(cls, folder: Path) -> dict[str, Core]:
        """A project's cores in this process, by mode."""
        here = folder.resolve()
        return {mode: core for (place, mode), core in list(_open.items()) if place == here}

    @classmethod
    def close_all(cls, folder: Path) -> list[Core]:
        """Close a project in this process, in whatever mode it is open; gives what was open."""
        cores = list(cls.opened(folder).values())
        for core in cores:
            core.close()
        return cores

    def again(self) -> tuple[Core, bool]:
        """This core, or the open one in its place; says also whether it was opened just now."""
        folder = self.project.folder
        return Core.open(folder.name, folder.parents[1], self.connection, self.budget)

    def close(self) -> None:
        """Stop the engine; jobs go on at fal."""
        with _opening:
            for key, core in list(_open.items()):
                if core is self:
                    del _open[key]
        self.engine.close()
        if self.connection.simulator is not None:
            self.connection.simulator.stop()

    def clip(self, clip_id: str) -> Clip:
        """A stored clip.

        Raises:
            InputError: The project has no such clip.
        """
        row = self.project.store.clip(clip_id)
        if row is None:
            raise InputError(
                f"Project {self.project.name!r} has no clip {clip_id!r}.",
                remedy="studio.clips lists them.",
            )
        return self.clip_of(row)

    def rerun(self, clip: Clip, **changes: Any) -> Batch:
        """Generate again from a clip's recipe; see `Studio.rerun`."""
        from .rerun import settings_of

        options = {name: changes.pop(name) for name in OPTIONS if name in changes}
        spec, settings = settings_of(self, clip, changes)
        same_model = clip.recipe is not None and clip.recipe.model_id == spec.id
        return generate(self, spec, settings, fit=not same_model, **options)

    def said_about(self, clip: Kept) -> tuple[str | None, int | None]:
        """A clip's title and rating."""
        row = self.project.store.clip(self._id_of(clip))
        return (None, None) if row is None else (row.name, row.rating)

    def digest_of(self, clip: Kept) -> str | None:
        """The recorded SHA-256 of a clip's file; `None` where no open store has it."""
        try:
            row = self.project.store.clip((clip.recipe.job_id if clip.recipe else None) or "")
        except ProjectError:  # closed, or away: clips stay of use without it
            return None
        here = row is not None and (self.project.folder / row.file).absolute() == clip.path
        return row.sha256 if row is not None and here else None

    def rename(self, clip: Kept, title: str | None) -> None:
        """Give a clip a title, or take it away."""
        tidying.rename(self, self._id_of(clip), title)

    def rate(self, clip: Kept, rating: int | None) -> None:
        """Rate a clip, or take the rating away."""
        tidying.rate(self, self._id_of(clip), rating)

    def delete(self, clip: Kept) -> None:
        """Put a clip among the deleted."""
        tidying.delete(self, [self._id_of(clip)])

    def restore(self, clip: Kept) -> None:
        """Bring a clip back."""
        tidying.restore(self, [self._id_of(clip)])

    def _id_of(self, clip: Kept) -> str:
        found = self.project.store.clip((clip.recipe.job_id if clip.recipe else None) or "")
        if found is None or (self.project.folder / found.file).absolute() != clip.path:
            raise InputError(
                f"{clip.path.name} is not a clip of project {self.project.name!r}.",
                remedy="Only clips in studio.clips have a title, a rating and a place here.",
            )
        return found.id

    def clip_of(self, row: ClipRow) -> Clip:
        """A clip from its row."""
        from ..clip import Clip

        return Clip(
            path=self.project.folder / row.file,
            facts=MediaFacts.model_validate_json(row.facts),
            recipe=Recipe.model_validate_json(row.recipe),
            owner=self,
        )
