"""Refuse every connection that leaves this machine, so that no test can reach a paid host.

An audit hook sees the sockets of every library, in every thread, and cannot be taken off again.
Child processes get the same guard by `guarded_environment()`.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

SITE_FOLDER = Path(__file__).parent / "guard"

_LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "0.0.0.0", "::", socket.gethostname()}
_CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_RESOLVING = {"socket.getaddrinfo", "socket.gethostbyname"}
_FAMILIES_OUTSIDE = {socket.AF_INET, socket.AF_INET6}


class OutsideConnectionError(AssertionError):
    """A test tried to leave this machine.

    Not an `OSError` on purpose: code that rides out network trouble must not ride out this.
    """


refused: list[str] = []


def _is_local(host: object) -> bool:
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(host: object) -> None:
    refused.append(str(host))
    message = f"A test tried to reach {host!r}. Tests may only use this machine's loopback."
    raise OutsideConnectionError(message)


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event in _CONNECTING:
        sock, address = args[0], args[1]
        outside = isinstance(sock, socket.socket) and sock.family in _FAMILIES_OUTSIDE
        if outside and isinstance(address, tuple) and not _is_local(address[0]):
            _refuse(address[0])
    elif event in _RESOLVING and not _is_local(args[0]):
        _refuse(args[0])


_installed = False


def install() -> None:
    """Guard this process from now to its end."""
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_watch)


def guarded_environment(**extra: str) -> dict[str, str]:
    """This process's environment, for a Python child that shall be guarded as well.

    The child also imports the same `qcut_nb` and sees no key and no proxy.
    """
    import qcut_nb

    package_root = str(Path(qcut_nb.__file__).parents[1])
    keep = {name: value for name, value in os.environ.items() if not is_private(name)}
    paths = [str(SITE_FOLDER), str(SITE_FOLDER.parents[1]), package_root]
    return {**keep, "PYTHONPATH": os.pathsep.join(paths), **extra}


def is_private(name: str) -> bool:
    """Whether an environment variable could carry a key, or carry traffic past the guard."""
    upper = name.upper()
    return upper.startswith(("FAL_", "QCUT_NB_")) or upper.endswith("_PROXY")
