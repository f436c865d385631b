"""What the widgets need from the studio: the only way in which they act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .messages import JobDetails, MoneyLine, Offer, Wish

if TYPE_CHECKING:
    from qcut_nb.catalog import FileKind, InputFile
    from qcut_nb.clip import Clip
    from qcut_nb.engine import JobView


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A clip of the project, as its store knows it.

    Attributes:
        title: The person's own.
        rating: 1 to 5.
        created_at: When it was stored, Unix seconds.
        remixable: fal still knows it by a video id.
    """

    id: str
    job_id: str
    clip: Clip
    title: str | None
    rating: int | None
    created_at: float
    deleted: bool
    remixable: bool


@dataclass(frozen=True, slots=True)
class ClipsFound:
    """A page of clips.

    Attributes:
        next: What the next page is asked for with; `None` on the last.
        total: How many clips all pages have.
    """

    clips: Sequence[StoredClip]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Expected:
    """How long a model usually takes from submit to result.

    Attributes:
        range_s: Low and high, seconds; `None` is unknown.
        runs: How many own runs it comes from; 0 is the published range.
    """

    range_s: tuple[float, float] | None
    runs: int = 0


class JobsHost(Protocol):
    """Jobs, clips and money, as every widget sees them.

    Widgets call from threads of their own, several at a time: every member is safe from any thread
    except the engine's, and blocks for at most a moment (nothing waits for the network). Errors
    that a person can act on are `QcutError`; a widget shows their three parts.
    """

    @property
    def mode(self) -> Literal["simulated", "live"]:
        """Whether money can be spent."""

    def jobs(self) -> Sequence[JobView]:
        """All unfinished jobs and those that ended lately, in any order."""

    def job(self, job_id: str) -> JobView:
        """One job.

        Raises:
            InputError: The project has no such job.
        """

    def clips(self, clip_ids: Sequence[str]) -> Sequence[StoredClip]:
        """Clips by id, in this order; those that are gone are left out."""

    def clip_ids(self) -> Sequence[str]:
        """The ids of the project's latest clips, newest first."""

    def clip_count(self) -> int:
        """How many clips the project has."""

    def clip(self, clip_id: str) -> Clip:
        """A stored clip, by `JobView.clip_id`.

        Raises:
            InputError: There is no such clip.
        """

    def money(self) -> MoneyLine:
        """What the project has spent, and what it may."""

    def expected(self, model_id: str) -> Expected:
        """How long a model takes: by this project's own runs, else as published."""

    def cancel_job(self, job_id: str) -> None:
        """Ask to stop a job."""

    def retry_download(self, job_id: str) -> None:
        """Download the result of a finished job again; free."""

    def settle_unknown(self, job_id: str, decision: str, request_id: str | None) -> None:
        """Say what became of a request whose reply was lost: adopt, abandon or resubmit it."""

    def resume(self) -> None:
        """Look at every unfinished job again; free, submits nothing."""

    def details(self, job_id: str, command_id: str) -> JobDetails:
        """Everything about a job, as the reply to a command."""

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        """Call back on every change of a job, on the engine's thread.

        Returns:
            What ends it.
        """

    def listen_clips(self, callback: Callable[[Sequence[str]], None]) -> Callable[[], None]:
        """Call back with the clips that a person renamed, rated, deleted or brought back.

        No clip at all: only the list for a timeline changed.

        Returns:
            What ends it.
        """


class ShelfHost(Protocol):
    """What a person does with clips."""

    def find_clips(
        self,
        *,
        search: str = "",
        model_id: str | None = None,
        remixable: bool = False,
        deleted: bool = False,
        before: str | None = None,
        limit: int = 10,
    ) -> ClipsFound:
        """A page of the project's clips, newest first."""

    def clip_models(self) -> Sequence[str]:
        """Ids of the models that made the project's clips."""

    def rename_clip(self, clip_id: str, title: str | None) -> None:
        """Give a clip a title, or take it away."""

    def rate_clip(self, clip_id: str, rating: int | None) -> None:
        """Rate a clip from 1 to 5, or take the rating away."""

    def delete_clips(self, clip_ids: Sequence[str]) -> None:
        """Put clips among the deleted; their files stay."""

    def restore_clips(self, clip_ids: Sequence[str]) -> None:
        """Bring deleted clips back."""

    def timeline_ids(self) -> Sequence[str]:
        """The list of clips for a timeline, in order."""

    def set_timeline(self, clip_ids: Sequence[str]) -> None:
        """Keep a list of clips for a timeline."""

    def recall(self, job_id: str) -> tuple[Wish, Sequence[str]]:
        """What a job was asked with, and the names of input files that are gone.

        Raises:
            InputError: There is no such job.
        """

    def make_zip(self, clip_ids: Sequence[str]) -> Path:
        """Write clips with their recipes into a ZIP in the project's exports."""

    def zip_path(self, file_name: str) -> Path:
        """Where a ZIP of this name is.

        Raises:
            InputError: There is none.
        """


class AccountHost(Protocol):
    """The key and the mode."""

    @property
    def key_last_four(self) -> str | None:
        """The last four characters of the key of live mode; `None` without one."""

    @property
    def key_kept(self) -> str | None:
        """Where the key is kept, for people; `None` without one."""

    def set_key(self, key: str, *, remember: bool) -> None:
        """Use a fal key from now on.

        Raises:
            MissingKeyError: It cannot be a key.
        """

    def set_mode(self, mode: Literal["simulated", "live"]) -> None:
        """Change what the panel's next jobs are.

        Raises:
            MissingKeyError: Live without a key.
        """


class PanelHost(JobsHost, ShelfHost, AccountHost, Protocol):
    """The studio, as the panel sees it."""

    @property
    def project(self) -> str:
        """The project's name."""

    @property
    def projects_folder(self) -> Path:
        """The project's folder; files from the browser go to `inputs/` in it."""

    def price(self, wish: Wish) -> Sequence[Offer]:
        """What each model of the wish would send and cost, in the wish's order; sends nothing.

        What keeps a model from being used is a problem in its offer, not an error.
        """

    def generate_wish(
        self,
        wish: Wish,
        *,
        approved_usd: Decimal | None = None,
        reuse: Literal["ask", "always", "never"] = "ask",
    ) -> str:
        """Start the jobs of a wish, exactly as `price` showed them, and return at once.

        Args:
            wish: What to generate.
            approved_usd: The most that a person has said yes to.
            reuse: Whether clips that are there already may answer.

        Returns:
            The batch's id.

        Raises:
            InputError: One of the models cannot take it; nothing was sent.
            ConfirmationNeededError: A person has to be asked.
            ReuseQuestionError: The same.
            ConfigError: There is no key.
        """

    def python_text(self, wish: Wish) -> str:
        """The cell that does what `generate_wish` would do."""

    def check_file(self, field_kind: FileKind, path: str) -> InputFile:
        """Check that a path or URL can be an input at all.

        The limits of single models come with `price`.

        Raises:
            UploadRejectedError: It cannot; says why.
        """

    def frame_file(self, clip_id: str, at: float | Literal["first", "last"]) -> InputFile:
        """A clip's frame as a picture in the project's inputs."""

    def clip_file(self, clip_id: str) -> InputFile:
        """A clip as an input."""

    def remember_choice(self, choice: Mapping[str, Any]) -> None:
        """Keep the state of the form for the next kernel; JSON-ready data."""

    def choice(self) -> Mapping[str, Any]:
        """What `remember_choice` kept; empty at first."""
