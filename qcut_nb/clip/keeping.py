"""What a person says about a clip of a project: its title, its rating, whether it is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from ..media import Recipe
    from .clip import Clip


class Owner(Protocol):
    """What a clip came from, when it came from a studio."""

    def rerun(self, clip: Clip, **changes: Any) -> Any:
        """Generate again from the clip's recipe."""

    def said_about(self, clip: Kept) -> tuple[str | None, int | None]:
        """The clip's title and rating."""

    def digest_of(self, clip: Kept) -> str | None:
        """The recorded SHA-256 of the clip's file, hex; `None` where it is not the project's."""

    def rename(self, clip: Kept, title: str | None) -> None:
        """Give the clip a title, or take it away."""

    def rate(self, clip: Kept, rating: int | None) -> None:
        """Rate the clip, or take the rating away."""

    def delete(self, clip: Kept) -> None:
        """Put the clip among the deleted."""

    def restore(self, clip: Kept) -> None:
        """Bring the clip back."""


class Kept:
    """The part of a clip that its project's store holds."""

    path: Path
    recipe: Recipe | None
    owner: Owner | None

    @property
    def title(self) -> str | None:
        """What the user called it; `None` without a title, and outside a project."""
        return None if self.owner is None else self.owner.said_about(self)[0]

    @property
    def rating(self) -> int | None:
        """The user's rating, 1 to 5; `None` without one, and outside a project."""
        return None if self.owner is None else self.owner.said_about(self)[1]

    def rename(self, title: str | None) -> None:
        """Give it a title, or take it away; the file keeps its name.

        Raises:
            InputError: The clip did not come from a studio, or the title is too long.
        """
        self._project("rename").rename(self, title)

    def rate(self, rating: int | None) -> None:
        """Rate it from 1 to 5, or take the rating away.

        Raises:
            InputError: The clip did not come from a studio, or there is no such rating.
        """
        self._project("rate").rate(self, rating)

    def delete(self) -> None:
        """Put it among `studio.deleted_clips`; its file stays where it is.

        Raises:
            InputError: The clip did not come from a studio.
        """
        self._project("delete").delete(self)

    def restore(self) -> None:
        """Bring it back after `delete`.

        Raises:
            InputError: The clip did not come from a studio.
        """
        self._project("restore").restore(self)

    def _project(self, verb: str) -> Owner:
        if self.owner is None:
            raise InputError(
                f"{self.path.name} did not come from a studio, so there is no project to {verb} "
                "it in.",
                remedy="Take it from studio.clips.",
            )
        return self.owner
