"""How long a model usually takes, by a project's own runs."""

from __future__ import annotations

import pytest

from qcut_nb.studio.expecting import middle_half


@pytest.mark.parametrize(
    ("took_s", "range_s"),
    [
        ([7.0], (7.0, 7.0)),
        ([1.0, 2.0, 9.0], (1.0, 9.0)),
        ([1.0, 2.0, 3.0, 4.0, 90.0], (2.0, 4.0)),
    ],
)
def test_an_outlier_does_not_move_the_middle_half(
    took_s: list[float], range_s: tuple[float, float]
) -> None:
    expected = middle_half(took_s)
    assert (expected.range_s, expected.runs) == (range_s, len(took_s))
