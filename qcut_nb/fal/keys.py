"""The API key: found, asked for, kept, and never shown."""

from __future__ import annotations

import concurrent.futures
import getpass
import importlib
import logging
import os
import threading
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NoReturn

from ..errors import MissingKeyError
from .hosts import is_plain

log = logging.getLogger("qcut_nb.fal")
SERVICE, USER = "qcut-nb", "fal"
KEYRING_TIMEOUT_S = 5.0
SHORTEST_SECRET = 16
"""Less is no key of fal's, and may well stand in a text by chance."""


class Key:
    """A fal API key that no repr, format, pickle or log shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str) or not value.strip() or not is_plain(value.strip()):
            raise MissingKeyError(
                "The fal key is empty or has characters that a key cannot have.",
                remedy="Copy it again from fal.ai/dashboard/keys.",
            )
        self._value = value.strip()

    @property
    def last_four(self) -> str:
        """The last four characters, to tell keys apart; nothing of a short key."""
        return self._value[-4:] if len(self._value) >= 12 else ""

    @property
    def mark(self) -> str:
        """Eight characters that tell this key from another, and nothing of it."""
        return blake2b(self._value.encode(), digest_size=4, person=b"qcut_nb").hexdigest()

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Key {self._value}"

    def scrub(self, text: str) -> str:
        """A text without the key and its secret half, should a server repeat them."""
        for secret in (self._value, self._value.partition(":")[2]):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return text

    def reveal(self) -> str:
        """The key itself, for a keyring."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Key(...)"

    def __reduce__(self) -> NoReturn:
        message = "a key is never pickled"
        raise TypeError(message)


def find_key(explicit: str | None = None) -> tuple[Key, str] | None:
    """The key and where it was found, or `None`.

    Looked at in this order: the argument, `FAL_KEY`, `FAL_KEY_ID` with `FAL_KEY_SECRET`, a Colab
    secret `FAL_KEY`, the OS keyring (where `keyring` is installed and its backend is a real one).

    Raises:
        MissingKeyError: What was found is not usable as a key.
    """
    if explicit is not None:
        return Key(explicit), "the key argument"
    if value := os.environ.get("FAL_KEY"):
        return Key(value), "FAL_KEY"
    key_id, secret = os.environ.get("FAL_KEY_ID"), os.environ.get("FAL_KEY_SECRET")
    if key_id and secret:
        return Key(f"{key_id}:{secret}"), "FAL_KEY_ID and FAL_KEY_SECRET"
    if value := _colab_secret():
        return Key(value), "a Colab secret"
    if value := _from_keyring():
        return Key(value), "the OS keyring"
    return None


def ask_key() -> Key:
    """Ask for the key without showing it.

    Raises:
        MissingKeyError: Nothing was typed, or nobody can be asked here.
    """
    try:
        return Key(getpass.getpass("fal API key: "))
    except (EOFError, RuntimeError, NotImplementedError) as error:
        raise MissingKeyError(
            "Nobody can be asked for a key here.", remedy="Set FAL_KEY instead."
        ) from error


def remember_key(key: Key) -> str:
    """Keep a key in the OS keyring if there is a real one; says "keyring" or "memory"."""
    keyring = _real_keyring()
    if keyring is None:
        return "memory"
    return "keyring" if _in_time(keyring.set_password, SERVICE, USER, key.reveal()) else "memory"


def _colab_secret() -> str | None:
    try:
        userdata = importlib.import_module("google.colab.userdata")
    except ImportError:
        return None
    try:
        value = userdata.get("FAL_KEY")
    except (userdata.SecretNotFoundError, userdata.NotebookAccessError):
        return None
    return str(value) if value else None


def _from_keyring() -> str | None:
    keyring = _real_keyring()
    if keyring is None:
        return None
    found = _in_time(keyring.get_password, SERVICE, USER)
    return found[0] if found else None


def _real_keyring() -> Any:
    """The keyring module, if its backend keeps secrets; plain files and stand-ins do not."""
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    backend = keyring.get_keyring()
    module = type(backend).__module__
    if module.startswith(("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")):
        return None
    return keyring if backend.priority >= 1 else None


def _in_time(call: Callable[..., Any], *args: str) -> tuple[Any] | None:
    """What a keyring answers; `None` when it fails, or asks somebody who does not answer."""
    answer: concurrent.futures.Future[Any] = concurrent.futures.Future()

    def run() -> None:
        try:
            answer.set_result(call(*args))
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True, name="qcut-keyring").start()
    try:
        return (answer.result(KEYRING_TIMEOUT_S),)
    except Exception as error:
        log.warning("the OS keyring did not answer: %s", type(error).__name__)
        return None
