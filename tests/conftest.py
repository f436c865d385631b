"""Every test runs without a key, in a home of its own, and cannot leave this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import network_guard

network_guard.install()


@pytest.fixture(autouse=True)
def only_this_machine() -> Iterator[None]:
    """Fail a test that tried to leave the machine, even where its code swallowed the refusal."""
    network_guard.refused.clear()
    yield
    assert not network_guard.refused, f"Tried to reach {network_guard.refused}."


@pytest.fixture(autouse=True)
def bare_environment(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A user without keys, settings or a keyring: the new home folder."""
    for name in filter(network_guard.is_private, list(os.environ)):
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "HOME": "",
        "XDG_CACHE_HOME": ".cache",
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "jupyter/config",
        "JUPYTER_DATA_DIR": "jupyter/data",
        "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return home
