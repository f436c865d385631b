"""An HTTP/1.1 request as it goes out, and its answer as it comes in: for both transports."""

from __future__ import annotations

import select
import socket

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

KEEPALIVE_S = 15.0
"""An idle connection is used again for so long: shorter than servers keep one, so that a request
seldom meets one that is just being closed."""
MAX_HEAD_BYTES = 100 * 1024
BODYLESS = frozenset({204, 304})

Origin = tuple[str, str, int]
"""Scheme, host, port."""


def origin_to_reach(url: httpx.URL) -> Origin:
    """Where a URL is asked for.

    Raises:
        httpx.UnsupportedProtocol: Neither by http nor by https.
    """
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    if port is None:
        message = f"{url.scheme}: is not spoken here"
        raise httpx.UnsupportedProtocol(message)
    return url.scheme, url.raw_host.decode("ascii"), port


def head_of(request: httpx.Request) -> bytes:
    """The head of a request, with its end."""
    line = b"%b %b HTTP/1.1\r\n" % (request.method.encode("ascii"), request.url.raw_path)
    return b"".join([line, *(b"%b: %b\r\n" % field for field in request.headers.raw), b"\r\n"])


def has_something_to_read(connection: socket.socket) -> bool:
    """Whether bytes, or the end, wait in a socket."""
    if not hasattr(select, "poll"):  # Windows, where select takes any number of sockets
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


class Answer:
    """What came of the answer to one request; llhttp calls it back.

    Attributes:
        status_code: 0 until the head is there; interim answers do not count.
        pieces: What came of the body and was not taken away yet.
        is_whole: Whether all of it came.
        keeps_alive: Whether the server goes on with the connection after it.
    """

    def __init__(self) -> None:
        self.status_code = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.is_whole = False
        self._has_length = False
        self.keeps_alive = False
        self._has_more = False
        self._head_bytes = 0
        self._parser = HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Take in bytes.

        Raises:
            httpx.RemoteProtocolError: They are not HTTP.
        """
        if not self.status_code:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as error:
            raise httpx.RemoteProtocolError("the server did not answer with HTTP") from error
        except HttpParserError as error:
            if not self.is_whole:
                raise httpx.RemoteProtocolError(str(error)) from error
            self._has_more = True
        if not self.status_code and self._head_bytes > MAX_HEAD_BYTES:
            raise httpx.RemoteProtocolError("the head of the server's answer does not end")

    def end(self) -> None:
        """The connection ended.

        Raises:
            httpx.RemoteProtocolError: It was not the answer's end.
        """
        if not self.status_code:
            raise httpx.RemoteProtocolError("the server hung up without an answer")
        if not self.is_whole and self._has_length:
            raise httpx.RemoteProtocolError("the server hung up in the middle of its answer")
        self.is_whole = True

    @property
    def leaves_connection(self) -> bool:
        """Whether the connection is good for another request."""
        ended = self._has_length or self.status_code in BODYLESS
        return self.is_whole and ended and self.keeps_alive and not self._has_more

    # -- called by the parser -----------------------------------------------------------------

    def on_message_begin(self) -> None:
        """An answer begins: the first, or one after an interim one."""
        if self.is_whole:
            self._has_more = True
        else:
            self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is there."""
        if not self.is_whole:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """A head is there."""
        status_code = self._parser.get_status_code()
        if self.is_whole or status_code < 200:
            return
        names = {name.lower() for name, _ in self.headers}
        self._has_length = not names.isdisjoint((b"content-length", b"transfer-encoding"))
        self.keeps_alive = self._parser.should_keep_alive()
        self.status_code = status_code

    def on_body(self, piece: bytes) -> None:
        """A piece of the body is there."""
        if not self.is_whole:
            self.pieces.append(piece)

    def on_message_complete(self) -> None:
        """All is there."""
        self.is_whole = bool(self.status_code)
