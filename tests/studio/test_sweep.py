"""A sweep pays for what is missing, once, and is found again by its requests."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from qcut_nb import Studio, Sweep
from qcut_nb.errors import BudgetExceededError, InputError
from qcut_nb.simulator import Fault, Simulator
from support.media import make_picture
from support.numbered import make_numbered

TWO = ["kling_v2_5", "wan_25"]


def test_axes_that_a_model_does_not_take_collapse_and_the_plan_says_so(studio: Studio) -> None:
    plan = studio.sweep(prompt=["a cat", "a dog"], models=TWO, seed=[1, 2, 3], duration_s=5)
    models = [cell.model_id for cell in plan]
    assert (models.count("kling_v2_5"), models.count("wan_25")) == (2, 6)
    assert [c.values["seed"] for c in plan if c.model_id == "kling_v2_5"] == [None, None]
    assert plan.cells[0].label == "Kling v2.5 Turbo Pro"
    assert any("takes no seed" in note for note in plan.notes)
    assert "as above" in repr(plan)


def test_values_that_bend_to_one_request_are_one_cell(studio: Studio) -> None:
    plan = studio.sweep(prompt="a cat", models=["kling_v2_5"], duration_s=[5, 6, 10])
    assert len(plan) == 2
    assert any("duration_s 6 > 5" in note for note in plan.notes)


def test_a_plan_is_free_and_names_every_price_and_the_total(studio: Studio) -> None:
    plan = studio.sweep(prompt=["a cat", "a <b>dog</b>"], models=TWO, duration_s=5)
    assert plan.estimate().starts == 4
    assert str(plan.estimate().to_pay) == "$2.20"
    assert "$0.35" in repr(plan)
    html = plan._repr_html_()
    assert "a &lt;b&gt;dog&lt;/b&gt;" in html
    assert "$2.20" in html
    assert studio.jobs == []


def test_ranges_and_unknown_prices_are_called_so_in_cells_and_totals(
    studio: Studio, tmp_path: Path
) -> None:
    source = make_numbered(tmp_path / "a.mp4", frames=24, audio=False)
    sources = [str(source), "https://example.com/b.mp4"]
    plan = studio.sweep(video=sources, models=["topaz_upscaler"], target_fps=[30, 45, 60])
    kinds = [cell.quote.kind for cell in plan]
    assert kinds == ["exact", "range", "exact", "unknown", "unknown", "unknown"]
    assert plan.estimate().whole.unknown == 3
    assert str(plan.estimate().whole) == "$0.04-0.05 + unknown"
    for shown in (repr(plan), plan._repr_html_()):
        assert shown.count("$0.01-0.02") == 1
        assert shown.count("price unknown") == 3
        assert "$0.04-0.05 + unknown" in shown
        assert "$0.00" not in shown


def test_a_size_without_a_published_price_is_unknown_beside_known_ones(studio: Studio) -> None:
    models = ["veo31_fast", "veo31"]
    plan = studio.sweep(prompt="a", models=models, resolution=["1080p", "4k"], duration_s=8)
    assert [cell.quote.kind for cell in plan] == ["exact", "exact", "unknown", "exact"]
    assert "$1.20 + unknown" in repr(plan)
    assert plan.estimate().whole.unknown == 1


def test_a_cell_whose_submit_was_lost_is_not_paid_again_without_being_asked(
    studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [
        Fault(kind="lost_reply", prompt="dog"),
        Fault(kind="search_error", status=500, times=None),
    ]
    plan = studio.sweep(prompt=["a cat", "a dog"], models=["wan_25"], duration_s=5)
    assert len(plan.run().wait(60)) == 1
    (doubtful,) = [cell for cell in plan if cell.state == "in doubt"]
    assert (plan.estimate().in_doubt, plan.estimate().starts) == (1, 0)
    plan.run().wait(60)
    plan.run(pay_again=True).wait(60)
    assert simulator.accepted_submits == 2
    job = doubtful.job
    assert job is not None
    job.abandon()
    assert plan.estimate().in_doubt == 1
    assert len(plan.run(pay_again=True).wait(60)) == 2
    assert simulator.accepted_submits == 3


async def test_running_again_or_with_one_more_row_pays_only_for_what_is_missing(
    studio: Studio,
) -> None:
    clips = await studio.sweep(prompt=["a cat"], models=TWO, duration_s=5).run()
    assert len(clips) == len(studio.jobs) == 2
    more = studio.sweep(prompt=["a cat", "a dog"], models=TWO, duration_s=5)
    assert (more.estimate().done, more.estimate().starts) == (2, 2)
    assert len(await more.run()) == 4
    assert len(await more.run()) == 4
    assert len(studio.jobs) == 4
    assert more._repr_html_().count("data:image/jpeg") == 4


def test_another_kernel_finds_the_cells_of_a_saved_plan(
    tmp_path: Path, simulator: Simulator
) -> None:
    with Studio("test", simulator=simulator, root=tmp_path) as first:
        plan = first.sweep(prompt=['a "cat"\n\x7f', "ä dog"], models=TWO, seed=range(2))
        plan.run().wait(60)
        plan.save(tmp_path / "sweep.toml")
    with (
        Simulator(tmp_path / "other", speed="instant", max_height_px=96) as other,
        Studio("test", simulator=other, root=tmp_path) as second,
    ):
        again = Sweep.load(tmp_path / "sweep.toml", second)
        assert again.axes.axes == {"prompt": ('a "cat"\n\x7f', "ä dog"), "seed": (0, 1)}
        assert again.estimate().done == len(again)
        assert len(again.run().wait(60)) == len(again)


def test_a_clip_that_was_deleted_or_whose_file_is_gone_is_missing_and_made_again(
    studio: Studio,
) -> None:
    plan = studio.sweep(prompt=["a cat", "a dog", "an owl"], models=["wan_25"], duration_s=5)
    first, second, _ = plan.run().wait(60)
    away = first.path.rename(first.path.with_suffix(".away"))
    second.delete()
    assert [cell.state for cell in plan] == ["missing", "missing", "done"]
    assert str(plan.estimate()) == "2 to run for $1.50, 1 done; all cells: $2.25"
    assert "done" in repr(plan)
    away.rename(first.path)
    assert (plan.estimate().starts, plan.estimate().done) == (1, 2)
    first.path.unlink()
    clips = plan.run().wait(60)
    assert len(studio.jobs) == 5
    assert all(clip.path.is_file() for clip in clips)
    assert str(plan.estimate()) == "nothing to run, 3 done; all cells: $2.25"


def test_one_failure_leaves_the_rest_and_is_run_again(studio: Studio, simulator: Simulator) -> None:
    plan = studio.sweep(prompt=["a cat", "a dog"], models=TWO, duration_s=5)
    simulator.faults = [Fault(kind="verdict", status=422, endpoint="wan", prompt="dog")]
    assert len(plan.run().wait(60)) == 3
    (failed,) = [cell for cell in plan if cell.state == "failed"]
    assert failed.error is not None
    assert "failed" in repr(plan)
    assert len(plan.run().wait(60)) == 4
    assert len(studio.jobs) == 5


def test_the_whole_is_refused_when_it_does_not_fit(studio: Studio) -> None:
    plan = studio.sweep(prompt=["a cat", "a dog"], models=TWO, duration_s=5)
    with pytest.raises(BudgetExceededError):
        plan.run(max_cost_usd=2)
    assert studio.jobs == []


def test_two_who_run_a_sweep_at_once_pay_once(studio: Studio) -> None:
    plan = studio.sweep(prompt=[f"cat {n}" for n in range(4)], models=TWO, duration_s=5)
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        plan.run().wait(60)

    both = [threading.Thread(target=run) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(studio.jobs) == 8


def test_an_input_file_is_known_by_its_content(studio: Studio, tmp_path: Path) -> None:
    picture = make_picture(tmp_path / "a.png", width_px=640, height_px=360)
    plan = studio.sweep(prompt="go", models=["kling_v2_5_i2v"], image=[picture], duration_s=5)
    copy = tmp_path / "b.png"
    copy.write_bytes(picture.read_bytes())
    other = studio.sweep(prompt="go", models=["kling_v2_5_i2v"], image=[copy], duration_s=5)
    assert [cell.key for cell in plan] == [cell.key for cell in other]


def test_cells_become_a_data_frame(studio: Studio) -> None:
    plan = studio.sweep(prompt="a cat", models=TWO, duration_s=[5, 10])
    frame = plan.to_dataframe()
    assert list(frame["model"]) == ["kling_v2_5", "wan_25"] * 2
    assert list(frame["duration_s"]) == [5, 5, 10, 10]
    assert list(frame["state"]) == ["missing"] * 4


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"prompt": []}, "prompt"),
        ({"prompt": ["a", "a"]}, "prompt='a'"),
        ({"prompt": "a", "seed": range(20_000)}, "combinations"),
        ({"prompt": "a", "brightnes": [1, 2]}, "brightnes"),
    ],
)
def test_a_wrong_axis_is_named(studio: Studio, settings: dict[str, object], names: str) -> None:
    with pytest.raises(InputError, match=names):
        studio.sweep(models=TWO, **settings)


def test_a_value_that_no_file_holds_and_a_file_that_is_no_sweep_are_said(
    studio: Studio, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Sweep.load(tmp_path / "none.toml", studio)
    for text in ("version = 1", "not toml", "version = 1\nmodels = 3\n[axes]\nseed = 4"):
        (tmp_path / "bad.toml").write_text(text)
        with pytest.raises(InputError, match=r"bad\.toml"):
            Sweep.load(tmp_path / "bad.toml", studio)
