"""Storage: upload tokens, CDN upload, presigned PUT, both kinds of multipart."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote
from uuid import uuid4

from tornado.httputil import HTTPServerRequest
from tornado.web import stream_request_body

from .web import Handler

TOKEN_PREFIX = "simulated-"
TOKEN_LIFE = timedelta(hours=1)
NO_TOKEN = 401, "Invalid token"


class TokenHandler(Handler):
    """POST /storage/auth/token."""

    kind = "token"

    def post(self) -> None:
        """A token for CDN uploads."""
        expires = datetime.now(UTC) + TOKEN_LIFE
        self.answer(
            {
                "token": TOKEN_PREFIX + uuid4().hex,
                "token_type": "Bearer",
                "base_url": self.origin,
                "expires_at": expires.isoformat(),
            }
        )


class InitiateHandler(Handler):
    """POST /storage/upload/initiate and /storage/upload/initiate-multipart."""

    kind = "initiate"

    def post(self) -> None:
        """An address to PUT to without the key, and the address of the file afterwards."""
        body = self.json_body()
        if not isinstance(body, dict):
            return self.answer({"detail": "Invalid JSON body"}, 400)
        address, _ = self.world.shelf.reserve(str(body.get("file_name") or "file"))
        rest = address.removeprefix("/files/in/")
        signature = _signature(rest)
        self.answer(
            {
                "upload_url": f"{self.origin}/files/presigned/{rest}?signature={signature}",
                "file_url": self.origin + address,
            }
        )


@stream_request_body
class Upload(Handler):
    """Base of the handlers that take bytes: straight to disk, whatever the size.

    A refusal is sent after the body was read: sent before, it could be lost with the connection.

    Attributes:
        target: Where the bytes go.
    """

    kind = "upload"
    needs_key = False
    target: Path
    _file: BinaryIO | None = None
    _refusal: tuple[int, str] | None = None

    def prepare(self) -> None:
        """Decide whether bytes are welcome, and where they go."""
        super().prepare()
        self._digest = hashlib.md5(usedforsecurity=False)
        if fault := self.world.faults.take("upload_error", "upload_dropped"):
            if fault.kind == "upload_dropped":
                return self.drop()
            self._refusal = fault.status, "Storage error"
        else:
            self._refusal = self.open_target()

    def open_target(self) -> tuple[int, str] | None:
        """Set `target`, or say why not: status and text."""
        raise NotImplementedError

    def refused(self) -> bool:
        """Whether the upload was refused, and the answer sent."""
        if self._refusal is not None:
            status, text = self._refusal
            self.answer({"detail": text}, status)
        return self._refusal is not None

    def data_received(self, chunk: bytes) -> None:
        """Append to the file."""
        if self._refusal is not None:
            return
        if self._file is None:
            self._file = self.target.with_name(self.target.name + ".part").open("wb")
        self._file.write(chunk)
        self._digest.update(chunk)

    def keep(self) -> str:
        """Put the finished file in its place; gives its ETag."""
        part = self.target.with_name(self.target.name + ".part")
        if self._file is None:
            part.touch()
        else:
            self._file.close()
            self._file = None
        part.replace(self.target)
        return f'"{self._digest.hexdigest()}"'

    def on_connection_close(self) -> None:
        """Give up a broken upload."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self.target.with_name(self.target.name + ".part").unlink(missing_ok=True)


class CdnUploadHandler(Upload):
    """POST /files/upload."""

    def open_target(self) -> tuple[int, str] | None:
        """A new file under the name that the header gives."""
        if not _has_token(self.request):
            return NO_TOKEN
        name = unquote(self.request.headers.get("X-Fal-File-Name", "file"))
        self.address, self.target = self.world.shelf.reserve(name)
        return None

    def post(self) -> None:
        """Store the body."""
        if self.refused():
            return
        self.keep()
        self.answer({"access_url": self.origin + self.address})


