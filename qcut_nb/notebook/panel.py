"""The control panel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from . import messages as m
from .bundle import bundle
from .host import PanelHost
from .live import LiveWidget
from .model_rows import model_rows
from .panel_account import AccountActions
from .panel_files import FileActions
from .panel_form import FormActions
from .panel_shelf import ShelfActions
from .widget import Action

if TYPE_CHECKING:
    from qcut_nb.engine import JobView

MODES: Final[tuple[m.Mode, ...]] = ("text", "image", "frames", "avatar", "remix", "upscale")
MAX_JOBS = 200


class Panel(LiveWidget):
    """The control panel of a project: choose, see the price, generate, watch.

    Everything it does can be done in Python with the studio that made it.

    Args:
        host: The studio.

    Raises:
        PanelNotBuiltError: The JavaScript is not part of this installation.
    """

    host: PanelHost

    def __init__(self, host: PanelHost) -> None:
        self._files = FileActions(host)
        self._parts: dict[type[Any], Action] = {
            **FormActions(host).actions(),
            **self._files.actions(),
            **ShelfActions(host).actions(),
            **AccountActions(host, self.snapshot).actions(),
        }
        super().__init__(host, bundle("panel.js"))

    def snapshot(self) -> m.State:
        """Everything a fresh panel needs to show."""
        host = self.host
        jobs = sorted(host.jobs(), key=lambda view: view.created_at, reverse=True)
        shown = [view for view in jobs if view.state != "stored"][:MAX_JOBS]
        return m.State(
            now_s=time.time(),
            project=host.project,
            mode=host.mode,
            key_last_four=host.key_last_four,
            key_kept=host.key_kept,
            money=host.money(),
            modes=MODES,
            models=model_rows(MODES, host.expected),
            choice=self._choice(),
            jobs=tuple(self.line(view) for view in shown),
            clips=self.cards(self.clip_ids()),
            clip_count=self.clip_count(),
            timeline=self._timeline(),
            static_class=self.static_class,
        )

    def shows(self, view: JobView) -> bool:
        """Whether a job belongs here: all of the project's do."""
        return True

    def heading(self) -> str:
        """What stands above the static HTML."""
        return f"qcut_nb panel: {self.host.project}"

    def clip_ids(self) -> Sequence[str]:
        """The project's latest clips, newest first."""
        return self.host.clip_ids()

    def clip_count(self) -> int:
        """How many clips the project has."""
        return self.host.clip_count()

    def actions(self) -> dict[type[Any], Action]:
        """What is done for each kind of command."""
        return super().actions() | self._parts

    def close(self) -> None:
        """End it: views disappear, threads stop, jobs go on."""
        super().close()
        self._files.close()

    def _choice(self) -> m.Choice:
        try:
            return m.Choice.model_validate(dict(self.host.choice()))
        except ValidationError:
            return m.Choice()  # kept by another version: a fresh form is better than none

    def clip_news(self, ids: Sequence[str]) -> dict[str, Any]:
        """What there is to say of clips that changed, and of the list for a timeline."""
        return super().clip_news(ids) | {"timeline": self._timeline()}

    def _timeline(self) -> tuple[m.TimelineClip, ...]:
        ids = self.host.timeline_ids()
        stored = self.host.clips(list(dict.fromkeys(ids)))
        names = {clip.id: clip.title or clip.clip.name for clip in stored}
        return tuple(m.TimelineClip(id=i, name=names[i]) for i in ids if i in names)
