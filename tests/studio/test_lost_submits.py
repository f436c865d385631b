"""A submit whose reply was lost: never sent again by itself, and a person can decide."""

from __future__ import annotations

import concurrent.futures
import json
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from qcut_nb import Budget, Job, Studio
from qcut_nb.errors import (
    BudgetExceededError,
    ConfirmationNeededError,
    FalError,
    InputError,
    ProjectError,
    SubmitUnknownError,
)
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.studio.panel_host import StudioHost
from support.between import Between, served
from support.waiting import wait_until

WAIT_S = 60


@pytest.fixture
def live(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
        yield studio


def lose(studio: Studio, simulator: Simulator, *prompts: str, arrived: bool) -> list[Job]:
    """Jobs of unknown fate: fal has their requests and cannot list them now, or has them not."""
    simulator.faults = (
        [Fault(kind="lost_reply", times=len(prompts)), Fault(kind="search_error", times=None)]
        if arrived
        else [Fault(kind="submit_dropped", times=len(prompts))]
    )
    jobs = [studio.generate(prompt, models="wan_turbo").jobs[0] for prompt in prompts]
    wait_until(lambda: all(job.state == "submit_unknown" for job in jobs))
    return jobs


def looked_up(*jobs: Job) -> None:
    for job in jobs:
        with pytest.raises(SubmitUnknownError, match="may be charged"):
            job.wait(WAIT_S)


def listed(simulator: Simulator) -> list[str]:
    answer = httpx.get(
        f"{simulator.origin}/v1/models/requests/by-endpoint",
        params={"endpoint_id": "fal-ai/wan/v2.2-a14b/text-to-video/turbo"},
        headers={"Authorization": "Key x"},
    )
    return [item["request_id"] for item in answer.json()["items"]]


def test_a_person_can_name_the_request_where_it_can_be_this_jobs(
    live: Studio, simulator: Simulator
) -> None:
    (job,) = lose(live, simulator, "lost", arrived=True)
    with pytest.raises(InputError, match="being looked up"):
        job.adopt("0000-1111")
    looked_up(job)
    simulator.faults = []
    (request_id,) = listed(simulator)
    known = live.generate("another", models="wan_turbo").jobs[0]
    known.wait(WAIT_S)
    with pytest.raises(InputError, match="is not among the requests"):
        job.adopt("0000-1111")
    with pytest.raises(InputError, match="another job of this project"):
        job.adopt(known.request_id or "")
    with Studio("elsewhere", mode="live", key="id:secret", root=live.folder.parents[1]) as other:
        theirs = other.generate("other words", models="wan_turbo").jobs[0]
        theirs.wait(WAIT_S)
        with pytest.raises(InputError, match="other settings"):
            job.adopt(theirs.request_id or "")
    with pytest.raises(InputError, match="nothing to choose"):
        known.adopt("0000-1111")
    assert job.state == "submit_unknown"
    job.adopt(request_id)
    assert job.wait(WAIT_S).prompt == "lost"
    assert simulator.accepted_submits == 3


def test_giving_up_keeps_the_reservation_and_sending_again_needs_one_of_its_own(
    live: Studio, simulator: Simulator
) -> None:
    given_up, job = lose(live, simulator, "one", "two", arrived=True)
    looked_up(given_up, job)
    simulator.faults = []
    given_up.abandon()
    assert given_up.state == "failed"
    assert given_up.error is not None
    assert "may have been charged" in given_up.error.money
    total = live.spend().total
    assert (total.possible_usd, total.unknown) == (Decimal("0.20"), 2)
    assert not total.spent_usd
    assert "2 jobs" in repr(live.spend())
    with pytest.raises(ConfirmationNeededError, match="may cost twice"):
        job.resubmit()
    live.budget = Budget(project_usd=0.25)
    with pytest.raises(BudgetExceededError, match="project_usd"):
        job.resubmit(confirm=True)
    assert job.state == "submit_unknown"
    live.budget = Budget(project_usd=0.3)
    again = job.resubmit(confirm=True)
    assert again.wait(WAIT_S).prompt == "two"
    assert (job.state, again.id != job.id) == ("failed", True)
    assert simulator.accepted_submits == 3
    total = live.spend().total
    assert (total.spent_usd, total.possible_usd) == (Decimal("0.10"), Decimal("0.20"))


def test_what_a_person_saw_was_never_charged_reserves_nothing(
    live: Studio, simulator: Simulator
) -> None:
    (job,) = lose(live, simulator, "lost", arrived=False)
    looked_up(job)
    job.abandon(charged=False)
    assert job.state == "failed"
    assert job.error is not None
    assert "Nothing was charged, as you said" in job.error.money
    total = live.spend().total
    assert (total.possible_usd, total.reserved_usd) == (Decimal(0), Decimal(0))
    assert total.unknown == 0
    live.budget = Budget(project_usd=0.1)
    live.generate("another", models="wan_turbo").wait(WAIT_S)


def test_projects_side_by_side_never_take_each_others_request(
    live: Studio, simulator: Simulator
) -> None:
    (job,) = lose(live, simulator, "the same words", arrived=False)
    with Studio("other", mode="live", key="id:secret", root=live.folder.parents[1]) as other:
        other.generate("the same words", models="wan_turbo").wait(WAIT_S)
        looked_up(job)
    simulator.faults = []
    (theirs,) = listed(simulator)
    with pytest.raises(InputError, match="belongs to project 'other'"):
        job.adopt(theirs)
    assert (job.state, job.request_id) == ("submit_unknown", None)
    assert simulator.accepted_submits == 1


def test_opening_a_project_with_a_lost_job_says_so_with_the_amount(
    live: Studio, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    lose(live, simulator, "lost", arrived=True)
    live.close()
    with Studio("live", mode="live", key="id:secret", root=live.folder.parents[1]):
        said = capsys.readouterr().out
    assert said == (
        "1 unfinished job picked up ($0.10 reserved, 1 of unknown fate, may be charged); "
        "nothing is paid again.\n"
    )


def test_sending_again_from_two_cells_at_once_pays_once(live: Studio, simulator: Simulator) -> None:
    (job,) = lose(live, simulator, "lost", arrived=False)
    looked_up(job)
    together = threading.Barrier(2)

    def again() -> Job:
        together.wait()
        return job.resubmit(confirm=True)

    with concurrent.futures.ThreadPoolExecutor(2) as cells:
        calls = [cells.submit(again) for _ in range(2)]
    refused = [error for call in calls if (error := call.exception()) is not None]
    assert [type(error) for error in refused] == [InputError]
    (sent,) = [call.result() for call in calls if call.exception() is None]
    sent.wait(WAIT_S)
    assert simulator.accepted_submits == 1


def test_nothing_is_sent_again_while_another_kernel_holds_the_job(
    live: Studio, simulator: Simulator
) -> None:
    (job,) = lose(live, simulator, "lost", arrived=False)
    looked_up(job)
    store = live._core.project.store
    with store.transaction() as db:
        db.execute("INSERT INTO leases VALUES ('elsewhere|1|a', ?)", (time.time() + 60,))
        db.execute("UPDATE jobs SET lease_owner = 'elsewhere|1|a'")
    with pytest.raises(ProjectError, match="Another kernel"):
        job.resubmit(confirm=True)
    assert len(store.jobs()) == 1
    assert simulator.accepted_submits == 0


def test_the_request_of_a_twin_that_was_sent_meanwhile_is_not_taken(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins: list[Job] = []

    class Losing(Between):
        """Loses the first submit; the same words are sent again while fal looks for it."""

        to = simulator.origin

        def do_POST(self) -> None:
            if twins:
                self.pass_on()
            else:
                self.body()
                self.close_connection = True

        def do_GET(self) -> None:
            if "by-endpoint" in self.path and not twins:
                twins.append(studio.generate("the same words", models="wan_turbo").jobs[0])
                wait_until(lambda: simulator.accepted_submits == 1)
            self.pass_on()

    with served(Losing) as origin:
        monkeypatch.setenv("QCUT_NB_FAL_URL", origin)
        with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
            job = studio.generate("the same words", models="wan_turbo").jobs[0]
            looked_up(job)
            assert (job.state, job.request_id) == ("submit_unknown", None)
            wait_until(lambda: twins[0].request_id is not None)


def test_a_list_that_cannot_be_read_to_its_end_decides_nothing(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = threading.Event()
    endless.set()

    class Long(Between):
        """Says after every page of fal's list that there is another one."""

        to = simulator.origin

        def changed(self, content: bytes) -> bytes:
            if "by-endpoint" not in self.path or not endless.is_set():
                return content
            pages = parse_qs(urlsplit(self.path).query).get("cursor", ["0"])
            more = {"has_more": True, "next_cursor": str(int(pages[0]) + 100)}
            return json.dumps(json.loads(content) | more).encode()

    with served(Long) as origin:
        monkeypatch.setenv("QCUT_NB_FAL_URL", origin)
        with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
            simulator.faults = [Fault(kind="lost_reply")]
            job = studio.generate("lost", models="wan_turbo").jobs[0]
            looked_up(job)
            assert (job.state, job.request_id) == ("submit_unknown", None)
            with pytest.raises(FalError, match="longer than can be read"):
                job.adopt("0000-1111")
            (request_id,) = listed(simulator)
            endless.clear()
            with pytest.raises(InputError, match="is not among the requests"):
                job.adopt("0000-1111")
            endless.set()
            job.adopt(request_id)
            assert job.wait(WAIT_S).prompt == "lost"
    assert simulator.accepted_submits == 1


def test_an_answer_is_kept_that_comes_after_another_kernel_took_the_job_for_lost(
    live: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="stalled_reply", delay_s=1.0)]
    job = live.generate("slow", models="wan_turbo").jobs[0]
    wait_until(lambda: simulator.accepted_submits == 1)
    live._core.project.store.advance(job.id, "submitting", "submit_unknown")
    assert job.wait(WAIT_S).prompt == "slow"
    assert simulator.accepted_submits == 1


def test_what_a_simulated_session_lost_is_never_paid_for_in_live_mode(
    live: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="submit_dropped")]
    with Studio("live", mode="simulated", root=live.folder.parents[1]) as simulated:
        job_id = simulated.generate("lost", models="sora2").jobs[0].id  # live mode refuses it
        looked_up(simulated.job(job_id))
        host = StudioHost(live._core)
        with pytest.raises(InputError, match="open in live mode here"):
            host.settle_unknown(job_id, "resubmit", None)
        job = live.job(job_id)
        for call in (
            partial(job.resubmit, confirm=True, allow_unknown_price=True),
            partial(job.adopt, "0000-1111"),
            job.abandon,
            job.cancel,
            job.retry_download,
        ):
            with pytest.raises(InputError, match=r"Studio\('live', mode='simulated'\)") as refused:
                call()
            assert refused.value.money == "Nothing changed."
        assert (job.state, len(live.jobs), simulator.accepted_submits) == ("submit_unknown", 1, 0)
        host.settle_unknown(job_id, "abandon", None)
        assert job.state == "failed"
    assert live.spend().total.reserved_usd == Decimal(0)
