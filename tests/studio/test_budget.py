"""What the budget promises: no cap is ever broken, and nothing is held twice or for ever."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcut_nb import Budget, Studio
from qcut_nb.errors import BudgetExceededError, ConfirmationNeededError, InputError, QcutError
from qcut_nb.simulator import Fault, Simulator
from support.media import make_picture
from support.waiting import wait_until

WAIT_S = 60
KLING: dict[str, Any] = {"models": "kling_v2_5", "duration_s": 5}  # 0.35 US dollars, 5 s


@pytest.fixture
def live(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Budget], Studio]]:
    """A studio that believes it spends money: live mode, on a simulator."""
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    opened: list[Studio] = []

    def open_one(budget: Budget) -> Studio:
        opened.append(Studio("live", mode="live", key="id:secret", root=tmp_path, budget=budget))
        return opened[-1]

    yield open_one
    for studio in opened:
        studio.close()


def held(studio: Studio) -> int:
    (row,) = studio._core.project.store.read(
        "SELECT coalesce(sum(reserved_micro_usd + spent_micro_usd), 0) AS sum FROM jobs"
    )
    return int(row["sum"])


def fates(studio: Studio) -> list[tuple[str, str, int, int]]:
    rows = studio._core.project.store.jobs()
    return [(r.state, r.charge, r.reserved_micro_usd, r.spent_micro_usd) for r in rows]


def test_what_does_not_fit_is_refused_as_a_whole_and_named(
    live: Callable[[Budget], Studio], simulator: Simulator
) -> None:
    studio = live(Budget(per_day_usd=1))
    studio.generate("first", **KLING).wait(WAIT_S)
    with pytest.raises(BudgetExceededError) as caught:
        studio.generate("x", models=["kling_v2_5", "wan_turbo", "veo31_fast"], duration_s=5)
    error = caught.value
    assert error.cap == "per_day_usd"
    assert (error.limit, error.spent) == (Decimal(1), Decimal("0.35"))
    assert error.needed is not None
    assert error.needed > Decimal("0.65")
    assert "Nothing was spent" in str(error)
    assert "studio.budget = " in error.remedy
    assert len(studio.jobs) == 1
    assert simulator.accepted_submits == 1
    studio.budget = dataclasses.replace(studio.budget, per_day_usd=5)
    studio.generate("x", **KLING).wait(WAIT_S)


@pytest.mark.parametrize(
    ("cap", "fits"),
    [
        ({"per_batch_usd": 0.35}, 5),
        ({"per_batch_clips": 1}, 5),
        ({"per_batch_s": 5}, 5),
        ({"per_day_usd": 0.8}, 2),
        ({"per_day_clips": 2}, 2),
        ({"per_day_s": 12.5}, 2),
        ({"project_usd": 1.05}, 3),
        ({"project_clips": 3}, 3),
        ({"project_s": 15}, 3),
    ],
)
def test_each_cap_lets_through_what_fits_and_nothing_more(
    live: Callable[[Budget], Studio], cap: dict[str, Any], fits: int
) -> None:
    studio = live(Budget(**cap))
    started = 0
    for _ in range(5):
        try:
            studio.generate("x", **KLING)
        except BudgetExceededError as error:
            assert error.cap == next(iter(cap))
            break
        started += 1
    assert started == fits


def test_calls_from_many_threads_never_break_a_cap_together(
    live: Callable[[Budget], Studio],
) -> None:
    studio = live(Budget(per_day_usd=1))

    def start(_: int) -> bool:
        try:
            studio.generate("x", **KLING)
        except BudgetExceededError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(start, range(16))) == 2
    assert held(studio) <= 1_000_000


def test_simulated_runs_take_no_money_but_caps_in_clips_hold_for_them_too(studio: Studio) -> None:
    studio.budget = Budget(per_day_usd=0, project_clips=2)
    studio.generate("x", models=["wan_turbo", "seedance_lite"], duration_s=2).wait(WAIT_S)
    assert held(studio) == 0
    with pytest.raises(BudgetExceededError, match="project_clips"):
        studio.generate("x", models="wan_turbo")


def test_a_price_that_is_not_known_passes_only_where_it_is_allowed(
    live: Callable[[Budget], Studio], simulator: Simulator
) -> None:
    studio = live(Budget())
    (clip,) = studio.generate("x", models="wan_turbo").wait(WAIT_S)
    assert clip.recipe is not None
    row = studio._core.project.store.job(clip.recipe.job_id or "")
    assert row is not None
    # Of a video behind a URL neither the length is known nor, so, the price.
    unknown: dict[str, Any] = {"video": json.loads(row.output or "")["video"]["url"]}
    unknown |= {"models": "topaz_upscaler", "upscale_factor": 2.0}
    with pytest.raises(ConfirmationNeededError, match="allow_unknown_price=True") as caught:
        studio.generate(**unknown)
    assert caught.value.unknown == 1
    assert simulator.accepted_submits == 1
    studio.generate(**unknown, allow_unknown_price=True)
    studio.budget = Budget(per_day_usd=None)
    studio.generate(**unknown)
    studio.budget = Budget(per_day_usd=None, per_day_s=1000)
    with pytest.raises(BudgetExceededError, match="per_day_s cannot hold"):
        studio.generate(**unknown)


def test_what_costs_more_than_may_be_spent_unasked_needs_a_yes(
    live: Callable[[Budget], Studio], simulator: Simulator
) -> None:
    studio = live(Budget(ask_above_usd=0.3))
    with pytest.raises(ConfirmationNeededError, match=r"\$0\.35") as caught:
        studio.generate("x", **KLING)
    assert caught.value.needed == Decimal("0.35")
    assert simulator.accepted_submits == 0
    studio.generate("x", **KLING, confirm=True)
    studio.generate("x", **KLING, max_cost_usd=1)
    (clip,) = studio.generate("cheap", models="wan_turbo").wait(WAIT_S)
    with pytest.raises(ConfirmationNeededError):
        clip.rerun(model="kling_v2_5")
    clip.rerun(model="kling_v2_5", confirm=True)


def test_a_job_settles_once_with_what_it_was_metered_at(
    live: Callable[[Budget], Studio],
) -> None:
    studio = live(Budget())
    (job,) = studio.generate("x", **KLING).jobs
    assert held(studio) == 350_000
    job.wait(WAIT_S)
    assert fates(studio) == [("stored", "settled", 0, 350_000)]


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        (Fault(kind="bad_key", times=None), ("failed", "none", 0, 0)),
        (Fault(kind="verdict", status=422), ("failed", "none", 0, 0)),
        (Fault(kind="verdict", status=500), ("failed", "none", 0, 0)),
        (Fault(kind="submit_dropped"), ("submit_unknown", "open", 350_000, 0)),
    ],
    ids=["refused", "no units counted", "server error", "lost"],
)
def test_a_reservation_goes_back_where_nothing_was_charged_and_stays_in_doubt(
    live: Callable[[Budget], Studio],
    simulator: Simulator,
    fault: Fault,
    fate: tuple[str, str, int, int],
) -> None:
    studio = live(Budget())
    simulator.faults = [fault]
    (job,) = studio.generate("x", **KLING).jobs
    wait_until(lambda: job.state == fate[0])
    assert fates(studio) == [fate]


def test_a_job_that_was_stopped_while_it_ran_keeps_its_reservation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Simulator(tmp_path / "slow", speed=1.0, max_height_px=96) as fal:
        monkeypatch.setenv("QCUT_NB_FAL_URL", fal.origin)
        with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
            (job,) = studio.generate("x", **KLING).jobs
            wait_until(lambda: job.state == "running")
            job.cancel()
            with pytest.raises(QcutError, match="fal may charge"):
                job.wait(WAIT_S)
            assert fates(studio) == [("cancelled", "possible", 350_000, 0)]
            total = studio.spend().total
            assert (total.possible_usd, total.unknown) == (Decimal("0.35"), 1)


@pytest.mark.parametrize(
    "wrong", [{"per_day_usd": -1}, {"project_clips": 1.5}, {"per_day_s": "x"}, {"project_usd": "a"}]
)
def test_a_cap_that_is_no_number_of_its_kind_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        Budget(**wrong)


def test_live_mode_has_a_cap_of_20_dollars_a_day_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator
) -> None:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
        assert studio.budget.per_day_usd == 20


def test_another_simulator_on_an_open_project_is_refused(studio: Studio, tmp_path: Path) -> None:
    other = Simulator(tmp_path / "other")
    with pytest.raises(InputError, match="another simulator"):
        Studio("test", simulator=other, root=tmp_path)


@pytest.mark.parametrize("kind", ["upload_error", "upload_dropped"])
def test_a_failed_upload_holds_no_money_and_says_what_to_do(
    kind: str, live: Callable[[Budget], Studio], simulator: Simulator, tmp_path: Path
) -> None:
    status = {"status": 503} if kind == "upload_error" else {}
    simulator.faults = [Fault(kind=kind, times=None, **status)]
    picture = make_picture(tmp_path / "cat.png", width_px=400, height_px=300)
    studio = live(Budget())
    batch = studio.generate("x", models="kling_v2_5_i2v", duration_s=5, image=picture)
    with pytest.raises(QcutError) as caught:
        batch.wait(WAIT_S)
    assert caught.value.money == "Nothing was spent: the request was not sent."
    assert caught.value.remedy
    assert fates(studio) == [("failed", "none", 0, 0)]
    assert simulator.accepted_submits == 0
