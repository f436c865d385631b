"""The ledger: estimated, metered and billed stand beside each other; unknown is never 0."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import FalAccountError
from qcut_nb.simulator import Fault, Simulator

WAIT_S = 60


@pytest.fixture
def cheaper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """An account that pays 20 % less than was metered."""
    with Simulator(
        tmp_path / "fal", speed="instant", max_height_px=96, discount_percent=20
    ) as running:
        monkeypatch.setenv("QCUT_NB_FAL_URL", running.origin)
        yield running


@pytest.fixture
def live(cheaper: Simulator, tmp_path: Path) -> Iterator[Studio]:
    with Studio("live", mode="live", key="id:secret", root=tmp_path) as studio:
        yield studio


def test_estimated_metered_and_billed_keep_their_source_and_date(live: Studio) -> None:
    live.generate("x", models="kling_v2_5", duration_s=5).wait(WAIT_S)
    (before,) = live.spend().charges
    assert (before.estimate_high_usd, before.metered_usd) == (Decimal("0.35"), Decimal("0.35"))
    assert (before.billed_usd, before.spent_usd) == (None, Decimal("0.35"))
    assert before.price_source is not None
    assert "/v1/models/pricing" in before.price_source
    assert before.estimate_source
    assert before.estimate_checked_on
    assert live.fetch_bills("admin:secret") == 1
    (after,) = live.spend().charges
    assert (after.billed_usd, after.spent_usd) == (Decimal("0.28"), Decimal("0.28"))
    assert after.metered_usd == before.metered_usd
    assert after.billed_at is not None
    assert live.fetch_bills("admin:secret") == 0


def test_bills_need_an_admin_key_and_the_error_says_so(live: Studio) -> None:
    live.generate("x", models="wan_turbo").wait(WAIT_S)
    with pytest.raises(FalAccountError, match="admin key"):
        live.fetch_bills()


def test_money_is_summed_by_model_by_day_and_in_all(live: Studio) -> None:
    live.generate("x", models=["kling_v2_5", "wan_turbo"], duration_s=5).wait(WAIT_S)
    live.generate("y", models="wan_turbo").wait(WAIT_S)
    spend = live.spend()
    assert [(s.jobs, s.spent_usd) for s in spend.by_model] == [
        (1, Decimal("0.35")),
        (2, Decimal("0.20")),
    ]
    (day,) = spend.by_day
    assert day.spent_usd == spend.total.spent_usd == Decimal("0.55")
    assert spend.total.drift == pytest.approx(0)
    assert "$0.55" in repr(spend)
    assert "$0.55" in spend._repr_html_()


def test_simulated_runs_are_never_money(live: Studio, tmp_path: Path, cheaper: Simulator) -> None:
    with Studio("live", mode="simulated", root=tmp_path) as rehearsal:
        rehearsal.generate("x", models="kling_v2_5").wait(WAIT_S)
        spend = rehearsal.spend()
    assert (len(spend.charges), spend.simulated) == (0, 1)
    assert not spend.total.spent_usd
    assert "cost nothing" in repr(spend)


def test_every_job_can_be_taken_out_as_a_table(live: Studio, tmp_path: Path) -> None:
    live.generate("x", models="wan_turbo").wait(WAIT_S)
    with live.spend().to_csv(tmp_path / "spend.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["model_id"], row["metered_usd"], row["billed_usd"]) == ("wan_turbo", "0.1", "")
    frame = live.spend().to_dataframe()
    assert list(frame["model_id"]) == ["wan_turbo"]
    assert frame["billed_usd"].isna().all()


def test_a_later_quote_says_what_the_model_really_cost_so_far(live: Studio) -> None:
    live.generate("x", models="kling_v2_5").wait(WAIT_S)
    assert live.generate("y", models="kling_v2_5").notes == ()
    live.fetch_bills("admin:secret")
    (note,) = live.generate("z", models="kling_v2_5").notes
    assert "cost $0.28 where $0.35 was quoted: 0.80 times as much" in note


def test_without_a_price_at_hand_the_estimate_stands_and_metered_stays_unknown(
    live: Studio, cheaper: Simulator
) -> None:
    cheaper.faults = [Fault(kind="pricing_error", times=None)]
    live.generate("x", models="wan_turbo").wait(WAIT_S)
    (charge,) = live.spend().charges
    assert (charge.metered_usd, charge.spent_usd) == (None, Decimal("0.10"))
    assert live.spend().total.drift is None
