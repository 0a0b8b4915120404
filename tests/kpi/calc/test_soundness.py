"""The score of the data: the mean share that is right."""

import pytest

from kpi.calc.soundness import SMALLEST, score


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], None),
        ([(9, 9)], None),  # too few to say anything
        ([(10, 10)], 0),
        ([(10, 0)], 100),
        ([(100, 7)], 93),
        ([(100, 50), (10, 0)], 75),  # each check weighs the same
        ([(100, 50), (9, 0)], 50),
        ([(100_000, 1)], 99),  # 100 is only for nothing wrong
        ([(100, 0), (9, 1)], 99),  # also in the checks that are too small for a share
        ([(30, 10), (30, 10), (30, 10)], 66),
    ],
)
def test_the_score_is_the_mean_share_that_is_right(checks, expected):
    assert score(checks) == expected


def test_the_smallest_number_that_counts():
    assert score([(SMALLEST - 1, 0)]) is None
    assert score([(SMALLEST, 0)]) == 100
