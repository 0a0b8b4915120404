"""1. Mutaties: care that follows at once on care that ended."""

import pytest

from tests.support.care import LASTING, care, delivered
from tests.support.facts import number, values


def test_the_example():
    found = delivered(
        care(1, 1, "2025-01-01", "2025-03-31"),
        care(1, 2, "2025-04-01"),
        care(2, 3, "2025-01-01", "2025-03-31"),
    )
    assert values(found, "mutaties_pct", "2025-Q1")[""] == (1, 2)
    assert number(found, "mutaties_aantal", "2025-Q1") == 1


@pytest.mark.parametrize(
    ("begin", "mutations"), [("2025-03-30", 0), ("2025-03-31", 1), ("2025-04-01", 1), ("2025-04-02", 0)]
)
def test_the_border_is_one_day_and_overlap_is_no_mutation(begin, mutations):
    found = delivered(care(1, 1, "2025-01-01", "2025-03-31"), care(1, 2, begin))
    assert values(found, "mutaties_pct")[""] == (mutations, 1)


def test_only_herstel_of_the_same_client_counts():
    found = delivered(
        care(1, 1, "2025-01-01", "2025-03-31"),
        care(1, 2, "2025-04-01", product=LASTING),
        care(2, 3, "2025-04-01"),
    )
    assert values(found, "mutaties_pct")[""] == (0, 1)


def test_a_trajectory_of_three_has_two_mutations():
    found = delivered(
        care(1, 1, "2025-01-01", "2025-01-31"),
        care(1, 2, "2025-02-01", "2025-02-28"),
        care(1, 3, "2025-03-01", "2025-03-31"),
        care(2, 4, "2025-01-01", "2025-03-31"),
    )
    assert values(found, "mutaties_per_traject") == {"": (2, 2), "0": (1, 2), "2": (1, 2)}
    assert values(found, "mutaties_per_client")[""] == (1, 2)


def test_nothing_ended_has_no_value():
    assert values(delivered(care(1, 1, "2025-01-01")), "mutaties_pct") == {}
