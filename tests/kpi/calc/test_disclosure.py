"""What others may see of one figure: every border of the thresholds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calc.disclosure import Hidden, Thresholds, shown_count, shown_share


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        *((0, 0), (1, Hidden.SMALL), (9, Hidden.SMALL), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20)),
        *((1002, 1000), (1003, 1005)),
    ],
)
def test_counts(count, shown):
    assert shown_count(count) == shown


@given(st.integers(10, 10_000))
def test_a_shown_count_is_a_multiple_of_five_within_two(count):
    shown = shown_count(count)
    assert shown % 5 == 0
    assert abs(shown - count) <= 2


def test_thresholds_are_settings():
    assert shown_count(5, Thresholds(smallest=5)) == 5
    assert shown_count(23, Thresholds(nearest=10)) == 20
    assert shown_count(25, Thresholds(nearest=10)) == 30
    with pytest.raises(ValueError, match="coarser"):
        Thresholds(smallest=5, nearest=10)


def test_a_negative_count_is_a_mistake():
    with pytest.raises(ValueError, match="negative"):
        shown_count(-1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (5, 9, Hidden.PROTECTED),
        (0, 9, Hidden.PROTECTED),
        (0, None, Hidden.PROTECTED),  # no denominator is no share, not 0%
        (0, 0, Hidden.PROTECTED),
        (0, 10, Fraction(0)),
        (3, 40, Hidden.SMALL),
        (10, 10, Fraction(1)),
        (33, 97, Fraction(35, 95)),
        (12, 13, Fraction(10, 15)),
    ],
)
def test_shares(numerator, denominator, shown):
    assert shown_share(numerator, denominator) == shown


@given(st.integers(10, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_tells_no_more_than_its_counts(pair):
    numerator, denominator = pair
    shown = shown_share(numerator, denominator)
    counts = shown_count(numerator), shown_count(denominator)
    assert shown == (Hidden.SMALL if Hidden.SMALL in counts else Fraction(*counts))
    assert isinstance(shown, Hidden) or 0 <= shown <= 1
