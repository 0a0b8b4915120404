"""Property: the state does not depend on the order in which messages arrive, nor on how often."""

import pandas as pd
from hypothesis import HealthCheck, given, settings

from kpi.calc.periods import periods
from kpi.calc.values import compute_values
from tests.support.records import state
from tests.support.traffic_strategies import traffic
from tests.support.xmlmessages import Line, claim_answer, credit, message

PERIODS = [*periods("month", "2025-01", "2025-06"), *periods("year", "2025", "2025")]
FRAMES = ("allocations", "starts", "stops", "spells", "trajectories", "lines")
PRODUCTS = [{"unit": "04", "tariff": 5_000}, {"code": "45A05", "kind": "duurzaam", "domain": "thuisplus"}]


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without what only numbers messages and rows, in an order of its own."""
    columns = [name for name in frame if name not in {"message_id", "answer", "row", "trajectory"}]
    text = frame[columns].astype(str)
    return text.sort_values(columns).reset_index(drop=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(traffic())
def test_order_and_repetition_do_not_change_the_state(both):
    first, second = (state(*items, products=PRODUCTS) for items in both)
    for name in FRAMES:
        pd.testing.assert_frame_equal(comparable(getattr(first, name)), comparable(getattr(second, name)), obj=name)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(traffic())
def test_order_and_repetition_do_not_change_any_value(both):
    first, second = (compute_values(state(*items, products=PRODUCTS), PERIODS) for items in both)
    pd.testing.assert_frame_equal(comparable(first), comparable(second))


def test_a_credit_after_its_debit_or_before_it_is_the_same():
    debit = message("323", Line("R1", 100), day="2025-02-03")
    back = message("323", credit(Line("R1", 100), "R2"), day="2025-03-03")
    items = [debit, back, claim_answer(debit, "2025-02-10"), claim_answer(back, "2025-03-10")]
    first, second = state(*items), state(*items[::-1])
    pd.testing.assert_frame_equal(comparable(first.lines), comparable(second.lines))
