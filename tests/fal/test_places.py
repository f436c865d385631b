"""Server-given addresses: only the internet's, however they are written."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import httpx
import pytest

from qcut_nb.errors import DownloadError, FalError
from qcut_nb.fal import FalClient, Hosts, Key
from qcut_nb.fal.media_transport import MediaTransport
from qcut_nb.fal.places import Places, is_public
from support.scripted_server import Script, answer

FALS = Places(Hosts())


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "::127.0.0.1",
        "::10.0.0.1",
        "2001::80ff:fffe",
        "2002:7f00:1::",
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://v3.fal.media/a.mp4",
        "ftp://v3.fal.media/a.mp4",
        "file:///etc/passwd",
        "https://127.0.0.1/a.mp4",
        "https://2130706433/a.mp4",
        "https://0x7f000001/a.mp4",
        "https://0177.0.0.1/a.mp4",
        "https://127.1/a.mp4",
        "https://127.0.0.1./a.mp4",
        "https://127\u30020\u30020\u30021/a.mp4",
        "https://localhost/a.mp4",
        "https://LOCALHOST./a.mp4",
        "https://a.localhost/a.mp4",
        "https://[::127.0.0.1]/a.mp4",
        "https://[64:ff9b:1::7f00:1]/a.mp4",
        "https://[::1]/a.mp4",
        "https://[::ffff:127.0.0.1]/a.mp4",
        "https://169.254.169.254/latest/meta-data",
        "https://v3.fal.media@10.0.0.1/a.mp4",
        "https://[::1/a.mp4",
        "https:///a.mp4",
        "https://x:99999/a.mp4",
        "",
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(DownloadError, match="not a place for media"):
        FALS.check(url)


@pytest.mark.parametrize("url", ["https://v3.fal.media/a.mp4", "https://storage.googleapis.com/x"])
def test_https_to_names_is_allowed_until_they_are_looked_up(url: str) -> None:
    FALS.check(url)


def dialled(transport: MediaTransport, url: str) -> None:
    """A request over a network that leads nowhere."""
    transport.handle_request(httpx.Request("GET", url))


def checked(*answers: list[str]) -> tuple[MediaTransport, list[str]]:
    left, seen = list(answers), []

    def dial(address: tuple[str, int], _timeout_s: float | None) -> socket.socket:
        seen.append(address[0])
        raise ConnectionRefusedError

    return MediaTransport(FALS, resolve=lambda host, port: left.pop(0), dial=dial), seen


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    transport, seen = checked(["8.8.8.8", "10.0.0.1"])
    with pytest.raises(DownloadError, match=r"10\.0\.0\.1"):
        dialled(transport, "https://cdn.example/a.mp4")
    assert seen == []


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to() -> None:
    transport, seen = checked(["8.8.8.8", "2606:4700::1111"], ["127.0.0.1"])
    with pytest.raises(httpx.ConnectError):
        dialled(transport, "https://rebinding.example/a.mp4")
    assert seen == ["8.8.8.8", "2606:4700::1111"]


async def test_in_live_mode_loopback_is_refused_also_by_its_name(
    elsewhere: Script, tmp_path: Path
) -> None:
    port = elsewhere.origin.rsplit(":", 1)[1]
    async with FalClient(Key("k" * 12), Hosts()) as client:
        with pytest.raises(DownloadError, match="not a place for media"):
            await client.download(f"https://localhost:{port}/a.mp4", tmp_path / "a.part")
    assert elsewhere.connections == 0


async def test_a_redirect_does_not_lead_to_a_private_address(
    fal: Script, client: FalClient, elsewhere: Script, tmp_path: Path
) -> None:
    port = elsewhere.origin.rsplit(":", 1)[1]
    for target in (f"https://localhost:{port}/x", f"https://127.0.0.1:{port}/x"):
        fal.on("GET /a.mp4", answer(302, b"", location=target))
        with pytest.raises(DownloadError, match="not a place for media"):
            await client.download(f"{fal.origin}/a.mp4", tmp_path / "a.part")
    assert elsewhere.connections == 0


async def test_an_upload_does_not_go_where_a_server_points_inside(
    fal: Script, client: FalClient, elsewhere: Script, tmp_path: Path
) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(b"picture")
    fal.on("POST /storage/auth/token", answer(500, {}))
    where = {"upload_url": f"{elsewhere.origin}/put", "file_url": "https://x/2"}
    fal.on("POST /storage/upload/initiate", answer(200, where))
    with pytest.raises(FalError, match="not a place for uploads"):
        await client.upload(file, content_type="image/png")
    assert elsewhere.connections == 0
