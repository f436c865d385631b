"""What the widgets show, made from catalogue records, jobs and clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qcut_nb.catalog import FileInput, ModelSpec, Parameter, models, money
from qcut_nb.errors import QcutError

from .messages import ClipCard, FileRow, JobLine, Mode, ModelRow, ParameterRow, Problem
from .offers import change_text, quote_text
from .server_root import files_path

if TYPE_CHECKING:
    from qcut_nb.clip import Clip
    from qcut_nb.engine import JobView

PROMPT_CHARS = 300


def model_rows(modes: tuple[Mode, ...]) -> tuple[ModelRow, ...]:
    """The models of some modes, in the catalogue's order."""
    return tuple(_model_row(spec) for spec in map(models.__getitem__, models) if spec.mode in modes)


def _model_row(spec: ModelSpec) -> ModelRow:
    replacement = spec.life_cycle.replacement
    known = replacement is not None and replacement in models
    return ModelRow(
        id=spec.id,
        name=spec.name,
        provider=spec.provider,
        mode=spec.mode,
        life_cycle=spec.life_cycle.state,
        retired_on=None if spec.life_cycle.on is None else spec.life_cycle.on.isoformat(),
        replacement=replacement if known else None,
        replacement_name=models[replacement].name if known and replacement else replacement,
        list_price=spec.list_price,
        expected_s=spec.expected_s,
        sound=spec.output.audio,
        fixed_duration_s=spec.output.duration_s,
        fixed_resolution=spec.output.resolution,
        use_cases=spec.use_cases,
        parameters=tuple(_parameter_row(parameter) for parameter in spec.parameters),
        files=tuple(_file_row(file) for file in spec.files),
    )


def _parameter_row(parameter: Parameter) -> ParameterRow:
    return ParameterRow(
        name=parameter.name,
        type=parameter.type,
        choices=parameter.choices,
        default=parameter.default,
        required=parameter.required,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        max_length=parameter.max_length,
    )


def _file_row(file: FileInput) -> FileRow:
    return FileRow(
        name=file.name,
        kind=file.kind,
        required=file.required,
        formats=file.formats,
        max_bytes=file.max_bytes,
    )


def job_line(view: JobView) -> JobLine:
    """One job as a line."""
    problem = view.error
    return JobLine(
        id=view.id,
        batch_id=view.batch_id,
        model_id=view.model_id,
        model_name=view.model_name,
        prompt=(view.prompt or "")[:PROMPT_CHARS],
        state=view.state,
        queue_position=view.queue_position,
        created_at=view.created_at,
        submitted_at=view.submitted_at,
        ended_at=view.ended_at,
        received_bytes=view.received_bytes,
        total_bytes=view.total_bytes,
        upload_fraction=view.upload_fraction,
        log_lines=len(view.logs),
        problem=None
        if problem is None
        else Problem(
            what=problem.what,
            money=problem.money,
            remedy=problem.remedy,
            action="download_again" if _can_download_again(view) else None,
        ),
        quote=quote_text(view.quote),
        will_send=tuple(change_text(change) for change in view.changes),
        clip_id=view.clip_id,
        request_id=view.request_id,
        expected_s=view.expected_s,
        lost_contact=view.lost_contact,
        settled=view.settled,
    )


def _can_download_again(view: JobView) -> bool:
    return (
        view.settled
        and view.error is not None
        and view.error.kind == "DownloadError"
        and view.state in ("completed", "downloading")
    )


def clip_card(clip_id: str, clip: Clip, root: Path | None) -> ClipCard:
    """One stored clip, without its media.

    Args:
        clip_id: Its id in the project.
        clip: The clip.
        root: The folder that the Jupyter server serves, when there is one.
    """
    facts, recipe, stat = clip.facts, clip.recipe, clip.path.stat()
    return ClipCard(
        id=clip_id,
        name=clip.name,
        model_name=clip.path.stem if recipe is None else recipe.model_name,
        prompt=(clip.prompt or "")[:PROMPT_CHARS],
        file_name=clip.path.name,
        cost=_cost(clip),
        seed=clip.seed,
        duration_s=facts.duration_s,
        width_px=facts.width_px,
        height_px=facts.height_px,
        fps=facts.fps,
        has_sound=facts.has_audio,
        size_bytes=stat.st_size,
        version=f"{stat.st_size:x}-{stat.st_mtime_ns:x}",
        files_path=files_path(clip.path, root),
    )


def problem_of(error: QcutError) -> Problem:
    """An error's three parts."""
    return Problem(what=error.what, money=error.money, remedy=error.remedy)


def _cost(clip: Clip) -> str:
    if clip.recipe is not None and clip.recipe.mode == "simulated":
        return f"free ({money(clip.quote_usd)} live)"
    return money(clip.cost_usd)
