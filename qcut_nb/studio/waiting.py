"""Blocking waits in a notebook's main thread: they can be interrupted, and harm no job."""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from numbers import Real
from types import NoneType
from typing import TypeVar

from ..errors import must_be
from .nested_loops import nested_loops_allowed

T = TypeVar("T")
E = TypeVar("E")
LOOK_EVERY_S = 0.2 if os.name == "nt" else 2.0
"""Ctrl-C ends a wait for a lock at once, on Windows only between two."""


def once_done(
    ends: Sequence[concurrent.futures.Future[E]], make: Callable[[list[E]], T]
) -> concurrent.futures.Future[T]:
    """What is made of how things ended, as soon as all have; who gives it up stops none of them."""
    result: concurrent.futures.Future[T] = concurrent.futures.Future()
    one_at_a_time = threading.Lock()
    left = len(ends)

    def count(_: object) -> None:
        nonlocal left
        with one_at_a_time:
            left -= 1
            if left > 0:
                return
        if not result.set_running_or_notify_cancel():
            return
        try:
            result.set_result(make([end.result() for end in ends]))
        except Exception as error:
            result.set_exception(error)

    for end in ends:
        end.add_done_callback(count)
    if not ends:
        count(None)
    return result


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
