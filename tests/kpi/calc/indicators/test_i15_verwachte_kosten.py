"""15. Verwachte zorgkosten: what allocations promise, spread over their days."""

import pytest

from tests.support.care import care, claim, person
from tests.support.facts import number, values
from tests.support.records import state
from tests.support.xmlmessages import Line


def expected(label="2025-01", products=({},), **allocated):
    given = {"first": "2025-01-01", "last": "2025-01-31", **allocated}
    return number(state(*care(1, 1, "2025-01-01", **given), products=products), "verwachte_kosten", label)


def test_the_example():
    assert expected(budget=3_100) == 3_100
    assert expected(budget=3_100, last="2025-02-28", label="2025-01") == 1_629  # 31 of 59 days
    assert expected(budget=3_100, last="2025-02-28", label="2025-02") == 1_471


@pytest.mark.parametrize(
    ("size", "cents"),
    [
        ((2, "14", "6"), 2 * 1_000),  # two in all
        ((2, "14", "2"), 2 * 1_000 * 31 // 7),  # a week: 31 / 7 weeks, 8857.1 rounded
        ((2, "14", "4"), 2 * 1_000),  # a month: one whole month
        ((2, "14", "1"), 2 * 1_000 * 31),  # a day
    ],
)
def test_volume_times_tariff_times_frequency(size, cents):
    assert expected(size=size, products=({"unit": "14", "tariff": 1_000},)) == cents


@pytest.mark.parametrize(("tariff", "per", "cents"), [(885, 10, 265_500), (5_783, 10_000, 1_735), (-5, 2, -7_500)])
def test_a_tariff_finer_than_a_cent_is_rounded_once(tariff, per, cents):
    minutes = ({"unit": "01", "tariff": tariff, "tariff_per": per},)
    assert expected(size=(3_000, "01", "6"), products=minutes) == cents


def test_fine_tariffs_of_large_allocations_are_exact():
    minutes = ({"unit": "04", "tariff": 98_765_432_1999, "tariff_per": 10_000},)
    assert expected(size=(9_999, "01", "4"), products=minutes) == 16_459_259_276
    assert expected(size=(9_999, "01", "5"), products=minutes) == 1_397_909_692


def test_minutes_and_hours_convert_and_other_units_do_not():
    hours = ({"unit": "04", "tariff": 6_000},)
    assert expected(size=(30, "01", "6"), products=hours) == 3_000
    assert expected(size=(30, "14", "6"), products=hours) == 0


def test_the_arrangement_price_of_herstel():
    assert expected(products=({"arrangement_price": 50_000},)) == 50_000
    assert expected(products=({"arrangement_price": 50_000, "kind": "duurzaam"},)) == 0


def test_the_share_that_was_claimed():
    line = Line("R1", 1_550, begin="2025-01-01", end="2025-01-31", bsn=person(1))
    messages = care(1, 1, "2025-01-01", first="2025-01-01", last="2025-01-31", budget=3_100)
    assert values(state(*messages, claim(line)), "declaratiegraad", "2025-01")[""] == (1_550, 3_100)
