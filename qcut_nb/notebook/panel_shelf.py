"""What a person does with clips in the panel: find, name, rate, delete, take home."""

from __future__ import annotations

from typing import Any

from . import messages as m
from .answering import Answer, Buffers
from .host import ShelfHost
from .live import cards
from .server_root import files_path, server_root
from .widget import Action


class ShelfActions:
    """Answers the commands about stored clips.

    Attributes:
        host: The studio.
    """

    def __init__(self, host: ShelfHost) -> None:
        self.host = host

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {
            m.ReadHistory: self._read_history,
            m.RenameClip: self._rename,
            m.RateClip: self._rate,
            m.DeleteClips: self._delete,
            m.RestoreClips: self._restore,
            m.SetTimeline: self._set_timeline,
            m.MakeZip: self._make_zip,
            m.ReadZip: self._read_zip,
        }

    def _read_history(self, command: m.ReadHistory, _: Buffers) -> Answer:
        found = self.host.find_clips(
            search=command.search,
            model_id=command.model_id,
            remixable=command.remixable,
            deleted=command.deleted,
            before=command.before,
            limit=command.limit,
        )
        page = m.HistoryPage(
            id=command.id,
            clips=cards(found.clips),
            next=found.next,
            total=found.total,
            models=tuple(self.host.clip_models()) if command.before is None else (),
        )
        return page, []

    def _rename(self, command: m.RenameClip, _: Buffers) -> Answer:
        self.host.rename_clip(command.clip_id, command.title)
        return m.Done(id=command.id), []

    def _rate(self, command: m.RateClip, _: Buffers) -> Answer:
        self.host.rate_clip(command.clip_id, command.rating)
        return m.Done(id=command.id), []

    def _delete(self, command: m.DeleteClips, _: Buffers) -> Answer:
        self.host.delete_clips(command.clip_ids)
        return m.Done(id=command.id), []

    def _restore(self, command: m.RestoreClips, _: Buffers) -> Answer:
        self.host.restore_clips(command.clip_ids)
        return m.Done(id=command.id), []

    def _set_timeline(self, command: m.SetTimeline, _: Buffers) -> Answer:
        self.host.set_timeline(command.clip_ids)
        return m.Done(id=command.id), []

    def _make_zip(self, command: m.MakeZip, _: Buffers) -> Answer:
        path = self.host.make_zip(command.clip_ids)
        made = m.Zip(
            id=command.id,
            file_name=path.name,
            path=str(path),
            files_path=files_path(path, server_root()),
            size_bytes=path.stat().st_size,
            clip_count=len(command.clip_ids),
        )
        return made, []

    def _read_zip(self, command: m.ReadZip, _: Buffers) -> Answer:
        path = self.host.zip_path(command.file_name)
        with path.open("rb") as file:
            file.seek(command.offset)
            data = file.read(m.CHUNK_BYTES)
        chunk = m.ZipChunk(
            id=command.id,
            file_name=command.file_name,
            offset=command.offset,
            total_bytes=path.stat().st_size,
        )
        return chunk, [data]
