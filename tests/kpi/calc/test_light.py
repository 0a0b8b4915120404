"""Colour and certainty of a light, by the check figures and at the borders."""

from math import comb, exp, lgamma, log

import numpy as np
import pytest

from kpi.calc.light import Kind, Light, Norm, State, byar, judge, mean_interval, wilson

NORM = Norm("lager", 0.20, 0.25)


def share(numerator: int, denominator: int, norm: Norm | None = NORM, **more) -> Light:
    return judge(Kind.PROPORTION, numerator, denominator, numerator / denominator, norm, **more)


@pytest.mark.parametrize(
    ("numerator", "denominator", "state", "certain"),
    [
        (2, 6, State.TOO_FEW, False),
        (3, 10, State.ATTENTION, False),
        (12, 40, State.ATTENTION, False),
        (60, 200, State.OFF_NORM, True),
        (2, 9, State.TOO_FEW, False),
        (2, 10, State.ON_NORM, False),  # exactly on green, of few cases
        (200, 1000, State.ON_NORM, True),  # U = 22.6%
        (230, 1000, State.ATTENTION, True),  # between the bounds, L = 20.5%
        (250, 1000, State.ATTENTION, True),  # exactly on red
        (251, 1000, State.OFF_NORM, True),
        (0, 10, State.ON_NORM, False),  # U = 27.8%
        (0, 12, State.ON_NORM, True),  # U = 24.2%
    ],
)
def test_low_is_good(numerator, denominator, state, certain):
    light = share(numerator, denominator)
    assert (light.state, light.certain) == (state, certain)


def test_the_intervals_of_the_check_figures():
    assert [round(wilson(*pair)[0], 3) for pair in ((3, 10), (12, 40), (60, 200))] == [0.108, 0.181, 0.241]


def test_byar_agrees_with_the_exact_poisson_interval():
    low, high = byar(10)
    assert low == pytest.approx(4.80, abs=0.02)
    assert high == pytest.approx(18.39, abs=0.02)
    assert byar(0)[0] == 0


@pytest.mark.parametrize(("numerator", "denominator"), [(3, 10), (12, 40), (60, 200), (200, 1000), (230, 1000)])
def test_high_is_good_is_the_mirror(numerator, denominator):
    mirror = share(denominator - numerator, denominator, Norm("hoger", 0.80, 0.75))
    light = share(numerator, denominator)
    assert (mirror.state, mirror.certain) == (light.state, light.certain)


@pytest.mark.parametrize(
    ("numerator", "state", "certain"),
    [
        (450, State.ATTENTION, False),
        (400, State.OFF_NORM, True),
        (520, State.ON_NORM, True),
        (580, State.ATTENTION, False),
        (600, State.OFF_NORM, True),
    ],
)
def test_band(numerator, state, certain):
    light = share(numerator, 1000, Norm("band", 0.47, 0.56))
    assert (light.state, light.certain) == (state, certain)


def test_no_norm_and_no_data_have_no_colour_whatever_the_value():
    assert share(60, 200, None).state == State.NO_NORM
    assert share(60, 200, sufficient_data=False).state == State.NO_DATA
    assert judge(Kind.PROPORTION, None, None, None, None).state == State.NO_NORM


def test_an_unknown_spread_claims_no_certainty_and_is_never_red():
    light = judge(Kind.AMOUNT, 900, 1000, 0.9, Norm("lager", 0.5, 0.6))
    assert (light.state, light.certain, light.low) == (State.ATTENTION, False, None)
    assert judge(Kind.MEAN, 90, 20, 4.5, Norm("lager", 5, 6)).certain is False


def test_a_mean_with_known_spread():
    # Ten values of 20 and ten of 30: mean 25, standard deviation 5.13, t(19) = 2.093, half width 2.40.
    low, high = mean_interval(25, 20, 10 * 400 + 10 * 900)
    assert (low, high) == pytest.approx((22.60, 27.40), abs=0.01)
    assert judge(Kind.MEAN, 500, 20, 25.0, Norm("lager", 21, 24), squares=13000).state == State.OFF_NORM
    assert judge(Kind.MEAN, 500, 20, 25.0, Norm("lager", 23, 24), squares=13000).state == State.ATTENTION


@pytest.mark.parametrize("norm", [0.05, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("cases", [25, 60, 200])
def test_who_is_exactly_at_the_norm_is_seldom_red(cases, norm):
    """The exact chance of a filled red light for somebody whose true share is the green bound."""
    bounds = Norm("lager", norm, norm)
    chance = sum(
        comb(cases, x) * norm**x * (1 - norm) ** (cases - x)
        for x in range(cases + 1)
        if share(x, cases, bounds).state == State.OFF_NORM
    )
    assert chance < 0.05  # Wilson aims at 2.5%; a discrete count jumps around it


def test_on_average_red_is_about_one_in_forty():
    chances = []
    for cases in range(10, 200):
        for norm in (0.1, 0.2, 0.3):
            bounds = Norm("lager", norm, norm)
            chances.append(
                sum(
                    comb(cases, x) * norm**x * (1 - norm) ** (cases - x)
                    for x in range(cases + 1)
                    if share(x, cases, bounds).state == State.OFF_NORM
                )
            )
    assert sum(chances) / len(chances) < 0.03


@pytest.mark.parametrize("expected", [15, 40, 150])
def test_a_count_exactly_at_the_norm_is_seldom_red(expected):
    bounds = Norm("lager", expected, expected)
    chance = sum(
        exp(count * log(expected) - expected - lgamma(count + 1))
        for count in range(10, 4 * expected)
        if judge(Kind.COUNT, count, None, count, bounds).state == State.OFF_NORM
    )
    assert chance < 0.03


def test_skewed_durations_exactly_at_the_norm_are_seldom_red():
    """Log-normal durations with a mean of exp(0.5); a symmetric interval is careful on the side of too long."""
    rng = np.random.default_rng(1)
    red = 0
    for cases in [10, 30, 100] * 400:
        days = rng.lognormal(0.0, 1.0, cases)
        bounds = Norm("lager", exp(0.5), exp(0.5))
        light = judge(Kind.MEAN, days.sum(), cases, days.mean(), bounds, squares=(days**2).sum())
        red += light.state == State.OFF_NORM
    assert red / 1200 < 0.025


def test_insufficient_data_says_what_is_lacking():
    light = share(60, 200, sufficient_data=False, reason="Van 9 van de 20 gemeenten zijn er berichten.")
    assert (light.state, light.reason) == (State.NO_DATA, "Van 9 van de 20 gemeenten zijn er berichten.")
    assert share(60, 200, reason="x").reason == ""
