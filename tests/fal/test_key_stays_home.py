"""The key goes to the configured hosts, and nowhere else."""

from __future__ import annotations

import copy
import pickle
import traceback
from pathlib import Path

import pytest

from qcut_nb.errors import DownloadError, FalError, MissingKeyError
from qcut_nb.fal import FalClient, Hosts, Key, find_key
from support.scripted_server import Script, answer


def test_no_way_of_showing_a_key_shows_it(canary: str) -> None:
    key = Key(canary)
    shown = [repr(key), str(key), f"{key}", repr([key]), repr(FalClient(key, Hosts()))]
    assert not any("canary" in text for text in shown)
    assert key.last_four == canary[-4:]
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)


@pytest.mark.parametrize("value", ["", "  ", "two words", "k\u00e4se", "two\nlines", "bell\x07"])
def test_what_cannot_be_a_key_is_refused(value: str) -> None:
    with pytest.raises(MissingKeyError):
        Key(value)


def test_the_key_is_looked_for_in_the_stated_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_key() is None
    monkeypatch.setenv("FAL_KEY_ID", "id")
    monkeypatch.setenv("FAL_KEY_SECRET", "secret")
    found = find_key()
    assert found is not None
    assert (found[0].header(), found[1]) == ("Key id:secret", "FAL_KEY_ID and FAL_KEY_SECRET")
    monkeypatch.setenv("FAL_KEY", "whole")
    found = find_key()
    assert found is not None
    assert found[0].header() == "Key whole"
    found = find_key("argument")
    assert found is not None
    assert found[0].header() == "Key argument"


async def test_a_redirect_does_not_take_the_key_along(
    fal: Script, client: FalClient, elsewhere: Script
) -> None:
    fal.on("POST /a/b", answer(307, {}, location=f"{elsewhere.origin}/steal"))
    with pytest.raises(FalError):
        await client.submit("a/b", {"prompt": "x"})
    assert elsewhere.seen == []


async def test_a_download_sends_no_key_and_goes_to_no_strange_plain_host(
    fal: Script, client: FalClient, elsewhere: Script, tmp_path: Path
) -> None:
    fal.on("GET /files/a.mp4", answer(200, b"film"))
    await client.download(f"{fal.origin}/files/a.mp4", tmp_path / "a.part")
    assert "authorization" not in fal.seen[-1].headers
    fal.on("GET /files/b.mp4", answer(302, b"", location=f"{elsewhere.origin}/b.mp4"))
    for url in (f"{elsewhere.origin}/a.mp4", f"{fal.origin}/files/b.mp4", "file:///etc/passwd"):
        with pytest.raises(DownloadError, match="not a place for media"):
            await client.download(url, tmp_path / "b.part")
    assert elsewhere.seen == []


async def test_uploads_use_a_token_and_presigned_addresses_get_nothing(
    fal: Script, client: FalClient, tmp_path: Path
) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(b"picture")
    token = {
        "token": "t",
        "token_type": "Bearer",
        "base_url": fal.origin,
        "expires_at": "2999-01-01T00:00:00+00:00",
    }
    fal.on("POST /storage/auth/token", answer(200, token))
    fal.on("POST /files/upload", answer(500, {}), answer(200, {"access_url": "https://x/1"}))
    fal.on(
        "POST /storage/upload/initiate",
        answer(200, {"upload_url": f"{fal.origin}/put", "file_url": "https://x/2"}),
    )
    fal.on("PUT /put", answer(200))
    assert await client.upload(file, content_type="image/png") == "https://x/2"
    assert await client.upload(file, content_type="image/png") == "https://x/1"
    assert "authorization" not in fal.calls("PUT /put")[0].headers
    assert fal.calls("PUT /put")[0].body == b"picture"
    for seen in fal.calls("POST /files/upload"):
        assert seen.headers["authorization"] == "Bearer t"
    assert len(fal.calls("POST /storage/auth/token")) == 1


async def test_no_traceback_shows_the_key(fal: Script, client: FalClient, canary: str) -> None:
    fal.on("POST /a/b", None)
    with pytest.raises(FalError) as caught:
        await client.submit("a/b", {"prompt": "x"})
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    fal.on("POST /a/b", answer(401, {"detail": f"invalid key {canary}"}))
    with pytest.raises(FalError) as caught:
        await client.submit("a/b", {"prompt": "x"})
    assert "canary" not in "".join(traceback.format_exception(caught.value))
