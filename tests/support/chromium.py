"""A Chromium for the browser tests: the machine's own, else one that needs no root.

`QCUT_CHROMIUM` names a binary, or says `packaged` to pass over the machine's own. Run as a script
this prints the path, for tools that are not Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.node import install_locked, locked_version, node_command

REPOSITORY = Path(__file__).parents[2]
_PACKAGE = REPOSITORY / "tests/e2e/browser"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    # The browser's part of the network guard: no name but this machine's resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)


def find_chromium() -> Path:
    """The browser to test with, installed into `.cache/` of the checkout when there is none."""
    asked = os.environ.get("QCUT_CHROMIUM", "")
    if asked and asked != "packaged":
        return Path(asked)
    if asked != "packaged":
        for name in _NAMES:
            found = shutil.which(name)
            if found:
                return Path(found)
    return _packaged_chromium()


def _packaged_chromium() -> Path:
    version = locked_version(_PACKAGE, "@sparticuz/chromium")
    folder = REPOSITORY / ".cache" / f"chromium-{version}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            packed = install_locked(_PACKAGE, Path(work)) / "@sparticuz/chromium/bin"
            _unpack(packed, Path(work) / "out", final=folder)
            (Path(work) / "out").rename(folder)
    return folder / "chromium-with-libraries"


def _unpack(packed: Path, out: Path, *, final: Path) -> None:
    """Lay `out` as it will stand at `final`: binary, libraries, fonts, a script that joins them."""
    out.mkdir()
    subprocess.run(
        [*node_command(), str(_PACKAGE / "unpack.mjs"), str(packed), str(out)], check=True
    )
    for archive in out.glob("*.tar"):
        with tarfile.open(archive) as tar:
            tar.extractall(out, filter="data")
        archive.unlink()
    (out / "chromium").chmod(0o755)
    (out / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{final}/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{final}/fonts-cache</cachedir></fontconfig>\n"
    )
    start = out / "chromium-with-libraries"
    start.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{final}/lib:{final}:$LD_LIBRARY_PATH"\n'
        f'export FONTCONFIG_FILE="{final}/fonts.conf"\n'
        f'exec "{final}/chromium" "$@"\n'
    )
    start.chmod(0o755)


if __name__ == "__main__":
    print(find_chromium())
