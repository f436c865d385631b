"""Finding out which model does it best: comparisons, sweeps, metrics, votes, galleries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import ModelSpec
from .comparing import compare
from .gallery import gallery
from .leaderboard import Leaderboard, leaderboard
from .leaderboard_votes import vote
from .metrics import Metrics
from .sweep import Sweep, plan_sweep

if TYPE_CHECKING:
    from ..clip import Clip
    from ..notebook import Compare
    from .core import Core


class ProjectResearch:
    """The part of a studio that compares clips and models."""

    _core: Core

    def compare(
        self,
        clips: Any,
        *,
        rows: str | None = None,
        columns: str | None = None,
        labels: Sequence[str] | None = None,
        sync_s: Sequence[float] | None = None,
        blind: bool = False,
        voter: str = "",
    ) -> Compare:
        """Clips on one clock, in this cell: play, step, wipe, subtract, vote.

        What cannot be shown (a missing file, a job without a clip) is said in its place; the
        rest plays. More than 16 clips are paged.

        Args:
            clips: Clips or ranges of clips, a batch, a sweep, paths of video files, MoviePy clips
                (written once, as files in the project's folder `previews/`).
            rows: Show a matrix with a row for each value of this: "model", "prompt", "seed", or
                any other parameter of the clips' recipes.
            columns: Likewise for columns.
            labels: A name for each clip, instead of its model's.
            sync_s: For each clip the moment, in seconds from its start, that all clips reach
                together.
            blind: Start with names hidden and places shuffled, for a vote.
            voter: Who votes.

        Raises:
            InputError: `clips` is nothing that can be compared, or another argument does not fit.
            PanelNotBuiltError: This installation carries no JavaScript bundle.
        """
        return compare(
            self._core,
            clips,
            rows=rows,
            columns=columns,
            labels=labels,
            sync_s=sync_s,
            blind=blind,
            voter=voter,
        )

    def sweep(
        self, *, models: str | ModelSpec | Iterable[str | ModelSpec], **settings: Any
    ) -> Sweep:
        """Plan every combination of some values, for several models. Free: `plan.run()` pays.

        Equal requests are one cell: an axis that a model does not take collapses for it. What was
        made of the plan before, by whichever kernel, is found again and not paid again.

        Args:
            models: Ids, aliases or endpoints; see `qcut_nb.models`.
            settings: Prompt, shared settings, files and models' own parameters as for
                `generate`. A list, tuple or range is an axis; anything else is the same in every
                cell. (A list that is itself one value stands in another: `[["a", "b"]]`.)

        Returns:
            The plan; displays as a matrix of prices.

        Raises:
            InputError: What is wrong, what is allowed; nothing was spent.
            UploadRejectedError: A file is not what a model takes; nothing was spent.
        """
        return plan_sweep(self._core, models, settings)

    @property
    def metrics(self) -> Metrics:
        """Measurements of clips: `studio.metrics.of(clip)`, and your own by `.register`."""
        return Metrics(self._core)

    def vote(self, ranking: Iterable[Clip | Sequence[Clip]], voter: str | None = None) -> str:
        """Keep a vote on clips, as the comparison's voting does.

        Args:
            ranking: Clips, best first; clips that share a place stand in a list of their own.
            voter: Who votes, if that is to be kept.

        Returns:
            The ballot's id.

        Raises:
            InputError: That is no ranking of two or more different clips.
        """
        return vote(self._core, ranking, voter)

    def leaderboard(self, by: str = "model") -> Leaderboard:
        """Strengths by all votes of the project, after Bradley and Terry, with their cost.

        Args:
            by: What is ranked: "model", "prompt", "seed", "clip", or any parameter.

        Returns:
            A table with a plot; `.to_dataframe()`. It says when votes are too few.

        Raises:
            InputError: No clip that was voted on has such a value.
        """
        return leaderboard(self._core, by)

    def gallery(
        self,
        folder: str | PathLike[str],
        clips: Any = None,
        *,
        rows: str = "prompt",
        title: str | None = None,
    ) -> Path:
        """Write a folder with one `index.html` and its media, to share without Jupyter.

        It opens from disk and needs no network: posters, players, rows that play in step,
        recipes, costs, search. It holds no key and no path of this machine.

        Args:
            folder: Where; a gallery that is there is replaced, anything else is refused.
            clips: Clips, a batch, a sweep; all clips of the project by default.
            rows: What clips of a row share: "prompt", "model", "seed", or any parameter.
            title: Its heading; the project's name by default.

        Returns:
            The path of `index.html`.

        Raises:
            InputError: There is no clip to show, or the folder holds other files.
            MediaError: A clip is missing, or the folder cannot be written.
        """
        return gallery(self._core, Path(folder), clips, rows=rows, title=title)
