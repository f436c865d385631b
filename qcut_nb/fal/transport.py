"""HTTP/1.1 for httpx, straight on asyncio and llhttp, at a fraction of its own transport's CPU.

It does nothing by itself: it sends a request once, on one connection, and follows and repeats
nothing. What fails before the first byte of a request is written is a connect error; everything
later is a write, read or protocol error, after which the server may have the request.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.request import getproxies

import httpx

from .answers import KEEPALIVE_S, Answer, Origin, has_something_to_read, head_of, origin_to_reach

MAX_IDLE = 100
MOST_PIECES = 16
"""More of a body is not taken in before what came is taken away; a piece is 256 KiB at most."""


def http_client() -> httpx.AsyncClient:
    """An httpx client on this transport; where proxies are configured, on httpx's own."""
    if getproxies().keys().isdisjoint(("http", "https", "all")):
        return _DirectClient()
    return httpx.AsyncClient(limits=httpx.Limits(keepalive_expiry=KEEPALIVE_S))


class _DirectClient(httpx.AsyncClient):
    """Hands a request to its transport as it is: no redirects, no cookies, no login schemes."""

    def __init__(self) -> None:
        self._direct = DirectTransport()
        super().__init__(transport=self._direct)

    async def send(
        self, request: httpx.Request, *, stream: bool = False, **_unused: Any
    ) -> httpx.Response:
        """Send a request once; see `DirectTransport.handle_async_request`."""
        response = await self._direct.handle_async_request(request)
        response.request = request
        if not stream:
            await _read(response)
        return response


