"""Waiting for what a test needs, instead of sleeping."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LOOK_EVERY_S = 0.02


def wait_until(holds: Callable[[], object], timeout_s: float = 60) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: It did not in time.
    """
    end, pause = time.monotonic() + timeout_s, threading.Event()
    while not holds():
        assert time.monotonic() < end, f"waited {timeout_s} s in vain"
        pause.wait(LOOK_EVERY_S)
