"""Votes become strengths, as the published figures have it, and too few of them are said."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from qcut_nb import Clip, Studio
from qcut_nb.errors import InputError
from qcut_nb.store import ballots
from qcut_nb.studio.leaderboard import Standing
from qcut_nb.studio.leaderboard_fit import Z_95, count_wins, fit
from qcut_nb.studio.leaderboard_plot import plot

THREE = ["kling_v2_5", "wan_25", "veo31_fast"]


def make_clips(studio: Studio, *prompts: str) -> dict[tuple[str, str], Clip]:
    plan = studio.sweep(prompt=list(prompts), models=THREE, resolution="720p")
    plan.run().wait(60)
    return {
        (str(cell.values["prompt"]), cell.model_id): clip
        for cell in plan
        if (clip := cell.clip) is not None
    }


JOURNALS = ["Biometrika", "Comm Statist", "JASA", "JRSS-B"]


def citations() -> NDArray[np.float64]:
    """How often each of `JOURNALS` is cited by each other.

    Source:
        Turner and Firth, "Bradley-Terry Models in R: The BradleyTerry2 Package", Journal of
        Statistical Software 48(9), 2012, section 2.1, after Agresti (2002), p. 448.
    """
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
    return wins


def test_strengths_are_the_published_ones_of_the_citations_between_journals() -> None:
    found = fit(citations())
    against_biometrika = np.array(found.strengths) - found.strengths[0]
    assert against_biometrika == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=5e-5)
    assert len(JOURNALS) == len(set(found.errors))


def test_intervals_are_those_of_a_logistic_regression_of_the_same_pairs() -> None:
    # Made another way: one line per pair, the first item as the reference, reweighted least
    # squares, and only then moved to the mean of all items.
    wins = citations()
    pairs = [(one, other) for one in range(4) for other in range(one + 1, 4)]
    design = np.array([[(i == one) - (i == other) for i in range(1, 4)] for one, other in pairs])
    games = np.array([wins[pair] + wins[pair[::-1]] for pair in pairs])
    won = np.array([wins[pair] for pair in pairs])
    found = np.zeros(3)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ found))
        weight = games * chance * (1 - chance)
        covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
        found = found + covariance @ design.T @ (won - games * chance)
    to_mean = np.eye(4)[:, 1:] - 1 / 4
    errors = np.sqrt(np.diag(to_mean @ covariance @ to_mean.T))
    ours = fit(wins)
    assert ours.strengths == pytest.approx(to_mean @ found, abs=1e-9)
    assert ours.errors == pytest.approx(errors, rel=1e-6)


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


def test_what_rounds_to_nought_has_no_minus() -> None:
    line = Standing("a", -1e-17, -0.004, 0.004, 6, 6, 3.0, None, None, 1)
    assert line.cells[1:3] == ("+0.00", "+0.00 to +0.00")
    assert "-0.00" not in plot([("a", -1e-17, -0.004, 0.004)])


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
