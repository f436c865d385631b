"""Are the stored clips still what was stored?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape
from math import ceil
from pathlib import Path
from typing import Literal

from ..errors import InputError
from ..media import sha256_file
from ..store import ClipRow, Project

Finding = Literal["fine", "missing", "changed"]


@dataclass(frozen=True)
class CheckedClip:
    """One clip as it was found.

    Attributes:
        file: Its path below the project's folder.
        finding: "fine" as far as was looked, "missing", or "changed": another size or content.
        read: Whether all of its data was compared, or only its size.
    """

    clip_id: str
    file: str
    finding: Finding
    read: bool


@dataclass(frozen=True)
class Verification:
    """A project's clips, compared with what the store says of them; displays as a report.

    Attributes:
        clips: Every clip, the newest first.
        strangers: Files in the clips' folder that the store does not know.
    """

    clips: tuple[CheckedClip, ...]
    strangers: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing is missing or changed."""
        return all(clip.finding == "fine" for clip in self.clips)

    def of(self, finding: Finding) -> list[CheckedClip]:
        """The clips of one finding."""
        return [clip for clip in self.clips if clip.finding == finding]

    def __str__(self) -> str:
        read = sum(clip.read for clip in self.clips)
        lines = [f"Clips: {len(self.clips)}, all sizes compared; data read and compared: {read}."]
        if self.fine:
            lines.append("Nothing is missing or changed.")
        for finding in ("missing", "changed"):
            found = self.of(finding)
            if found:
                lines.append(f"{len(found)} {finding}: {', '.join(clip.file for clip in found)}.")
        if not self.fine:
            lines.append(
                "Next: put the files back from a copy of the folder, and call studio.verify(1.0). "
                "Making one again is a new payment: studio.rerun(clip)."
            )
        if self.strangers:
            lines.append(
                f"Not in the store: {', '.join(self.strangers)}. "
                "Next: studio.rebuild() takes in those that carry a recipe; it is free."
            )
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head, *rest = str(self).splitlines()
        return f"<p><b>{escape(head)}</b></p>" + "".join(f"<p>{escape(line)}</p>" for line in rest)


def verify(project: Project, read_data: float) -> Verification:
    """Compare the stored clips with their records: all sizes, and the data of a part.

    Args:
        project: The project.
        read_data: Part of the clips whose data is read, 0 to 1; others each time.

    Raises:
        InputError: `read_data` is no part.
    """
    number = isinstance(read_data, int | float) and not isinstance(read_data, bool)
    if not number or not 0 <= read_data <= 1:
        raise InputError(
            f"read_data={read_data!r} is no part of the clips.",
            money="",
            remedy="Pass a number from 0 (sizes only) to 1 (read everything).",
        )
    rows = project.store.clips(limit=-1)
    chosen = {row.id for row in random.sample(rows, ceil(len(rows) * read_data))}
    checked = tuple(_check(project.folder, row, read=row.id in chosen) for row in rows)
    return Verification(checked, tuple(_strangers(project)))


def _check(folder: Path, row: ClipRow, *, read: bool) -> CheckedClip:
    path = folder / row.file
    finding: Finding = "fine"
    try:
        same = path.stat().st_size == row.size_bytes
        if not same or (read and sha256_file(path) != row.sha256):
            finding = "changed"
    except OSError:
        finding = "missing"
    return CheckedClip(row.id, row.file, finding, read=read and finding != "missing")


def _strangers(project: Project) -> list[str]:
    known = {row["file"] for row in project.store.read("SELECT file FROM clips")}
    files = (path for path in project.clips.iterdir() if path.is_file())
    names = (path.relative_to(project.folder).as_posix() for path in files)
    parts = (".part", ".etag", ".broken")
    return sorted(name for name in names if name not in known and not name.endswith(parts))
