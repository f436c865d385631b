"""The opt-in for plain calls that wait inside the notebook's running loop."""

from __future__ import annotations

import asyncio

_allowed = False


def allow_nested_loops() -> None:
    """Let `.wait()` run the notebook's own loop while it waits.

    With it, tasks of the notebook and clicks in the panel go on during a plain blocking call.
    It applies nest_asyncio to the running loop and to asyncio itself, which is why it is
    never done for you.
    """
    global _allowed
    import nest_asyncio2

    nest_asyncio2.apply()
    _allowed = True


def nested_loops_allowed() -> bool:
    """Whether `allow_nested_loops` was called and a loop runs in this thread."""
    if not _allowed:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
