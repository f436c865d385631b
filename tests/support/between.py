"""A server between a studio and a simulator, which hands on what it does not change."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class Between(BaseHTTPRequestHandler):
    """Hands on all requests to the origin `to`, and the answers as `changed` has them."""

    to = ""

    def do_POST(self) -> None:
        """Hands on what is sent."""
        self.pass_on()

    def do_GET(self) -> None:
        """Hands on what is asked."""
        self.pass_on()

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def changed(self, content: bytes) -> bytes:
        return content

    def pass_on(self) -> None:
        there = httpx.request(
            self.command, self.to + self.path, headers=dict(self.headers), content=self.body()
        )
        content = self.changed(there.content)
        self.send_response(there.status_code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def served(handler: type[Between]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        serving.join()
