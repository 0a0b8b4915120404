"""The calculation against a second one, written apart from it from the definitions, row by row and exactly equal.

And what must hold whatever the definitions: the stock of clients is the stock before plus in minus out, amounts of
the parts add up to the whole.
"""

from collections import defaultdict
from fractions import Fraction
from functools import cache

import pytest

from kpi.calc.frames import NO_NUMBER, VALUE_KEY
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, periods
from kpi.calc.state import build_state
from kpi.calc.values import compute_values
from tests.support.naive.compute import naive_values
from tests.support.naive.table import SCOPES, Key, Value
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference

MONTHS = periods("month", "2023-08", "2026-03")
PERIODS = [*MONTHS, *periods("quarter", "2023-Q3", "2026-Q1"), *periods("year", "2023", "2026")]
CLIENTS = 40
REGIONS = [(seed, release) for seed in range(6) for release in ("2.3", "3.2")]
PARTS = ("municipality", "provider", "domain", "product", "referrer", "delivery_form", "municipality+provider")


def as_of_day(seed: int, release: str) -> int:
    return REFERENCE_DAYS[(2 * seed + (release == "3.2")) % len(REFERENCE_DAYS)]


@cache
def naive(seed: int, release: str) -> dict[Key, Value]:
    records = random_records(seed, release, CLIENTS)
    return naive_values(records, random_reference(seed), as_of_day(seed, release), PERIODS)


@cache
def calculated(seed: int, release: str) -> dict[Key, Value]:
    """The rows of the calculation in the form of the naive ones."""
    records = random_records(seed, release, CLIENTS)
    state = build_state(records, random_reference(seed), as_of_day(seed, release))
    found: dict[Key, Value] = {}
    for row in compute_values(state, PERIODS).to_dict("records"):
        key = tuple(str(row[column]) for column in VALUE_KEY)
        assert key not in found, f"written twice: {key}"
        whole = Fraction(row["numerator"]) + Fraction(row["fraction"], 100)
        numerator = None if row["numerator"] == NO_NUMBER else whole
        denominator = None if row["denominator"] == NO_NUMBER else row["denominator"]
        found[key] = numerator, denominator, row["value"]
    return found


@pytest.mark.parametrize(("seed", "release"), REGIONS)
def test_every_row_equals_the_naive_one(seed: int, release: str) -> None:
    expected, found = naive(seed, release), calculated(seed, release)
    different = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    shown = [f"{key}: expected {expected.get(key)}, found {found.get(key)}" for key in different[:10]]
    assert not different, "\n".join([f"{len(different)} rows differ", *shown])


def test_the_regions_reach_every_measure_in_every_scope() -> None:
    """Else the comparison would be equal on nothing."""
    reached = {(key[0], key[2]) for region in REGIONS for key in naive(*region)}
    assert {measure for measure, _ in reached} == set(MEASURES)
    assert {scope for _, scope in reached} == set(SCOPES)


@pytest.mark.parametrize(("seed", "release"), REGIONS)
def test_stock_is_stock_before_plus_in_minus_out(seed: int, release: str) -> None:
    rows = calculated(seed, release)
    per_place = {key[2:] for key in rows if key[0] == "instroom"}
    begun = [month for month in MONTHS if month.first <= as_of_day(seed, release)]
    for place in per_place:
        stock = 0
        for month in begun:
            stock += number(rows, "instroom", month, place) - number(rows, "uitstroom", month, place)
            assert number(rows, "clienten_in_zorg", month, place) == stock, (place, month.label)


def number(rows: dict[Key, Value], measure: str, period: Period, place: tuple[str, ...]) -> Fraction | int:
    numerator, _, _ = rows.get((measure, period.label, *place), (0, None, 0))
    assert numerator is not None
    return numerator


@pytest.mark.parametrize("measure", ["gefactureerd", "toegekend", "verwachte_kosten"])
@pytest.mark.parametrize(("seed", "release"), REGIONS[:4])
def test_amounts_of_the_parts_add_up_to_the_region(seed: int, release: str, measure: str) -> None:
    totals: dict[str, dict[str, Fraction | int]] = defaultdict(lambda: defaultdict(int))
    for key, (numerator, _, _) in calculated(seed, release).items():
        if key[0] == measure:
            assert numerator is not None
            totals[key[2]][key[1]] += numerator
    for scope in PARTS:
        added = {period: total for period, total in totals[scope].items() if total}
        assert added == dict(totals["region"]), scope
    assert totals["region"]


@pytest.mark.parametrize(("seed", "release"), REGIONS[:4])
def test_inflow_is_new_or_renewed(seed: int, release: str) -> None:
    rows = calculated(seed, release)
    for key, (numerator, _, _) in rows.items():
        if key[0] == "instroom":
            parts = [
                rows.get((part, *key[1:]), (0, None, 0))[0] for part in ("instroom_nieuw", "instroom_herindicatie")
            ]
            assert numerator == sum(part or 0 for part in parts), key
