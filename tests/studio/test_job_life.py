"""The rules about money and clips, each tried against a server that misbehaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import (
    BudgetExceededError,
    DownloadError,
    FalAccountError,
    FalAuthError,
    JobFailedError,
    QcutError,
    SubmitUnknownError,
)
from qcut_nb.media import probe, read_recipe
from qcut_nb.simulator import Fault, Simulator
from support.media import make_picture

WAIT_S = 60


def states(studio: Studio, job_id: str) -> list[str]:
    return [state for _, state in studio._core.project.store.events(job_id)]


def test_a_job_is_written_down_before_each_step_and_ends_as_a_clip(
    studio: Studio, simulator: Simulator
) -> None:
    batch = studio.generate("a red kite", models="wan_turbo", resolution="480p")
    (clip,) = batch.wait(WAIT_S)
    (job,) = batch.jobs
    life = states(studio, job.id)
    assert life[:3] == ["reserved", "submitting", "submitted"]
    assert life[-3:] == ["completed", "downloading", "stored"]
    assert simulator.accepted_submits == 1
    facts = probe(clip.path)
    assert facts.duration_s == pytest.approx(5, abs=0.1)
    recipe = read_recipe(clip.path)
    assert recipe is not None
    assert (recipe.prompt, recipe.job_id, recipe.request_id) == (
        "a red kite",
        job.id,
        job.request_id,
    )
    assert [p.name for p in clip.path.parent.iterdir()] == [clip.path.name]


async def test_awaiting_a_batch_gives_its_clips_in_the_models_order(studio: Studio) -> None:
    batch = studio.generate("x", models=["wan_turbo", "seedance_lite"], duration_s=2)
    clips = await batch
    assert [clip.model_id for clip in clips] == ["wan_turbo", "seedance_lite"]
    assert [clip.path for clip in studio.clips[::-1]] != []


def test_a_lost_reply_is_looked_up_and_adopted_and_nothing_is_sent_again(
    studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="lost_reply")]
    batch = studio.generate("lost and found", models="wan_turbo")
    batch.wait(WAIT_S)
    assert "submit_unknown" in states(studio, batch.jobs[0].id)
    assert simulator.accepted_submits == 1


def test_what_cannot_be_told_apart_stays_unknown_and_is_never_sent_again(
    studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="lost_reply", times=2)]
    twins = [studio.generate("twin", models="wan_turbo") for _ in range(2)]
    for batch in twins:
        with pytest.raises(JobFailedError, match="not known"):
            batch.wait(WAIT_S)
        assert batch.jobs[0].state == "submit_unknown"
        with pytest.raises(SubmitUnknownError, match="may be charged"):
            batch.jobs[0].wait(WAIT_S)
    assert simulator.accepted_submits == 2
    studio.resume()
    assert simulator.accepted_submits == 2


def test_a_submit_that_never_arrived_is_not_sent_again_either(
    studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="submit_dropped")]
    batch = studio.generate("dropped", models="wan_turbo")
    with pytest.raises(SubmitUnknownError):
        batch.jobs[0].wait(WAIT_S)
    assert simulator.accepted_submits == 0


def test_one_failed_job_harms_no_other(studio: Studio, simulator: Simulator) -> None:
    simulator.faults = [
        Fault(
            kind="verdict", endpoint="seedance", status=422, error_type="content_policy_violation"
        )
    ]
    batch = studio.generate("x", models=["seedance_lite", "wan_turbo"], duration_s=2)
    (clip,) = batch.wait(WAIT_S)
    assert clip.model_id == "wan_turbo"
    (failed,) = batch.failed
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.money


def test_a_batch_says_of_each_job_what_it_means_for_money(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    simulator.faults = [
        Fault(kind="verdict", endpoint="turbo", status=422, error_type="content_policy_violation"),
        Fault(kind="submit_dropped", endpoint="kling"),
    ]
    with Studio("live", mode="live", key="id:canary", root=tmp_path) as studio:
        batch = studio.generate("x", models=["wan_turbo", "kling_v2_5"])
        with pytest.raises(JobFailedError) as failed:
            batch.wait(WAIT_S)
        for job in batch.jobs:
            assert job.error is not None
            assert f"{job.model_id}: {job.error.money}" in failed.value.money
            assert f"{job.model_id}: {job.error.remedy}" in failed.value.remedy
        assert "may be charged" in failed.value.money


@pytest.mark.parametrize(
    ("kind", "error"), [("locked_account", FalAccountError), ("bad_key", FalAuthError)]
)
def test_a_refused_submit_says_that_nothing_was_spent(
    studio: Studio, simulator: Simulator, kind: str, error: type[Exception]
) -> None:
    simulator.faults = [Fault.model_validate({"kind": kind, "times": None})]
    batch = studio.generate("x", models="wan_turbo")
    with pytest.raises(JobFailedError):
        batch.wait(WAIT_S)
    (job,) = batch.jobs
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.kind == error.__name__
    assert "charged" in job.error.money or "spent" in job.error.money
    assert simulator.accepted_submits == 0


def test_a_job_may_go_back_into_the_queue(studio: Studio, simulator: Simulator) -> None:
    simulator.faults = [Fault(kind="relapse"), Fault(kind="unknown_status")]
    (clip,) = studio.generate("again", models="wan_turbo").wait(WAIT_S)
    assert clip.path.exists()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="media_reset"),
        Fault(kind="media_truncated"),
        Fault(kind="media_wrong_range"),
        Fault(kind="media_error", status=503),
        Fault(kind="result_error", status=504),
        Fault(kind="stream_cut"),
        Fault(kind="stream_refused", status=503),
        Fault(kind="status_error", status=502),
        Fault(kind="short_answer"),
        Fault(kind="rate_limited", retry_after_s=0),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_passing_fault_costs_no_second_submit_and_no_clip(
    studio: Studio, simulator: Simulator, fault: Fault
) -> None:
    simulator.faults = [fault]
    (clip,) = studio.generate("trouble", models="wan_turbo").wait(WAIT_S)
    assert probe(clip.path).duration_s == pytest.approx(5, abs=0.1)
    assert simulator.accepted_submits == 1


def test_a_failed_download_keeps_the_job_and_is_free_to_repeat(
    studio: Studio, simulator: Simulator
) -> None:
    simulator.faults = [Fault(kind="media_truncated", times=None)]
    batch = studio.generate("half", models="wan_turbo")
    (job,) = batch.jobs
    with pytest.raises(DownloadError):
        job.wait(WAIT_S)
    assert job.state == "downloading"
    assert studio.clips == []
    simulator.faults = []
    job.retry_download()
    clip = studio.job(job.id).wait(WAIT_S)
    assert probe(clip.path).has_video
    assert simulator.accepted_submits == 1


def test_media_that_is_gone_says_so(studio: Studio, simulator: Simulator) -> None:
    simulator.faults = [Fault(kind="media_expired", times=None)]
    batch = studio.generate("gone", models="wan_turbo")
    with pytest.raises(DownloadError, match="not at fal any more"):
        batch.jobs[0].wait(WAIT_S)
    assert batch.jobs[0].state == "expired"
    assert len(studio.resume()) == 0


def test_max_cost_is_held_before_anything_is_recorded(studio: Studio, simulator: Simulator) -> None:
    with pytest.raises(BudgetExceededError, match=r"\$0\.40"):
        studio.generate("x", models=["kling_v2_5", "wan_turbo"], max_cost_usd=0.40)
    assert studio.jobs == []
    assert simulator.accepted_submits == 0


def test_metered_cost_is_units_times_price_and_overwrites_nothing(
    studio: Studio, open_studio: Callable[[], Studio]
) -> None:
    batch = studio.generate("x", models="wan_turbo")
    batch.wait(WAIT_S)
    row = studio._core.project.store.job(batch.jobs[0].id)
    assert row is not None
    assert row.high_micro_usd == 100_000
    assert row.metered_micro_usd is not None
    assert row.billed_micro_usd is None
    assert json.loads(row.request)["body"]["prompt"] == "x"


def test_two_studios_on_one_project_share_everything(
    studio: Studio, open_studio: Callable[[], Studio]
) -> None:
    other = open_studio()
    studio.generate("x", models="wan_turbo").wait(WAIT_S)
    assert [clip.path for clip in other.clips] == [clip.path for clip in studio.clips]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_an_answer_that_is_no_verdict_never_ends_a_paid_job(
    studio: Studio, simulator: Simulator, status: int
) -> None:
    simulator.faults = [Fault(kind="result_error", status=status, times=6)]
    job = studio.generate("paid for", models="wan_turbo").jobs[0]
    try:
        job.wait(WAIT_S)
    except QcutError as error:
        assert job.error is not None
        assert job.error.money.startswith("Simulated: nothing was charged. In live mode: fal has")
        assert job.error.money.endswith("resumable.")
        assert (status, job.state) == (403, "completed"), error
        simulator.faults = []
        studio.resume()
    assert studio.job(job.id).wait(WAIT_S).path.exists()
    assert simulator.accepted_submits == 1


def test_a_download_that_came_whole_is_kept_although_fal_has_it_no_more(
    studio: Studio, simulator: Simulator
) -> None:
    (clip,) = studio.generate("first", models="wan_turbo").wait(WAIT_S)
    simulator.faults = [Fault(kind="media_truncated", times=None)]
    job = studio.generate("second", models="wan_turbo").jobs[0]
    with pytest.raises(DownloadError):
        job.wait(WAIT_S)
    part = studio.folder / "clips" / f"ai-wan_turbo-{job.id}.part"
    part.write_bytes(clip.path.read_bytes())
    simulator.faults = [Fault(kind="media_expired", times=None)]
    job.retry_download()
    recipe = studio.job(job.id).wait(WAIT_S).recipe
    assert recipe is not None
    assert recipe.prompt == "second"


def test_opening_the_studio_again_disturbs_nothing_under_way(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCUT_NB_FAL_URL", simulator.origin)
    studio = Studio("live", mode="live", key="id:first-canary", root=tmp_path)
    batch = studio.generate("x", models=["wan_turbo", "kling_v2_5"])
    for key in ("id:first-canary", "id:second-canary"):
        Studio("live", mode="live", key=key, root=tmp_path)
    assert len(batch.wait(WAIT_S)) == 2
    assert simulator.accepted_submits == 2
    studio.close()


def test_what_is_sent_is_the_picture_that_was_checked(
    studio: Studio, simulator: Simulator, tmp_path: Path
) -> None:
    picture = make_picture(tmp_path / "p.png", width_px=400, height_px=300)
    checked = picture.read_bytes()
    batch = studio.generate(
        "x", models=["wan_turbo", "kling_v2_5_i2v"], image=picture, max_parallel=1
    )
    make_picture(picture, width_px=320, height_px=320)
    clip = batch.wait(WAIT_S)[1]
    assert clip.recipe is not None
    (used,) = clip.recipe.inputs
    assert (used.label, used.sha256) == ("p.png", hashlib.sha256(checked).hexdigest())
    (sent,) = [p for p in (tmp_path / "fal").rglob("*.png") if p.is_file()]
    assert sent.read_bytes() == checked
    picture.unlink()
    (again,) = clip.rerun().wait(WAIT_S)
    assert again.recipe is not None
    assert again.recipe.inputs[0].sha256 == used.sha256


def test_a_rerun_with_another_model_says_what_had_to_change(studio: Studio) -> None:
    (clip,) = studio.generate("x", models="wan_turbo", resolution="480p").wait(WAIT_S)
    (job,) = clip.rerun(model="veo31_fast", duration_s=5).jobs
    assert [(c.name, c.asked, c.sent) for c in job.changes] == [
        ("resolution", "480p", "720p"),
        ("duration_s", 5, 6),
    ]
