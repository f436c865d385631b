"""The panel's form: prices, checks of input files, and to generate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..catalog import FileKind, InputFile, ModelSpec, as_file
from ..errors import MediaError, QcutError, UnsupportedInputError, UploadRejectedError
from ..media import PICTURES, check_upload, examine, save_frame
from ..notebook import FieldProblem, Offer, Wish, make_offer
from .generating import generate
from .input_names import named
from .planning import refuse_retired
from .python_text import python_text
from .wishes import wish_settings

if TYPE_CHECKING:
    from .core import Core

CHOICE = "panel-choice"


class FormDesk:
    """What the panel's form asks for."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def price(self, wish: Wish) -> Sequence[Offer]:
        """What each model of the wish would send and cost."""
        try:
            specs, settings = wish_settings(self._core, wish)
        except UnsupportedInputError as error:
            problem = FieldProblem(field=error.field, text=_words(error))
            specs, settings = wish_settings(self._core, wish.model_copy(update={"remix_of": None}))
            return [make_offer(spec, settings, {}, (problem,)) for spec in specs]
        return [self._offer(spec, settings, wish.overrides.get(spec.id, {})) for spec in specs]

    def _offer(
        self, spec: ModelSpec, settings: Mapping[str, Any], overrides: Mapping[str, Any]
    ) -> Offer:
        problems = []
        values = dict(settings)
        try:
            if self._core.connection.mode == "live":
                refuse_retired(spec)
        except QcutError as error:
            problems.append(FieldProblem(field="models", text=_words(error)))
        for want in spec.files:
            given = values.get(want.name)
            if given is None:
                continue
            file = values[want.name] = named(self._core, given)
            try:
                if file.path is not None:
                    checked = check_upload(file.path, want)
                    values[want.name] = checked.model_copy(update={"name": file.name})
            except UploadRejectedError as error:
                problems.append(FieldProblem(field=want.name, text=_words(error)))
        return make_offer(spec, values, overrides, tuple(problems))

    def generate_wish(
        self,
        wish: Wish,
        *,
        approved_usd: Decimal | None = None,
        reuse: Literal["ask", "always", "never"] = "ask",
    ) -> str:
        """Start the jobs of a wish and return at once."""
        specs, settings = wish_settings(self._core, wish)
        settings |= {
            name: named(self._core, settings[name]) for name in wish.files if name in settings
        }
        batch = generate(
            self._core,
            specs,
            settings,
            overrides={s.id: wish.overrides[s.id] for s in specs if s.id in wish.overrides},
            max_cost_usd=approved_usd,
            allow_unknown_price=approved_usd is not None,
            reuse=reuse,
            fit=True,
        )
        return batch.id

    def python_text(self, wish: Wish) -> str:
        """The cell that does what `generate_wish` would do."""
        return python_text(self._core, wish)

    def check_file(self, field_kind: FileKind, path: str) -> InputFile:
        """Check that a path or URL can be an input at all."""
        file = as_file(path)
        if file.path is None:
            return file
        local = Path(file.path).expanduser()
        if not local.is_file() or local.stat().st_size == 0:
            why = "is empty" if local.is_file() else "does not exist on the kernel's machine"
            raise UploadRejectedError(f"{local.name or path} {why}.", field=field_kind)
        try:
            found = examine(local)
        except MediaError as error:
            raise UploadRejectedError(
                f"{local.name} is no {field_kind} that can be read, whatever its name says.",
                field=field_kind,
                remedy="Choose another file.",
            ) from error
        facts = found.facts
        kind = "video" if facts.has_video else "audio"
        kind = "image" if facts.format in PICTURES else kind
        if kind != field_kind:
            raise UploadRejectedError(
                f"{local.name} is {kind} ({facts.format}); {field_kind} is needed here.",
                field=field_kind,
                remedy="Choose another file.",
            )
        name = named(self._core, str(local)).name
        return InputFile(path=str(local.absolute()), name=name, sha256=found.sha256, facts=facts)

    def frame_file(self, clip_id: str, at: float | Literal["first", "last"]) -> InputFile:
        """A clip's frame as a picture in the project's inputs."""
        clip = self._core.clip(clip_id)
        ends = {"first": 0.0, "last": clip.facts.duration_s or 0.0}
        t_s = ends[at] if isinstance(at, str) else at
        target = self._core.project.inputs / f"frame-{clip_id}-{t_s:.3f}s.png"
        if not target.is_file():
            save_frame(clip.path, t_s, target)
        return self.check_file("image", str(target))

    def clip_file(self, clip_id: str) -> InputFile:
        """A clip as an input."""
        return self.check_file("video", str(self._core.clip(clip_id).path))

    def remember_choice(self, choice: Mapping[str, Any]) -> None:
        """Keep the state of the form for the next kernel."""
        self._core.project.store.remember(CHOICE, json.dumps(choice))

    def choice(self) -> Mapping[str, Any]:
        """What `remember_choice` kept."""
        kept: Mapping[str, Any] = json.loads(self._core.project.store.preference(CHOICE) or "{}")
        return kept


def _words(error: QcutError) -> str:
    return f"{error.what} {error.remedy}".strip()
