"""Every figure taken apart into its cases: they add up to it, whatever the measure, the scope and the period."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from kpi.calc.explain import COLUMNS, cases_behind, measured_in, quantile_of
from kpi.calc.frames import NO_NUMBER, VALUE_KEY
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, parse, periods
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS
from kpi.calc.state import State, build_state
from kpi.calc.values import MILLION, compute_values
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference

PERIODS = [parse("month", "2024-10"), *periods("quarter", "2024-Q1", "2025-Q2"), *periods("year", "2023", "2026")]
REGIONS = [(1, "2.3"), (4, "3.2")]
EACH = 2  # cells per measure and scope, and one of each of its parts
Row = dict[str, Any]


@cache
def region(seed: int, release: str) -> tuple[State, list[Row]]:
    """A state and its values; the same period again and again shares what was worked out of the state."""
    state = build_state(random_records(seed, release, 40), random_reference(seed), max(REFERENCE_DAYS))
    return state, compute_values(state, PERIODS, scopes=ALL_SCOPES).to_dict("records")


def cells(seed: int, release: str) -> Iterator[tuple[State, Row]]:
    """The largest cells of every measure, part and scope."""
    state, rows = region(seed, release)
    kinds: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row["measure"], row["detail"], row["scope"]].append(row)
    for alike in kinds.values():
        alike.sort(key=lambda row: (-max(row["denominator"], row["numerator"]), *(row[name] for name in VALUE_KEY)))
        yield from ((state, row) for row in alike[: 1 if alike[0]["detail"] else EACH])


def period_of(row: Row) -> Period:
    return next(period for period in PERIODS if period.label == row["period"])


def differences(state: State, row: Row) -> str:
    """What the cases of a cell come to, where that is not the cell; else nothing."""
    chosen = {name: row[name] for name in ALL_SCOPES[row["scope"]]}
    found = cases_behind(state, row["measure"], period_of(row), chosen, row["detail"])
    if found is None:
        return "no cases"
    share = quantile_of(row["measure"], row["detail"])
    top, bottom = int(found["numerator"].sum()), int(found["denominator"].sum())
    if share:
        value = Fraction(int((found["numerator"] * found["part"]).sum()), share[1])
        told = (NO_NUMBER, len(found), round_half_up(value))
    else:
        told = (top, bottom, None)
        if row["measure"] == "zwaarte_gemiddeld":
            told = (top // 100, bottom, round_half_up(Fraction(top, 100 * bottom)))
    expected = (
        row["numerator"],
        0 if row["denominator"] == NO_NUMBER else row["denominator"],
        row["value"] if told[2] is not None else None,
    )
    return "" if told == expected else f"{told} is not {expected}"


def round_half_up(value: Fraction) -> int:
    return (2 * value.numerator * MILLION + value.denominator) // (2 * value.denominator)


@pytest.mark.parametrize(("seed", "release"), REGIONS)
def test_the_cases_of_every_cell_add_up_to_it(seed: int, release: str) -> None:
    wrong = [
        f"{[row[name] for name in VALUE_KEY]}: {told}"
        for state, row in cells(seed, release)
        if (told := differences(state, row))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} cells", *wrong[:20]])


def test_the_regions_reach_every_measure_in_every_scope_where_it_is_given() -> None:
    """Else the sums would agree on nothing."""
    reached = {(row["measure"], row["scope"]) for one in REGIONS for _, row in cells(*one)}
    assert reached == {(measure, scope) for measure in MEASURES for scope in measured_in(measure)}


def test_a_cell_without_a_figure_has_no_cases() -> None:
    state, rows = region(*REGIONS[0])
    known = {(row["measure"], row["period"]) for row in rows if row["scope"] == "region" and row["detail"] == ""}
    for measure in set(MEASURES) - {"uitstroom_verhuisd", "uitval_code", "beeindigingscodes", "verwijzers"}:
        for period in PERIODS:
            found = cases_behind(state, measure, period, {})
            counted = found is not None and bool((found["denominator"] != 0).any() or found["numerator"].sum())
            assert counted == ((measure, period.label) in known), (measure, period.label)


def test_it_is_not_measured_where_no_figure_is_given() -> None:
    state, _ = region(*REGIONS[0])
    assert cases_behind(state, "bericht_uitval", PERIODS[1], {"domain": "jeugd-ggz"}) is None
    assert cases_behind(state, "verwijzers", PERIODS[1], {"referrer": "huisarts"}) is None
    assert cases_behind(state, "kosten_per_client", PERIODS[1], {}) is None


@pytest.mark.parametrize(("measure", "share"), [("duur_mediaan", (1, 2)), ("duur_p90", (9, 10))])
def test_a_quantile_shows_every_value_in_order_and_the_places_it_takes(measure: str, share: tuple[int, int]) -> None:
    state, _ = region(*REGIONS[0])
    found = cases_behind(state, measure, parse("year", "2024"), {})
    assert found is not None
    assert list(found.columns) == list(COLUMNS)
    assert list(found["place"]) == list(range(1, len(found) + 1))
    assert found["numerator"].is_monotonic_increasing
    assert len(found) > 4
    low = (len(found) - 1) * share[0] // share[1] + 1
    assert set(found.loc[found["part"] > 0, "place"]) <= {low, low + 1}
    assert found["part"].sum() == share[1]


def test_a_rejected_message_is_a_case_with_the_link_to_its_returns() -> None:
    state, _ = region(*REGIONS[0])
    found = cases_behind(state, "bericht_uitval", parse("year", "2024"), {})
    assert found is not None
    rejected = found[found["numerator"] == 1]
    assert len(rejected)
    assert set(rejected["link"]) <= set(state.records.messages["link"])
    assert found["link"].is_unique


def test_dimensions_of_the_cases_are_those_that_were_chosen() -> None:
    state, rows = region(*REGIONS[0])
    for row in rows[:: len(rows) // 40]:
        chosen = {name: row[name] for name in ALL_SCOPES[row["scope"]]}
        found = cases_behind(state, row["measure"], period_of(row), chosen, row["detail"])
        assert found is not None
        for name in set(chosen) & set(COLUMNS) & set(DIMENSIONS):
            assert set(found[name]) <= {chosen[name]}