async def _read(response: httpx.Response) -> None:
    """Read a body at once, without the layers of generators that `aread` goes through."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        content = b"".join([piece async for piece in response.stream])
    finally:
        await response.stream.aclose()
    response.stream = httpx.ByteStream(content)
    response.read()


class DirectTransport(httpx.AsyncBaseTransport):
    """Connections to any number of origins, kept open for a while. For one event loop."""

    def __init__(self) -> None:
        self._idle: dict[Origin, list[_Connection]] = {}
        self._open: set[_Connection] = set()
        self._tls: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request once and read the head of its answer.

        Raises:
            httpx.ConnectError: No connection was made, nothing was sent; likewise
                `ConnectTimeout` and `UnsupportedProtocol`.
            httpx.TransportError: Any other: it may have arrived.
        """
        timeouts = request.extensions.get("timeout", {})
        connection = await self._connection(request.url, timeouts.get("connect"))
        try:
            await connection.send(request, timeouts.get("write"))
            answer = await connection.head(timeouts.get("read"))
        except BaseException:
            self._drop(connection)
            raise
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Body(self, connection, timeouts.get("read")),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            self._drop(connection)
        await asyncio.sleep(0)  # the loop tells the sockets one turn later

    async def _connection(self, url: httpx.URL, timeout_s: float | None) -> _Connection:
        origin = origin_to_reach(url)
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if connection.is_usable():
                return connection
            self._drop(connection)
        connection = await self._connect(origin, timeout_s)
        self._open.add(connection)
        return connection

    async def _connect(self, origin: Origin, timeout_s: float | None) -> _Connection:
        scheme, host, port = origin
        if scheme == "https" and self._tls is None:
            self._tls = httpx.create_ssl_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        try:
            async with asyncio.timeout(timeout_s):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: _Connection(origin),
                    host,
                    port,
                    ssl=self._tls if scheme == "https" else None,
                    # The race leaks its socket when it is cancelled, so only where there is one.
                    happy_eyeballs_delay=None if _is_address(host) else 0.25,
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except OSError as error:  # refused, no such name, TLS
            raise httpx.ConnectError(str(error)) from error
        return connection

    def _keep(self, connection: _Connection) -> None:
        idle = self._idle.setdefault(connection.origin, [])
        if len(idle) < MAX_IDLE and connection.can_go_on():
            idle.append(connection)
        else:
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        self._open.discard(connection)
        connection.close()


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._loop = asyncio.get_running_loop()
        self._answer: Answer | None = None
        self._coming: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._failure: httpx.TransportError | None = None
        self._is_paused = False
        self._idle_since = 0.0

    # -- called by the loop -------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        answer = self._answer
        if answer is None:
            self._failure = httpx.RemoteProtocolError("the server sent what nobody asked for")
            return
        try:
            answer.feed(data)
        except httpx.RemoteProtocolError as error:
            self._failure = error
        if len(answer.pieces) > MOST_PIECES and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection ended."""
        try:
            if error is not None:
                raise httpx.ReadError(str(error)) from error
            if self._answer is not None:
                self._answer.end()
        except httpx.TransportError as failure:
            self._failure = self._failure or failure
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        """Enough is waiting to be sent."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """What waited was sent."""
        self._writable.set()

    def _wake(self) -> None:
        if self._coming is not None and not self._coming.done():
            self._coming.set_result(None)

    # -- called by the transport --------------------------------------------------------------

    def is_usable(self) -> bool:
        """Whether an idle connection still is one, as far as can be known."""
        if time.monotonic() - self._idle_since > KEEPALIVE_S or self._transport.is_closing():
            return False
        # The loop may not have seen yet that the server closed it, or sent what is for nobody.
        connection = self._transport.get_extra_info("socket")
        return self._failure is None and not has_something_to_read(connection)

    def can_go_on(self) -> bool:
        """Make ready for the next request, if the last one ended cleanly."""
        answer, self._answer = self._answer, None
        self._idle_since = time.monotonic()
        return answer is not None and answer.leaves_connection and not self._transport.is_closing()

    def close(self) -> None:
        """End it at once; what is on its way is lost."""
        self._transport.abort()

    async def send(self, request: httpx.Request, timeout_s: float | None) -> None:
        """Write a request."""
        self._answer = Answer()
        assert isinstance(request.stream, httpx.AsyncByteStream)
        is_chunked = request.headers.get("transfer-encoding") == "chunked"
        unsent = [head_of(request)]
        async for piece in request.stream:
            unsent += (b"%x\r\n" % len(piece), piece, b"\r\n") if is_chunked else (piece,)
            await self._write(b"".join(unsent), timeout_s)
            unsent.clear()
        if is_chunked:
            unsent.append(b"0\r\n\r\n")
        await self._write(b"".join(unsent), timeout_s)

    async def _write(self, data: bytes, timeout_s: float | None) -> None:
        if self._failure is not None:
            raise httpx.WriteError(str(self._failure)) from self._failure
        if data:
            self._transport.write(data)
        if self._writable.is_set():
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._writable.wait()
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error

    async def head(self, timeout_s: float | None) -> Answer:
        """The answer, as soon as its head is there."""
        answer = self._answer
        assert answer is not None
        while not answer.status_code:
            await self._more(timeout_s)
        return answer

    async def body(self, timeout_s: float | None) -> AsyncIterator[bytes]:
        """The answer's body, as it comes."""
        answer = self._answer
        assert answer is not None
        while True:
            pieces, answer.pieces = answer.pieces, []
            for piece in pieces:
                yield piece
            if not answer.pieces:
                if answer.is_whole:
                    return
                await self._more(timeout_s)

    async def _more(self, timeout_s: float | None) -> None:
        if self._failure is not None:
            raise self._failure
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()
        coming = self._coming = self._loop.create_future()
        timer = None if timeout_s is None else self._loop.call_later(timeout_s, _give_up, coming)
        try:
            await coming
        finally:
            if timer is not None:
                timer.cancel()


def _give_up(coming: asyncio.Future[None]) -> None:
    if not coming.done():
        coming.set_exception(httpx.ReadTimeout("nothing came in time"))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _Body(httpx.AsyncByteStream):
    """The rest of an answer; gives its connection back when it is closed."""

    def __init__(
        self, transport: DirectTransport, connection: _Connection, timeout_s: float | None
    ) -> None:
        self._transport = transport
        self._connection: _Connection | None = connection
        self._timeout_s = timeout_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._connection is not None:
            async for piece in self._connection.body(self._timeout_s):
                yield piece

    async def aclose(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._transport._keep(connection)
