"""Where fal's four services are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from ..errors import ConfigError

VARIABLE = "QCUT_NB_FAL_URL"


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL; of what cannot be read as one, a word that says so."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "no address"
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_plain(text: str) -> bool:
    """Whether a text can go over the wire just as it stands: printable ASCII without spaces."""
    return text.isascii() and text.isprintable() and " " not in text


@dataclass(frozen=True, slots=True)
class Hosts:
    """The origins that the key may be sent to.

    Attributes:
        queue: Submit, status, result, cancel.
        rest: Storage tokens and the start of uploads.
        cdn: Uploads; it gets a token, never the key.
        api: Prices and past requests.

    Source:
        fal's documentation of its queue, storage and platform API, read 2026-08.
    """

    queue: str = "https://queue.fal.run"
    rest: str = "https://rest.fal.ai"
    cdn: str = "https://v3.fal.media"
    api: str = "https://api.fal.ai"

    @classmethod
    def single(cls, origin: str) -> Self:
        """All four on one origin, such as a simulator's.

        Raises:
            ConfigError: It is not a URL of http or https.
        """
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"{origin!r} is not the URL of a server.",
                remedy=f"Set {VARIABLE} to something like http://127.0.0.1:8765, or unset it.",
            )
        base = origin.rstrip("/")
        return cls(base, base, base, base)

    @classmethod
    def default(cls) -> Self:
        """The hosts of fal, or the one that `QCUT_NB_FAL_URL` names."""
        origin = os.environ.get(VARIABLE)
        return cls.single(origin) if origin else cls()

    @property
    def configured(self) -> bool:
        """Whether these are not fal's own."""
        return self != type(self)()
