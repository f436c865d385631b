"""Files on their way from the browser into the project's folder."""

from __future__ import annotations

import filecmp
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock

from qcut_nb.errors import InputError, UploadRejectedError

from .messages import CHUNK_BYTES, FileKind


@dataclass
class _Upload:
    kind: FileKind
    part: Path
    wanted: Path
    target: Path
    size_bytes: int
    missing: set[int]


class Uploads:
    """Parts of files, written to disk in any order, and put in place when all are there.

    Attributes:
        folder: Where files go; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, _Upload] = {}
        self._lock = Lock()

    def open(self, kind: FileKind, name: str, size_bytes: int) -> str:
        """Get ready for a file.

        Returns:
            The upload's id.

        Raises:
            UploadRejectedError: The file is empty.
        """
        if size_bytes == 0:
            raise UploadRejectedError(f"{name} is empty.", remedy="Choose another file.")
        self.folder.mkdir(parents=True, exist_ok=True)
        upload_id = secrets.token_hex(8)
        part = self.folder / f"upload-{upload_id}.part"
        part.touch()
        offsets = set(range(0, size_bytes, CHUNK_BYTES))
        with self._lock:
            wanted = self.folder / _safe_name(name)
            target = self._free_path(wanted)
            self._open[upload_id] = _Upload(kind, part, wanted, target, size_bytes, offsets)
        return upload_id

    def write(self, upload_id: str, offset: int, data: bytes | memoryview) -> None:
        """Write one part; writing it again changes nothing.

        Raises:
            InputError: It is not a part of this upload.
            UploadRejectedError: It cannot be written; the upload is given up.
        """
        upload = self._find(upload_id)
        expected = min(CHUNK_BYTES, upload.size_bytes - offset)
        if offset % CHUNK_BYTES or len(data) != expected:
            raise InputError(f"{len(data)} bytes at {offset} are no part of {upload.target.name}.")
        try:
            with upload.part.open("r+b") as file:
                file.seek(offset)
                file.write(data)
        except OSError as error:
            with self._lock:
                self._open.pop(upload_id, None)
            upload.part.unlink(missing_ok=True)
            raise UploadRejectedError(
                f"{upload.wanted.name} could not be copied to {self.folder}: {error.strerror}.",
                remedy="Make room there, or make the folder writable, then do it again.",
            ) from error
        with self._lock:
            upload.missing.discard(offset)

    def close(self, upload_id: str) -> tuple[FileKind, Path]:
        """Put a file in place; one that is there already under its name is not kept twice.

        Returns:
            What it is meant to be, and where it is.

        Raises:
            InputError: Parts are missing.
        """
        upload = self._find(upload_id)
        if upload.missing:
            raise InputError(f"{upload.target.name}: {len(upload.missing)} parts have not arrived.")
        there = upload.wanted.is_file() and filecmp.cmp(upload.part, upload.wanted, shallow=False)
        path = upload.wanted if there else upload.target
        if there:
            upload.part.unlink()
        else:
            upload.part.replace(path)
        with self._lock:
            del self._open[upload_id]
        return upload.kind, path

    def discard(self) -> None:
        """Remove what never became whole."""
        with self._lock:
            abandoned, self._open = list(self._open.values()), {}
        for upload in abandoned:
            upload.part.unlink(missing_ok=True)

    def _find(self, upload_id: str) -> _Upload:
        with self._lock:
            upload = self._open.get(upload_id)
        if upload is None:
            raise InputError("This upload is not open any more.", remedy="Choose the file again.")
        return upload

    def _free_path(self, wanted: Path) -> Path:
        taken = {upload.target for upload in self._open.values()}
        path, number = wanted, 2
        while path.exists() or path in taken:
            path = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
            number += 1
        return path


def _safe_name(name: str) -> str:
    """The last part of a name from another machine, as a plain visible file name."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in last).strip(". ")
    return kept[-120:] or "file"
