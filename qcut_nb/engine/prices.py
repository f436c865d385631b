"""What fal asks for one billable unit, around the moment of a submit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from ..errors import QcutError
from ..fal import FalClient
from .live_job import UnitPrice

log = logging.getLogger("qcut_nb.engine")
PRICE_LIVES_S = 3600.0
PRICE_TIMEOUT_S = 3.0


class Prices:
    """Unit prices, asked for once per endpoint and hour. Used on the engine's loop only."""

    def __init__(self, client: Callable[[], FalClient]) -> None:
        self._client = client
        self._asked: dict[str, tuple[float, asyncio.Task[UnitPrice | None]]] = {}

    def ask(self, endpoint: str) -> asyncio.Task[UnitPrice | None]:
        """Have the price of an endpoint fetched, unless it is known or on its way."""
        since, task = self._asked.get(endpoint, (0.0, None))
        stale = time.time() - since > PRICE_LIVES_S
        if task is None or stale or (task.done() and _result(task) is None):
            task = asyncio.create_task(self._fetch(endpoint))
            self._asked[endpoint] = time.time(), task
        return task

    def known(self, endpoint: str) -> UnitPrice | None:
        """The price, if it is there already."""
        _, task = self._asked.get(endpoint, (0.0, None))
        return _result(task) if task is not None and task.done() else None

    async def soon(self, endpoint: str) -> UnitPrice | None:
        """The price, unless it takes so long that it would keep a paid clip waiting."""
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(self.ask(endpoint)), PRICE_TIMEOUT_S)
        return None

    def cancel(self) -> list[asyncio.Task[UnitPrice | None]]:
        """Stop asking; gives what has to be waited for."""
        tasks = [task for _, task in self._asked.values()]
        for task in tasks:
            task.cancel()
        return tasks

    async def _fetch(self, endpoint: str) -> UnitPrice | None:
        try:
            client = self._client()
            price = (await client.prices([endpoint])).get(endpoint)
        except QcutError as error:
            log.info("no unit price for %s: %s", endpoint, error.what)
            return None
        if price is None or price.currency.upper() != "USD":
            return None
        source = f"{client.hosts.api}/v1/models/pricing ({price.unit})"
        return UnitPrice(price.unit_price, source, time.time())


def _result(task: asyncio.Task[UnitPrice | None]) -> UnitPrice | None:
    return None if task.cancelled() else task.result()
