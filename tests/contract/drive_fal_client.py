"""Drives the official client through everything it can do, and prints what it saw as JSON.

Run as `python drive_fal_client.py sync|async ORIGIN FILE`, in a process of its own: the client
keeps hosts and sizes in module globals.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fal_client
from fal_client import client as settings

ENDPOINT = "fal-ai/veo3.1/fast"
INPUT = {"prompt": "a lighthouse", "duration": "4s", "resolution": "720p", "generate_audio": True}
REFUSED = {"prompt": "a lighthouse", "duration": "7s"}


def aim_at(origin: str) -> None:
    """Point the client at one origin for queue, storage and CDN."""
    settings.QUEUE_URL_FORMAT = f"{origin}/"
    settings.RUN_URL_FORMAT = f"{origin}/"
    settings.REST_URL = origin
    settings.CDN_URL = origin


@contextlib.contextmanager
def small_parts() -> Iterator[None]:
    """Let small files go in parts."""
    before = settings.MULTIPART_THRESHOLD, settings.MULTIPART_CHUNK_SIZE
    settings.MULTIPART_THRESHOLD, settings.MULTIPART_CHUNK_SIZE = 1000, 4096
    yield
    settings.MULTIPART_THRESHOLD, settings.MULTIPART_CHUNK_SIZE = before


def last(events: Sequence[fal_client.Status]) -> fal_client.Completed:
    """The event that ended the job."""
    assert isinstance(events[-1], fal_client.Completed)
    return events[-1]


def refusal(error: fal_client.FalClientHTTPError) -> dict[str, Any]:
    """What the client makes of an error."""
    return {"status": error.status_code, "message": error.message, "type": error.error_type}


def sync_drive(path: Path) -> dict[str, Any]:
    client = fal_client.SyncClient(key="id:secret", default_timeout=20)
    handle = client.submit(ENDPOINT, INPUT)
    events = list(handle.iter_events(with_logs=True))
    seen: dict[str, Any] = {
        "events": [type(event).__name__ for event in events],
        "logs": [line["message"] for line in last(events).logs or []],
        "metrics": last(events).metrics,
        "result": handle.get(),
        "status_by_id": type(client.status(ENDPOINT, handle.request_id)).__name__,
        "result_by_id": client.result(ENDPOINT, handle.request_id),
    }
    updates: list[str] = []
    seen["subscribed"] = client.subscribe(
        ENDPOINT,
        INPUT,
        with_logs=True,
        on_queue_update=lambda update: updates.append(type(update).__name__),
    )
    seen["updates"] = updates
    try:
        client.subscribe(ENDPOINT, REFUSED)
    except fal_client.FalClientHTTPError as error:
        seen["refused"] = refusal(error)
    doomed = client.submit(ENDPOINT, INPUT)
    doomed.cancel()
    try:
        doomed.get()
    except fal_client.FalClientHTTPError as error:
        seen["cancelled"] = refusal(error)
    try:
        handle.cancel()
    except fal_client.FalClientHTTPError as error:
        seen["cancelled_late"] = refusal(error)
    seen["uploads"] = {
        "fal_v3": client.upload_file(path, repository="fal_v3", fallback_repository=[]),
        "fal": client.upload_file(path, repository="fal", fallback_repository=[]),
    }
    with small_parts():
        seen["uploads"]["multipart"] = client.upload_file(path, fallback_repository=[])
    return seen


async def async_drive(path: Path) -> dict[str, Any]:
    client = fal_client.AsyncClient(key="id:secret", default_timeout=20)
    handle = await client.submit(ENDPOINT, INPUT)
    events = [event async for event in handle.iter_events(with_logs=True)]
    seen: dict[str, Any] = {
        "events": [type(event).__name__ for event in events],
        "logs": [line["message"] for line in last(events).logs or []],
        "metrics": last(events).metrics,
        "result": await handle.get(),
        "status_by_id": type(await client.status(ENDPOINT, handle.request_id)).__name__,
        "result_by_id": await client.result(ENDPOINT, handle.request_id),
    }
    updates: list[str] = []
    seen["subscribed"] = await client.subscribe(
        ENDPOINT,
        INPUT,
        with_logs=True,
        on_queue_update=lambda update: updates.append(type(update).__name__),
    )
    seen["updates"] = updates
    try:
        await client.subscribe(ENDPOINT, REFUSED)
    except fal_client.FalClientHTTPError as error:
        seen["refused"] = refusal(error)
    doomed = await client.submit(ENDPOINT, INPUT)
    await doomed.cancel()
    try:
        await doomed.get()
    except fal_client.FalClientHTTPError as error:
        seen["cancelled"] = refusal(error)
    try:
        await handle.cancel()
    except fal_client.FalClientHTTPError as error:
        seen["cancelled_late"] = refusal(error)
    seen["uploads"] = {
        "fal_v3": await client.upload_file(path, repository="fal_v3", fallback_repository=[]),
        "fal": await client.upload_file(path, repository="fal", fallback_repository=[]),
    }
    with small_parts():
        seen["uploads"]["multipart"] = await client.upload_file(path, fallback_repository=[])
    return seen


def main() -> None:
    flavour, origin, path = sys.argv[1:]
    aim_at(origin)
    seen = sync_drive(Path(path)) if flavour == "sync" else asyncio.run(async_drive(Path(path)))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
