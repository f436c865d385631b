"""Downloads: streamed to disk without the key, resumed where they broke off."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

import httpx

from ..errors import DownloadError, FalError
from .hosts import Hosts, origin_of

AGAIN_S = (0.5, 1.0, 2.0, 4.0, 8.0)
MAX_REDIRECTS = 5
DOWNLOADS_AT_ONCE = 6
GONE = frozenset({401, 403, 404, 410})
WRITE_BYTES = 1 << 20
FREE_AGAIN = "The clip was made and waits at fal: downloading it again is free."
TRY_AGAIN = "Call job.retry_download() or studio.resume()."
TIMEOUT = httpx.Timeout(60.0, connect=15.0, pool=None)

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A complete file."""

    size_bytes: int
    etag: str | None


class _Broken(Exception):
    """The transfer broke off; what came so far is kept."""


class Downloads:
    """Fetches media from wherever fal says it is. No credentials are ever sent.

    Args:
        http: The connections; they carry no key of their own.
        hosts: Besides https, the configured origins may be plain http.
    """

    def __init__(self, http: httpx.AsyncClient, hosts: Hosts) -> None:
        self._http = http
        self._gate = asyncio.Semaphore(DOWNLOADS_AT_ONCE)
        self._plain = {origin_of(u) for u in (hosts.queue, hosts.cdn, hosts.rest, hosts.api)}

    async def fetch(
        self, url: str, part: Path, *, on_progress: Progress | None = None
    ) -> Downloaded:
        """Stream a file to `part`; an existing `part` of the same file is continued.

        Raises:
            DownloadError: It broke off again and again, or cannot be written. What came is kept.
            FalError: The server says that the file is not there (any more).
        """
        if url.startswith("data:"):
            return await asyncio.to_thread(_save_data_url, url, part)
        problem = "it broke off"
        for delay_s in (0.0, *AGAIN_S):
            await asyncio.sleep(delay_s)
            try:
                async with self._gate:
                    return await self._attempt(url, part, on_progress)
            except (_Broken, httpx.HTTPError) as error:
                problem = str(error) or type(error).__name__
            except OSError as error:
                raise DownloadError(
                    f"The clip cannot be written to {part.parent}: {error.strerror or error}.",
                    money=FREE_AGAIN,
                    remedy=f"Free some space, or make the folder writable. {TRY_AGAIN}",
                ) from error
        raise DownloadError(
            f"The clip could not be downloaded: {problem}.", money=FREE_AGAIN, remedy=TRY_AGAIN
        )

    def check(self, url: str) -> None:
        """Refuse a server-given URL that media must not come from.

        Raises:
            DownloadError: It is neither https nor on a configured host.
        """
        if urlsplit(url).scheme != "https" and origin_of(url) not in self._plain:
            raise DownloadError(
                f"fal's answer points to {origin_of(url)}, which is not a place for media.",
                money=FREE_AGAIN,
                remedy="Tell fal's support; nothing was fetched from there.",
            )

    async def _attempt(self, url: str, part: Path, on_progress: Progress | None) -> Downloaded:
        note = part.with_name(part.name + ".etag")
        have = part.stat().st_size if part.exists() else 0
        tag = note.read_text() if have and note.exists() else ""
        headers = {"Accept-Encoding": "identity"}
        if have and tag:
            headers |= {"Range": f"bytes={have}-", "If-Range": tag}
        for _ in range(MAX_REDIRECTS):
            self.check(url)
            request = self._http.build_request("GET", url, headers=headers, timeout=TIMEOUT)
            response = await self._http.send(request, stream=True)
            try:
                if response.next_request is None:
                    return await self._receive(response, part, note, have, on_progress)
                url = str(response.next_request.url)
            finally:
                await response.aclose()
        message = "it was redirected too often"
        raise _Broken(message)

    async def _receive(
        self,
        response: httpx.Response,
        part: Path,
        note: Path,
        have: int,
        on_progress: Progress | None,
    ) -> Downloaded:
        code = response.status_code
        if code in GONE:
            raise FalError(f"The file is not at fal any more ({code}).", status_code=code)
        if code == 416:
            part.unlink(missing_ok=True)
            message = "the server has another file than before"
            raise _Broken(message)
        if code not in (200, 206):
            message = f"the server answered {code}"
            raise _Broken(message)
        start, total = _span(response, have)
        etag = response.headers.get("etag")
        with part.open("r+b" if start else "wb") as target:
            target.seek(start)
            target.truncate()
            note.write_text(etag if etag and not etag.startswith("W/") else "")
            size = await _copy(response, target, start, total, on_progress)
        if total is not None and size != total:
            message = f"{size} of {total} bytes came"
            raise _Broken(message)
        return Downloaded(size, etag)


def _span(response: httpx.Response, have: int) -> tuple[int, int | None]:
    """Where the body starts in the file, and how long the file is.

    Raises:
        _Broken: The answer's range is not the one that was asked for.
    """
    if response.status_code == 200:
        length = response.headers.get("content-length", "")
        return 0, int(length) if length.isdigit() else None
    match = re.fullmatch(
        r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("content-range", "").strip()
    )
    if match is None or int(match[1]) != have:
        message = "the server sent another range than asked"
        raise _Broken(message)
    return have, None if match[3] == "*" else int(match[3])


async def _copy(
    response: httpx.Response,
    target: BinaryIO,
    start: int,
    total: int | None,
    on_progress: Progress | None,
) -> int:
    """Write the body as it comes; gives the file's size."""
    size, waiting, loop = start, bytearray(), asyncio.get_running_loop()
    try:
        async for chunk in response.aiter_raw():
            waiting += chunk
            size += len(chunk)
            if on_progress is not None:
                on_progress(size, total)
            if len(waiting) >= WRITE_BYTES:
                await loop.run_in_executor(None, target.write, bytes(waiting))
                waiting.clear()
    finally:
        target.write(waiting)
    return size


def _save_data_url(url: str, part: Path) -> Downloaded:
    head, _, body = url.partition(",")
    try:
        data = (
            base64.b64decode(body, validate=True)
            if head.endswith(";base64")
            else unquote_to_bytes(body)
        )
    except binascii.Error as error:
        raise DownloadError("The inline clip in fal's answer cannot be read.") from error
    part.write_bytes(data)
    return Downloaded(len(data), None)
