"""Where the simulator keeps files, and which address stands for which of them.

Uploads are under `/files/in/`, finished videos under `/files/out/<request id>/`.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

from .records import RecordBook

MEDIA_NAME = "output.mp4"
_OUT = re.compile(r"/files/out/([^/]+)/[^/]+")
_IN = re.compile(r"/files/in/([0-9a-f]{32})/([^/]+)")


class Shelf:
    """Uploads and finished videos in a state folder.

    Attributes:
        folder: Uploads, each in a folder of its own.
        media: Finished videos.
    """

    def __init__(self, state: Path, book: RecordBook) -> None:
        self.folder = state / "files"
        self.media = state / "media"
        self._book = book
        self.folder.mkdir(parents=True, exist_ok=True)
        self.media.mkdir(parents=True, exist_ok=True)

    def reserve(self, file_name: str) -> tuple[str, Path]:
        """An address (path of a URL) for a new upload, and where its bytes go."""
        name = re.sub(r"[^\w.-]", "_", Path(file_name).name, flags=re.ASCII)[-80:].lstrip(".")
        address = f"/files/in/{uuid4().hex}/{name or 'file'}"
        path = self._upload(address)
        if path is None:
            raise ValueError(f"{address} is not an address of an upload")
        path.parent.mkdir()
        return address, path

    def upload_path(self, address: str) -> Path | None:
        """Where the bytes of a reserved address go; `None` for other addresses."""
        path = self._upload(address)
        return path if path is not None and path.parent.is_dir() else None

    def find(self, address: str) -> Path | None:
        """The existing file behind an address, or `None`."""
        path = self._upload(address)
        if path is None:
            match = _OUT.fullmatch(address)
            path = self.made(match[1]) if match else None
        return path if path is not None and path.is_file() else None

    def made(self, request_id: str) -> Path | None:
        """The finished video of a request, or `None`."""
        record = self._book.get(request_id) if is_request_id(request_id) else None
        if record is None or record.outcome is None or record.outcome.media is None:
            return None
        return self.media / record.outcome.media

    def _upload(self, address: str) -> Path | None:
        match = _IN.fullmatch(address)
        return self.folder / match[1] / match[2] if match and match[2] not in (".", "..") else None


def is_request_id(text: str) -> bool:
    """Whether a text has the form of a request id."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
