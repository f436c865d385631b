"""Who watches a job: one process at a time, known by its machine, its boot and its process id."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

LEASE_S = 20.0
HEARTBEAT_S = 5.0
_DISOWNED: set[str] = set()


def new_owner() -> str:
    """A name for this process's leases, unique to it."""
    return f"{_machine()}|{os.getpid()}|{secrets.token_hex(4)}"


def disown(owner: str) -> None:
    """Note that an owner of this process has ended, though its leases could not be given back."""
    _DISOWNED.add(owner)


def of_this_process(owner: str) -> bool:
    """Whether a lease is this process's own."""
    return owner.startswith(f"{_machine()}|{os.getpid()}|")


def surely_dead(owner: str) -> bool:
    """Whether the process behind a lease has ended; `False` where that cannot be known."""
    machine, _, rest = owner.partition("|")
    pid = rest.partition("|")[0]
    if machine != _machine() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return owner in _DISOWNED
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _machine() -> str:
    """This machine, this boot, this process namespace: a pid means something only within all."""
    parts = [socket.gethostname().replace("|", "_")]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists():
        parts.append(boot.read_text().strip())
    if namespace.exists():
        parts.append(str(namespace.stat().st_ino))
    return ":".join(parts)
