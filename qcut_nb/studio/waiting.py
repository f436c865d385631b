"""Blocking waits in a notebook's main thread: they can be interrupted, and harm no job."""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import time
from numbers import Real
from types import NoneType
from typing import TypeVar

from ..errors import must_be
from .nested_loops import nested_loops_allowed

T = TypeVar("T")
LOOK_EVERY_S = 0.2


def wait_for(future: concurrent.futures.Future[T], timeout_s: float | None, jobs: int) -> T:
    """Wait for a future in short turns, so that Ctrl-C gets through.

    Raises:
        InputError: `timeout_s` is no time; the work goes on.
        TimeoutError: The time is over; the work goes on.
        KeyboardInterrupt: The user stopped the waiting; the work goes on.
    """
    goes_on = f"Nothing changed: {_go_on(jobs)}."
    words = "a time in seconds", "Pass a number such as 60, or nothing to wait to the end."
    must_be("timeout_s", timeout_s, (Real, NoneType), *words, money=goes_on)
    try:
        if nested_loops_allowed():
            return _nested(future, timeout_s)
        end = math.inf if timeout_s is None else time.monotonic() + timeout_s
        while not future.done() and time.monotonic() < end:
            turn_s = min(LOOK_EVERY_S, max(0.0, end - time.monotonic()))
            concurrent.futures.wait([future], timeout=turn_s)
        return future.result(timeout=0)
    except TimeoutError:
        if future.done():
            raise
        message = (
            f"Not done after {timeout_s:g} s. Nothing is lost: {_go_on(jobs)}, "
            "wait again or call studio.resume() later."
        )
        raise TimeoutError(message) from None
    except KeyboardInterrupt:
        message = f"Stopped waiting; {_go_on(jobs)}. Wait again with .wait(), stop with .cancel()."
        raise KeyboardInterrupt(message) from None


def _nested(future: concurrent.futures.Future[T], timeout_s: float | None) -> T:
    loop = asyncio.get_event_loop()
    wrapped = asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future, loop=loop)), timeout_s)
    return loop.run_until_complete(wrapped)


def _go_on(jobs: int) -> str:
    return "the job goes on" if jobs == 1 else f"{jobs} jobs go on"
