"""A server that says exactly what a test scripts, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

Reply = bytes | None


@dataclass
class Seen:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Script:
    """Replies by method and path, each list used up from its front; its last one is kept.

    A reply of `None` closes the connection without an answer; `hang_up_after_each` closes it after
    every answer, unannounced.
    """

    origin: str = ""
    seen: list[Seen] = field(default_factory=list)
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    connections: int = 0
    hang_up_after_each: bool = False

    def on(self, call: str, *replies: Reply) -> None:
        """What "METHOD /path" is answered."""
        self.replies[call] = list(replies)

    def calls(self, call: str) -> list[Seen]:
        """The requests to "METHOD /path"."""
        return [seen for seen in self.seen if f"{seen.method} {seen.path.split('?')[0]}" == call]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while line := await reader.readline():
                method, path, _ = line.decode().split()
                headers = {}
                while (header := (await reader.readline()).decode().strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.seen.append(Seen(method, path, headers, body))
                answers = self.replies.get(f"{method} {path.split('?')[0]}", [answer(404, {})])
                reply = answers.pop(0) if len(answers) > 1 else answers[0]
                if reply is None:
                    break
                writer.write(reply)
                await writer.drain()
                if self.hang_up_after_each or b"Connection: close" in reply:
                    break
        finally:
            writer.close()


def answer(status: int, body: Any = b"", **headers: str) -> bytes:
    """An HTTP answer; anything but bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def cut_off(status: int, body: bytes, length: int, **headers: str) -> bytes:
    """An answer that promises `length` bytes and closes after fewer."""
    lines = [f"HTTP/1.1 {status} X", f"content-length: {length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def serve(script: Script) -> AsyncIterator[Script]:
    """Run a script on a port of its own."""
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield script
    server.close()
