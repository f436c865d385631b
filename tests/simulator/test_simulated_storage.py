"""Downloads with Range and validators, uploads in every way, and the platform API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from qcut_nb.catalog import models
from qcut_nb.simulator import Simulator
from qcut_nb.simulator.media_routes import parse_range

VEO = "fal-ai/veo3.1/fast"
BODY = {"prompt": "a cat", "duration": "4s", "resolution": "720p", "generate_audio": True}


@pytest.fixture
def stored(talk: Any, tmp_path: Path) -> tuple[str, bytes]:
    content = bytes(range(256)) * 40
    path = tmp_path / "file name ü.bin"
    path.write_bytes(content)
    path = path.rename(tmp_path / "file.mp4")
    return talk.upload(path), content


def test_a_range_gives_just_those_bytes(stored: tuple[str, bytes]) -> None:
    url, content = stored
    whole = httpx.get(url)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "video/mp4"
    for header, wanted, told in [
        ("bytes=0-0", content[:1], "bytes 0-0/10240"),
        ("bytes=100-199", content[100:200], "bytes 100-199/10240"),
        ("bytes=10000-", content[10000:], "bytes 10000-10239/10240"),
        ("bytes=-10", content[-10:], "bytes 10230-10239/10240"),
        ("bytes=10000-99999", content[10000:], "bytes 10000-10239/10240"),
    ]:
        answer = httpx.get(url, headers={"Range": header})
        assert (answer.status_code, answer.content) == (206, wanted)
        assert answer.headers["content-range"] == told
    beyond = httpx.get(url, headers={"Range": "bytes=10240-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */10240")


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "items=0-1", "bytes=", "bytes=-", "bytes=5-2"])
def test_a_range_that_makes_no_sense_is_ignored(header: str) -> None:
    assert parse_range(header, 100) is None


def test_a_range_holds_only_for_the_file_that_if_range_names(stored: tuple[str, bytes]) -> None:
    url, content = stored
    etag = httpx.get(url).headers["etag"]
    part = {"Range": "bytes=5-9"}
    assert httpx.get(url, headers={**part, "If-Range": etag}).content == content[5:10]
    other = httpx.get(url, headers={**part, "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, content)
    assert httpx.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_head_tells_the_length_without_a_body(stored: tuple[str, bytes]) -> None:
    answer = httpx.head(stored[0])
    assert (answer.status_code, answer.headers["content-length"]) == (200, "10240")
    assert answer.content == b""


def test_no_address_leads_out_of_the_storage(talk: Any, stored: tuple[str, bytes]) -> None:
    for path in (
        "/files/in/%2e%2e/x",
        "/files/out/x/output.mp4",
        "/files/",
    ):
        assert talk.http.get(path).status_code == 404


def test_cdn_uploads_need_the_token_and_not_the_key(talk: Any) -> None:
    for path in ("/files/upload", "/files/upload/multipart"):
        assert talk.http.post(path, content=b"x").status_code == 401
    assert httpx.post(str(talk.http.base_url) + "/storage/auth/token").status_code == 401
    token = talk.http.post("/storage/auth/token", json={}).json()
    expires = datetime.fromisoformat(token["expires_at"])
    assert expires > datetime.now(UTC) + timedelta(minutes=5)
    assert token["base_url"] == str(talk.http.base_url).rstrip("/")


def test_a_presigned_put_needs_no_key_and_only_its_own_signature(
    talk: Any, instant: Simulator
) -> None:
    made = talk.http.post("/storage/upload/initiate", json={"file_name": "cat.png"}).json()
    put = httpx.put(made["upload_url"], content=b"picture", headers={"Content-Type": "image/png"})
    assert put.status_code == 200
    assert httpx.get(made["file_url"]).content == b"picture"
    assert made["file_url"].endswith("/cat.png")
    assert httpx.put(made["upload_url"] + "0", content=b"x").status_code == 403
    assert instant.stats()["presigned_authorizations"] == 0
    talk.http.put(made["upload_url"], content=b"again")
    assert instant.stats()["presigned_authorizations"] == 1


def test_parts_may_be_listed_in_any_order_but_must_be_the_parts(talk: Any) -> None:
    made = talk.http.post("/storage/upload/initiate-multipart", json={"file_name": "a.mp4"}).json()
    base, query = made["upload_url"].split("?")
    parts = []
    for number, content in ((2, b"world"), (1, b"hello ")):
        answer = httpx.put(f"{base}/{number}?{query}", content=content).json()
        parts.append(answer)
    wrong = [dict(parts[0], etag='"no"'), parts[1]]
    assert httpx.post(f"{base}/complete?{query}", json={"parts": wrong}).status_code == 400
    assert httpx.post(f"{base}/complete?{query}", json={"parts": parts[:1]}).status_code == 400
    assert httpx.post(f"{base}/complete?{query}", json={"parts": parts}).status_code == 200
    assert httpx.get(made["file_url"]).content == b"hello world"


def test_billed_units_times_the_published_price_is_the_quote(talk: Any) -> None:
    for model, settings in (
        ("veo31_fast", {"duration_s": 4, "audio": False, "resolution": "720p"}),
        ("kling_v2_5", {"duration_s": 10}),
        ("seedance_lite", {"duration_s": 2, "resolution": "480p"}),
    ):
        request = models[model].request(prompt="a cat", **settings)
        answer = talk.verdict(talk.submit(request.endpoint, request.body))
        query = {"endpoint_id": request.endpoint}
        price = talk.http.get("/v1/models/pricing", params=query).json()["prices"][0]
        cost = Decimal(answer.headers["x-fal-billable-units"]) * Decimal(str(price["unit_price"]))
        assert request.quote.amount_usd is not None
        assert abs(cost - request.quote.amount_usd) < Decimal("0.00001")
        assert price["currency"] == "USD"


def test_prices_come_for_a_list_and_one_unknown_endpoint_fails_it(talk: Any) -> None:
    query = {"endpoint_id": f"{VEO},fal-ai/veo3"}
    assert len(talk.http.get("/v1/models/pricing", params=query).json()["prices"]) == 2
    query["endpoint_id"] += ",fal-ai/nothing"
    answer = talk.http.get("/v1/models/pricing", params=query)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found")
    assert talk.http.get("/v1/models/pricing").json()["error"]["type"] == "validation_error"
    no_key = httpx.get(f"{talk.http.base_url}/v1/models/pricing")
    assert (no_key.status_code, no_key.json()["error"]["type"]) == (401, "authorization_error")


def test_an_estimate_adds_up(talk: Any) -> None:
    body = {"estimate_type": "unit_price", "endpoints": {VEO: {"unit_quantity": 8}}}
    answer = talk.http.post("/v1/models/pricing/estimate", json=body).json()
    assert answer == {"estimate_type": "unit_price", "total_cost": 1.2, "currency": "USD"}
    wrong = talk.http.post("/v1/models/pricing/estimate", json={"estimate_type": "guess"})
    assert wrong.status_code == 400


def test_all_models_are_listed_page_by_page_without_a_key(talk: Any) -> None:
    found: list[str] = []
    cursor: str | None = "0"
    while cursor is not None:
        query = {"limit": "20", "cursor": cursor}
        page = httpx.get(f"{talk.http.base_url}/v1/models", params=query).json()
        found += [entry["endpoint_id"] for entry in page["models"]]
        cursor = page["next_cursor"]
    assert sorted(found) == sorted(spec.endpoint for spec in models.values())
    states = httpx.get(f"{talk.http.base_url}/v1/models", params={"q": "sora"}).json()["models"]
    assert {entry["metadata"]["status"] for entry in states} <= {"active", "deprecated"}


def test_past_requests_are_found_by_endpoint_time_and_status(talk: Any) -> None:
    began = datetime.now(UTC)
    good = talk.submit(VEO, BODY)
    bad = talk.submit(VEO, {"prompt": "a cat", "duration": "7s"})
    talk.submit("fal-ai/veo3", BODY)
    for submitted in (good, bad):
        talk.verdict(submitted)

    def search(**query: str) -> list[dict[str, Any]]:
        query["endpoint_id"] = VEO
        found = talk.http.get("/v1/models/requests/by-endpoint", params=query).json()
        items: list[dict[str, Any]] = found["items"]
        return items

    items = search(expand="json_input,json_output", start=began.isoformat())
    assert {item["request_id"] for item in items} == {good["request_id"], bad["request_id"]}
    by_id = {item["request_id"]: item for item in items}
    assert by_id[good["request_id"]]["json_input"] == BODY
    assert by_id[good["request_id"]]["status_code"] == 200
    assert by_id[bad["request_id"]]["status_code"] == 422
    ended = [item["ended_at"] for item in items]
    assert ended == sorted(ended, reverse=True)
    assert [item["request_id"] for item in search(status="success")] == [good["request_id"]]
    assert "json_input" not in search()[0]
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert search(start=later) == []
    answer = talk.http.get("/v1/models/requests/by-endpoint")
    assert answer.json()["error"]["type"] == "validation_error"
