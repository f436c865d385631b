"""Whatever two kernels do at the same time: no cap is broken, each reservation ends once."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qcut_nb.store import (
    ENDED,
    NEXT_STATES,
    Cap,
    CapExceededError,
    Charge,
    ClipRow,
    NewJob,
    State,
    StateConflictError,
    Store,
)

PROJECT_CAP, BATCH_CAP, CLIP_CAP = 1_000, 400, 12
PRICES = st.one_of(st.none(), st.integers(0, 250))
BATCHES = st.lists(PRICES, min_size=1, max_size=4)
PICKS = st.integers(0, 1000)
WAYS = sorted({(leave, to) for leave, ways in NEXT_STATES.items() for to in ways})


@dataclass
class Known:
    """What the machine expects of a job."""

    price: int | None
    state: State = "reserved"
    held: int = 0
    counts: bool = True


class BudgetMachine(RuleBasedStateMachine):
    """Two stores on one file, as two kernels have them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "project.sqlite3"
        self.stores = [Store.open(path), Store.open(path)]
        self.known: dict[str, Known] = {}
        self.batches = 0

    def caps(self, batch_id: str) -> list[Cap]:
        return [
            Cap("per_batch_usd", "usd", BATCH_CAP, batch_id=batch_id),
            Cap("per_day_clips", "clips", CLIP_CAP, since=0.0),
            Cap("project_usd", "usd", PROJECT_CAP),
        ]

    def batch(self, prices: list[int | None]) -> list[NewJob]:
        self.batches += 1
        batch_id = f"b{self.batches}"
        return [
            NewJob(
                id=f"{batch_id}-{place}",
                batch_id=batch_id,
                place=place,
                mode="live",
                model_id="kling_v2_5",
                catalog_version="v",
                request="{}",
                changes="[]",
                low_micro_usd=price,
                high_micro_usd=price,
            )
            for place, price in enumerate(prices)
        ]

    def start(self, kernel: int, jobs: list[NewJob]) -> bool:
        try:
            self.stores[kernel].add_jobs(jobs, owner=f"k{kernel}", caps=self.caps(jobs[0].batch_id))
        except CapExceededError:
            return False
        return True

    def took(self, jobs: list[NewJob]) -> None:
        for job in jobs:
            price = job.high_micro_usd
            self.known[job.id] = Known(price, held=price or 0)

    def picked(self, pick: int) -> str:
        # Not a Bundle: which of two kernels was first differs from run to run, the draws may not.
        return list(self.known)[pick % len(self.known)]

    @property
    def room(self) -> tuple[int, int]:
        held = sum(job.held for job in self.known.values())
        return PROJECT_CAP - held, CLIP_CAP - sum(job.counts for job in self.known.values())

    def fits(self, jobs: list[NewJob], room: tuple[int, int]) -> bool:
        needed = sum(job.high_micro_usd or 0 for job in jobs)
        return needed <= min(room[0], BATCH_CAP) and len(jobs) <= room[1]

    @rule(kernel=st.integers(0, 1), prices=BATCHES)
    def one_kernel_starts(self, kernel: int, prices: list[int | None]) -> None:
        batch, room = self.batch(prices), self.room
        started = self.start(kernel, batch)
        if sum(job.high_micro_usd or 0 for job in batch):
            assert started == self.fits(batch, room)
        if started:
            self.took(batch)

    @rule(first=BATCHES, second=BATCHES)
    def both_kernels_start_at_once(self, first: list[int | None], second: list[int | None]) -> None:
        batches, started = [self.batch(first), self.batch(second)], [False, False]
        together = threading.Barrier(2)

        def run(kernel: int) -> None:
            together.wait()
            started[kernel] = self.start(kernel, batches[kernel])

        threads = [threading.Thread(target=run, args=(kernel,)) for kernel in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for batch, done in zip(batches, started, strict=True):
            if done:
                self.took(batch)

    @rule(
        pick=PICKS,
        kernel=st.integers(0, 1),
        choice=st.integers(0, 100),
        charge=st.sampled_from([None, "none", "possible"]),
        share=st.integers(0, 100),
    )
    def a_job_moves(
        self,
        pick: int,
        kernel: int,
        choice: int,
        charge: Charge | None,
        share: int,
    ) -> None:
        if not self.known:
            return
        job_id = self.picked(pick)
        job, store = self.known[job_id], self.stores[kernel]
        ways = sorted(NEXT_STATES[job.state])
        if not ways:
            return
        leave, to = job.state, ways[choice % len(ways)]
        metered = None if job.price is None else job.price * share // 100
        if to == "stored":
            clip = ClipRow(job_id, job_id, f"{job_id}.mp4", "0", 1, "{}", "{}", 0.0)
            store.store_clip(clip, metered_micro_usd=metered)
        else:
            store.advance(job_id, leave, to, charge=charge if to in ENDED else None)
        job.state = to
        if to == "stored":
            job.held = job.price or 0 if metered is None else metered
        elif to in ENDED and (charge or ("possible" if to == "expired" else "none")) == "none":
            job.held, job.counts = 0, False

    @rule(pick=PICKS, kernel=st.integers(0, 1), way=st.sampled_from(WAYS))
    def a_kernel_that_is_behind_moves_nothing(
        self, pick: int, kernel: int, way: tuple[State, State]
    ) -> None:
        leave, to = way
        if self.known and self.known[self.picked(pick)].state != leave:
            with pytest.raises(StateConflictError):
                self.stores[kernel].advance(self.picked(pick), leave, to)

    @rule(pick=PICKS, kernel=st.integers(0, 1), share=st.integers(0, 100))
    def fal_bills_a_job_that_ended(self, pick: int, kernel: int, share: int) -> None:
        if not self.known:
            return
        job_id = self.picked(pick)
        job = self.known[job_id]
        billed = (job.price or 0) * share // 100
        if job.state in ENDED and job.counts:
            self.stores[kernel].record_bills({job_id: billed})
            job.held = billed

    @invariant()
    def spent_and_reserved_are_what_they_should_be_and_under_every_cap(self) -> None:
        rows = self.stores[0].read(
            "SELECT batch_id, sum(reserved_micro_usd + spent_micro_usd) AS held,"
            " sum(charge != 'none') AS clips FROM jobs GROUP BY batch_id"
        )
        assert all(row["held"] <= BATCH_CAP for row in rows)
        held = sum(row["held"] for row in rows)
        assert held == sum(job.held for job in self.known.values()) <= PROJECT_CAP
        assert sum(row["clips"] for row in rows) <= CLIP_CAP
        sums = self.stores[1].money()
        assert sums.spent_micro_usd + sums.reserved_micro_usd == held

    @invariant()
    def what_ended_holds_no_reservation_unless_it_may_be_charged(self) -> None:
        assert not self.stores[0].read(
            "SELECT id FROM jobs WHERE (reserved_micro_usd > 0 AND spent_micro_usd > 0)"
            " OR (reserved_micro_usd > 0 AND charge IN ('none', 'settled'))"
            " OR (spent_micro_usd > 0 AND charge != 'settled')"
            " OR (ended_at IS NOT NULL) != (charge != 'open')"
        )

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        self.folder.cleanup()


TestBudgetMachine = BudgetMachine.TestCase
TestBudgetMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
