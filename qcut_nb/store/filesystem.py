"""Where a folder lies: on this machine's own disk, or on one that several machines share."""

from __future__ import annotations

import re
from pathlib import Path

NETWORK = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "drvfs",
        "fuse.gcsfuse",
        "fuse.grpcfuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    }
)
"""File systems on which two machines may have one file open, by Linux's names.

Source:
    https://www.sqlite.org/wal.html, read 2026-08: all processes that use a WAL must be on one host.
"""
_MOUNTS = Path("/proc/mounts")


def is_on_network(folder: Path, mounts: str | None = None) -> bool:
    """Whether a folder is on a file system that other machines may write to as well.

    Args:
        folder: An existing folder.
        mounts: What `/proc/mounts` says; read from there by default. Without one, only Windows'
            names of shares (`//server/...`) tell.
    """
    place = folder.resolve()
    if place.drive.startswith(("\\\\", "//")):
        return True
    if mounts is None:
        mounts = _MOUNTS.read_text(errors="replace") if _MOUNTS.exists() else ""
    best, kind = 0, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_plain(fields[1]))
        # The last of several mounts on one point is the one that is seen.
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind in NETWORK


def _plain(name: str) -> str:
    """A mount point as it is called; the kernel writes spaces and the like in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name)
