"""A TCP proxy that is a bad network: it cuts, delays and truncates, by a seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Fate:
    """What becomes of a connection.

    Attributes:
        delay_s: How long each piece is held back.
        up_bytes: After how many bytes to the server it ends; `None` is never.
        down_bytes: After how many bytes to the client it ends; `None` is never.
        rude: End it with a reset instead of a normal end.
    """

    delay_s: float = 0.0
    up_bytes: int | None = None
    down_bytes: int | None = None
    rude: bool = False


class BadNetwork:
    """A context manager: a proxy to one origin.

    Attributes:
        origin: Where to find it.
        harm: Part of the connections that come to harm, 0 to 1; it may be changed at any time.
        harmed: How many did.
    """

    def __init__(self, target: str, *, seed: int, harm: float) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._random = random.Random(seed)
        self.harm = harm
        self.harmed = 0
        self.origin = ""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        opening = asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self._server = server
        self.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _fate(self) -> Fate:
        if self._random.random() >= self.harm:
            return Fate()
        self.harmed += 1
        rude = self._random.random() < 0.5
        after = int(self._random.paretovariate(0.4) * 100) % 60_000
        match self._random.randrange(3):
            case 0:
                return Fate(delay_s=self._random.uniform(0.02, 0.3))
            case 1:
                return Fate(up_bytes=after, rude=rude)
            case _:
                return Fate(down_bytes=after, rude=rude)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate = self._fate()
        try:
            behind, ahead = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        ways = [
            asyncio.create_task(_pump(reader, ahead, fate.delay_s, fate.up_bytes)),
            asyncio.create_task(_pump(behind, writer, fate.delay_s, fate.down_bytes)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, ahead):
                _close(end, rude=fate.rude)


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay_s: float, most: int | None
) -> None:
    done = 0
    with contextlib.suppress(OSError):
        while data := await source.read(16_384):
            if delay_s:
                await asyncio.sleep(delay_s)
            sink.write(data if most is None else data[: most - done])
            await sink.drain()
            done += len(data)
            if most is not None and done >= most:
                return


def _close(writer: asyncio.StreamWriter, *, rude: bool) -> None:
    if rude:
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
    writer.close()
