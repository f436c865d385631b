"""The clips of a project as a person looks for them: pages, words, titles, ratings, deletion."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .clips import CLIP_COLUMNS
from .records import ClipRow
from .store import Store


@dataclass(frozen=True, slots=True)
class ClipSearch:
    """Which clips are looked for.

    Attributes:
        words: Each must be in the prompt, the title or the model's name; ASCII letters in any case.
        model_id: Only clips of this model.
        remixable: Only results that fal still knows by a video id.
        deleted: The deleted clips instead of the others.
    """

    words: tuple[str, ...] = ()
    model_id: str | None = None
    remixable: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ClipPage:
    """Clips of one page, the newest first.

    Attributes:
        after: Place of the last one, for the next page; `None` on the last page.
    """

    clips: tuple[ClipRow, ...]
    after: tuple[float, str] | None


_COLUMNS = ", ".join(f"clips.{name}" for name in CLIP_COLUMNS)
_VIDEO_ID = "json_extract(jobs.output, '$.video_id')"
_KEPT = "json_extract(clips.recipe, '$.values.delete_video') = 0"


class Shelf:
    """A project's clips, looked through and tidied up. Nothing here touches a file.

    Attributes:
        store: The project's store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def page(
        self, search: ClipSearch, *, after: tuple[float, str] | None = None, limit: int = 10
    ) -> ClipPage:
        """A page of clips; a page is found by its neighbour, so all pages are equally quick."""
        tables, where, values = _conditions(search)
        if after is not None:
            where += " AND (clips.created_at, clips.id) < (?, ?)"
            values += after
        rows = self.store.read(
            f"SELECT {_COLUMNS} FROM {tables} WHERE {where}"
            " ORDER BY clips.created_at DESC, clips.id DESC LIMIT ?",
            (*values, limit + 1),
        )
        clips = tuple(ClipRow(**row) for row in rows[:limit])
        more = len(rows) > limit
        return ClipPage(clips, (clips[-1].created_at, clips[-1].id) if more else None)

    def count(self, search: ClipSearch) -> int:
        """How many clips are found."""
        tables, where, values = _conditions(search)
        rows = self.store.read(f"SELECT count(*) FROM {tables} WHERE {where}", values)
        return int(rows[0][0])

    def model_ids(self) -> list[str]:
        """The models that made the project's clips."""
        rows = self.store.read(
            "SELECT DISTINCT model_id FROM jobs WHERE state = 'stored' ORDER BY model_id"
        )
        return [row["model_id"] for row in rows]

    def rows(self, clip_ids: Sequence[str]) -> list[ClipRow]:
        """Clips by id, deleted ones too, in the order of the ids; unknown ones are left out."""
        marks = ", ".join("?" for _ in clip_ids)
        rows = self.store.read(f"SELECT {_COLUMNS} FROM clips WHERE id IN ({marks})", clip_ids)
        found = {row["id"]: ClipRow(**row) for row in rows}
        return [found[clip_id] for clip_id in clip_ids if clip_id in found]

    def job_ids(self, words: Sequence[str], model_id: str | None, limit: int) -> list[str]:
        """Jobs whose prompt or model holds all words, the newest first."""
        where, values = "1", []
        if model_id is not None:
            where, values = "model_id = ?", [model_id]
        for word in words:
            where += (
                " AND (coalesce(json_extract(request, '$.values.prompt'), '') || char(10)"
                " || model_id) LIKE ? ESCAPE '\\'"
            )
            values.append(_pattern(word))
        rows = self.store.read(
            f"SELECT id FROM jobs WHERE {where} ORDER BY created_at DESC, place LIMIT ?",
            (*values, limit),
        )
        return [row["id"] for row in rows]

    def video_ids(self, clip_ids: Sequence[str]) -> dict[str, str]:
        """Fal's ids of those clips that can be remixed, by clip."""
        marks = ", ".join("?" for _ in clip_ids)
        rows = self.store.read(
            f"SELECT clips.id AS id, {_VIDEO_ID} AS video_id FROM clips JOIN jobs"
            f" ON jobs.id = clips.job_id WHERE clips.id IN ({marks})"
            f" AND video_id IS NOT NULL AND {_KEPT}",
            clip_ids,
        )
        return {row["id"]: row["video_id"] for row in rows}

    def clip_of_video(self, video_id: str) -> str | None:
        """The clip that fal knows by this video id."""
        rows = self.store.read(
            "SELECT clips.id AS id FROM clips JOIN jobs ON jobs.id = clips.job_id"
            f" WHERE {_VIDEO_ID} = ?",
            (video_id,),
        )
        return rows[0]["id"] if rows else None

    def input_name(self, sha256: str) -> str | None:
        """What an input file was called when it was first used; `None` when it never was."""
        rows = self.store.read(
            "SELECT json_extract(file.value, '$.file.name') AS name"
            " FROM jobs, json_each(jobs.request, '$.files') AS file"
            " WHERE instr(jobs.request, ?1) AND json_extract(file.value, '$.file.sha256') = ?1"
            " ORDER BY jobs.created_at LIMIT 1",
            (sha256,),
        )
        return rows[0]["name"] if rows else None

    def rename(self, clip_id: str, name: str | None) -> None:
        """Give a clip a title, or take it away."""
        self._set("name", name, [clip_id])

    def rate(self, clip_id: str, rating: int | None) -> None:
        """Rate a clip from 1 to 5, or take the rating away."""
        self._set("rating", rating, [clip_id])

    def delete(self, clip_ids: Sequence[str]) -> None:
        """Put clips among the deleted."""
        self._set("deleted_at", time.time(), clip_ids)

    def restore(self, clip_ids: Sequence[str]) -> None:
        """Bring deleted clips back."""
        self._set("deleted_at", None, clip_ids)

    def runtimes_s(
        self, *, mode: Literal["simulated", "live"], latest: int = 50
    ) -> dict[str, list[float]]:
        """How long the latest runs of each model took from submit to result, seconds, sorted."""
        rows = self.store.read(
            "SELECT model_id, took FROM (SELECT model_id, completed_at - submitted_at AS took,"
            " row_number() OVER (PARTITION BY model_id ORDER BY completed_at DESC) AS place"
            " FROM jobs WHERE mode = ? AND completed_at IS NOT NULL AND submitted_at IS NOT NULL"
            " AND state = 'stored') WHERE place <= ? ORDER BY model_id, took",
            (mode, latest),
        )
        found: dict[str, list[float]] = {}
        for row in rows:
            found.setdefault(row["model_id"], []).append(max(0.0, row["took"]))
        return found

    def _set(
        self, column: Literal["name", "rating", "deleted_at"], value: Any, ids: Sequence[str]
    ) -> None:
        with self.store.transaction() as db:
            db.executemany(
                f"UPDATE clips SET {column} = ? WHERE id = ?", [(value, clip_id) for clip_id in ids]
            )
            for row in self.rows(ids):
                self.store.journal("clip", row.job_id, asdict(row))


def _conditions(search: ClipSearch) -> tuple[str, str, tuple[Any, ...]]:
    tables, values = "clips", []
    where = f"clips.deleted_at IS {'NOT ' if search.deleted else ''}NULL"
    if search.model_id is not None:
        where += " AND json_extract(clips.recipe, '$.model_id') = ?"
        values.append(search.model_id)
    for word in search.words:
        where += (
            " AND (coalesce(clips.name, '') || char(10)"
            " || coalesce(json_extract(clips.recipe, '$.prompt'), '') || char(10)"
            " || coalesce(json_extract(clips.recipe, '$.model_name'), '')) LIKE ? ESCAPE '\\'"
        )
        values.append(_pattern(word))
    if search.remixable:
        tables += " JOIN jobs ON jobs.id = clips.job_id"
        where += f" AND {_VIDEO_ID} IS NOT NULL AND {_KEPT}"
    return tables, where, tuple(values)


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
