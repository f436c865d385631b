"""The control panel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from . import messages as m
from .answering import Answer, Buffers
from .bundle import bundle
from .host import PanelHost
from .live import LiveWidget
from .rows import job_line, model_rows
from .thumbnails import facts_text, thumbnail
from .uploads import Uploads
from .widget import Action

if TYPE_CHECKING:
    from qcut_nb.engine import JobView

MODES: Final[tuple[m.Mode, ...]] = ("text", "image")
MAX_JOBS = 200
MAX_CLIPS = 24


class Panel(LiveWidget):
    """The control panel of a project: choose, see the price, generate, watch.

    Everything it does can be done in Python with the studio that made it.

    Args:
        host: The studio.

    Raises:
        PanelNotBuiltError: The JavaScript is not part of this installation.
    """

    def __init__(self, host: PanelHost) -> None:
        self._uploads = Uploads(host.projects_folder / "inputs")
        super().__init__(host, bundle("panel.js"))

    def snapshot(self) -> m.State:
        """Everything a fresh panel needs to show."""
        jobs = sorted(self.host.jobs(), key=lambda view: view.created_at, reverse=True)
        shown = [view for view in jobs if view.state != "stored"][:MAX_JOBS]
        ids = self.clip_ids()
        return m.State(
            now_s=time.time(),
            project=self.host.project,
            mode=self.host.mode,
            key_last_four=self.host.key_last_four,
            spent_usd=f"{self.host.spent_usd():f}",
            modes=MODES,
            models=model_rows(MODES),
            choice=self._choice(),
            jobs=tuple(job_line(view) for view in shown),
            clips=self.cards(ids[:MAX_CLIPS]),
            clip_count=len(ids),
            static_class=self.static_class,
        )

    def shows(self, view: JobView) -> bool:
        """Whether a job belongs here: all of the project's do."""
        return True

    def heading(self) -> str:
        """What stands above the static HTML."""
        return f"qcut_nb panel: {self.host.project}"

    def clip_ids(self) -> Sequence[str]:
        """The project's clips, newest first."""
        return self.host.clip_ids()

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return super().actions() | {
            m.Price: self._price,
            m.Generate: self._generate,
            m.CheckFile: self._check_file,
            m.OpenUpload: self._open_upload,
            m.WriteUpload: self._write_upload,
            m.CloseUpload: self._close_upload,
            m.RememberChoice: self._remember_choice,
        }

    def close(self) -> None:
        """End it: views disappear, threads stop, jobs go on."""
        super().close()
        self._uploads.discard()

    def _choice(self) -> m.Choice:
        try:
            return m.Choice.model_validate(dict(self.host.choice()))
        except ValidationError:
            return m.Choice()  # kept by another version: a fresh form is better than none

    def _price(self, command: m.Price, _: Buffers) -> Answer:
        return m.Priced(id=command.id, offers=tuple(self.host.price(command.wish))), []

    def _generate(self, command: m.Generate, _: Buffers) -> Answer:
        return m.Accepted(id=command.id, batch_id=self.host.generate_wish(command.wish)), []

    def _remember_choice(self, command: m.RememberChoice, _: Buffers) -> Answer:
        self.host.remember_choice(command.choice.wire())
        return m.Done(id=command.id), []

    def _check_file(self, command: m.CheckFile, _: Buffers) -> Answer:
        return self._checked(command.id, command.file_kind, command.source)

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
        return self._checked(command.id, kind, str(path))

    def _checked(self, command_id: str, kind: m.FileKind, source: str) -> Answer:
        file = self.host.check_file(kind, source)
        reply = m.FileChecked(
            id=command_id,
            source=file.path or file.url or source,
            label=file.label,
            facts=facts_text(file),
        )
        picture = thumbnail(kind, file)
        return reply, [] if picture is None else [picture]
