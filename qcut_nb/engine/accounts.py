"""Which key a request was sent with: fal shows a request to its own account only."""

from __future__ import annotations

import json
import time

from ..errors import FalAccountError, FalError
from ..store import Store
from .desk import Desk
from .live_job import LiveJob

PREFERENCE = "keys"
NOT_SHOWN = frozenset({401, 403, 404})


def note_key(store: Store, mark: str) -> None:
    """Remember by its mark which key requests are sent with from now on."""
    marks = _marks(store)
    if not marks or marks[-1][0] != mark:
        store.remember(PREFERENCE, json.dumps([*marks, (mark, time.time())]))


async def explained(desk: Desk, job: LiveJob, error: FalError) -> FalError | None:
    """Why fal does not show a request, if it was sent with another key than the one in use.

    Args:
        desk: What to work with.
        job: A job that fal has.
        error: fal's answer.

    Returns:
        What to tell the user instead; `None` where the key explains nothing, or is not known.
    """
    if job.mode != "live" or error.status_code not in NOT_SHOWN:
        return None
    sent_at = job.submitting_at or job.created_at
    marks = await desk.on_disk(_marks, desk.project.store)
    used = [mark for mark, since in marks if since <= sent_at]
    if not used or used[-1] == desk.client.key_mark:
        return None
    return FalAccountError(
        f"fal does not show this request to the key in use ({error.status_code}): it was sent "
        "with another key, and other accounts cannot see it.",
        money="Asking costs nothing. The run goes on at fal and may be charged to that account.",
        remedy="Set the key that it was sent with, studio.key = '...', then call studio.resume(): "
        "that is free.",
        request_id=job.request_id,
        status_code=error.status_code,
    )


def _marks(store: Store) -> list[tuple[str, float]]:
    """(mark, Unix seconds of its first use), in order."""
    return [(mark, since) for mark, since in json.loads(store.preference(PREFERENCE) or "[]")]
