"""Jobs, money and leases under any order of events, held against a model that fits on a page."""

from __future__ import annotations

import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from qcut_nb.store import (
    ENDED,
    ENDING_CHARGE,
    NEXT_STATES,
    Cap,
    CapExceededError,
    ClipRow,
    NewJob,
    Remains,
    State,
    StateConflictError,
    Store,
)

CAP = 1_000_000
STATES = sorted(NEXT_STATES)
prices = st.lists(st.integers(0, 400_000), max_size=3)
OWNERS = ("machine|1|a", "machine|2|b")
JOURNALLED: dict[str, str] = {
    "submitting": "submit_unknown",
    "queued": "submitted",
    "running": "submitted",
    "cancelling": "submitted",
    "completed": "submitted",
    "downloading": "submitted",
}
"""As what a job in this state comes back when only the journal is left."""


def new_job(job_id: str, price: int) -> NewJob:
    return NewJob(
        id=job_id,
        batch_id="b",
        place=0,
        mode="live",
        model_id="kling_v2_5",
        catalog_version="v",
        request="{}",
        changes="[]",
        low_micro_usd=price,
        high_micro_usd=price,
    )


class JobLife(RuleBasedStateMachine):
    """Two owners work on one store, and a model of it."""

    jobs: Bundle[str] = Bundle("jobs")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "project.sqlite3")
        self.names = count()
        self.states: dict[str, State] = {}
        self.prices: dict[str, int] = {}
        self.spent: dict[str, int] = {}
        self.held: dict[str, str | None] = {}
        self.alive: set[str] = set()
        self.clips: set[str] = set()

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        remains = Remains.of_journal(Path(self.folder.name))
        for job_id, state in self.states.items():
            assert remains.jobs[job_id]["state"] == JOURNALLED.get(state, state)
        assert set(remains.clips) == self.clips
        self.store.close()
        self.folder.cleanup()

    def used(self) -> int:
        open_jobs = (self.prices[i] for i, s in self.states.items() if s not in ENDED)
        return sum(open_jobs) + sum(self.spent.values())

    @rule(
        target=jobs,
        prices=st.lists(st.integers(0, 400_000), max_size=3),
        by=st.sampled_from(OWNERS),
    )
    def intend(self, prices: list[int], by: str) -> Any:
        new = [new_job(f"j{next(self.names)}", price) for price in prices]
        fits = self.used() + sum(prices) <= CAP
        try:
            self.store.add_jobs(new, owner=by, caps=[Cap("project_usd", "usd", CAP)])
        except CapExceededError as error:
            assert not fits
            assert error.spent + error.reserved == self.used()
            return multiple()
        assert fits or not sum(prices)
        self.alive.add(by)
        for job, price in zip(new, prices, strict=True):
            self.states[job.id], self.prices[job.id], self.held[job.id] = "reserved", price, by
        return multiple(*(job.id for job in new))

    def _note(self, job_id: str, to: State, spent: int) -> None:
        self.states[job_id] = to
        if to in ENDED:
            self.held[job_id] = None
            charge = ENDING_CHARGE[to]
            kept = {"settled": spent, "possible": self.prices[job_id], "none": 0, "open": 0}
            self.spent[job_id] = kept[charge]

    def _columns(self, job_id: str, to: State) -> dict[str, Any]:
        if to == "submitted":
            return {"request_id": f"r-{job_id}", "status_url": "s", "response_url": "r"}
        return {}

    @rule(job_id=jobs, leave=st.sampled_from(STATES), to=st.sampled_from(STATES))
    def advance(self, job_id: str, leave: State, to: State) -> None:
        try:
            self.store.advance(job_id, leave, to, **self._columns(job_id, to))
        except ValueError:
            assert to not in NEXT_STATES[leave]
        except StateConflictError:
            assert self.states[job_id] != leave
        else:
            assert self.states[job_id] == leave
            self._note(job_id, to, self.prices[job_id])

    @rule(job_id=jobs, data=st.data(), steps=st.integers(1, 5))
    def go_on(self, job_id: str, data: st.DataObject, steps: int) -> None:
        """Along the drawn ways, so that far states are reached as well."""
        for _ in range(steps):
            ways = sorted(NEXT_STATES[self.states[job_id]] - {"stored"})
            if ways:
                to = data.draw(st.sampled_from(ways))
                self.store.advance(job_id, self.states[job_id], to, **self._columns(job_id, to))
                self._note(job_id, to, self.prices[job_id])

    @rule(job_id=jobs, metered=st.none() | st.integers(0, 50_000))
    def store_clip(self, job_id: str, metered: int | None) -> None:
        clip = ClipRow(job_id, job_id, f"clips/{job_id}.mp4", "0" * 64, 1, "{}", "{}", 0.0)
        metered = None if metered is None else min(metered, self.prices[job_id])
        try:
            self.store.store_clip(clip, metered_micro_usd=metered)
        except StateConflictError:
            assert self.states[job_id] != "downloading"
        else:
            spent = self.prices[job_id] if metered is None else metered
            self._note(job_id, "stored", spent)
            self.clips.add(job_id)

    @rule(pair=st.tuples(jobs, jobs), to=st.sampled_from(STATES))
    def share_a_transaction(self, pair: tuple[str, str], to: State) -> None:
        """Each change in a group keeps its own guard."""
        before = [self.states[job_id] for job_id in pair]
        calls = [
            lambda i=job_id, s=state: self.store.advance(i, s, to, **self._columns(i, to))
            for job_id, state in zip(pair, before, strict=True)
        ]
        for job_id, state, (_, error) in zip(pair, before, self.store.together(calls), strict=True):
            if error is None:
                assert self.states[job_id] == state
                self._note(job_id, to, self.prices[job_id])
            else:
                assert isinstance(error, ValueError | StateConflictError)

    @rule(owner=st.sampled_from(OWNERS))
    def claim_all(self, owner: str) -> None:
        taken = self.store.claim(list(self.states), owner)
        free = {
            job_id
            for job_id, state in self.states.items()
            if state not in ENDED
            and (self.held[job_id] in (None, owner) or self.held[job_id] not in self.alive)
        }
        assert set(taken) == free
        self.alive.add(owner)
        for job_id in taken:
            self.held[job_id] = owner

    @rule(owner=st.sampled_from(OWNERS), how=st.sampled_from(["released", "run out"]))
    def leave(self, owner: str, how: str) -> None:
        self.alive.discard(owner)
        if how == "released":
            self.store.release(owner)
            self.held = {i: None if held == owner else held for i, held in self.held.items()}
        else:
            with self.store.transaction() as db:
                db.execute("UPDATE leases SET until = 0 WHERE owner = ?", (owner,))

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.store.path)

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        if not hasattr(self, "store"):
            return
        rows = {row.id: row for row in self.store.jobs(limit=-1)}
        assert {i: row.state for i, row in rows.items()} == self.states
        held = {i: row.lease_owner for i, row in rows.items()}
        assert held == self.held
        for job_id, row in rows.items():
            assert (row.charge == "open") == (row.state not in ENDED)
            assert self.store.events(job_id)[-1][1] == row.state
        used = sum(row.reserved_micro_usd + row.spent_micro_usd for row in rows.values())
        assert used == self.used() <= CAP
        assert {clip.id for clip in self.store.clips(limit=-1)} == self.clips


JobLife.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
test_any_order_of_events_keeps_the_rules = JobLife.TestCase
