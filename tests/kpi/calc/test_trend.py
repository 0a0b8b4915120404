"""Control charts: limits by hand, each signal just before and on its border, gaps."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calc.trend import ControlChart, control_chart

FLAT = [10.0, 12.0] * 6  # mean 11, every moving range 2


def places(signals: tuple[bool, ...]) -> list[int]:
    return [place for place, signal in enumerate(signals) if signal]


def test_limits_by_hand():
    chart = control_chart(FLAT)
    assert (chart.mean, chart.low, chart.high) == pytest.approx((11, 11 - 5.32, 11 + 5.32))
    assert not chart.provisional
    assert not any(chart.outside + chart.shift + chart.drift)


def test_fewer_than_twelve_points_are_provisional():
    assert control_chart(FLAT[:11]).provisional
    assert control_chart([*FLAT[:11], None]).provisional
    assert not control_chart([*FLAT[:11], None, 12.0]).provisional


def test_later_points_do_not_move_the_limits():
    assert control_chart([*FLAT, 90.0, 90.0]).mean == 11
    assert control_chart([*FLAT[:11], None, 12.0, 90.0]).mean == 11


@pytest.mark.parametrize(("value", "signals"), [(16.31, []), (16.33, [12]), (5.69, []), (5.67, [12])])
def test_a_point_beyond_a_limit(value, signals):
    assert places(control_chart([*FLAT, value]).outside) == signals


@pytest.mark.parametrize("side", [1, -1])
def test_seven_on_one_side_of_the_mean(side):
    after = [11 + side * step for step in (1, 2, 1, 2, 1, 2, 1)]
    base = FLAT if side < 0 else [*reversed(FLAT)]  # ends on the other side
    assert places(control_chart([*base, *after[:6]]).shift) == []
    assert places(control_chart([*base, *after]).shift) == list(range(12, 19))


def test_a_point_on_the_mean_is_on_no_side():
    assert places(control_chart([*FLAT, 10, 10, 10, 11, 10, 10, 10]).shift) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_seven_rising_or_falling(sign):
    rise = [sign * step for step in (1, 2, 3, 4, 5, 6, 7)]
    assert places(control_chart(rise[:6]).drift) == []
    assert places(control_chart(rise).drift) == list(range(7))
    assert places(control_chart([*rise[:4], rise[3], *rise[4:]]).drift) == []  # a level step
    assert places(control_chart([*rise, rise[5], rise[4]]).drift) == list(range(7))


def test_a_gap_breaks_a_run_and_has_no_moving_range():
    assert places(control_chart([1, 2, 3, None, 4, 5, 6, 7]).drift) == []
    assert places(control_chart([*reversed(FLAT), 12, 12, 12, None, 12, 12, 12, 12]).shift) == []
    assert control_chart([10, 12, None, 40, 42]).high == pytest.approx(26 + 2.66 * 2)


@pytest.mark.parametrize("values", [[], [None], [5.0], [5.0, None, 7.0]])
def test_too_little_for_limits(values):
    chart = control_chart(values)
    nothing = (False,) * len(values)
    assert chart == ControlChart(None, None, None, True, nothing, nothing, nothing)


@pytest.mark.parametrize("value", [0.1, 0.3, 1 / 3, 1e9 + 0.1, 0.0])
def test_equal_points_never_signal_by_rounding(value):
    chart = control_chart([value] * 20)
    assert not any(chart.outside + chart.shift + chart.drift)


@given(st.lists(st.none() | st.integers(-50, 50), max_size=30))
def test_upside_down_gives_the_same_signals(values):
    chart, mirror = control_chart(values), control_chart([None if value is None else -value for value in values])
    assert (chart.outside, chart.shift, chart.drift) == (mirror.outside, mirror.shift, mirror.drift)


@given(st.lists(st.none() | st.integers(0, 6), max_size=40))
def test_loops_find_the_same_runs(values):
    chart = control_chart(values)

    def covered(holds):
        runs = [range(start, start + 7) for start in range(len(values) - 6)]
        hit = [run for run in runs if None not in [values[place] for place in run] and holds([values[p] for p in run])]
        return tuple(any(place in run for run in hit) for place in range(len(values)))

    def steady(part):
        steps = [b - a for a, b in zip(part, part[1:], strict=False)]
        return all(step > 0 for step in steps) or all(step < 0 for step in steps)

    assert chart.drift == covered(steady)
    if chart.mean is not None:
        sides = [1e-6, -1e-6]
        assert chart.shift == covered(
            lambda part: any(all((v - chart.mean) / side > 1 for v in part) for side in sides)
        )


def test_a_steady_series_signals_outside_its_limits_about_once_in_a_hundred():
    """With limits from 12 points: less sure than the 0.3% of known limits."""
    rng = random.Random(5)
    signals = sum(control_chart([rng.gauss(0, 1) for _ in range(13)]).outside[12] for _ in range(2000))
    assert signals / 2000 < 0.025
