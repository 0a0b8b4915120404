"""Which figures add up: a period of its own is the sum of its months for these measures and no others."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest

from kpi.calc.additive import ADDITIVE, NOT_PER_PERIOD, PER_PERIOD, WHOLE_PARTS, WITH_UNSHOWN
from kpi.calc.cases import WHOLE
from kpi.calc.frames import NO_NUMBER
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, months_in, periods
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS
from kpi.calc.state import build_state
from kpi.calc.sums import accumulate
from kpi.calc.values import SHARES, Asked, finished
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference

LARGER = [*periods("quarter", "2023-Q4", "2026-Q1"), *periods("year", "2024", "2025")]
PERIODS = [*periods("month", "2023-10", "2026-03"), *LARGER]
REGIONS = [(1, "2.3"), (3, "3.2"), (4, "3.2")]
Row = dict[str, Any]
Numbers = tuple[int, int]


@cache
def rows(seed: int, release: str) -> dict[str, list[Row]]:
    """All rows of a region by period, also those that no page shows."""
    as_of, scopes = REFERENCE_DAYS[seed], tuple(ALL_SCOPES)
    state = build_state(random_records(seed, release, 40), random_reference(seed), as_of)
    found = pd.concat(finished(accumulate(state, PERIODS, scopes), Asked(PERIODS, scopes, as_of, state.parameters)))
    by_period: dict[str, list[Row]] = defaultdict(list)
    for row in found.to_dict("records"):
        by_period[row["period"]].append(row)
    return by_period


def key_of(row: Row) -> tuple[str, ...]:
    return row["measure"], row["scope"], *(row[name] for name in DIMENSIONS), row["detail"]


def months_added_up(months: list[Row]) -> dict[tuple[str, ...], Numbers]:
    """Numerators and denominators (NO_NUMBER: none) by hand; a part has the wholes of all its months."""
    sums: dict[tuple[str, ...], Numbers] = {}
    for row in months:
        top, bottom = sums.get(key_of(row), (0, 0))
        own = NO_NUMBER if row["denominator"] == NO_NUMBER else bottom + row["denominator"]
        sums[key_of(row)] = top + row["numerator"], own
    for key, (top, _) in list(sums.items()):
        if key[0] in SHARES and key[-1] not in ("", WHOLE):
            sums[key] = top, sums[*key[:-1], WHOLE][1]
    return sums


def compared(seed: int, release: str) -> Iterator[tuple[Row, bool]]:
    """Each shown row of a quarter or year that has begun in all its months, and whether its months add up to it."""
    by_period, as_of = rows(seed, release), REFERENCE_DAYS[seed]
    for period in LARGER:
        months: list[Period] = months_in(period)
        if months[-1].first > as_of:
            continue
        added = months_added_up([row for month in months for row in by_period[month.label]])
        for row in by_period[period.label]:
            if row["shown"] and row["detail"] not in NOT_PER_PERIOD:
                yield row, added.get(key_of(row)) == (row["numerator"], row["denominator"])


def test_a_period_is_the_sum_of_its_months_for_these_measures_and_no_others() -> None:
    """For every measure that is said not to add up there is a period that shows it."""
    found = [(row, same) for region in REGIONS for row, same in compared(*region)]
    assert {row["measure"] for row, _ in found} == set(MEASURES)
    assert {row["scope"] for row, _ in found} == set(ALL_SCOPES)
    assert set(MEASURES) - {row["measure"] for row, same in found if not same} == PER_PERIOD


@pytest.mark.parametrize("detail", NOT_PER_PERIOD)
def test_a_part_that_does_not_add_up_is_no_sum(detail: str) -> None:
    by_period = rows(*REGIONS[0])
    assert any(row["detail"] == detail and row["numerator"] == NO_NUMBER for row in by_period["2024-Q2"])


@pytest.mark.parametrize("dimension", ["product", "provider"])
def test_a_whole_is_the_sum_over_products_and_over_providers(dimension: str) -> None:
    """Of all rows, shown or not: of claimed over expected a product may have the one without the other."""
    reached: set[str] = set()
    unshown: set[str] = set()
    for seed, release in REGIONS:
        for period in LARGER:
            here = rows(seed, release)[period.label]
            parts: dict[tuple[str, str], Numbers] = defaultdict(lambda: (0, 0))
            for row in here:
                if row["scope"] == dimension and row["measure"] in ADDITIVE[dimension] and row["detail"] in WHOLE_PARTS:
                    top, bottom = parts[row["measure"], row["detail"]]
                    parts[row["measure"], row["detail"]] = top + row["numerator"], bottom + max(0, row["denominator"])
            for row in here:
                key = row["measure"], row["detail"]
                if row["scope"] == "region" and row["shown"] and key in parts:
                    assert parts[key] == (row["numerator"], max(0, row["denominator"])), (period.label, *key)
                    reached.add(row["measure"])
            unshown |= {
                row["measure"]
                for row in here
                if row["scope"] == dimension and not row["shown"] and row["denominator"] == 0 and row["numerator"]
            }
    assert unshown & ADDITIVE[dimension] == ({*WITH_UNSHOWN} if dimension == "product" else unshown & {*WITH_UNSHOWN})
    assert {"declaratiegraad", "uitval_pct", "gefactureerd"} <= reached
