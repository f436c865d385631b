"""HTTP/1.1 for httpx, straight on asyncio and h11: a third of the CPU of httpx's own transport.

It does nothing by itself: it sends a request once, on one connection, and follows and repeats
nothing. What fails before the first byte of a request is written is a connect error; everything
later is a write, read or protocol error, after which the server may have the request.
"""

from __future__ import annotations

import asyncio
import ipaddress
import select
import ssl
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.request import getproxies

import h11
import httpx

KEEPALIVE_S = 15.0
"""An idle connection is used again for so long: shorter than servers keep one, so that a request
seldom meets one that is just being closed."""
MAX_IDLE = 100
PIECE_BYTES = 1 << 16
MAX_HEAD_BYTES = 100 * 1024

Origin = tuple[str, str, int]


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
            head = await connection.head(timeouts.get("read"))
        except BaseException:
            self._drop(connection)
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(self, connection, timeouts.get("read")),
            extensions={"reason_phrase": head.reason, "http_version": b"HTTP/" + head.http_version},
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            self._drop(connection)
        await asyncio.sleep(0)  # the loop tells the sockets one turn later

    async def _connection(self, url: httpx.URL, timeout_s: float | None) -> _Connection:
        port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
        origin = (url.scheme, url.raw_host.decode("ascii"), port)
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if connection.is_usable():
                return connection
            self._drop(connection)
        if not port:
            message = f"{url.scheme}: is not spoken here"
            raise httpx.UnsupportedProtocol(message)
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
                reader, writer = await asyncio.open_connection(
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
        return _Connection(origin, reader, writer)

    def _keep(self, connection: _Connection) -> None:
        idle = self._idle.setdefault(connection.origin, [])
        if len(idle) < MAX_IDLE and connection.can_go_on():
            idle.append(connection)
        else:
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        self._open.discard(connection)
        connection.close()


class _Connection:
    """One connection, one request at a time."""

    def __init__(
        self, origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.origin = origin
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._idle_since = 0.0

    def is_usable(self) -> bool:
        """Whether an idle connection still is one, as far as can be known."""
        if time.monotonic() - self._idle_since > KEEPALIVE_S or self._writer.is_closing():
            return False
        if _has_unread(self._reader):
            return False
        # The loop may not have seen yet that the server closed it.
        return not _has_something_to_read(self._writer.get_extra_info("socket"))

    def can_go_on(self) -> bool:
        """Make ready for the next request, if the last one ended cleanly."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        if self._http.trailing_data[0]:
            return False  # of no request: it would be taken for the next one's answer
        self._http.start_next_cycle()
        self._idle_since = time.monotonic()
        return True

    def close(self) -> None:
        """End it at once; what is on its way is lost."""
        self._writer.transport.abort()

    async def send(self, request: httpx.Request, timeout_s: float | None) -> None:
        try:
            head = self._http.send(
                h11.Request(
                    method=request.method, target=request.url.raw_path, headers=request.headers.raw
                )
            )
            assert isinstance(request.stream, httpx.AsyncByteStream)
            unsent = [head]
            async for piece in request.stream:
                unsent.append(self._http.send(h11.Data(piece)))
                await self._write(b"".join(unsent), timeout_s)
                unsent.clear()
            unsent.append(self._http.send(h11.EndOfMessage()))
            await self._write(b"".join(unsent), timeout_s)
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error

    async def _write(self, data: bytes | None, timeout_s: float | None) -> None:
        if not data:
            return
        self._writer.write(data)
        if not self._writer.transport.get_write_buffer_size():
            return  # it is with the system already: nothing to wait for
        try:
            async with asyncio.timeout(timeout_s):
                await self._writer.drain()
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    async def head(self, timeout_s: float | None) -> h11.Response:
        while True:
            event = await self._event(timeout_s)
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                raise httpx.RemoteProtocolError("the server did not answer with HTTP")

    async def body(self, timeout_s: float | None) -> AsyncIterator[bytes]:
        while True:
            event = await self._event(timeout_s)
            if not isinstance(event, h11.Data):
                return
            yield bytes(event.data)

    async def _event(self, timeout_s: float | None) -> h11.Event:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)) from error
            if isinstance(event, h11.Event):
                return event
            try:
                async with asyncio.timeout(timeout_s):
                    data = await self._reader.read(PIECE_BYTES)
            except TimeoutError as error:
                raise httpx.ReadTimeout(str(error)) from error
            except OSError as error:
                raise httpx.ReadError(str(error)) from error
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("the server hung up without an answer")
            self._http.receive_data(data)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _has_unread(reader: asyncio.StreamReader) -> bool:
    """Whether the loop has taken in bytes, or the end, that nobody asked for."""
    reading = reader.read(1)
    try:
        reading.send(None)
    except StopIteration:  # it did not have to wait
        return True
    reading.close()
    return False


def _has_something_to_read(socket: Any) -> bool:
    if not hasattr(select, "poll"):  # Windows, where select takes any number of sockets
        return bool(select.select([socket], [], [], 0)[0])
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


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
