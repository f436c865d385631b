"""A request goes out once, on a connection that lives; what httpx promises still holds."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
from pathlib import Path

import pytest

from qcut_nb.errors import SubmitUnknownError
from qcut_nb.fal import FalClient, Hosts, Key
from qcut_nb.fal.transport import http_client
from qcut_nb.fal.wire import NOTHING_SENT
from support.scripted_server import Script, answer

CALL = "POST /a/b"
CERTIFICATE = Path(__file__).with_name("test_server.pem")
"""Of 127.0.0.1, signed by itself, with its key; good for nothing but these tests."""
ACCEPTED = {"request_id": "r-1", "status": "IN_QUEUE", "queue_position": 0}


async def test_a_post_is_not_repeated_when_its_reused_connection_breaks(
    fal: Script, client: FalClient
) -> None:
    fal.on(CALL, answer(200, ACCEPTED), None)
    await client.submit("a/b", {"prompt": "first"})
    with pytest.raises(SubmitUnknownError):
        await client.submit("a/b", {"prompt": "second"})
    assert fal.connections == 1
    assert [json.loads(seen.body)["prompt"] for seen in fal.calls(CALL)] == ["first", "second"]


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used(
    fal: Script, client: FalClient
) -> None:
    # The answer does not say that the connection ends, and the loop has no turn to notice it.
    fal.on(CALL, answer(200, ACCEPTED))
    fal.hang_up_after_each = True
    await client.submit("a/b", {"prompt": "first"})
    await client.submit("a/b", {"prompt": "second"})
    assert (fal.connections, len(fal.seen)) == (2, 2)


async def test_calls_one_after_another_share_a_connection(fal: Script, client: FalClient) -> None:
    fal.on(CALL, answer(200, ACCEPTED))
    for _ in range(5):
        await client.submit("a/b", {})
    assert fal.connections == 1


async def test_a_tls_handshake_that_fails_means_that_nothing_was_sent(fal: Script) -> None:
    async with http_client() as http:
        with pytest.raises(NOTHING_SENT):
            await http.post(fal.origin.replace("http:", "https:") + "/a/b")
    assert fal.seen == []


async def test_a_chunked_and_compressed_answer_is_read(fal: Script, client: FalClient) -> None:
    body = gzip.compress(json.dumps(ACCEPTED).encode())
    fal.on(
        CALL,
        b"HTTP/1.1 103 Early Hints\r\n\r\n"
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % byte for byte in body)
        + b"0\r\n\r\n",
    )
    for _ in range(2):
        assert (await client.submit("a/b", {})).request_id == "r-1"
    assert fal.connections == 1


async def test_a_proxy_of_the_environment_is_used(
    fal: Script, canary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", fal.origin)
    fal.on("POST http://fal.invalid/a/b", answer(200, ACCEPTED))
    async with FalClient(Key(canary), Hosts.single("http://fal.invalid")) as client:
        assert (await client.submit("a/b", {})).request_id == "r-1"


async def test_https_is_spoken_only_with_a_server_whose_certificate_is_trusted(
    fal: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(fal.serve, "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/a/b"
    fal.on(CALL, answer(200, ACCEPTED))
    async with http_client() as http:
        with pytest.raises(NOTHING_SENT, match="certificate"):
            await http.post(url)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with http_client() as http:
        answers = [(await http.post(url, json={})).json() for _ in range(2)]
    assert answers == [ACCEPTED, ACCEPTED]
    server.close()


@pytest.mark.parametrize("later", [False, True], ids=["with the answer", "later"])
async def test_bytes_that_nobody_asked_for_are_no_answer_to_the_next_request(later: bool) -> None:
    stray, right = answer(400, {"detail": "idle"}), answer(200, ACCEPTED)
    read, strayed = asyncio.Event(), asyncio.Event()
    connections = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.current_task())
        while await reader.read(1 << 16):
            if later:
                writer.write(right)
                await read.wait()
                writer.write(stray)
            else:
                writer.write(right + stray)
            strayed.set()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a/b"
    async with http_client() as http:
        for _ in range(2):
            read.clear()
            strayed.clear()
            got = await http.post(url, json={"prompt": "x"})
            assert (got.status_code, got.json()) == (200, ACCEPTED)
            read.set()
            await strayed.wait()
            for _ in range(10):  # turns in which the loop takes in what came
                await asyncio.sleep(0)
    await asyncio.gather(*filter(None, connections), return_exceptions=True)
    server.close()
    await server.wait_closed()
