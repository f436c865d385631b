"""A studio that sends nothing, and jobs to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from qcut_nb import Studio
from qcut_nb.catalog import Quote
from qcut_nb.engine import JobView
from qcut_nb.errors import InputError
from qcut_nb.notebook import PanelHost, Wish
from qcut_nb.studio.panel_host import StudioHost

JOB = JobView(
    id="j1",
    batch_id="b1",
    model_id="kling_v2_5",
    model_name="Kling v2.5 Turbo Pro",
    prompt="a cat",
    mode="simulated",
    state="queued",
    queue_position=2,
    created_at=100.0,
    submitted_at=101.0,
    ended_at=None,
    received_bytes=0,
    total_bytes=None,
    upload_fraction=None,
    logs=("loading", "ready"),
    error=None,
    quote=Quote(amount_usd=Decimal("0.35"), low_usd=Decimal("0.35"), high_usd=Decimal("0.35")),
    metered_usd=None,
    changes=(),
    clip_id=None,
    request_id=None,
    expected_s=None,
    lost_contact=False,
    settled=False,
)


class StillStudio(StudioHost):
    """A project's real host whose jobs are said by the test: nothing is ever sent.

    Attributes:
        views: The jobs it has.
        generated: The wishes it was asked to generate.
        listeners: Who listens to its jobs.
    """

    def __init__(self, folder: Path) -> None:
        self.studio = Studio("teaser", mode="simulated", root=folder)
        super().__init__(self.studio._core)
        self.views: list[JobView] = []
        self.generated: list[Wish] = []
        self.listeners: list[Callable[[JobView], None]] = []

    def jobs(self) -> Sequence[JobView]:
        return self.views

    def job(self, job_id: str) -> JobView:
        return next(view for view in self.views if view.id == job_id)

    def generate_wish(
        self,
        wish: Wish,
        *,
        approved_usd: Decimal | None = None,
        reuse: Literal["ask", "always", "never"] = "ask",
    ) -> str:
        self.generated.append(wish)
        return "b1"

    def cancel_job(self, job_id: str) -> None:
        self.change(replace(JOB, id=job_id, state="cancelling"))

    def retry_download(self, job_id: str) -> None:
        raise InputError("There is nothing to download.")

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def change(self, view: JobView) -> None:
        """A job changed, as the engine says it."""
        for listener in list(self.listeners):
            listener(view)


def is_a_panel_host(studio: StillStudio) -> PanelHost:
    """Proves to the type checker that the protocol is met."""
    return studio
