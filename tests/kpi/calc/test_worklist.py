"""The work list: false discoveries, shrinking, and a region in which nothing is the matter."""

from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calc.frames import FrameError
from kpi.calc.peers import compare
from kpi.calc.worklist import discoveries, prior_weight, shrunken, simes, work_list


def figures(*rows: dict) -> pd.DataFrame:
    """Figures that are candidates beyond doubt, save for what a row says otherwise."""
    default = {
        "measure": "uitval_pct",
        "provider": "00000001",
        "cases": 50,
        "sign": 1,
        "filled": 3,
        "alarms": 0,
        "value": 0.4,
        "region": 0.2,
        "weight": 20.0,
        "chance": 1e-6,
    }
    return pd.DataFrame([{**default, "provider": f"{place:08d}", **row} for place, row in enumerate(rows)])


def listed(*rows: dict) -> list[int]:
    return [int(provider) for provider in work_list(figures(*rows))["provider"]]


@pytest.mark.parametrize(
    ("filled", "alarms", "on_the_list"), [(2, 0, True), (1, 0, False), (0, 1, True), (0, 0, False)]
)
def test_two_filled_lights_or_one_alarm_make_a_candidate(filled, alarms, on_the_list):
    assert listed({"filled": filled, "alarms": alarms}) == ([0] if on_the_list else [])


@pytest.mark.parametrize(("cases", "on_the_list"), [(9, False), (10, True)])
def test_too_few_cases_are_not_listed(cases, on_the_list):
    assert bool(listed({"cases": cases})) is on_the_list


def test_too_few_cases_do_not_count_as_tests_either():
    few = [{"cases": 5, "chance": 0.9} for _ in range(50)]
    assert listed({"chance": 0.09}, *few) == [0]  # the only test: 0.09 <= 0.10


def test_a_chance_that_many_cells_explain_is_not_listed():
    quiet = [{"filled": 0, "chance": 0.5} for _ in range(99)]
    assert listed({"chance": 0.0011}, *quiet) == []
    assert listed({"chance": 0.0009}, *quiet) == [0]  # 0.10 / 100 = 0.001


def test_order_is_by_the_shrunken_value_not_by_the_percentage():
    found = work_list(figures({"cases": 12, "value": 0.6}, {"cases": 300, "value": 0.45}))
    assert found["provider"].tolist() == ["00000001", "00000000"]
    assert found["shrunken"].tolist() == pytest.approx([(300 * 0.45 + 20 * 0.2) / 320, (12 * 0.6 + 20 * 0.2) / 32])


def test_low_is_bad_is_the_mirror_and_ties_go_by_code():
    assert listed({"sign": -1, "value": 0.15}, {"sign": -1, "value": 0.05}) == [1, 0]
    assert listed({"provider": "00000007"}, {"provider": "00000003"}) == [3, 7]


def test_an_empty_region_and_a_wrong_frame():
    assert work_list(figures({}).iloc[:0]).empty
    with pytest.raises(FrameError, match="alarms"):
        work_list(figures({}).drop(columns="alarms"))


def test_benjamini_and_hochberg_on_their_own_example():
    """The 15 chances of their article (1995, section 3.2): at 0.05 the first four hold."""
    chances = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
    assert discoveries(chances, 0.05).tolist() == [True] * 4 + [False] * 11
    assert discoveries([*reversed(chances), nan], 0.05).tolist() == [False] * 11 + [True] * 4 + [False]


def test_a_later_chance_that_holds_takes_the_earlier_ones_along():
    assert discoveries([0.09, 0.095], 0.10).all()
    assert not discoveries([0.09, 0.5], 0.10).any()
    assert discoveries([]).tolist() == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_loops_find_the_same_discoveries(chances):
    ranked = sorted(chances)
    last = max((k for k in range(1, len(ranked) + 1) if ranked[k - 1] <= 0.10 * k / len(ranked)), default=0)
    expected = [last > 0 and chance <= ranked[last - 1] for chance in chances]
    assert discoveries(chances).tolist() == expected


def test_simes_joins_the_periods_of_a_figure():
    found = simes([[0.02, 0.5, 0.02], [0.0005, 0.4, 0.9], [nan, 0.03, nan], [nan, nan, nan]])
    assert found[:3].tolist() == pytest.approx([0.03, 0.0015, 0.03])
    assert np.isnan(found[3])


def test_shrinking():
    cases, values, region = np.array([0.0, 10.0, 10.0, 10.0]), np.full(4, 0.5), np.full(4, 0.2)
    weight = np.array([10.0, 10.0, 0.0, inf])
    assert shrunken(cases, values, weight, region).tolist() == pytest.approx([0.2, 0.35, 0.5, 0.2])


@pytest.mark.parametrize("weight", [5, 20, 80])
def test_the_weight_of_the_region_is_found_back(weight):
    rng = np.random.default_rng(weight)
    cases = rng.integers(10, 400, 2000)
    shares = rng.beta(0.2 * weight, 0.8 * weight, 2000)
    assert prior_weight(rng.binomial(cases, shares), cases) == pytest.approx(weight, rel=0.15)


@pytest.mark.parametrize(
    ("numerator", "denominator", "weight"),
    [
        ([2, 4, 6], [10, 20, 30], inf),  # all alike
        ([], [], inf),
        ([3], [10], inf),
        ([0, 1], [1, 1], inf),  # one case each tells nothing of spread
        ([0, 0, 5], [0, 0, 10], inf),
        ([0, 0], [10, 10], inf),
        ([0, 10], [10, 10], 0.0),  # nothing in common
    ],
)
def test_weights_at_the_borders(numerator, denominator, weight):
    assert prior_weight(numerator, denominator) == weight


def test_a_region_in_which_everybody_is_at_the_norm_has_no_work():
    """300 providers × 16 figures × 3 periods of nothing but chance, seeded; their own lights would cry 100 times."""
    rng = np.random.default_rng(7)
    cases = rng.integers(10, 200, 4800)
    seen = [compare(rng.binomial(cases, 0.2), cases, 0.2) for _ in range(3)]
    assert (seen[0].level > 0).sum() > 80
    table = figures(*[{} for _ in range(4800)]).assign(
        cases=cases,
        filled=sum((peers.level > 0).astype(np.int64) for peers in seen),
        alarms=sum((peers.level > 1).astype(np.int64) for peers in seen),
        chance=simes(np.column_stack([peers.high for peers in seen])),
    )
    assert ((table["filled"] >= 2) | (table["alarms"] > 0)).sum() > 10
    assert len(work_list(table)) <= 1
