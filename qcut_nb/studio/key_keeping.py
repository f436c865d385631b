"""A key that is given while a studio is open: used from now on, and kept where it is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..fal import Key, remember_key

if TYPE_CHECKING:
    from .core import Core


def take_key(core: Core, key: Key) -> str:
    """Use a key from the next call on, and keep it; what is under way goes on.

    Args:
        core: The open project.
        key: The new key.

    Returns:
        Where it is kept, as a sentence: the OS keyring when there is a real one, else this kernel.
    """
    kept = remember_key(key)
    core.connection.key = key
    core.connection.key_source = "the OS keyring" if kept == "keyring" else "this kernel"
    core.engine.use_key(key)
    where = "kept in the OS keyring" if kept == "keyring" else "kept for this kernel only"
    if core.connection.mode == "simulated":
        where += "; this studio stays simulated: open Studio(name, mode='live') to use it"
    return f"{where}."


def masked(key: Key | None) -> str | None:
    """What may be shown of a key: enough to tell it from another."""
    return None if key is None else f"...{key.last_four}"
