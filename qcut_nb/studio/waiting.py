"""Blocking waits in a notebook's main thread: they can be interrupted, and harm no job."""

from __future__ import annotations

import asyncio
import concurrent.futures
import time
from typing import TypeVar

from .nested_loops import nested_loops_allowed

T = TypeVar("T")
LOOK_EVERY_S = 0.2


def wait_for(future: concurrent.futures.Future[T], timeout_s: float | None, what: str) -> T:
    """Wait for a future in short turns, so that Ctrl-C gets through.

    Raises:
        TimeoutError: The time is over; the work goes on.
        KeyboardInterrupt: The user stopped the waiting; the work goes on.
    """
    try:
        if nested_loops_allowed():
            return _nested(future, timeout_s)
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            left = LOOK_EVERY_S if end is None else min(LOOK_EVERY_S, end - time.monotonic())
            done, _ = concurrent.futures.wait([future], timeout=max(0.0, left))
            if done:
                return future.result()
            if end is not None and time.monotonic() >= end:
                raise TimeoutError
    except TimeoutError:
        if future.done():
            raise
        message = (
            f"Not done after {timeout_s:g} s. Nothing is lost: {what} go on, "
            "wait again or call studio.resume() later."
        )
        raise TimeoutError(message) from None
    except KeyboardInterrupt:
        message = (
            f"Stopped waiting; {what} go on. Wait again with .wait(), stop them with .cancel()."
        )
        raise KeyboardInterrupt(message) from None


def _nested(future: concurrent.futures.Future[T], timeout_s: float | None) -> T:
    loop = asyncio.get_event_loop()
    wrapped = asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future, loop=loop)), timeout_s)
    return loop.run_until_complete(wrapped)
