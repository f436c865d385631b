"""A studio that does nothing, and jobs to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from qcut_nb.catalog import FileKind, InputFile, Quote, models
from qcut_nb.clip import Clip
from qcut_nb.engine import JobView
from qcut_nb.errors import InputError
from qcut_nb.notebook import Offer, PanelHost, Wish, make_offer

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


class StillStudio:
    """A `PanelHost` that remembers what it was asked.

    Attributes:
        views: The jobs it has.
        stored: The clips it has.
        generated: The wishes it was asked to generate.
        listeners: Who listens to its jobs.
    """

    project = "teaser"
    mode: Literal["simulated", "live"] = "simulated"
    key_last_four: str | None = None

    def __init__(self, folder: Path) -> None:
        self.projects_folder = folder
        self.views: list[JobView] = []
        self.stored: dict[str, Clip] = {}
        self.generated: list[Wish] = []
        self.listeners: list[Callable[[JobView], None]] = []
        self.kept: Mapping[str, Any] = {}

    def jobs(self) -> Sequence[JobView]:
        return self.views

    def clip_ids(self) -> Sequence[str]:
        return list(self.stored)

    def clip(self, clip_id: str) -> Clip:
        return self.stored[clip_id]

    def spent_usd(self) -> Decimal:
        return Decimal("1.20")

    def price(self, wish: Wish) -> Sequence[Offer]:
        return [make_offer(models[name], wish, {}) for name in wish.models]

    def generate_wish(self, wish: Wish) -> str:
        self.generated.append(wish)
        return "b1"

    def cancel_job(self, job_id: str) -> None:
        self.change(replace(JOB, id=job_id, state="cancelling"))

    def retry_download(self, job_id: str) -> None:
        raise InputError("There is nothing to download.")

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def check_file(self, field_kind: FileKind, path: str) -> InputFile:
        return InputFile(path=path)

    def remember_choice(self, choice: Mapping[str, Any]) -> None:
        self.kept = choice

    def choice(self) -> Mapping[str, Any]:
        return self.kept

    def change(self, view: JobView) -> None:
        """A job changed, as the engine says it."""
        for listener in list(self.listeners):
            listener(view)


def is_a_panel_host(studio: StillStudio) -> PanelHost:
    """Proves to the type checker that the protocol is met."""
    return studio
