"""The client: everything that can be said to fal, on one connection pool."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import platform, queue
from .download import Downloaded, Downloads
from .download import Progress as DownloadProgress
from .hosts import Hosts
from .keys import Key
from .platform import Bill, Listing, Price
from .queue import CancelAnswer, Result, Status, Submitted
from .storage import Progress as UploadProgress
from .storage import Storage
from .watch import Trouble, Watcher
from .wire import Wire


class FalClient:
    """fal.ai, asynchronously. Use it on one event loop, and close it there.

    Args:
        key: The API key; it goes to the configured hosts only.
        hosts: Where fal is.
    """

    def __init__(self, key: Key, hosts: Hosts | None = None) -> None:
        self.hosts = hosts or Hosts.default()
        self._wire = Wire(key, self.hosts)
        self._watcher = Watcher(self._wire)
        self._storage = Storage(self._wire)
        self._downloads = Downloads(self.hosts)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        self._downloads.close()
        await self._wire.aclose()

    @property
    def key_mark(self) -> str:
        """Tells the key in use from another; see `Key.mark`."""
        return self._wire.key.mark

    def use_key(self, key: Key) -> None:
        """Use another key from the next call on."""
        self._wire.use_key(key)

    async def submit(
        self, endpoint: str, body: Mapping[str, Any], *, start_timeout_s: float | None = None
    ) -> Submitted:
        """Send a paid request, once; see `queue.submit`."""
        return await queue.submit(self._wire, endpoint, body, start_timeout_s=start_timeout_s)

    def locate(self, endpoint: str, request_id: str) -> Submitted:
        """Where fal keeps a request of this id."""
        return queue.locate(self._wire, endpoint, request_id)

    async def status(self, submitted: Submitted) -> Status:
        """How a request stands; see `queue.status`."""
        return await queue.status(self._wire, submitted)

    def watch(
        self,
        submitted: Submitted,
        *,
        expected_s: float | None = None,
        on_trouble: Trouble | None = None,
    ) -> AsyncGenerator[Status]:
        """Every change of a request until it is completed; see `watch.Watcher.follow`.

        Close it (`contextlib.aclosing`) when leaving it early.

        Args:
            submitted: The request.
            expected_s: How long it usually takes, seconds; sets the pace of polling.
            on_trouble: Told when fal cannot be reached, and with `None` when it can again.
        """
        return self._watcher.follow(submitted, expected_s=expected_s, on_trouble=on_trouble)

    async def result(self, submitted: Submitted) -> Result:
        """What a completed request gave; see `queue.result`."""
        return await queue.result(self._wire, submitted)

    async def cancel(self, submitted: Submitted) -> CancelAnswer:
        """Ask to stop a request; see `queue.cancel`."""
        return await queue.cancel(self._wire, submitted)

    async def upload(
        self,
        path: str | PathLike[str],
        *,
        content_type: str,
        on_progress: UploadProgress | None = None,
    ) -> str:
        """Upload a file and give its URL; see `storage.Storage.upload`."""
        return await self._storage.upload(path, content_type=content_type, on_progress=on_progress)

    async def download(
        self, url: str, part: Path, *, on_progress: DownloadProgress | None = None
    ) -> Downloaded:
        """Stream a file to disk; see `download.Downloads.fetch`."""
        return await self._downloads.fetch(url, part, on_progress=on_progress)

    async def prices(self, endpoints: Iterable[str]) -> dict[str, Price]:
        """Unit prices; see `platform.prices`."""
        return await platform.prices(self._wire, endpoints)

    async def bills(self, start: datetime, end: datetime) -> list[Bill]:
        """What was billed in a span of time; see `platform.bills`."""
        return await platform.bills(self._wire, start, end)

    async def find_requests(self, endpoint: str, start: datetime, end: datetime) -> Listing:
        """Past requests to an endpoint; see `platform.find_requests`."""
        return await platform.find_requests(self._wire, endpoint, start, end)

    def __repr__(self) -> str:
        return f"FalClient({self.hosts})"
