"""What every step of a job's life works with: the store, fal, and who wants to know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, TypeVar

from ..fal import FalClient, Key
from ..store import Charge, Project, State
from .live_job import LiveJob
from .prices import Prices
from .views import JobView
from .worker import Worker

T = TypeVar("T")
SHOW_EVERY_S = 0.1


class Desk:
    """Shared by the runners of all jobs of an engine; used on the engine's loop only.

    Attributes:
        project: Where everything is kept.
        owner: The name of this process's leases.
        prices: fal's unit prices.
    """

    def __init__(
        self,
        project: Project,
        connect: Callable[[], FalClient],
        owner: str,
        show: Callable[[JobView], None],
    ) -> None:
        self.project = project
        self.owner = owner
        self._connect = connect
        self._show = show
        self._client: FalClient | None = None
        self.prices = Prices(lambda: self.client)
        self._disk = Worker("qcut-store", project.store.together)
        self._media = Worker("qcut-media")

    @property
    def client(self) -> FalClient:
        """The one client of fal's, made when first needed.

        Raises:
            MissingKeyError: There is no key.
        """
        if self._client is None:
            self._client = self._connect()
        return self._client

    def use_key(self, key: Key) -> None:
        """Give the client another key, if there is one already."""
        if self._client is not None:
            self._client.use_key(key)

    def on_disk(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> asyncio.Future[T]:
        """Run a call of the store's off the loop, in order with all others; it is on its way.

        Calls that come while the disk is busy share the next transaction.
        """
        return self._disk.call(partial(work, *args, **kwargs))

    def on_media(self, work: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """Run work on media files off the loop, one after another: two would fight over the GIL."""
        return self._media.call(partial(work, *args))

    async def advance(
        self,
        job: LiveJob,
        to: State,
        *,
        leaving: Collection[State] | None = None,
        through: State | None = None,
        charge: Charge | None = None,
        first: Callable[[], None] | None = None,
        **columns: Any,
    ) -> bool:
        """Move a job on, in the store first.

        Args:
            job: The job.
            to: The next state.
            leaving: Move only from one of these; otherwise nothing happens.
            through: The state that it passes on the way, in the same transaction.
            charge: What its end means for its reservation, where that is not the usual.
            first: Called before, on the same trip to the disk; what it raises stops the move.
            columns: What to record with it.

        Returns:
            Whether the job moved.
        """
        async with job.lock:
            if leaving is not None and job.state not in leaving:
                return False
            move = partial(self.project.store.advance, job.id, job.state, to, charge=charge)
            await self.on_disk(_one_after_another, first, partial(move, through=through, **columns))
            job.entered(to, charge)
        self.show(job)
        return True

    def show(self, job: LiveJob) -> None:
        """Tell everyone who listens how a job stands."""
        job.shown_at = time.monotonic()
        self._show(job.view())

    def show_sometimes(self, job: LiveJob) -> None:
        """Like `show`, for things that change with every chunk of a file."""
        if time.monotonic() - job.shown_at >= SHOW_EVERY_S:
            self.show(job)

    async def aclose(self) -> None:
        """Finish what is being written and close the connections."""
        if self._client is not None:
            await self._client.aclose()
        self._media.close(give_up=True)
        self._disk.close()


def _one_after_another(first: Callable[[], None] | None, then: Callable[[], None]) -> None:
    if first is not None:
        first()
    then()
