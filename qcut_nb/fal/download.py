"""Downloads: streamed to disk without the key, resumed where they broke off.

They run in threads of their own with a blocking client: for large bodies httpx costs half the CPU
that way, and the loop stays free.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import queue
import re
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes, urljoin
from urllib.request import getproxies

import httpx

from ..errors import DownloadError, FalConnectionError, FalError
from .hosts import Hosts
from .media_transport import MediaTransport
from .places import FREE_AGAIN, Places
from .wire import request_of

AGAIN_S = (0.5, 1.0, 2.0, 4.0, 8.0)
MAX_REDIRECTS = 5
DOWNLOADS_AT_ONCE = 6
GONE = frozenset({401, 403, 404, 410})
REPORT_EVERY_S = 0.1
TRY_AGAIN = "Call job.retry_download() or studio.resume()."
TIMEOUT = httpx.Timeout(60.0, connect=15.0, pool=None)

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A complete file.

    Attributes:
        came_whole: In one answer, as long as it said: nothing of it was there before.
    """

    size_bytes: int
    etag: str | None
    came_whole: bool


class _Broken(Exception):
    """The transfer broke off; what came so far is kept."""


class Downloads:
    """Fetches media from wherever fal says it is. No credentials are ever sent.

    Args:
        hosts: Besides https at public addresses, the configured origins may be anywhere.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._places = Places(hosts)
        self._gate = asyncio.Semaphore(DOWNLOADS_AT_ONCE)
        self._threads = _Threads()
        self._first = threading.Lock()
        self._http: httpx.Client | httpx.BaseTransport | None = None

    def _connect(self) -> httpx.Client | httpx.BaseTransport:
        if getproxies().keys().isdisjoint(("http", "https", "all")):
            return MediaTransport(self._places)
        # A proxy looks names up and connects itself: it is the one to keep out of private networks.
        return httpx.Client()

    def _send(self, request: httpx.Request) -> httpx.Response:
        with self._first:  # of several threads, one makes the connections for all
            http = self._http = self._http or self._connect()
        if isinstance(http, httpx.BaseTransport):
            return http.handle_request(request)
        return http.send(request, stream=True)

    def close(self) -> None:
        """Close all connections."""
        self._threads.close()
        with self._first:
            if self._http is not None:
                self._http.close()

    async def fetch(
        self, url: str, part: Path, *, on_progress: Progress | None = None
    ) -> Downloaded:
        """Stream a file to `part`; an existing `part` of the same file is continued.

        Raises:
            DownloadError: It broke off again and again, or cannot be written. What came is kept.
            FalConnectionError: The server cannot be reached at all.
            FalError: The server says that the file is not there (any more).
        """
        if url.startswith("data:"):
            return await asyncio.to_thread(_save_data_url, url, part)
        report = _Report(on_progress)
        problem: Exception = _Broken("it broke off")
        for delay_s in (0.0, *AGAIN_S):
            if delay_s:
                await asyncio.sleep(delay_s)
            try:
                async with self._gate:
                    done = await _in_thread(
                        self._threads, partial(self._attempt, url, part, report)
                    )
                if on_progress is not None:
                    on_progress(done.size_bytes, done.size_bytes)
                return done
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise FalConnectionError(
                    f"The clip's server cannot be reached ({type(error).__name__}).",
                    money=FREE_AGAIN,
                    remedy=TRY_AGAIN,
                ) from error
            except (_Broken, httpx.HTTPError) as error:
                problem = error
            except OSError as error:
                raise DownloadError(
                    f"The clip cannot be written to {part.parent}: {error.strerror or error}.",
                    money=FREE_AGAIN,
                    remedy=f"Free some space, or make the folder writable. {TRY_AGAIN}",
                ) from error
            except asyncio.CancelledError:
                report.stopped = True
                raise
        what = f"The clip could not be downloaded: {str(problem) or type(problem).__name__}."
        raise DownloadError(what, money=FREE_AGAIN, remedy=TRY_AGAIN) from problem

    def _attempt(self, url: str, part: Path, report: _Report) -> Downloaded:
        note = part.with_name(part.name + ".etag")
        have = _size(part)
        tag = note.read_text() if have and note.exists() else ""
        headers = {"Accept-Encoding": "identity"}
        if have and tag:
            headers |= {"Range": f"bytes={have}-", "If-Range": tag}
        for _ in range(MAX_REDIRECTS):
            self._places.check(url)
            request = request_of("GET", url, headers, TIMEOUT)
            with closing(self._send(request)) as response:
                if not response.has_redirect_location:
                    return _receive(response, part, note, have, report)
                url = urljoin(url, response.headers["location"])
        message = "it was redirected too often"
        raise _Broken(message)


class _Threads:
    """Kept for the next work; daemons, which unlike a pool's do not hold up the process's end."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._count = self._idle = 0

    def start(self, work: Callable[[], None]) -> None:
        with self._lock:
            more = self._idle == 0
            self._count += more
            self._idle -= not more
        self._waiting.put(work)
        if more:
            threading.Thread(target=self._serve, daemon=True, name="qcut-download").start()

    def close(self) -> None:
        for _ in range(self._count):
            self._waiting.put(None)

    def _serve(self) -> None:
        while (work := self._waiting.get()) is not None:
            work()
            with self._lock:
                self._idle += 1


