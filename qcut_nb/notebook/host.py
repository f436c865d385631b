"""What the widgets need from the studio: the only way in which they act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .messages import Offer, Wish

if TYPE_CHECKING:
    from qcut_nb.catalog import FileKind, InputFile
    from qcut_nb.clip import Clip
    from qcut_nb.engine import JobView


class PanelHost(Protocol):
    """The studio, as the widgets see it.

    Widgets call from threads of their own, several at a time: every member is safe from any thread
    except the engine's, and blocks for at most a moment (nothing waits for the network). Errors
    that a person can act on are `QcutError`; the panel shows their three parts.
    """

    @property
    def project(self) -> str:
        """The project's name."""

    @property
    def mode(self) -> Literal["simulated", "live"]:
        """Whether money can be spent."""

    @property
    def key_last_four(self) -> str | None:
        """The last four characters of the key in use; `None` without one."""

    @property
    def projects_folder(self) -> Path:
        """The project's folder; files from the browser go to `inputs/` in it."""

    def jobs(self) -> Sequence[JobView]:
        """All unfinished jobs and those that ended lately, in any order."""

    def clip_ids(self) -> Sequence[str]:
        """The ids of the project's clips, newest first."""

    def clip(self, clip_id: str) -> Clip:
        """A stored clip, by `JobView.clip_id`.

        Raises:
            InputError: There is no such clip.
        """

    def spent_usd(self) -> Decimal:
        """What the project has cost so far, as far as it is known."""

    def price(self, wish: Wish) -> Sequence[Offer]:
        """What each model of the wish would send and cost, in the wish's order; sends nothing.

        What keeps a model from being used is a problem in its offer, not an error.
        """

    def generate_wish(self, wish: Wish) -> str:
        """Start the jobs of a wish, exactly as `price` showed them, and return at once.

        Returns:
            The batch's id.

        Raises:
            InputError: One of the models cannot take it; nothing was sent.
            ConfigError: There is no key.
        """

    def cancel_job(self, job_id: str) -> None:
        """Ask to stop a job."""

    def retry_download(self, job_id: str) -> None:
        """Download the result of a finished job again; free."""

    def listen(self, callback: Callable[[JobView], None]) -> Callable[[], None]:
        """Call back on every change of a job, on the engine's thread.

        Returns:
            What ends it.
        """

    def check_file(self, field_kind: FileKind, path: str) -> InputFile:
        """Check that a path or URL can be an input at all.

        The limits of single models come with `price`.

        Raises:
            UploadRejectedError: It cannot; says why.
        """

    def remember_choice(self, choice: Mapping[str, Any]) -> None:
        """Keep the state of the form for the next kernel; JSON-ready data."""

    def choice(self) -> Mapping[str, Any]:
        """What `remember_choice` kept; empty at first."""
