"""Downloads: finished videos and uploads, with Range, validators and the faults of a bad line."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import unquote

from tornado.iostream import StreamClosedError

from .faults import Fault, FaultKind
from .shelf import is_request_id
from .web import Handler, content_type

CHUNK_BYTES = 1 << 18
DRIP_PARTS_PER_S = 10
MEDIA_FAULTS: tuple[FaultKind, ...] = (
    "media_error",
    "media_expired",
    "media_reset",
    "media_truncated",
    "media_drip",
    "media_wrong_range",
    "media_no_range",
    "media_changed",
)


class MediaHandler(Handler):
    """GET and HEAD /files/in/... and /files/out/...; public, as at fal."""

    kind = "media"
    needs_key = False

    async def head(self, rest: str) -> None:
        """Headers only."""
        await self._serve(with_body=False)

    async def get(self, rest: str) -> None:
        """The file, or the part of it that `Range` names."""
        await self._serve(with_body=True)

    async def _serve(self, *, with_body: bool) -> None:
        self.set_header("Access-Control-Allow-Origin", "*")
        address = unquote(self.request.path)
        fault = self._fault(address)
        path = self.world.shelf.find(address)
        if path is None or (fault and fault.kind == "media_expired"):
            return self.answer({"detail": "File not found"}, 404)
        if fault and fault.kind == "media_error":
            return self.answer({"detail": "Storage error"}, fault.status)
        span = self._begin(path, fault, content_type(address))
        if span is None or not with_body:
            self.finish()
            return
        try:
            await self._send(path, *span, fault)
        except StreamClosedError:
            return

    def _fault(self, address: str) -> Fault | None:
        request_id = address.removeprefix("/files/out/").split("/")[0]
        record = self.world.jobs.book.get(request_id) if is_request_id(request_id) else None
        endpoint, prompt = (record.endpoint, record.prompt) if record else (None, None)
        return self.world.faults.take(*MEDIA_FAULTS, endpoint=endpoint, prompt=prompt)

    def _begin(self, path: Path, fault: Fault | None, kind: str) -> tuple[int, int] | None:
        """Set status and headers; gives the first byte and the end, or `None` for no body."""
        stat = path.stat()
        size = stat.st_size
        if fault and fault.kind == "media_truncated":
            size = min(size, size // 2 if fault.at_bytes is None else fault.at_bytes)
        changed = "-changed" if fault and fault.kind == "media_changed" else ""
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}{changed}"'
        self.set_header("ETag", etag)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Content-Type", kind)
        if etag in self.request.headers.get("If-None-Match", ""):
            self.set_status(304)
            return None
        wanted = self.request.headers.get("Range")
        if_range = self.request.headers.get("If-Range")
        ignored = fault is not None and fault.kind == "media_no_range"
        if wanted is None or ignored or (if_range is not None and if_range != etag):
            self.set_header("Content-Length", str(size))
            return 0, size
        span = parse_range(wanted, size)
        if span is None:
            self.set_header("Content-Length", str(size))
            return 0, size
        start, end = span
        if start >= end:
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{size}")
            self.set_header("Content-Length", "0")
            return None
        self.set_status(206)
        told = start
        if fault and fault.kind == "media_wrong_range":
            told = start + 1 if start + 1 < end else max(0, start - 1)
        self.set_header("Content-Range", f"bytes {told}-{told + end - start - 1}/{size}")
        self.set_header("Content-Length", str(end - start))
        return start, end

    async def _send(self, path: Path, start: int, end: int, fault: Fault | None) -> None:
        chunk_bytes, pause_s, stop = CHUNK_BYTES, 0.0, end
        if fault and fault.kind == "media_drip":
            chunk_bytes = max(1, fault.bytes_per_s // DRIP_PARTS_PER_S)
            pause_s = 1 / DRIP_PARTS_PER_S
        if fault and fault.kind == "media_reset":
            half = (end - start) // 2
            stop = min(end, start + (half if fault.at_bytes is None else fault.at_bytes))
        with path.open("rb") as file:
            file.seek(start)
            while start < stop and not self.world.closing.is_set():
                data = file.read(min(chunk_bytes, stop - start))
                self.write(data)
                await self.flush()
                start += len(data)
                if pause_s:
                    await asyncio.sleep(pause_s)
        if start < end:
            self.drop()


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and end (exclusive) of a Range header.

    Args:
        header: For example "bytes=100-" or "bytes=-500".
        size: Length of the file, bytes.

    Returns:
        `None` for what is to be ignored (several ranges, other units, nonsense); an empty span
        (start >= end) for what cannot be satisfied.
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    end = min(size, int(last) + 1) if last else size
    if last and int(last) < int(first):
        return None
    return int(first), end
