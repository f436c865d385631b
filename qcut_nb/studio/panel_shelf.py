"""The project's clips, as the panel's results and history see them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..clip import Clip
from ..errors import InputError
from ..notebook import ClipsFound, StoredClip, Wish
from ..store import ClipRow, ClipSearch, Shelf
from . import tidying
from .wishes import recalled
from .zip_export import write_zip, zip_name

if TYPE_CHECKING:
    from .core import Core

LATEST_CLIPS = 10


class ShelfDesk:
    """What `notebook.ShelfHost` asks for."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self._core.project.store)

    def clip_ids(self) -> Sequence[str]:
        """The ids of the project's latest clips, newest first."""
        return [row.id for row in self._core.project.store.clips(limit=LATEST_CLIPS)]

    def clip_count(self) -> int:
        """How many clips the project has."""
        return self._shelf.count(ClipSearch())

    def clip(self, clip_id: str) -> Clip:
        """A stored clip."""
        return self._core.clip(clip_id)

    def clips(self, clip_ids: Sequence[str]) -> Sequence[StoredClip]:
        """Clips by id, in this order; those that are gone are left out."""
        return self._stored(self._shelf.rows(clip_ids))

    def find_clips(
        self,
        *,
        search: str = "",
        model_id: str | None = None,
        remixable: bool = False,
        deleted: bool = False,
        before: str | None = None,
        limit: int = 10,
    ) -> ClipsFound:
        """A page of the project's clips, newest first."""
        wanted = ClipSearch(tuple(search.split()), model_id, remixable, deleted)
        page = self._shelf.page(wanted, after=_place(before), limit=limit)
        after = None if page.after is None else f"{page.after[0]!r} {page.after[1]}"
        return ClipsFound(self._stored(page.clips), after, self._shelf.count(wanted))

    def clip_models(self) -> Sequence[str]:
        """Ids of the models that made the project's clips."""
        return self._shelf.model_ids()

    def rename_clip(self, clip_id: str, title: str | None) -> None:
        """Give a clip a title, or take it away."""
        tidying.rename(self._core, clip_id, title)

    def rate_clip(self, clip_id: str, rating: int | None) -> None:
        """Rate a clip from 1 to 5, or take the rating away."""
        tidying.rate(self._core, clip_id, rating)

    def delete_clips(self, clip_ids: Sequence[str]) -> None:
        """Put clips among the deleted; their files stay."""
        tidying.delete(self._core, clip_ids)

    def restore_clips(self, clip_ids: Sequence[str]) -> None:
        """Bring deleted clips back."""
        tidying.restore(self._core, clip_ids)

    def timeline_ids(self) -> Sequence[str]:
        """The list of clips for a timeline, in order."""
        return tidying.timeline_ids(self._core)

    def set_timeline(self, clip_ids: Sequence[str]) -> None:
        """Keep a list of clips for a timeline."""
        tidying.set_timeline(self._core, clip_ids)

    def recall(self, job_id: str) -> tuple[Wish, Sequence[str]]:
        """What a job was asked with, and the names of input files that are gone."""
        return recalled(self._core, job_id)

    def make_zip(self, clip_ids: Sequence[str]) -> Path:
        """Write clips with their recipes into a ZIP in the project's exports."""
        clips = [(stored.clip, stored.title) for stored in self.clips(clip_ids)]
        return write_zip(self._core.project.exports / zip_name(self._core.project.name), clips)

    def zip_path(self, file_name: str) -> Path:
        """Where a ZIP of this name is."""
        path = self._core.project.exports / file_name
        if Path(file_name).name != file_name or path.suffix != ".zip" or not path.is_file():
            raise InputError(f"There is no ZIP {file_name!r} in the exports of this project.")
        return path

    def _stored(self, rows: Sequence[ClipRow]) -> list[StoredClip]:
        remixable = self._shelf.video_ids([row.id for row in rows])
        return [
            StoredClip(
                id=row.id,
                job_id=row.job_id,
                clip=self._core.clip_of(row),
                title=row.name,
                rating=row.rating,
                created_at=row.created_at,
                deleted=row.deleted_at is not None,
                remixable=row.id in remixable,
            )
            for row in rows
        ]


def _place(before: str | None) -> tuple[float, str] | None:
    if before is None:
        return None
    created_at, _, clip_id = before.partition(" ")
    try:
        return float(created_at), clip_id
    except ValueError as error:
        raise InputError(f"{before!r} is no place in the history.") from error
