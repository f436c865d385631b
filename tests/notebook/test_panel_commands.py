"""What the panel answers on a real studio: money, key, mode, history, clips."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from qcut_nb import Budget, Studio
from qcut_nb.notebook import Panel
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.studio.panel_host import StudioHost
from support.waiting import wait_until

KEY = "0f3a1111-canary:secret-91be77aa"


class ShownPanel(Panel):
    """A panel whose messages to the browser are kept."""

    def __init__(self, host: StudioHost) -> None:
        self.sent: Queue[tuple[dict[str, Any], list[bytes]]] = Queue()
        self.heard: list[dict[str, Any]] = []
        super().__init__(host)

    def send(self, content: Any, buffers: Any = None) -> None:
        if "id" in content:
            self.sent.put((content, buffers or []))
        else:
            self.heard.append(content)

    def ask(self, kind: str, **command: object) -> dict[str, Any]:
        return self.ask_for_bytes(kind, **command)[0]

    def ask_for_bytes(self, kind: str, **command: object) -> tuple[dict[str, Any], list[bytes]]:
        ShownPanel.asked += 1
        self._handle_custom_msg({"id": str(ShownPanel.asked), "kind": kind, **command}, [])
        return self.sent.get(timeout=20)

    asked = 0


@pytest.fixture
def fal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A server that stands for fal, whatever the key."""
    with Simulator(tmp_path / "fal", speed="instant", max_height_px=96) as running:
        monkeypatch.setenv("QCUT_NB_FAL_URL", running.origin)
        yield running


@pytest.fixture
def open_panel(tmp_path: Path, fal: Simulator) -> Iterator[Callable[..., ShownPanel]]:
    opened: list[tuple[ShownPanel, Studio]] = []

    def make(mode: Any = "live", **options: Any) -> ShownPanel:
        key = KEY if mode == "live" else None
        studio = Studio("test", mode=mode, key=key, root=tmp_path, **options)
        panel = ShownPanel(StudioHost(studio._core))
        opened.append((panel, studio))
        return panel

    yield make
    for panel, studio in opened:
        panel.close()
        panel.host._core.close()  # type: ignore[attr-defined]  # the studio's host has one
        studio.close()


def stored(panel: ShownPanel, count: int = 1) -> list[dict[str, Any]]:
    """Wait for clips in the history."""
    wait_until(lambda: panel.ask("read_history")["total"] >= count, timeout_s=20)
    clips: list[dict[str, Any]] = panel.ask("read_history")["clips"]
    return clips


WISH = {"prompt": "a cat", "models": ["kling_v2_5"], "duration_s": 5, "seed": 7}


def test_a_batch_above_the_limit_is_asked_about_once(open_panel: Callable[..., ShownPanel]) -> None:
    panel = open_panel(budget=Budget(ask_above_usd=0.10))
    question = panel.ask("generate", wish=WISH)
    assert (question["kind"], question["about"]) == ("question", "cost")
    assert question["amount_usd"] == "0.350000"
    assert panel.get_state()["state"]["jobs"] == []
    less = panel.ask("generate", wish=WISH, approved_usd="0.20")
    assert less["kind"] == "refused"
    accepted = panel.ask("generate", wish=WISH, approved_usd=question["amount_usd"])
    assert accepted["kind"] == "accepted"
    stored(panel)
    spent = panel.get_state()["state"]["money"]
    assert (spent["spent_usd"], spent["today_usd"], spent["unknown_jobs"]) == ("0.35", "0.35", 0)


def test_a_price_that_is_unknown_is_asked_about_and_only_a_yes_pays(
    open_panel: Callable[..., ShownPanel], fal: Simulator
) -> None:
    panel = open_panel()
    assert panel.ask("generate", wish=WISH)["kind"] == "accepted"
    made = panel.ask("read_details", job_id=stored(panel)[0]["job_id"])["answer"]
    # Of a video behind a URL neither the length is known nor, so, the price.
    wish = {
        "mode": "upscale",
        "models": ["topaz_upscaler"],
        "files": {"video": made["video"]["url"]},
        "overrides": {"topaz_upscaler": {"upscale_factor": 2.0}},
    }
    offer = panel.ask("price", wish=wish)["offers"][0]
    assert offer["quote"]["text"] == "price unknown"
    assert "low_usd" not in offer["quote"]
    question = panel.ask("generate", wish=wish)
    assert (question["kind"], question["about"]) == ("question", "cost")
    assert "No price is known for topaz_upscaler" in question["text"]
    assert fal.accepted_submits == 1
    accepted = panel.ask("generate", wish=wish, approved_usd=question["amount_usd"])
    assert accepted["kind"] == "accepted"
    wait_until(lambda: fal.accepted_submits == 2, timeout_s=20)


