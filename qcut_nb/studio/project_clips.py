"""A project's clips, in code: all of them, the deleted ones, a timeline, a ZIP."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..store import ClipSearch, Shelf
from .tidying import listed_timeline
from .zip_export import write_zip, zip_name

if TYPE_CHECKING:
    from ..assembly import Timeline
    from ..clip import Clip
    from .core import Core


class ProjectClips:
    """The part of a studio that is about stored clips."""

    _core: Core

    @property
    def clips(self) -> list[Clip]:
        """The project's clips, the newest first."""
        return [self._core.clip_of(row) for row in self._core.project.store.clips()]

    @property
    def deleted_clips(self) -> list[Clip]:
        """The clips that were deleted, the newest first: `clip.restore()` brings one back."""
        page = Shelf(self._core.project.store).page(ClipSearch(deleted=True), limit=1000)
        return [self._core.clip_of(row) for row in page.clips]

    def timeline(self) -> Timeline:
        """A timeline of the clips that were added to the project's list in the panel.

        Raises:
            InputError: The list is empty.
        """
        return listed_timeline(self._core)

    def export_zip(
        self, clips: Iterable[Clip] | None = None, path: str | PathLike[str] | None = None
    ) -> Path:
        """Write clips into one ZIP, each with its recipe as JSON beside it.

        Args:
            clips: Which; all of the project by default.
            path: The ZIP; a new one in the project's `exports/` by default.

        Returns:
            Where it is.

        Raises:
            InputError: There are no clips.
            MediaError: A clip's file is gone, or the ZIP cannot be written.
        """
        chosen = self.clips if clips is None else list(clips)
        target = (
            self._core.project.exports / zip_name(self._core.project.name)
            if path is None
            else Path(path)
        )
        return write_zip(target, [(clip, clip.title) for clip in chosen])
