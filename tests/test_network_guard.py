from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from support import network_guard
from support.network_guard import OutsideConnectionError


def test_a_public_address_is_refused_before_anything_is_sent() -> None:
    with (
        socket.socket() as sock,
        pytest.raises(OutsideConnectionError, match=r"93\.184\.215\.14"),
    ):
        sock.connect(("93.184.215.14", 443))
    network_guard.refused.clear()


def test_a_public_name_is_not_even_looked_up() -> None:
    with pytest.raises(OutsideConnectionError, match=r"queue\.fal\.run"):
        socket.getaddrinfo("queue.fal.run", 443)
    network_guard.refused.clear()


async def test_an_http_client_cannot_mistake_the_refusal_for_network_trouble() -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(OutsideConnectionError):
            await client.get("https://queue.fal.run/")
    network_guard.refused.clear()


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        path = os.path.relpath(tmp_path / "s")
        server.bind(path)
        server.listen()
        client.connect(path)


def test_a_child_process_is_guarded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY", "canary")
    code = (
        "import os, socket, qcut_nb; assert 'FAL_KEY' not in os.environ;"
        "socket.create_connection(('93.184.215.14', 443), timeout=1)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=network_guard.guarded_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OutsideConnectionError" in ended.stderr
