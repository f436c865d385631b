"""The widgets' kernel side, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from qcut_nb.catalog import models
from qcut_nb.engine import JobProblem
from qcut_nb.errors import PanelNotBuiltError
from qcut_nb.notebook import BatchProgress, Panel
from qcut_nb.notebook.bundle import bundle
from qcut_nb.notebook.live import LiveWidget
from support.still_studio import JOB, StillStudio
from support.waiting import wait_until

Show = Callable[..., tuple[LiveWidget, "Queue[dict[str, Any]]"]]


class Shown:
    """A widget whose messages to the browser are kept.

    Attributes:
        sent: What it sent.
    """

    def __init__(self, *args: Any) -> None:
        self.sent: Queue[dict[str, Any]] = Queue()
        super().__init__(*args)

    def send(self, content: dict[str, Any], buffers: object = None) -> None:
        self.sent.put(content)


class ShownPanel(Shown, Panel):
    pass


class ShownProgress(Shown, BatchProgress):
    pass


@pytest.fixture
def host(tmp_path: Path) -> Iterator[StillStudio]:
    studio = StillStudio(tmp_path)
    yield studio
    studio.studio.close()


@pytest.fixture
def show() -> Iterator[Show]:
    """Makes a widget and gives what it sends to the browser."""
    shown: list[LiveWidget] = []

    def make(kind: Callable[..., Any], *args: object) -> Any:
        widget = kind(*args)
        shown.append(widget)
        return widget, widget.sent

    yield make
    for widget in shown:
        widget.close()


def ask(widget: LiveWidget, sent: Queue[dict[str, Any]], **command: object) -> dict[str, Any]:
    widget._handle_custom_msg({"id": "1", **command}, [])
    return sent.get(timeout=10)


def test_a_missing_bundle_says_how_it_is_built(tmp_path: Path) -> None:
    with pytest.raises(PanelNotBuiltError, match="npm run build"):
        bundle("panel.js", tmp_path)


def test_the_state_is_as_it_is_when_it_is_asked_for(host: StillStudio, show: Show) -> None:
    panel, _ = show(ShownPanel, host)
    assert panel.get_state()["state"]["jobs"] == []
    host.views.append(JOB)
    state = panel.get_state()["state"]
    assert [job["state"] for job in state["jobs"]] == ["queued"]
    assert state["money"]["spent_usd"] == "0"
    assert len(state["models"]) == len(models)


def test_the_state_stays_small_with_many_jobs(host: StillStudio, show: Show) -> None:
    host.views = [replace(JOB, id=f"j{n}", prompt="x" * 5000) for n in range(1000)]
    panel, _ = show(ShownPanel, host)
    assert len(json.dumps(panel.get_state()["state"])) < 300_000


def test_a_wish_reaches_the_studio_as_it_was_priced(host: StillStudio, show: Show) -> None:
    panel, sent = show(ShownPanel, host)
    wish = {"prompt": "a cat", "models": ["kling_v2_5", "veo31_fast"], "duration_s": 5}
    priced = ask(panel, sent, kind="price", wish=wish)
    assert [offer["quote"]["text"] for offer in priced["offers"]] == ["$0.35", "$0.90"]
    assert priced["offers"][1]["will_send"][0]["sent"] == 6
    accepted = ask(panel, sent, id="2", kind="generate", wish=wish)
    assert accepted == {"kind": "accepted", "id": "2", "batch_id": "b1"}
    assert [asked.models for asked in host.generated] == [("kling_v2_5", "veo31_fast")]


def test_the_form_is_found_again(host: StillStudio, show: Show) -> None:
    panel, sent = show(ShownPanel, host)
    choice = {"wish": {"prompt": "a cat", "seed": 7}, "models_by_mode": {"text": ["veo31"]}}
    assert ask(panel, sent, kind="remember_choice", choice=choice)["kind"] == "done"
    again, _ = show(ShownPanel, host)
    found = again.get_state()["state"]["choice"]
    assert found["wish"]["prompt"] == "a cat"
    assert found["models_by_mode"] == {"text": ["veo31"]}
    host.remember_choice({"from": "another version"})
    assert again.get_state()["state"]["choice"]["wish"]["prompt"] == ""


def test_changes_go_down_as_events(host: StillStudio, show: Show) -> None:
    panel, sent = show(ShownPanel, host)
    host.change(replace(JOB, state="running"))
    event = sent.get(timeout=10)
    assert (event["kind"], event["jobs"][0]["state"]) == ("changed", "running")
    reply = ask(panel, sent, kind="cancel_job", job_id="j1")
    kinds = {reply["kind"], sent.get(timeout=10)["kind"]}
    assert kinds == {"done", "changed"}


def test_a_failed_download_offers_to_try_again(host: StillStudio, show: Show) -> None:
    panel, sent = show(ShownPanel, host)
    problem = JobProblem("DownloadError", "Cut off.", "Paid.", "Download again.")
    host.change(replace(JOB, state="downloading", error=problem, settled=True))
    assert sent.get(timeout=10)["jobs"][0]["problem"]["actions"] == ["download_again"]
    reply = ask(panel, sent, kind="download_again", job_id="j1")
    assert reply["problem"]["what"] == "There is nothing to download."


def test_logs_are_read_when_they_are_asked_for(host: StillStudio, show: Show) -> None:
    host.views.append(JOB)
    panel, sent = show(ShownPanel, host)
    reply = ask(panel, sent, kind="read_logs", job_id="j1")
    assert reply["lines"] == ["loading", "ready"]


def test_a_batch_shows_its_own_jobs_only(host: StillStudio, show: Show) -> None:
    host.views += [JOB, replace(JOB, id="j2", batch_id="b2")]
    progress, sent = show(ShownProgress, host, "b2", ["j2"])
    assert [job["id"] for job in progress.get_state()["state"]["jobs"]] == ["j2"]
    host.change(replace(JOB, state="running"))
    host.change(replace(JOB, id="j2", batch_id="b2", state="running"))
    assert [job["id"] for job in sent.get(timeout=10)["jobs"]] == ["j2"]
    refused = ask(progress, sent, kind="generate", wish={})
    assert refused["kind"] == "refused"
    assert host.generated == []


def test_a_closed_widget_listens_no_more(host: StillStudio, show: Show) -> None:
    panel, _ = show(ShownPanel, host)
    assert len(host.listeners) == 1
    panel.close()
    wait_until(lambda: host.listeners == [], timeout_s=10)
