"""The studio as the widgets see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..catalog import FileKind, InputFile, as_file, models
from ..engine import JobView
from ..errors import QcutError, UploadRejectedError
from ..media import check_upload, probe, sha256_file
from ..notebook import FieldProblem, Offer, Wish, make_offer
from .generating import generate
from .planning import refuse_retired

if TYPE_CHECKING:
    from ..clip import Clip
    from .core import Core

MICRO = Decimal(1_000_000)
LATEST_JOBS = 200
LATEST_CLIPS = 1000
CHOICE = "panel-choice"


class StudioHost:
    """What `notebook.PanelHost` asks for, answered by a project's core."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def project(self) -> str:
        """The project's name."""
        return self._core.project.name

    @property
    def mode(self) -> Literal["simulated", "live"]:
        """Whether money can be spent."""
        return self._core.connection.mode

    @property
    def key_last_four(self) -> str | None:
        """The last four characters of the key in use."""
        key = self._core.connection.key
        return key.last_four if key is not None else None

    @property
    def projects_folder(self) -> Path:
        """The project's folder."""
        return self._core.project.folder

    def jobs(self) -> Sequence[JobView]:
        """The latest jobs of the project, and all that have not ended."""
        latest = self._core.engine.views(limit=LATEST_JOBS)
        ids = {view.id for view in latest}
        unfinished = [row.id for row in self._core.project.store.unfinished() if row.id not in ids]
        return [*latest, *(self._core.engine.view(job_id) for job_id in unfinished)]

    def clip_ids(self) -> Sequence[str]:
        """The ids of the project's clips, newest first."""
        return [row.id for row in self._core.project.store.clips(limit=LATEST_CLIPS)]

    def clip(self, clip_id: str) -> Clip:
        """A stored clip."""
        return self._core.clip(clip_id)

    def spent_usd(self) -> Decimal:
        """What the project has cost so far; simulated runs never count."""
        return self._core.project.store.money().spent_micro_usd / MICRO

    def price(self, wish: Wish) -> Sequence[Offer]:
        """What each model of the wish would send and cost."""
        offers = []
        for name in wish.models:
            spec = models[name]
            problems: list[FieldProblem] = []
            files: dict[str, InputFile] = {}
            try:
                if self.mode == "live":
                    refuse_retired(spec)
            except QcutError as error:
                problems.append(FieldProblem(field="model", text=f"{error.what} {error.remedy}"))
            for want in spec.files:
                given = wish.files.get(want.name)
                if not given:
                    continue
                file = as_file(given)
                try:
                    files[want.name] = file if file.path is None else check_upload(file.path, want)
                except UploadRejectedError as error:
                    files[want.name] = file
                    text = f"{error.what} {error.remedy}".strip()
                    problems.append(FieldProblem(field=want.name, text=text))
            offers.append(make_offer(spec, wish, files, tuple(problems)))
        return offers

    def generate_wish(self, wish: Wish) -> str:
        """Start the jobs of a wish and return at once."""
        settings: dict[str, Any] = wish.shared() | dict(wish.files)
        if wish.prompt.strip():
            settings["prompt"] = wish.prompt
        plans = generate(
            self._core,
            wish.models,
            settings,
            overrides=wish.overrides,
            fit=True,
        )
        return plans.id

    def cancel_job(self, job_id: str) -> None:
        """Ask to stop a job."""
        self._core.engine.cancel(job_id)

    def retry_download(self, job_id: str) -> None:
        """Download the result of a finished job again; free."""
        self._core.engine.retry_download(job_id)

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        """Call back on every change of a job, on the engine's thread."""
        return self._core.engine.listen(callback)

    def check_file(self, field_kind: FileKind, path: str) -> InputFile:
        """Check that a path or URL can be an input at all."""
        file = as_file(path)
        if file.path is None:
            return file
        local = Path(file.path)
        if not local.is_file() or local.stat().st_size == 0:
            why = "is empty" if local.is_file() else "does not exist"
            raise UploadRejectedError(f"{local.name} {why}.", field=field_kind)
        try:
            facts = probe(local)
        except QcutError as error:
            raise UploadRejectedError(
                f"{local.name} cannot be read as {field_kind}: {error.what}", field=field_kind
            ) from error
        return InputFile(path=str(local), sha256=sha256_file(local), facts=facts)

    def remember_choice(self, choice: Mapping[str, Any]) -> None:
        """Keep the state of the form for the next kernel."""
        self._core.project.store.remember(CHOICE, json.dumps(choice))

    def choice(self) -> Mapping[str, Any]:
        """What `remember_choice` kept."""
        kept: Mapping[str, Any] = json.loads(self._core.project.store.preference(CHOICE) or "{}")
        return kept