class PresignedHandler(Upload):
    """PUT /files/presigned/{id}/{name}, without any key."""

    kind = "presigned"

    def open_target(self) -> tuple[int, str] | None:
        """The file that the signature was made for; notes a key that should not be here."""
        if "Authorization" in self.request.headers:
            self.world.presigned_authorizations.append(self.request.path)
        rest, number = _split_part(self.request.path.removeprefix("/files/presigned/"))
        path = self.world.shelf.upload_path("/files/in/" + rest)
        if path is None or self.get_query_argument("signature", "") != _signature(rest):
            return 403, "Signature does not match"
        self.target = path if number is None else _part_path(path, "presigned", number)
        return None

    def put(self, rest: str) -> None:
        """Store the body, or one part of it."""
        if self.refused():
            return
        number = _split_part(rest)[1]
        etag = self.keep()
        self.set_header("ETag", etag)
        if number is None:
            self.finish()
        else:
            self.answer({"partNumber": int(number), "etag": etag})


class MultipartCreateHandler(Handler):
    """POST /files/upload/multipart."""

    kind = "upload"
    needs_key = False

    def post(self) -> None:
        """A new multipart upload."""
        if not _has_token(self.request):
            return self.answer({"detail": NO_TOKEN[1]}, NO_TOKEN[0])
        name = unquote(self.request.headers.get("X-Fal-File-Name", "file"))
        address, _ = self.world.shelf.reserve(name)
        self.answer({"access_url": self.origin + address, "uploadId": uuid4().hex})


class PartHandler(Upload):
    """PUT {access_url}/multipart/{uploadId}/{n}."""

    kind = "part"

    def open_target(self) -> tuple[int, str] | None:
        """The part's own file."""
        if not _has_token(self.request):
            return NO_TOKEN
        address, upload_id, number = self.path_args
        path = self.world.shelf.upload_path(address)
        if path is None:
            return 404, "Upload not found"
        self.target = _part_path(path, upload_id, number)
        return None

    def put(self, address: str, upload_id: str, number: str) -> None:
        """Store one part."""
        if self.refused():
            return
        self.set_header("ETag", self.keep())
        self.finish()


class CompleteHandler(Handler):
    """POST .../complete of both kinds of multipart: parts may be listed in any order."""

    kind = "complete"
    needs_key = False

    async def post(self, address: str, upload_id: str = "presigned") -> None:
        """Join the parts."""
        if not address.startswith("/files/"):
            address = "/files/in/" + address
        path = self.world.shelf.upload_path(address)
        body = self.json_body()
        listed = body.get("parts") if isinstance(body, dict) else None
        if path is None or not listed:
            return self.answer({"detail": "Upload not found"}, 404)
        wanted = {int(part["partNumber"]): str(part["etag"]) for part in listed}
        parts = [_part_path(path, upload_id, str(number)) for number in sorted(wanted)]
        if sorted(wanted) != list(range(1, len(wanted) + 1)):
            return self.answer({"detail": "Parts are missing"}, 400)
        if not await asyncio.to_thread(_join, parts, [wanted[n] for n in sorted(wanted)], path):
            return self.answer({"detail": "A part is missing or its ETag does not match"}, 400)
        self.answer({"access_url": self.origin + address})


def _has_token(request: HTTPServerRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme == "Bearer" and token.startswith(TOKEN_PREFIX)


def _join(parts: list[Path], etags: list[str], target: Path) -> bool:
    whole = target.with_name(target.name + ".part")
    with whole.open("wb") as file:
        for part, etag in zip(parts, etags, strict=True):
            if not part.is_file() or _etag(part) != etag.strip('"'):
                whole.unlink()
                return False
            with part.open("rb") as source:
                shutil.copyfileobj(source, file, 1 << 20)
    whole.replace(target)
    for part in parts:
        part.unlink()
    return True


def _etag(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _part_path(path: Path, upload_id: str, number: str) -> Path:
    return path.with_name(f".{upload_id}.{int(number)}")


def _split_part(rest: str) -> tuple[str, str | None]:
    pieces = rest.split("/")
    return ("/".join(pieces[:2]), pieces[2]) if len(pieces) == 3 else (rest, None)


def _signature(rest: str) -> str:
    return hashlib.sha256(f"presigned {rest}".encode()).hexdigest()[:32]
