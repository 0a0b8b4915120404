"""10. Zwaarte: how intensive the running care is, and how long it has run."""

import pytest

from kpi.calc.periods import parse
from kpi.calc.values import compute_values
from tests.support.care import care
from tests.support.facts import values
from tests.support.records import state

PRODUCTS = tuple({"code": f"45A0{weight}", "weight": weight * 100} for weight in (1, 2, 3)) + (
    {"code": "45A05", "weight": 250},
    {"code": "45A09"},
)


def of(*spells, as_of="2026-06-30"):
    return state(*(message for spell in spells for message in spell), products=PRODUCTS, as_of=as_of)


def running(who, weight):
    return care(who, who, "2025-03-01", product=("45", f"45A0{weight}"))


def test_the_example():
    assert values(of(*(running(who, who) for who in (1, 2, 3))), "zwaarte_gemiddeld", "2025-Q1")[""] == (6, 3)


def test_halves_are_kept_and_unknown_weights_are_left_out():
    found = of(running(1, 5), running(2, 1), running(3, 9))
    row = compute_values(found, [parse("quarter", "2025-Q1")], scopes=["region"], measures=["zwaarte_gemiddeld"]).iloc[
        0
    ]
    assert (row["numerator"], row["fraction"], row["denominator"], row["value"]) == (3, 50, 2, 1_750_000)


@pytest.mark.parametrize(("end", "days"), [(None, 31), ("2025-04-01", 31), ("2025-03-31", 0)])
def test_days_so_far_at_the_end_of_the_period(end, days):
    found = of(care(1, 1, "2025-03-01", end))
    assert values(found, "zwaarte_duur", "2025-03").get("", (0, 0))[0] == days


def test_a_running_period_looks_at_the_reference_date():
    assert values(of(running(1, 1), as_of="2025-03-10"), "zwaarte_duur", "2025-03")[""] == (10, 1)
