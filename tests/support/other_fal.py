"""A second fal, written from the protocol alone, that makes the awkward choice wherever it may.

It shares no code with the simulator. What it does that the simulator does not: addresses in the
long form, every second submit answered with the ids alone, `logs` null or a moving window, no
metrics, states that jump about and have strange names, `detail` as text or as a list, 429 without
Retry-After, gateway errors in HTML, streams with CRLF, comments and retry lines or none at all,
media behind a redirect, without length, ranges or ETag, and 200 for every status.
"""

from __future__ import annotations

import itertools
import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

HTML = b"<html><head><title>502 Bad Gateway</title></head><center>nginx</center></html>"
LINES = [f"step {n} of 5" for n in range(1, 6)]
WANDERING = ("IN_PROGRESS", "IN_QUEUE", "WARMING_UP")


@dataclass
class Ticket:
    """One accepted request."""

    id: str
    number: int
    endpoint: str
    body: dict[str, Any]
    sent_at: datetime
    looks: int = 0
    results: int = 0
    cancelled: bool = False

    @property
    def prompt(self) -> str:
        """What it asks for; words in it choose what goes wrong."""
        return str(self.body.get("prompt", ""))


@dataclass
class OtherFal:
    """A context manager: the server on a free port.

    Words in a prompt decide: "refused" (422 with a text), "invalid" (422 with a list), "endless"
    (never ends by itself), "vanished" (accepted, then unknown), "busy" (429 at first), "lost" (the
    reply is cut off).

    Attributes:
        film: The file that every request results in.
        key: The one valid key.
        tickets: What was accepted, by id.
    """

    film: Path
    key: str
    tickets: dict[str, Ticket] = field(default_factory=dict)
    origin: str = ""

    def __enter__(self) -> Self:
        owner: OtherFal = self
        self._numbers = itertools.count()
        self._busy: set[str] = set()
        self.uploads: dict[str, bytes] = {}

        class Bound(Window):
            fal = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def accepted_submits(self) -> int:
        """How many requests were accepted."""
        return len(self.tickets)

    def first_time(self, prompt: str) -> bool:
        """Whether a prompt comes for the first time."""
        new = prompt not in self._busy
        self._busy.add(prompt)
        return new

    def accept(self, endpoint: str, body: dict[str, Any]) -> Ticket:
        """Write a request down."""
        ticket = Ticket(str(uuid.uuid4()), next(self._numbers), endpoint, body, datetime.now(UTC))
        self.tickets[ticket.id] = ticket
        return ticket

    def standing(self, ticket: Ticket) -> dict[str, Any]:
        """The next status of a request: it wanders about before it is completed."""
        step, ticket.looks = ticket.looks, ticket.looks + 1
        if "endless" in ticket.prompt and not ticket.cancelled:
            return {"status": "IN_PROGRESS", "logs": None}
        if step >= len(WANDERING) or ticket.cancelled:
            done: dict[str, Any] = {"status": "COMPLETED", "logs": self._window(len(WANDERING))}
            return done if ticket.number % 2 else {"status": "COMPLETED"}
        state = WANDERING[(step + ticket.number) % len(WANDERING)]
        if state == "IN_QUEUE":
            return {"status": state}
        return {"status": state, "logs": self._window(step) or None}

    @staticmethod
    def _window(step: int) -> list[dict[str, str]]:
        """Only the newest three lines, and no level."""
        end = min(step + 3, len(LINES))
        return [
            {"message": LINES[n], "timestamp": f"2026-01-01T00:00:0{n}Z"}
            for n in range(end - 3, end)
        ]