def test_a_clip_that_is_there_is_offered_before_it_is_paid_again(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel()
    wish = {"prompt": "a cat", "models": ["wan_25"], "seed": 7}
    assert panel.ask("generate", wish=wish)["kind"] == "accepted"
    stored(panel)
    question = panel.ask("generate", wish=wish)
    assert (question["kind"], question["about"]) == ("question", "reuse")
    before = panel.get_state()["state"]["money"]["spent_usd"]
    assert panel.ask("generate", wish=wish, reuse="yes")["kind"] == "accepted"
    assert panel.get_state()["state"]["money"]["spent_usd"] == before
    assert panel.ask("generate", wish=wish, reuse="no")["kind"] == "accepted"
    stored(panel, 2)


def test_a_key_goes_in_and_never_comes_out(open_panel: Callable[..., ShownPanel]) -> None:
    panel = open_panel("simulated")
    reply = panel.ask("set_key", key=KEY, remember=False)
    assert reply["last_four"] == KEY[-4:]
    assert "kernel" in reply["kept"]
    wrong = panel.ask("set_key", key=KEY, more="fields")
    short = panel.ask("set_key", key=f"{KEY} with spaces")
    assert (wrong["kind"], short["kind"]) == ("refused", "refused")
    said = json.dumps([reply, wrong, short, panel.get_state()["state"]])
    assert KEY not in said
    assert KEY.partition(":")[2] not in said


def test_live_asks_first_and_names_the_key(open_panel: Callable[..., ShownPanel]) -> None:
    panel = open_panel("simulated")
    refused = panel.ask("set_mode", mode="live")
    assert refused["problem"]["actions"] == ["set_key"]
    panel.ask("set_key", key=KEY, remember=False)
    question = panel.ask("set_mode", mode="live")
    assert question["about"] == "live"
    assert KEY[-4:] in question["text"]
    assert panel.get_state()["state"]["mode"] == "simulated"
    changed = panel.ask("set_mode", mode="live", confirmed=True)
    assert changed["state"]["mode"] == "live"
    assert panel.ask("generate", wish=WISH)["kind"] == "accepted"
    stored(panel)
    wait_until(
        lambda: any(j["state"] == "stored" for e in panel.heard for j in e["jobs"]), timeout_s=20
    )
    assert panel.ask("set_mode", mode="simulated")["state"]["mode"] == "simulated"


def test_the_report_of_a_job_has_everything_but_the_key(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel()
    panel.ask("generate", wish={**WISH, "prompt": f"a cat {KEY}"})
    job_id = stored(panel)[0]["job_id"]
    details = panel.ask("read_details", job_id=job_id)
    assert details["body"]["duration"] == "5"
    assert [moment["state"] for moment in details["moments"]][-1] == "stored"
    assert details["answer"]["video"]["url"] in details["report"]
    assert details["request_id"] in details["report"]
    assert KEY not in details["report"]


def test_clips_are_renamed_rated_deleted_and_brought_back_in_every_panel(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel()
    other = ShownPanel(panel.host)  # type: ignore[arg-type]  # the studio's host
    panel.ask("generate", wish=WISH)
    clip = stored(panel)[0]
    wait_until(lambda: any(event["clips"] for event in other.heard), timeout_s=20)
    panel.ask("rename_clip", clip_id=clip["id"], title="Our cat")
    panel.ask("rate_clip", clip_id=clip["id"], rating=5)
    heard = other.heard[-1]["clips"][0]
    assert (heard["title"], heard["rating"]) == ("Our cat", 5)
    listed = {"id": clip["id"], "name": "Our cat"}
    panel.ask("set_timeline", clip_ids=[clip["id"], clip["id"]])
    assert other.heard[-1]["timeline"] == [listed, listed]
    panel.ask("delete_clips", clip_ids=[clip["id"]])
    assert (other.heard[-1]["deleted"], other.heard[-1]["timeline"]) == ([clip["id"]], [])
    assert panel.get_state()["state"]["timeline"] == []
    assert panel.ask("read_history")["total"] == 0
    assert panel.ask("read_history", deleted=True)["clips"][0]["deleted"]
    panel.ask("restore_clips", clip_ids=[clip["id"]])
    assert other.heard[-1]["timeline"] == [listed, listed]
    assert panel.ask("read_history", search="our CAT")["total"] == 1
    panel.ask("rename_clip", clip_id=clip["id"], title=None)
    listed["name"] = clip["name"]
    assert other.heard[-1]["timeline"] == [listed, listed]
    assert panel.get_state()["state"]["timeline"] == [listed, listed]
    other.close()


def test_the_history_comes_in_pages_without_gaps(open_panel: Callable[..., ShownPanel]) -> None:
    panel = open_panel("simulated")
    for number in range(7):
        panel.ask("generate", wish={**WISH, "prompt": f"cat {number}"}, reuse="no")
    stored(panel, 7)
    seen: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = panel.ask("read_history", limit=3, **before)
        seen += [clip["id"] for clip in page["clips"]]
        if "next" not in page:
            break
        before = {"before": page["next"]}
    assert len(seen) == len(set(seen)) == 7
    assert page["total"] == 7
    assert panel.ask("read_history", search="cat 3")["total"] == 1
    assert panel.ask("read_history", model_id="veo31")["total"] == 0


def test_a_zip_comes_through_the_kernel_where_there_is_no_server(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel("simulated")
    panel.ask("generate", wish=WISH)
    clip = stored(panel)[0]
    made = panel.ask("make_zip", clip_ids=[clip["id"]])
    data = b""
    while len(data) < made["size_bytes"]:
        chunk, buffers = panel.ask_for_bytes(
            "read_zip", file_name=made["file_name"], offset=len(data)
        )
        assert chunk["total_bytes"] == made["size_bytes"]
        data += buffers[0]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    for name in ("../project.sqlite3", "none.zip"):
        assert panel.ask("read_zip", file_name=name, offset=0)["kind"] == "refused"


def test_a_frame_of_a_clip_becomes_an_input(open_panel: Callable[..., ShownPanel]) -> None:
    panel = open_panel("simulated")
    panel.ask("generate", wish=WISH)
    clip = stored(panel)[0]
    for at in ("first", "last", 1.5):
        checked, buffers = panel.ask_for_bytes("use_frame", clip_id=clip["id"], at=at)
        assert (checked["kind"], checked["file_kind"]) == ("file_checked", "image")
        assert buffers[0][:2] == b"\xff\xd8"
        assert checked["width_px"] == clip["width_px"]
    assert panel.ask("use_frame", clip_id=clip["id"], at=99.0)["kind"] == "refused"
    assert panel.ask("use_clip", clip_id=clip["id"])["file_kind"] == "video"


def test_usual_times_are_the_project_s_own_once_there_are_any(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel("simulated")

    def row() -> dict[str, Any]:
        models = panel.get_state()["state"]["models"]
        return next(model for model in models if model["id"] == "kling_v2_5")

    assert (row()["expected_from"], row()["expected_runs"]) == ("published", 0)
    panel.ask("generate", wish=WISH)
    stored(panel)
    assert (row()["expected_from"], row()["expected_runs"]) == ("own", 1)
    assert row()["expected_s"][1] < 20


def test_a_part_of_the_widget_s_code_is_read_by_name_only(
    open_panel: Callable[..., ShownPanel],
) -> None:
    panel = open_panel("simulated")
    reply, buffers = panel.ask_for_bytes("read_bundle", name="panel.js")
    assert (reply["kind"], len(buffers[0]) > 1000) == ("bundle", True)
    assert panel.ask("read_bundle", name="../bundle.py")["kind"] == "refused"
    assert panel.ask("read_bundle", name="nothing.js")["kind"] == "refused"


def test_a_lost_submit_is_settled_by_the_person(
    open_panel: Callable[..., ShownPanel], fal: Simulator
) -> None:
    panel = open_panel()
    fal.faults = [Fault(kind="submit_dropped", times=2)]
    for prompt in ("one", "two"):
        panel.ask("generate", wish={**WISH, "prompt": prompt})

    def lines() -> dict[str, dict[str, Any]]:
        return {job["prompt"]: job for job in panel.get_state()["state"]["jobs"]}

    def lost() -> bool:
        found = lines().values()
        return len(found) == 2 and all("problem" in j and j["settled"] for j in found)

    wait_until(lost, timeout_s=30)
    assert lines()["one"]["problem"]["actions"] == ["resume", "adopt", "resubmit", "abandon"]
    one, two = lines()["one"]["id"], lines()["two"]["id"]
    missing = panel.ask("settle_unknown", job_id=one, decision="adopt")
    assert "which request" in missing["problem"]["what"].lower()
    assert panel.ask("settle_unknown", job_id=one, decision="abandon")["kind"] == "done"
    assert lines()["one"]["state"] == "failed"
    assert lines()["one"]["cost"] == "perhaps $0.35"
    assert panel.ask("settle_unknown", job_id=two, decision="resubmit")["kind"] == "done"
    stored(panel)
    money = panel.get_state()["state"]["money"]
    assert (money["spent_usd"], money["reserved_usd"]) == ("0.35", "0.7")
    assert money["unknown_jobs"] == 2
