"""A column of lights against each light alone."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.calc.light import Kind, Light, Norm, State, judge
from kpi.calc.light_arrays import judge_many

LIMITS = [0.0, 0.05, 0.2, 0.25, 0.5, 1.0, 9.0, 20.0, 25.0]


@st.composite
def figure(draw):
    """Numerator, denominator, value, squares and green and red bounds; any of them may be lacking."""
    denominator = draw(st.none() | st.integers(0, 300))
    numerator = draw(st.none() | st.integers(0, 320))
    ratio = numerator / denominator if numerator is not None and denominator else None
    value = draw(st.sampled_from([ratio, numerator, None, *LIMITS]))
    squares = draw(st.none() | st.integers(0, 100_000))
    bounds = draw(st.none() | st.tuples(st.sampled_from(LIMITS), st.sampled_from(LIMITS)))
    return numerator, denominator, value, squares, bounds, draw(st.booleans() | st.just(True))


def alone(kind: Kind, direction: str, row) -> Light:
    numerator, denominator, value, squares, bounds, enough = row
    norm = Norm(direction, *bounds) if bounds else None
    return judge(kind, numerator, denominator, value, norm, squares=squares, sufficient_data=enough)


def column(rows, place: int) -> list[float]:
    return [nan if row[place] is None else float(row[place]) for row in rows]


@given(st.sampled_from(Kind), st.sampled_from(["lager", "hoger", "band"]), st.lists(figure(), max_size=12))
def test_together_is_as_alone(kind, direction, rows):
    green, red = ([nan if row[4] is None else row[4][side] for row in rows] for side in (0, 1))
    found = judge_many(
        *(kind, column(rows, 0), column(rows, 1), column(rows, 2), direction, green, red),
        squares=column(rows, 3),
        sufficient_data=[row[5] for row in rows],
    )
    assert [found[place] for place in range(len(found))] == [alone(kind, direction, row) for row in rows]


def test_the_check_figures_in_one_column():
    found = judge_many(Kind.PROPORTION, [2, 3, 12, 60], [6, 10, 40, 200], [0.3] * 4, "lager", 0.20, 0.25)
    assert [found[place].state for place in range(4)] == [
        State.TOO_FEW,
        State.ATTENTION,
        State.ATTENTION,
        State.OFF_NORM,
    ]
    assert found.certain.tolist() == [False, False, False, True]
    assert np.round(found.low, 3).tolist()[1:] == [0.108, 0.181, 0.241]


@pytest.mark.parametrize("kind", Kind)
def test_no_figures_give_no_lights(kind):
    assert len(judge_many(kind, [], [], [], "lager", [], [])) == 0


def test_an_unknown_spread_has_no_interval():
    found = judge_many(Kind.AMOUNT, [900], [1000], [0.9], "lager", 0.5, 0.6)
    assert isnan(found.low[0])
    assert found[0] == Light(State.ATTENTION)
