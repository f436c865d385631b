"""What a person is told where a job cannot be worked on here."""

from __future__ import annotations

from ..errors import InputError, ProjectError
from ..store import JobRow


def no_job(project: str, job_id: str) -> InputError:
    """The project has no such job."""
    return InputError(
        f"Project {project!r} has no job {job_id!r}.",
        remedy="studio.history() lists them.",
    )


def of_other_mode(row: JobRow, project: str) -> InputError:
    """A job of one mode, asked for where the project is open in the other."""
    here = "simulated" if row.mode == "live" else "live"
    return InputError(
        f"Job {row.id} is a {row.mode} one, and the project is open in {here} mode here.",
        money="Nothing changed.",
        remedy=f"Open it in that mode: qcut_nb.Studio({project!r}, mode={row.mode!r}); then "
        f"studio.job({row.id!r}). Or change the panel's mode.",
    )


def held_elsewhere(job_id: str, remedy: str) -> ProjectError:
    """A job that another process works on."""
    return ProjectError(
        f"Another kernel works on job {job_id}.", money="Nothing changed.", remedy=remedy
    )


def no_choice(row: JobRow) -> InputError:
    """A job whose fate is known."""
    return InputError(
        f"Job {row.id} is {row.state}: there is nothing to choose.",
        money="Nothing changed.",
        remedy="Only a job that is submit_unknown needs a choice; see job.error.",
    )


def looked_up_now(job_id: str) -> InputError:
    """A job whose fate may be known in a moment."""
    return InputError(
        f"Job {job_id} is being looked up at fal right now.",
        money="Nothing changed.",
        remedy="Wait for it: job.wait() says how that ended.",
    )
