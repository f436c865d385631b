"""Votes become strengths, as the published figures have it, and too few of them are said."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError
from qcut_nb.store import ballots
from qcut_nb.studio.leaderboard_fit import Z_95, count_wins, fit

THREE = ["kling_v2_5", "wan_25", "veo31_fast"]


def make_clips(studio: Studio, *prompts: str) -> dict[tuple[str, str], Clip]:
    plan = studio.sweep(prompt=list(prompts), models=THREE, resolution="720p")
    plan.run().wait(60)
    return {
        (str(cell.values["prompt"]), cell.model_id): clip
        for cell in plan
        if (clip := cell.clip) is not None
    }


def test_strengths_are_the_published_ones_of_the_citations_between_journals() -> None:
    # Turner and Firth, "Bradley-Terry Models in R: The BradleyTerry2 Package", Journal of
    # Statistical Software 48(9), 2012, section 2.1, after Agresti (2002), p. 448.
    journals = ["Biometrika", "Comm Statist", "JASA", "JRSS-B"]
    wins = np.zeros((4, 4))
    for one, other, won, lost in [
        (0, 1, 730, 33),
        (0, 2, 498, 320),
        (0, 3, 221, 284),
        (1, 2, 68, 813),
        (1, 3, 17, 276),
        (2, 3, 142, 325),
    ]:
        wins[one, other], wins[other, one] = won, lost
    found = fit(wins)
    against_biometrika = np.array(found.strengths) - found.strengths[0]
    assert against_biometrika == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=5e-5)
    assert len(journals) == len(set(found.errors))


def test_the_interval_of_two_items_is_that_of_a_proportion() -> None:
    found = fit(np.array([[0.0, 30.0], [10.0, 0.0]]))
    assert found.strengths == pytest.approx((math.log(3) / 2, -math.log(3) / 2))
    error = found.errors[0]
    assert error == pytest.approx(math.sqrt(1 / 30 + 1 / 10) / 2)


def test_the_intervals_hold_the_truth_in_95_of_100_cases() -> None:
    random = np.random.default_rng(5)
    truth = np.array([0.9, 0.2, -0.3, -0.8])
    held = tried = 0
    for _ in range(300):
        wins = np.zeros((4, 4))
        for one in range(4):
            for other in range(one + 1, 4):
                chance = 1 / (1 + math.exp(truth[other] - truth[one]))
                won = random.binomial(40, chance)
                wins[one, other], wins[other, one] = won, 40 - won
        found = fit(wins)
        for strength, error, true in zip(found.strengths, found.errors, truth, strict=True):
            assert error is not None
            held += abs(strength - true) <= Z_95 * error
            tried += 1
    assert held / tried == pytest.approx(0.95, abs=0.02)


def test_a_ranking_counts_every_pair_and_a_tie_is_half_a_win_for_both() -> None:
    wins = count_wins([[[0], [1, 2]]], 3)
    assert wins.tolist() == [[0, 1, 1], [0, 0, 0.5], [0, 0.5, 0]]


def test_what_never_lost_or_is_not_linked_has_no_finite_strength() -> None:
    # 0 beats 1 and 2 always; 1 and 2 beat each other; 3 and 4 only each other.
    wins = np.zeros((5, 5))
    wins[0, 1] = wins[0, 2] = 3
    wins[1, 2], wins[2, 1], wins[3, 4], wins[4, 3] = 2, 1, 1, 1
    found = fit(wins)
    assert found.groups == (0, 1, 1, 3, 3)
    assert found.errors[0] is None
    assert found.strengths[1] == pytest.approx(math.log(2) / 2)
    assert all(math.isfinite(strength) for strength in found.strengths)


def test_votes_rank_models_with_their_cost_and_say_that_they_are_few(studio: Studio) -> None:
    clips = make_clips(studio, "a cat")
    kling, wan, veo = (clips["a cat", name] for name in THREE)
    for _ in range(3):
        studio.vote([kling, [wan, veo]], voter="Ann")
    studio.vote([wan, kling])
    studio.vote([veo, wan])
    board = studio.leaderboard()
    assert board.votes == 5
    first, *others = board.rows
    assert (first.item, first.votes, first.comparisons) == ("Kling v2.5 Turbo Pro", 4, 7)
    assert first.strength is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.strength < first.high
    assert first.mean_cost_usd == Decimal("0.35")
    assert first.odds_per_usd == pytest.approx(math.exp(first.strength) / 0.35)
    assert len(others) == 2
    assert any("Too few votes: 5" in note for note in board.notes)
    assert [b.voter for b in ballots(studio._core.project.store)] == ["Ann"] * 3 + [None] * 2
    assert next(iter(board.to_dataframe()["item"])) == first.item
    assert "<svg" in board._repr_html_()


def test_an_undefeated_model_is_said_to_have_no_bound(studio: Studio) -> None:
    clips = make_clips(studio, "a cat")
    for _ in range(12):
        studio.vote([clips["a cat", "wan_25"], clips["a cat", "veo31_fast"]])
    board = studio.leaderboard()
    assert {row.strength for row in board.rows} == {None}
    assert any("no upper bound" in note for note in board.notes)
    assert "inf" not in repr(board)


def test_votes_within_a_prompt_do_not_rank_prompts(studio: Studio) -> None:
    clips = make_clips(studio, "a cat", "a <dog>")
    studio.vote([clips["a cat", "wan_25"], clips["a cat", "veo31_fast"]])
    assert studio.leaderboard(by="prompt").rows == []
    studio.vote([clips["a <dog>", "wan_25"], clips["a cat", "veo31_fast"]])
    board = studio.leaderboard(by="prompt")
    assert {row.item for row in board.rows} == {"a cat", "a <dog>"}
    assert "a &lt;dog&gt;" in board._repr_html_()


def test_a_wrong_vote_or_a_wrong_question_is_refused(studio: Studio) -> None:
    clips = make_clips(studio, "a cat")
    clip, other = clips["a cat", "wan_25"], clips["a cat", "veo31_fast"]
    for wrong in ([clip], [clip, clip], [clip, []], "abc", [clip, "abc"], None):
        with pytest.raises(InputError):
            studio.vote(wrong)  # type: ignore[arg-type]  # what a user may pass all the same
    studio.vote([clip, other])
    with pytest.raises(InputError, match="by='colour'"):
        studio.leaderboard(by="colour")
