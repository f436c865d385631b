"""Uploads: a file that a request needs, streamed from disk to fal's storage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from ..errors import FalConnectionError, FalError, UploadRejectedError
from .hosts import origin_of
from .places import Places
from .wire import Wire, request_of

MULTIPART_ABOVE_BYTES = 90 << 20
PART_BYTES = 10 << 20
PARTS_AT_ONCE = 4
PART_AGAIN_S = (0.5, 1.0, 2.0)
CHUNK_BYTES = 256 << 10
NOT_SENT = "Nothing was spent: the request was not sent."
UPLOAD_TIMEOUT = httpx.Timeout(120.0, connect=15.0, pool=None)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Token:
    authorization: str
    base_url: str
    expires_at: datetime


class Storage:
    """fal's storage. Its CDN gets a short-lived token; presigned URLs get no credentials at all."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._places = Places(wire.hosts)
        self._token: _Token | None = None
        self._lock = asyncio.Lock()

    async def upload(
        self, path: str | PathLike[str], *, content_type: str, on_progress: Progress | None = None
    ) -> str:
        """Upload a file and give its public URL.

        Args:
            path: The file; it is streamed, never held in memory.
            content_type: Its MIME type.
            on_progress: Called with the bytes sent and the bytes in all.

        Raises:
            UploadRejectedError: The file cannot be read.
            FalError: fal refused it or cannot be reached; nothing was spent.
        """
        file = Path(path)
        try:
            size_bytes = (await asyncio.to_thread(file.stat)).st_size
        except OSError as error:
            raise UploadRejectedError(f"{file.name} cannot be read: {error.strerror}.") from error
        sending = _Sending(file, size_bytes, content_type, on_progress)
        try:
            token = await self._fresh_token()
            if size_bytes > MULTIPART_ABOVE_BYTES:
                return await self._multipart(sending, token)
            return await self._whole(sending, token)
        except FalError as error:
            if error.status_code in (401, 403):
                raise
            return await self._presigned(sending)

    async def _fresh_token(self) -> _Token:
        async with self._lock:
            if self._token and self._token.expires_at > datetime.now(UTC) + timedelta(minutes=1):
                return self._token
            url = f"{self._wire.hosts.rest}/storage/auth/token?storage_type=fal-cdn-v3"
            data = await self._ask(url, {})
            try:
                expires_at = datetime.fromisoformat(data["expires_at"])
                self._token = _Token(
                    f"{data['token_type']} {data['token']}",
                    data.get("base_url") or self._wire.hosts.cdn,
                    expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=UTC),
                )
            except (KeyError, TypeError, ValueError) as error:
                raise FalError("fal's storage token cannot be read.", money=NOT_SENT) from error
            return self._token

    async def _ask(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await self._wire.send("POST", url, json=body)
        if not response.is_success:
            raise self._wire.failure(response, money=NOT_SENT)
        return self._wire.json_object(response)

    async def _whole(self, sending: _Sending, token: _Token) -> str:
        response = await self._send(
            "POST",
            f"{self._wire.hosts.cdn}/files/upload",
            content=sending.chunks(0, sending.size_bytes),
            headers={
                "Authorization": token.authorization,
                "Content-Type": sending.content_type,
                "Content-Length": str(sending.size_bytes),
                "X-Fal-File-Name": quote(sending.file.name),
            },
        )
        return _url(self._wire.json_object(response), "access_url")

    async def _multipart(self, sending: _Sending, token: _Token) -> str:
        headers = {"Authorization": token.authorization}
        response = await self._send(
            "POST",
            f"{token.base_url}/files/upload/multipart",
            headers=headers
            | {"Content-Type": sending.content_type, "X-Fal-File-Name": quote(sending.file.name)},
        )
        data = self._wire.json_object(response)
        url = _url(data, "access_url")
        upload = f"{url}/multipart/{_url(data, 'uploadId')}"
        gate = asyncio.Semaphore(PARTS_AT_ONCE)
        starts = range(0, sending.size_bytes, PART_BYTES)

        async def part(number: int, start: int) -> dict[str, Any]:
            async with gate:
                etag = await self._part(f"{upload}/{number}", headers, sending, start)
            return {"partNumber": number, "etag": etag}

        try:
            async with asyncio.TaskGroup() as group:
                parts = [group.create_task(part(n, start)) for n, start in enumerate(starts, 1)]
        except ExceptionGroup as failures:
            raise FalConnectionError(
                f"A part of {sending.file.name} could not be uploaded.", money=NOT_SENT
            ) from failures
        done = {"parts": [task.result() for task in parts]}
        await self._send("POST", f"{upload}/complete", headers=headers, json=done)
        return url

    async def _part(self, url: str, headers: dict[str, str], sending: _Sending, start: int) -> str:
        size_bytes = min(PART_BYTES, sending.size_bytes - start)
        for delay_s in (*PART_AGAIN_S, None):
            try:
                response = await self._send(
                    "PUT",
                    url,
                    content=sending.chunks(start, size_bytes),
                    headers=headers
                    | {"Content-Length": str(size_bytes), "Accept-Encoding": "identity"},
                )
                return response.headers["etag"]
            except (FalError, KeyError):
                sending.take_back(start)
                if delay_s is None:
                    raise
            await asyncio.sleep(delay_s)
        raise AssertionError

    async def _presigned(self, sending: _Sending) -> str:
        sending.take_back(None)
        data = await self._ask(
            f"{self._wire.hosts.rest}/storage/upload/initiate?storage_type=gcs",
            {"file_name": sending.file.name, "content_type": sending.content_type},
        )
        await self._send(
            "PUT",
            _url(data, "upload_url"),
            content=sending.chunks(0, sending.size_bytes),
            headers={
                "Content-Type": sending.content_type,
                "Content-Length": str(sending.size_bytes),
            },
        )
        return _url(data, "file_url")

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], **content: Any
    ) -> httpx.Response:
        """A request without the key."""
        if not self._places.allow(url):
            raise FalError(
                f"fal's storage points to {origin_of(url)}, which is not a place for uploads.",
                money=NOT_SENT,
                remedy="Tell fal's support; nothing was sent there.",
            )
        try:
            request = request_of(method, url, headers, UPLOAD_TIMEOUT, **content)
            response = await self._wire.http.send(request)
        except httpx.HTTPError as error:
            raise FalConnectionError(
                f"The upload broke off ({type(error).__name__}).",
                money=NOT_SENT,
                remedy="Check the network and try again.",
            ) from error
        except OSError as error:
            raise UploadRejectedError(f"The file cannot be read: {error.strerror}.") from error
        if not response.is_success:
            raise self._wire.failure(response, money=NOT_SENT)
        return response


class _Sending:
    """A file on its way, read in chunks off the loop."""

    def __init__(
        self, file: Path, size_bytes: int, content_type: str, on_progress: Progress | None
    ) -> None:
        self.file = file
        self.size_bytes = size_bytes
        self.content_type = content_type
        self._on_progress = on_progress
        self._sent: dict[int, int] = {}

    async def chunks(self, start: int, size_bytes: int) -> AsyncIterator[bytes]:
        left = size_bytes
        self._sent[start] = 0
        with await asyncio.to_thread(self.file.open, "rb") as source:
            source.seek(start)
            while left > 0:
                chunk = await asyncio.to_thread(source.read, min(CHUNK_BYTES, left))
                if not chunk:
                    raise UploadRejectedError(f"{self.file.name} became shorter while it was read.")
                left -= len(chunk)
                yield chunk
                self._sent[start] += len(chunk)
                if self._on_progress is not None:
                    self._on_progress(sum(self._sent.values()), self.size_bytes)

    def take_back(self, start: int | None) -> None:
        """Forget what was sent from one place on, or all of it."""
        if start is None:
            self._sent.clear()
        else:
            self._sent.pop(start, None)


def _url(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise FalError(f"fal's storage answered without {name!r}.", money=NOT_SENT)
    return value
