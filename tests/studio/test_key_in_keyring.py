"""A key that was given is kept in the keyring, and is nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from qcut_nb.simulator import Simulator
from support.network_guard import guarded_environment

FIRST, KEPT = "first-half:the-first-secret-of-two", "second-half:the-other-secret-of-two"
WAIT_S = 60
KEYRING = """
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 5
    file = Path("keyring.kept")

    def set_password(self, service, username, password):
        self.file.write_text(password)

    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None

    def delete_password(self, service, username):
        self.file.unlink()
"""
SESSION = f"""
import logging, sys
sys.path.insert(0, ".")
logging.basicConfig(filename="debug.log", level=logging.DEBUG)
from qcut_nb import Studio
with Studio("kept", mode="live", key={FIRST!r}) as studio:
    studio.key = {KEPT!r}
    studio.generate("a kite", models="wan_turbo").wait({WAIT_S})
with Studio("again", mode="live") as studio:
    print(studio, studio.key, studio.generate("a kite", models="wan_turbo").wait({WAIT_S}))
"""


def test_a_key_that_is_kept_is_in_the_keyring_and_nowhere_else(
    tmp_path: Path, simulator: Simulator
) -> None:
    (tmp_path / "file_keyring.py").write_text(KEYRING)
    here = {"PYTHON_KEYRING_BACKEND": "file_keyring.Keyring", "QCUT_NB_FAL_URL": simulator.origin}
    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        cwd=tmp_path,
        env=guarded_environment() | here,
        capture_output=True,
        text=True,
        timeout=2 * WAIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "kept in the OS keyring" in done.stdout
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"debug.log", "journal.jsonl", "project.sqlite3"}
    for secret in (half for key in (FIRST, KEPT) for half in key.split(":")):
        assert secret not in done.stdout + done.stderr
        holding = [path.name for path in files if secret.encode() in path.read_bytes()]
        assert holding == (["keyring.kept"] if secret in KEPT else [])
