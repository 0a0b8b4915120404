"""How often chance fills a light at the norm: against draws, and at the borders."""

from math import comb, erfc, sqrt

import numpy as np
import pytest

from kpi.calc.false_alarms import NONE, Before, FalseAlarms, false_alarms
from kpi.calc.light import Kind, Norm, State, judge, wilson

DRAWS = 4000


def test_a_small_proportion_by_hand():
    """Of 12 cases at 20% a light is filled when L > 20%: from six cases on, L = 25.4%."""
    chance = sum(comb(12, x) * 0.2**x * 0.8 ** (12 - x) for x in range(13) if wilson(x, 12)[0] > 0.2)
    found = false_alarms(Kind.PROPORTION, 12, Norm("lager", 0.2, 0.25))
    assert found.filled == pytest.approx(chance)
    assert found.red == pytest.approx(chance)  # six of 12 is 50%, above red too


@pytest.mark.parametrize("kind", [Kind.PROPORTION, Kind.RATE, Kind.COUNT])
@pytest.mark.parametrize("norm", [Norm("lager", 0.2, 0.3), Norm("hoger", 0.8, 0.7), Norm("band", 0.4, 0.6)])
@pytest.mark.parametrize("cases", [15, 80])
def test_draws_agree(kind, norm, cases):
    rng = np.random.default_rng(cases)
    factor = cases if kind == Kind.COUNT else 1
    scaled = Norm(norm.direction, norm.green * factor, norm.red * factor)
    found = false_alarms(kind, cases, scaled)
    filled = []
    for truth in {norm.green, norm.red} if norm.direction == "band" else {norm.green}:
        drawn = rng.binomial(cases, truth, DRAWS) if kind == Kind.PROPORTION else rng.poisson(truth * cases, DRAWS)
        value = drawn if kind == Kind.COUNT else drawn / cases
        lights = [judge(kind, *(int(x), cases, float(p)), scaled) for x, p in zip(drawn, value, strict=True)]
        filled.append(sum(one.certain and one.state in (State.ATTENTION, State.OFF_NORM) for one in lights) / DRAWS)
    assert found.filled == pytest.approx(max(filled), abs=0.01)
    assert found.red <= found.filled


@pytest.mark.parametrize("cases", [20, 60, 200])
@pytest.mark.parametrize("before", [20, 200])
def test_a_norm_on_a_year_before_cries_no_oftener(cases, before):
    """Both years are drawn at 20%; without the spread of the year before it would be up to three times as often."""
    norm = Norm("lager", 0.2, 0.25)
    found = false_alarms(Kind.PROPORTION, cases, norm, before=Before(0.2, before))
    assert found.filled < 0.035
    rng = np.random.default_rng(cases + before)
    filled = 0
    for now, then in zip(rng.binomial(cases, 0.2, DRAWS), rng.binomial(before, 0.2, DRAWS), strict=True):
        base, (low, high) = then / before, wilson(int(then), before)
        drawn = Norm("lager", base, base + 0.05, base - low, high - base)
        light = judge(Kind.PROPORTION, int(now), cases, now / cases, drawn)
        filled += light.certain and light.state in (State.ATTENTION, State.OFF_NORM)
    assert found.filled == pytest.approx(filled / DRAWS, abs=0.01)


def test_a_mean_has_the_tail_of_its_interval():
    assert false_alarms(Kind.MEAN, 50, Norm("lager", 20, 20), error=2.0) == FalseAlarms(0.025, 0.025)
    far = false_alarms(Kind.MEAN, 50, Norm("lager", 20, 26), error=2.0)
    assert far == FalseAlarms(0.025, pytest.approx(erfc(3 / sqrt(2)) / 2))


def test_where_no_certainty_is_claimed_there_is_no_false_alarm():
    assert false_alarms(Kind.AMOUNT, 50, Norm("lager", 20, 26)) == NONE
    assert false_alarms(Kind.MEAN, 50, Norm("lager", 20, 26)) == NONE


@pytest.mark.parametrize("share", [0.0, 1.0, 1.2])
def test_a_norm_at_the_ends_of_a_share(share):
    assert false_alarms(Kind.PROPORTION, 30, Norm("lager", share, share)) == NONE


def test_a_norm_that_nobody_can_meet_alarms_everybody():
    assert false_alarms(Kind.PROPORTION, 30, Norm("lager", -0.1, -0.1)) == FalseAlarms(1.0, 1.0)


def test_too_few_cases_get_no_colour_and_so_no_false_alarm():
    assert false_alarms(Kind.PROPORTION, 9, Norm("lager", 0.2, 0.2)) == NONE


def test_large_numbers_stay_numbers():
    found = false_alarms(Kind.PROPORTION, 100_000, Norm("lager", 0.2, 0.2))
    assert found.filled == pytest.approx(0.025, abs=0.001)