async def _in_thread(threads: _Threads, work: Callable[[], Downloaded]) -> Downloaded:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Downloaded] = loop.create_future()

    def settle(value: Downloaded | None, error: BaseException | None) -> None:
        if answer.cancelled():
            return
        if value is not None:
            answer.set_result(value)
        elif error is not None:
            answer.set_exception(error)

    def run() -> None:
        value: Downloaded | None = None
        error: BaseException | None = None
        try:
            value = work()
        except Exception as failure:
            error = failure
        with suppress(RuntimeError):  # the loop is gone, and with it who asked
            loop.call_soon_threadsafe(settle, value, error)

    threads.start(run)
    return await answer


class _Report:
    """Tells the loop how far a download is; and the download, that nobody waits for it."""

    def __init__(self, on_progress: Progress | None) -> None:
        self.stopped = False
        self._loop = asyncio.get_running_loop()
        self._on_progress = on_progress
        self._next_at = time.monotonic() + REPORT_EVERY_S

    def __call__(self, size: int, total: int | None) -> None:
        """Note that `size` of `total` bytes are there.

        Raises:
            _Broken: Nobody waits any more.
        """
        if self.stopped:
            raise _Broken
        now = time.monotonic()
        if self._on_progress is not None and now >= self._next_at:
            self._next_at = now + REPORT_EVERY_S
            self._loop.call_soon_threadsafe(self._on_progress, size, total)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _receive(
    response: httpx.Response, part: Path, note: Path, have: int, report: _Report
) -> Downloaded:
    code = response.status_code
    if code in GONE:
        raise FalError(f"The clip's file is not at fal any more ({code}).", status_code=code)
    if code == 416:
        part.replace(part.with_name(part.name + ".broken"))
        message = "the server has another file than before"
        raise _Broken(message)
    if code not in (200, 206):
        message = f"the server answered {code}"
        raise _Broken(message)
    start, total = _span(response, have)
    etag = response.headers.get("etag")
    if start and etag is not None and etag != note.read_text():
        part.replace(part.with_name(part.name + ".broken"))
        message = "the server continued another file"
        raise _Broken(message)
    with part.open("r+b" if start else "wb") as target:
        target.seek(start)
        target.truncate()
        size = start
        for piece in response.iter_raw():
            target.write(piece)
            if size == start and size + len(piece) != total:
                note.write_text(etag if etag and not etag.startswith("W/") else "")
            size += len(piece)
            report(size, total)
    if total is not None and size != total:
        message = f"{size} of {total} bytes came"
        raise _Broken(message)
    return Downloaded(size, etag, came_whole=start == 0 and total is not None)


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
    return Downloaded(len(data), None, came_whole=True)
