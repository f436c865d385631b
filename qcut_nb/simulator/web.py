"""What all of the simulator's HTTP handlers share: state, the key, counting, answers."""

from __future__ import annotations

import asyncio
import json
import logging
import mimetypes
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tornado.web import RequestHandler

from .faults import FaultBook
from .jobs import Jobs
from .shelf import Shelf

log = logging.getLogger("qcut_nb.simulator")
REASONS = {499: "Client Closed Request"}


@dataclass
class World:
    """All that the handlers know.

    Attributes:
        key: The only valid key; `None` takes any.
        discount_percent: What the account pays less, in billing events.
        calls: Number of HTTP requests by kind ("submit", "status", "stream", "result", ...).
        presigned_authorizations: Presigned addresses that were sent an Authorization header.
        closing: Set when the server stops.
    """

    jobs: Jobs
    shelf: Shelf
    faults: FaultBook
    key: str | None = None
    discount_percent: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    presigned_authorizations: list[str] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def stats(self) -> dict[str, Any]:
        """Counts, for tests and benchmarks."""
        return {
            "accepted_submits": len(self.jobs.book),
            "rendered": self.jobs.workshop.rendered,
            "calls": dict(self.calls),
            "presigned_authorizations": len(self.presigned_authorizations),
        }


class Handler(RequestHandler):
    """Base of all handlers.

    Attributes:
        kind: Under which name its requests are counted.
        needs_key: Whether `Authorization: Key ...` is checked before anything else.
    """

    kind = "other"
    needs_key = True

    def initialize(self, world: World) -> None:
        """Take what is known; called by tornado."""
        self.world = world

    def prepare(self) -> None:
        """Count the request and check the key."""
        self.world.calls[self.kind] += 1
        self.set_header("x-fal-request-id", str(uuid4()))
        if self.needs_key:
            self.check_key()

    def check_key(self) -> None:
        """Answer 401 or 403 where fal would."""
        scheme, _, key = self.request.headers.get("Authorization", "").partition(" ")
        wrong = scheme != "Key" or not key or self.world.key not in (None, key)
        if wrong or self.world.faults.take("bad_key"):
            self.refuse(401, "authorization_error", "invalid key credentials")
        elif self.world.faults.take("locked_account"):
            reason = "User is locked. Reason: Exhausted balance. Top up your balance."
            self.refuse(403, "authorization_error", reason)

    def refuse(self, status: int, error_type: str, message: str) -> None:
        """End with an error in fal's queue form; the platform API has its own."""
        self.answer({"detail": message}, status)

    def answer(
        self, body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """End with JSON."""
        self.set_status(status, REASONS.get(status))
        for name, value in (headers or {}).items():
            self.set_header(name, value)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def json_body(self) -> Any:
        """The request's JSON; `None` where it is none."""
        try:
            return json.loads(self.request.body or b"{}")
        except ValueError:
            return None

    @property
    def origin(self) -> str:
        """Scheme and host under which the client reached us."""
        return f"{self.request.protocol}://{self.request.host}"

    def drop(self) -> None:
        """Close the connection without (the rest of) an answer."""
        self.detach().close()

    def compute_etag(self) -> None:
        """Only media has validators, and sets them itself."""

    def data_received(self, chunk: bytes) -> None:
        """Bodies are read as a whole, but for uploads."""


def content_type(name: str) -> str:
    """The media type that a file's name promises."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
