"""The funnel against exact chances in fractions."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calc.peers import ALARM, ALERT, compare, limits


def exact(x: int, n: int, share: Fraction) -> Fraction:
    """P(X > x) + P(X = x) / 2."""
    chance = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return sum(chance[x + 1 :], Fraction(0)) + chance[x] / 2


@pytest.mark.parametrize(("x", "n"), [(0, 1), (1, 1), (0, 25), (9, 25), (25, 25), (60, 200), (3, 200)])
def test_mid_p_is_exact(x, n):
    share = Fraction(1, 5)
    found = compare([x], [n], 0.2)
    assert found.high[0] == pytest.approx(float(exact(x, n, share)), rel=1e-9)
    assert found.low[0] == pytest.approx(float(1 - exact(x, n, share)), rel=1e-9)


def test_levels_on_both_sides_of_a_region_at_one_fifth():
    # Of 100: 28 has mid-P 0.026 and 29 0.016; 33 has 0.0011 and 34 0.0005; 12 has 0.018 and 9 0.0015, 8 0.0006.
    found = compare([28, 29, 33, 34, 20, 12, 9, 8], 100, 0.2)
    assert found.level.tolist() == [0, 1, 1, 2, 0, -1, -1, -2]


def test_of_few_cases_only_extremes_stand_out():
    assert compare([4, 3, 2], [4, 3, 2], 0.2).level.tolist() == [2, 1, 1]  # mid-P 0.0008, 0.004, 0.02
    assert compare([0], [10], 0.2).level.tolist() == [0]


def test_without_cases_there_is_nothing_to_say():
    found = compare([0, 4], [0, 10], 0.2)
    assert np.isnan(found.high).tolist() == [True, False]
    assert found.level.tolist() == [0, 0]
    assert len(compare([], [], 0.2).level) == 0


@pytest.mark.parametrize(("share", "level"), [(0.0, [0, 2]), (1.0, [-2, -2])])
def test_a_region_without_spread(share, level):
    assert compare([0, 1], [10, 10], share).level.tolist() == level


def test_what_is_no_share_is_refused():
    with pytest.raises(ValueError, match="numerator"):
        compare([11], [10], 0.2)
    with pytest.raises(ValueError, match="numerator"):
        compare([1], [0], 0.2)


@given(st.integers(1, 120), st.floats(0.01, 0.99), st.sampled_from([ALERT, ALARM]))
def test_beyond_the_line_is_beyond_the_level(n, share, level):
    cases = np.arange(n + 1)
    found = compare(cases, n, share)
    low, high = limits([n], share, level)
    np.testing.assert_array_equal(cases / n > high[0] + 1e-12, found.high < level)
    np.testing.assert_array_equal(cases / n < low[0] - 1e-12, found.low < level)


def test_the_funnel_narrows_around_the_share():
    low, high = limits([10, 100, 1000, 10_000], 0.2)
    assert (np.diff(high) < 0).all()
    assert (np.diff(low) > 0).all()
    assert (low[-1], high[-1]) == pytest.approx((0.2 - 1.96 * 0.004, 0.2 + 1.96 * 0.004), abs=2e-4)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.2, 0.5])
def test_a_provider_at_the_regions_share_is_seldom_an_alert(share):
    """The exact chance, on average over sizes from 10 to 200: about 2.5% per side."""
    chances = []
    for n in range(10, 201):
        cases = np.arange(n + 1)
        chance = np.array([comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)])
        chances.append(chance[compare(cases, n, share).level > 0].sum())
    assert np.mean(chances) < 0.027
