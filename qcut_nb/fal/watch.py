"""Following a request until it is completed: a stream of events, with polling behind it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import httpx

from ..errors import FalAuthError, FalError, FalRejectedError
from .queue import Status, Submitted, read_status, status
from .wire import Wire

log = logging.getLogger("qcut_nb.fal")
MAX_STREAMS = 64
STREAM_SILENCE_S = 45.0
FIRST_POLL_S = 0.5
LONGEST_POLL_S = 5.0
RECONNECT_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

Trouble = Callable[[Exception | None], None]


class Watcher:
    """Follows requests; at most `MAX_STREAMS` by a stream, the rest by polling."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._streams = 0

    async def follow(
        self, submitted: Submitted, *, expected_s: float | None, on_trouble: Trouble | None
    ) -> AsyncGenerator[Status]:
        """Every change of a request's status, the last one COMPLETED.

        Trouble on the way is waited out, and told to `on_trouble`; `None` says that it is over.

        Raises:
            FalAuthError: The key is refused.
            FalRejectedError: fal does not know the request (404).
        """
        started = time.monotonic()
        seen: Status | None = None
        failures, streaming = 0, True
        while True:
            try:
                now = await status(self._wire, submitted)
            except (FalAuthError, FalRejectedError):
                raise
            except FalError as error:
                if on_trouble is not None:
                    on_trouble(error)
                await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])
                failures += 1
                continue
            if failures and on_trouble is not None:
                on_trouble(None)
            failures = 0
            if now != seen:
                seen = now
                yield now
            if now.state != "COMPLETED" and streaming and self._streams < MAX_STREAMS:
                streaming = False
                async with aclosing(self._stream(submitted)) as events:
                    async for now in events:
                        streaming = True
                        if now != seen:
                            seen = now
                            yield now
            if seen.state == "COMPLETED":
                return
            await asyncio.sleep(poll_after_s(time.monotonic() - started, expected_s))

    async def _stream(self, submitted: Submitted) -> AsyncGenerator[Status]:
        """Statuses as fal sends them, for as long as that goes well; polling is the judge."""
        self._streams += 1
        try:
            url = f"{submitted.status_url}/stream?logs=1"
            headers = {"Accept": "text/event-stream"}
            async with self._wire.stream(url, headers, STREAM_SILENCE_S) as response:
                if not response.is_success:
                    return
                data: list[str] = []
                async for line in response.aiter_lines():
                    if line.startswith("data:"):
                        data.append(line[5:].strip())
                    elif not line and data:
                        event = self._wire.read("\n".join(data))
                        data.clear()
                        if not isinstance(event, dict):
                            return
                        yield read_status(event)
        except httpx.HTTPError as error:
            log.debug("the status stream of %s ended: %r", submitted.request_id, error)
        finally:
            self._streams -= 1


def poll_after_s(running_s: float, expected_s: float | None) -> float:
    """How long to wait before the next poll.

    Half a second at first; in a long job up to 5 s, and never so long that a finished job goes
    unnoticed for more than 5 % of the time that it took.
    """
    pace = 0.05 * running_s
    if expected_s is not None and running_s < 0.5 * expected_s:
        pace = max(pace, 0.02 * expected_s)
    return min(max(FIRST_POLL_S, pace), LONGEST_POLL_S)
