"""Input files of the panel: from the browser, by path or URL, or out of a clip."""

from __future__ import annotations

from typing import Any

from qcut_nb.catalog import InputFile

from . import messages as m
from .answering import Answer, Buffers
from .host import PanelHost
from .thumbnails import facts_text, thumbnail
from .uploads import Uploads
from .widget import Action


class FileActions:
    """Answers the commands about input files.

    Attributes:
        host: The studio.
    """

    def __init__(self, host: PanelHost) -> None:
        self.host = host
        self._uploads = Uploads(host.projects_folder / "inputs")

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return {
            m.CheckFile: self._check_file,
            m.UseFrame: self._use_frame,
            m.UseClip: self._use_clip,
            m.OpenUpload: self._open_upload,
            m.WriteUpload: self._write_upload,
            m.CloseUpload: self._close_upload,
        }

    def close(self) -> None:
        """Remove what never came as a whole."""
        self._uploads.discard()

    def _check_file(self, command: m.CheckFile, _: Buffers) -> Answer:
        file = self.host.check_file(command.file_kind, command.source)
        return checked(command.id, command.file_kind, file)

    def _use_frame(self, command: m.UseFrame, _: Buffers) -> Answer:
        return checked(command.id, "image", self.host.frame_file(command.clip_id, command.at))

    def _use_clip(self, command: m.UseClip, _: Buffers) -> Answer:
        return checked(command.id, "video", self.host.clip_file(command.clip_id))

    def _open_upload(self, command: m.OpenUpload, _: Buffers) -> Answer:
        upload_id = self._uploads.open(command.file_kind, command.name, command.size_bytes)
        return m.UploadOpened(id=command.id, upload_id=upload_id, chunk_bytes=m.CHUNK_BYTES), []

    def _write_upload(self, command: m.WriteUpload, buffers: Buffers) -> Answer:
        data = buffers[0] if buffers else b""
        self._uploads.write(command.upload_id, command.offset, data)
        reply = m.UploadWritten(id=command.id, upload_id=command.upload_id, offset=command.offset)
        return reply, []

    def _close_upload(self, command: m.CloseUpload, _: Buffers) -> Answer:
        kind, path = self._uploads.close(command.upload_id)
        return checked(command.id, kind, self.host.check_file(kind, str(path)))


def checked(command_id: str, kind: m.FileKind, file: InputFile) -> Answer:
    """The reply about a file that can be used, with a small picture of it."""
    facts = file.facts
    reply = m.FileChecked(
        id=command_id,
        source=file.path or file.url or "",
        file_kind=kind,
        label=file.label,
        facts=facts_text(file),
        size_bytes=None if facts is None else facts.size_bytes,
        width_px=None if facts is None else facts.width_px,
        height_px=None if facts is None else facts.height_px,
        duration_s=None if facts is None else facts.duration_s,
    )
    picture = thumbnail(kind, file)
    return reply, [] if picture is None else [picture]
