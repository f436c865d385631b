"""The simulator as a server: in a thread of its own, or in the foreground."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from ..errors import ConfigError
from .control_routes import FaultsHandler, StatsHandler
from .faults import Fault, FaultBook
from .jobs import Jobs, Speed
from .media_routes import MediaHandler
from .platform_routes import (
    BillingHandler,
    EstimateHandler,
    ModelsHandler,
    NotOfferedHandler,
    PricingHandler,
    RequestsHandler,
)
from .queue_routes import (
    CancelHandler,
    ResultHandler,
    StatusHandler,
    StreamHandler,
    SubmitHandler,
)
from .storage_routes import (
    CdnUploadHandler,
    CompleteHandler,
    InitiateHandler,
    MultipartCreateHandler,
    PartHandler,
    PresignedHandler,
    TokenHandler,
)
from .web import World, log

HOST = "127.0.0.1"
MAX_UPLOAD_BYTES = 1 << 40
DEFAULT_CONCURRENCY = 10
START_TIMEOUT_S = 30
BACKLOG = 1024
MAX_PORT = 65_535

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    (r"/_simulator/stats", StatsHandler),
    (r"/_simulator/faults", FaultsHandler),
    (r"/v1/models", ModelsHandler),
    (r"/v1/models/pricing", PricingHandler),
    (r"/v1/models/pricing/estimate", EstimateHandler),
    (r"/v1/models/requests/by-endpoint", RequestsHandler),
    (r"/v1/models/billing-events", BillingHandler),
    (r"/v1/(.*)", NotOfferedHandler),
    (r"/storage/auth/token", TokenHandler),
    (r"/storage/upload/initiate(?:-multipart)?", InitiateHandler),
    (r"/files/upload", CdnUploadHandler),
    (r"/files/upload/multipart", MultipartCreateHandler),
    (r"/files/presigned/([^/]+/[^/]+)/complete", CompleteHandler),
    (r"/files/presigned/([^/]+/[^/]+(?:/\d+)?)", PresignedHandler),
    (r"(/files/in/[^/]+/[^/]+)/multipart/([0-9a-f]+)/complete", CompleteHandler),
    (r"(/files/in/[^/]+/[^/]+)/multipart/([0-9a-f]+)/(\d+)", PartHandler),
    (r"/files/(.*)", MediaHandler),
    (r"/.+/requests/([^/]+)/status/stream", StreamHandler),
    (r"/.+/requests/([^/]+)/status", StatusHandler),
    (r"/.+/requests/([^/]+)/cancel", CancelHandler),
    (r"/.+/requests/([^/]+)(?:/response)?", ResultHandler),
    (r"/(.+)", SubmitHandler),
)


class Simulator:
    """fal.ai on this machine: queue, storage, downloads and platform API on one origin.

    Nothing is charged and nothing leaves the machine. Requests and files live in `state_dir`: a
    new simulator on the same folder continues the requests of one that was killed, and several
    may share a folder.

    Args:
        state_dir: Where requests and media are kept; `None` for a folder that goes with `stop`.
        speed: "instant" (no queue, done as soon as the media is there), "default" (about 2 s a
            job), "realtime" (as long as the model usually takes), or seconds of running per job.
        faults: What goes wrong; see `Fault`.
        max_height_px: Cap on the height of rendered videos, for fast tests.
        key: The only valid key; `None` takes any.
        concurrency: Jobs in progress at once; the others wait in the queue.
        media_file: A file to deliver as every result, instead of rendering.
        port: Where to listen; 0 takes a free port.
        discount_percent: What the account pays less, in billing events (for keys that begin with
            "admin").
    """

    def __init__(
        self,
        state_dir: Path | str | None = None,
        speed: Speed = "default",
        *,
        faults: Iterable[Fault] = (),
        max_height_px: int | None = None,
        key: str | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        media_file: Path | str | None = None,
        port: int = 0,
        discount_percent: int = 0,
    ) -> None:
        if not 0 <= port <= MAX_PORT:
            raise ConfigError(f"port is {port}; allowed are 0 (any free one) to {MAX_PORT}.")
        self.state_dir = None if state_dir is None else Path(state_dir)
        self._folder: Path | None = None
        self._speed = speed
        self._max_height_px = max_height_px
        self._key = key
        self._concurrency = concurrency
        self._media_file = None if media_file is None else Path(media_file)
        self._port = port
        self._discount_percent = discount_percent
        self._faults = FaultBook(faults)
        self._world: World | None = None
        self._last_stats: dict[str, Any] = {}
        self._origin = ""
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], Any] | None = None

    def start(self) -> str:
        """Listen; gives the origin, for example "http://127.0.0.1:40123".

        Raises:
            ConfigError: The port is taken, or the state folder cannot be used.
        """
        if self._thread is not None:
            return self._origin
        started: Future[str] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(started)), name="qcut-simulator", daemon=True
        )
        self._thread.start()
        try:
            self._origin = started.result(START_TIMEOUT_S)
        except OSError as error:
            self._thread.join()
            self._thread = None
            raise ConfigError(
                f"The simulator cannot start: {error}.",
                remedy="Choose another port or folder; port 0 takes a free one.",
            ) from error
        atexit.register(self.stop)
        return self._origin

    def stop(self) -> None:
        """End; requests stay in `state_dir` for the next simulator there."""
        if self._thread is None or self._stop is None:
            return
        self._stop()
        self._thread.join()
        self._thread = None
        self._last_stats, self._world = self.stats(), None
        atexit.unregister(self.stop)
        if self.state_dir is None and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        """Scheme, host and port; empty before `start`."""
        return self._origin

    @property
    def accepted_submits(self) -> int:
        """How many requests were ever accepted in this state folder."""
        return int(self.stats().get("accepted_submits", 0))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in force; set it to put others in force, with fresh counts."""
        return self._faults.current

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._faults.replace(faults)

    def stats(self) -> dict[str, Any]:
        """Counts: accepted submits, renders, HTTP calls by kind, keys on presigned addresses."""
        return self._last_stats if self._world is None else self._world.stats()

    async def _main(self, started: Future[str]) -> None:
        try:
            server, world = self._listen()
        except Exception as error:
            started.set_exception(error)
            return
        self._world = world
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(world.closing.set)
        world.jobs.start()
        started.set_result(self._address())
        await world.closing.wait()
        server.stop()
        world.jobs.wake_all()
        await server.close_all_connections()
        # Not in a thread: at the end of the interpreter none can be started.
        world.jobs.stop()

    def _listen(self) -> tuple[HTTPServer, World]:
        self._folder = self.state_dir or Path(tempfile.mkdtemp(prefix="qcut-simulator-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        jobs = Jobs(
            self._folder,
            speed=self._speed,
            concurrency=self._concurrency,
            max_height_px=self._max_height_px,
            media_file=self._media_file,
        )
        world = World(jobs, jobs.workshop.shelf, self._faults, self._key, self._discount_percent)
        app = Application(
            [(pattern, handler, {"world": world}) for pattern, handler in ROUTES],
            log_function=_log_request,
        )
        server = HTTPServer(app, max_body_size=MAX_UPLOAD_BYTES)
        self._socket = socket.create_server((HOST, self._port), backlog=BACKLOG)
        self._socket.setblocking(False)
        server.add_socket(self._socket)
        return server, world

    def _address(self) -> str:
        return f"http://{HOST}:{self._socket.getsockname()[1]}"


def serve(
    port: int,
    speed: Speed = "default",
    *,
    state_dir: Path | str | None = None,
    max_height_px: int | None = None,
    key: str | None = None,
    concurrency: int = DEFAULT_CONCURRENCY,
    faults: Iterable[Fault] = (),
    media_file: Path | str | None = None,
    on_start: Callable[[str], None] = print,
) -> None:
    """Run a simulator in the foreground until Ctrl-C.

    Args:
        port: Where to listen; 0 takes a free port.
        speed: As for `Simulator`, like all that follow.
        state_dir: Where requests and media are kept.
        max_height_px: Cap on the height of rendered videos.
        key: The only valid key.
        concurrency: Jobs in progress at once.
        faults: What goes wrong.
        media_file: A file to deliver as every result.
        on_start: Called with the origin once it listens.

    Raises:
        ConfigError: The port is taken, or the state folder cannot be used.
    """
    simulator = Simulator(
        state_dir,
        speed,
        faults=faults,
        max_height_px=max_height_px,
        key=key,
        concurrency=concurrency,
        media_file=media_file,
        port=port,
    )
    with simulator, contextlib.suppress(KeyboardInterrupt):
        on_start(simulator.origin)
        threading.Event().wait()


def _log_request(handler: RequestHandler) -> None:
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s %s %s", handler.get_status(), handler.request.method, handler.request.path)
