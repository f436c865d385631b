"""Media for httpx, blocking: for threads that stream files to disk, from checked addresses only."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

import httpx

from .answers import KEEPALIVE_S, Answer, Origin, has_something_to_read, head_of, origin_to_reach
from .places import Places, Resolver

HEAD_BYTES = 1 << 16
PIECE_BYTES = 1 << 19
Dial = Callable[[tuple[str, int], float | None], socket.socket]


class MediaTransport(httpx.BaseTransport):
    """Connections to checked addresses, kept open for a while. Safe to use from several threads.

    A body of known length is read from the connection itself: the parser would copy each byte.

    Args:
        places: Which addresses are allowed.
        resolve: Looks a name up.
        dial: Connects to an address.
    """

    def __init__(
        self,
        places: Places,
        *,
        resolve: Resolver | None = None,
        dial: Dial = socket.create_connection,
    ) -> None:
        self._places = places
        self._resolve = resolve or _resolve
        self._dial = dial
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._idle: dict[Origin, list[_Connection]] = {}
        self._open: set[_Connection] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request without a body, once, and read the head of its answer.

        Raises:
            DownloadError: An address of its host is not public.
            httpx.TransportError: No connection was made, or it broke.
        """
        timeouts = request.extensions.get("timeout", {})
        origin = origin_to_reach(request.url)
        connection = self._kept(origin) or self._connect(origin, timeouts.get("connect"))
        try:
            connection.socket.settimeout(timeouts.get("read"))
            answer = connection.ask(head_of(request))
        except BaseException:
            self._drop(connection)
            raise
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=_Body(self, connection)
        )

    def close(self) -> None:
        """Close all connections, those in use too."""
        with self._lock:
            left = list(self._open)
        for connection in left:
            self._drop(connection)

    def _kept(self, origin: Origin) -> _Connection | None:
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                connection = idle.pop() if idle else None
            if connection is None or connection.is_usable():
                return connection
            self._drop(connection)

    def _connect(self, origin: Origin, timeout_s: float | None) -> _Connection:
        scheme, host, port = origin
        trouble: httpx.ConnectError | httpx.ConnectTimeout | None = None
        for address in self._places.addresses(host, port, self._resolve):
            try:
                plain = self._dial((address, port), timeout_s)
                connected = self._secured(plain, host) if scheme == "https" else plain
            except TimeoutError as error:
                trouble = httpx.ConnectTimeout(str(error))
            except OSError as error:  # refused, TLS
                trouble = httpx.ConnectError(str(error))
            else:
                connection = _Connection(origin, connected)
                with self._lock:
                    self._open.add(connection)
                return connection
        raise trouble or httpx.ConnectError(f"{host} has no address")

    def _secured(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        """TLS on a connection, by the host's name."""
        with self._lock:
            self._tls = self._tls or httpx.create_ssl_context()
        try:
            return self._tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _give_back(self, connection: _Connection) -> None:
        if connection.can_go_on():
            with self._lock:
                self._idle.setdefault(connection.origin, []).append(connection)
        else:
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        with self._lock:
            self._open.discard(connection)
        connection.close()


class _Connection:
    """One connection, one request at a time."""

    def __init__(self, origin: Origin, connected: socket.socket) -> None:
        self.origin = origin
        self.socket = connected
        self._answer = Answer()
        self._is_done = False
        self._idle_since = 0.0

    def is_usable(self) -> bool:
        """Whether an idle connection still is one, as far as can be known."""
        is_fresh = time.monotonic() - self._idle_since <= KEEPALIVE_S
        return is_fresh and not has_something_to_read(self.socket)

    def can_go_on(self) -> bool:
        """Whether the last request ended cleanly."""
        self._idle_since = time.monotonic()
        return self._is_done

    def close(self) -> None:
        """End it, also where another thread waits for it."""
        with contextlib.suppress(OSError):  # it ended by itself
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def ask(self, head: bytes) -> Answer:
        """Send a request, and give the answer as soon as its head is there."""
        answer = self._answer = Answer()
        self._is_done = False
        try:
            self.socket.sendall(head)
        except OSError as error:
            raise httpx.WriteError(str(error)) from error
        while not answer.status_code:
            self._feed()
        return answer

    def body(self) -> Iterator[bytes]:
        """The answer's body, as it comes; ends early where the connection does."""
        answer = self._answer
        left = _length(answer)
        if left is None or answer.is_whole:
            while not answer.is_whole or answer.pieces:
                pieces, answer.pieces = answer.pieces, []
                yield from pieces
                if not pieces:
                    self._feed()
            self._is_done = answer.leaves_connection
            return
        for piece in answer.pieces:
            left -= len(piece)
            yield piece
        room = memoryview(bytearray(PIECE_BYTES))
        while left > 0:
            size = self._receive_into(room[: min(left, PIECE_BYTES)])
            if not size:
                return
            left -= size
            yield cast(bytes, room[:size])  # good until the next one is asked for
        self._is_done = answer.keeps_alive

    def _feed(self) -> None:
        room = bytearray(HEAD_BYTES)
        size = self._receive_into(room)
        if size:
            self._answer.feed(bytes(memoryview(room)[:size]))
        else:
            self._answer.end()

    def _receive_into(self, room: bytearray | memoryview) -> int:
        try:
            return self.socket.recv_into(room)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error


def _length(answer: Answer) -> int | None:
    """Bytes of a body that is sent as it is; `None` where the parser has to find its end."""
    named = {name.lower(): value for name, value in answer.headers}
    value = named.get(b"content-length", b"")
    return int(value) if value.isdigit() and b"transfer-encoding" not in named else None


class _Body(httpx.SyncByteStream):
    """The rest of an answer; gives its connection back when it is closed."""

    def __init__(self, transport: MediaTransport, connection: _Connection) -> None:
        self._transport = transport
        self._connection: _Connection | None = connection

    def __iter__(self) -> Iterator[bytes]:
        if self._connection is not None:
            yield from self._connection.body()

    def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._transport._give_back(connection)


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host}: {error}") from error
    return list(dict.fromkeys(str(info[4][0]) for info in found))
