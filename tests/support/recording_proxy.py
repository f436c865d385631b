"""A TCP proxy that keeps every byte that a client sends, and where it went."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from socket import SHUT_WR, create_connection, socket
from typing import Self
from urllib.parse import urlsplit

REQUEST_LINE = re.compile(rb"(?m)^([A-Z]+) (\S+) HTTP/1\.1\r$")


@dataclass
class RecordingProxy:
    """A context manager: a way to one origin.

    Attributes:
        target: The origin behind it.
        origin: Where to find it.
        sent: What clients sent, one entry per connection.
    """

    target: str
    origin: str = ""
    sent: list[bytearray] = field(default_factory=list)

    def __enter__(self) -> Self:
        parts = urlsplit(self.target)
        behind = (parts.hostname or "", parts.port or 0)
        sent = self.sent

        class Forward(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                kept = bytearray()
                sent.append(kept)
                with create_connection(behind) as ahead:
                    back = threading.Thread(target=_pump, args=(ahead, self.request, None))
                    back.start()
                    _pump(self.request, ahead, kept)
                    back.join()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Forward)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def mentions(self, secret: bytes) -> list[tuple[bytes, bytes]]:
        """Every place where a secret was sent: (path of the request, what stood before it)."""
        found = []
        for data in map(bytes, self.sent):
            for place in re.finditer(re.escape(secret), data):
                before = data[: place.start()]
                lines = list(REQUEST_LINE.finditer(before))
                path = lines[-1][2] if lines else b""
                found.append((path, before[before.rfind(b"\n") + 1 :]))
        return found


def _pump(source: socket, sink: socket, kept: bytearray | None) -> None:
    try:
        while data := source.recv(65_536):
            if kept is not None:
                kept += data
            sink.sendall(data)
        sink.shutdown(SHUT_WR)
    except OSError:
        return