class Window(BaseHTTPRequestHandler):
    """Where requests are handed in."""

    protocol_version = "HTTP/1.1"
    fal: OtherFal

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def reply(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Answer with JSON, or with bytes as HTML."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "text/html" if isinstance(body, bytes) else "application/json; charset=utf-8"
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def received(self) -> bytes:
        """The body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def knows_key(self) -> bool:
        """Whether the key is the right one."""
        return self.headers.get("Authorization") == f"Key {self.fal.key}"

    # -- submit and storage ---------------------------------------------------------------------

    def do_POST(self) -> None:
        """Submit, or storage."""
        body, path = self.received(), urlsplit(self.path).path
        if not self.knows_key():
            return self.reply(401, {"detail": "invalid key credentials"})
        if path == "/storage/auth/token":
            return self.reply(503, HTML)
        if path == "/storage/upload/initiate":
            name = str(uuid.uuid4())
            return self.reply(
                200,
                {
                    "file_url": f"{self.fal.origin}/kept/{name}",
                    "upload_url": f"{self.fal.origin}/put/{name}?signature=s",
                },
            )
        self._submit(path.strip("/"), json.loads(body))

    def _submit(self, endpoint: str, body: dict[str, Any]) -> None:
        prompt = str(body.get("prompt", ""))
        if "busy" in prompt and self.fal.first_time(prompt):
            return self.reply(429, HTML)
        ticket = self.fal.accept(endpoint, body)
        if "lost" in prompt:
            self.close_connection = True
            return None
        ids = {"request_id": ticket.id, "gateway_request_id": str(uuid.uuid4())}
        if ticket.number % 2:
            return self.reply(200, ids)
        long = f"{self.fal.origin}/{endpoint}/requests/{ticket.id}"
        self.reply(
            200,
            {
                "status": "IN_QUEUE",
                "request_id": ticket.id,
                "response_url": f"{long}/response",
                "status_url": f"{long}/status",
                "cancel_url": f"{long}/cancel",
                "queue_position": None,
                "logs": None,
            },
        )

    def do_PUT(self) -> None:
        """Cancel, or the bytes of an upload."""
        body, path = self.received(), urlsplit(self.path).path
        if path.startswith("/put/"):
            if self.headers.get("Authorization"):
                return self.reply(400, {"detail": "a key at a presigned address"})
            self.fal.uploads[path.removeprefix("/put/")] = body
            return self.reply(200, b"")
        ticket, action = self._ticket(path)
        if ticket is None or action != "cancel" or not self.knows_key():
            return self.reply(404, {"status": "NOT_FOUND"})
        ticket.cancelled = True
        self.reply(200, {"success": True})

    # -- status, result, media, platform --------------------------------------------------------

    def do_GET(self) -> None:
        """Everything that is asked."""
        url = urlsplit(self.path)
        if url.path.startswith("/film/"):
            return self.reply(302, b"", {"Location": f"/store/{url.path.removeprefix('/film/')}"})
        if url.path.startswith("/store/"):
            return self._film()
        if not self.knows_key():
            return self.reply(401, {"detail": "missing key"})
        if url.path == "/v1/models/pricing":
            rows = [
                {"endpoint_id": name, "unit_price": "0.02", "unit": "second", "currency": "USD"}
                for name in parse_qs(url.query).get("endpoint_id", [])
            ]
            return self.reply(200, {"prices": rows, "next_cursor": None})
        if url.path == "/v1/models/requests/by-endpoint":
            return self._past(parse_qs(url.query)["endpoint_id"][0])
        ticket, action = self._ticket(url.path)
        if ticket is None or "vanished" in ticket.prompt:
            gone = {"detail": "Request not found"} if not action else {"status": "NOT_FOUND"}
            return self.reply(404, gone)
        if action == "status":
            return self.reply(200, self.fal.standing(ticket))
        if action == "status/stream":
            return self._stream(ticket)
        self._result(ticket)

    def _ticket(self, path: str) -> tuple[Ticket | None, str]:
        name, _, rest = path.strip("/").partition("/requests/")
        request_id, _, action = rest.partition("/")
        ticket = self.fal.tickets.get(request_id)
        forms = () if ticket is None else (ticket.endpoint, ticket.endpoint.rsplit("/", 1)[0])
        short = ticket is not None and ticket.endpoint.startswith(f"{name}/")
        return (ticket if name in forms or short else None), action

    def _past(self, endpoint: str) -> None:
        rows = [
            {
                "request_id": t.id,
                "endpoint_id": t.endpoint,
                "sent_at": t.sent_at.replace(tzinfo=None).isoformat(),
                "ended_at": None,
                "json_input": t.body,
            }
            for t in self.fal.tickets.values()
            if t.endpoint == endpoint
        ]
        self.reply(200, {"items": rows, "has_more": False})

    def _stream(self, ticket: Ticket) -> None:
        if ticket.number % 3 == 0:
            return self.reply(404, HTML)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b": welcome\r\nretry: 100\r\n\r\n")
        for number in range(3):
            text = json.dumps(self.fal.standing(ticket), indent=1)
            data = "".join(f"data: {line}\r\n" for line in text.splitlines())
            self.wfile.write(f"id: {number}\r\nevent: status\r\n{data}\r\n".encode())
        if ticket.number % 2:
            self.wfile.write(b"data: [DONE]\r\n\r\n")
        return None

    def _result(self, ticket: Ticket) -> None:
        ticket.results += 1
        if ticket.results == 1:
            return self.reply(504, HTML)
        if ticket.cancelled:
            return self.reply(499, {"detail": "cancelled", "error_type": "client_cancelled"})
        if "refused" in ticket.prompt:
            return self.reply(422, {"detail": "The prompt was refused."})
        if "invalid" in ticket.prompt:
            item = {"loc": ["body", "prompt"], "msg": "too long", "type": "sequence_too_long"}
            return self.reply(422, {"detail": [item | {"url": "https://x", "ctx": None}]})
        film = {"url": f"{self.fal.origin}/film/{ticket.id}", "content_type": None}
        self.reply(200, {"video": film | {"file_name": "../../evil.mp4", "file_size": 1}})

    def _film(self) -> None:
        """Bytes until the connection closes; nothing says how many."""
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(self.fal.film.read_bytes())
