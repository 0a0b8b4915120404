"""A range of months against what the naive computation counts from the records in these months as one period."""

from collections import defaultdict
from fractions import Fraction

import pytest

from accounts.scope import Scope
from kpi import actions, provider_list, selectors
from kpi.calc.additive import NOT_PER_PERIOD, PER_PERIOD
from kpi.calc.definition import OverTime
from kpi.calc.explain import cases_behind
from kpi.calc.frames import to_date
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import Period, months_between, months_in, parse
from kpi.calc.scopes import DIMENSIONS
from kpi.models import Run
from kpi.pages import view_of
from kpi.selection import Selection
from tests.support.naive.compute import naive_values
from tests.support.random_days import REFERENCE_DAYS
from tests.support.random_region import random_records, random_reference
from tests.support.stored_records import store, store_catalogue

pytestmark = pytest.mark.django_db
CLIENTS = 40
REGIONS = [(3, "3.2"), (4, "2.3")]
OTHER_RELEASE = {"3.2": {"reactietijd_304"}, "2.3": {"reactietijd_325"}}  # a claim is answered by the other message
Place = tuple[str, ...]  # a scope and the value of each dimension
Cell = tuple[str, str]  # a measure and a detail
Numbers = tuple[int | None, int | None]


def computed(seed: int, release: str) -> Run:
    records, reference = random_records(seed, release, CLIENTS), random_reference(seed)
    store_catalogue(reference.catalogue, dict(reference.outcomes))
    store(records, records.messages["message_id"].tolist())
    return actions.compute(as_of=to_date(REFERENCE_DAYS[seed]))


def ranges(as_of: int) -> list[Period]:
    """A short one, one over the turn of a year, and one that ends with the month of the reference date."""
    ends = {("2024-02", "2024-03"), ("2023-12", "2024-08"), ("2024-04", f"{to_date(as_of):%Y-%m}")}
    return [months_between(parse("month", first), parse("month", last)) for first, last in sorted(ends)]


def naive(seed: int, release: str, asked: Period) -> dict[Place, dict[Cell, Numbers]]:
    """What a range comes to by the rule of each measure over that period, per place."""
    found: dict[Place, dict[Cell, Numbers]] = defaultdict(dict)
    for place, numbers in naive_all(seed, release, asked).items():
        for (measure, detail), pair in numbers.items():
            if measure in PER_PERIOD and detail not in NOT_PER_PERIOD:
                found[place][measure, detail] = pair
    return found


def naive_all(seed: int, release: str, asked: Period) -> dict[Place, dict[Cell, Numbers]]:
    """What every measure comes to over a period, per place."""
    values = naive_values(random_records(seed, release, CLIENTS), random_reference(seed), REFERENCE_DAYS[seed], [asked])
    found: dict[Place, dict[Cell, Numbers]] = defaultdict(dict)
    for (measure, _, *place, detail), (top, bottom, _) in values.items():
        found[tuple(place)][measure, detail] = top if top is None else int(top), bottom
    return found


def place_of(provider: str) -> Place:
    return ("provider", *(provider if name == "provider" else "" for name in DIMENSIONS))


def shown(run: Run, asked: Period, place: Place) -> dict[Cell, Numbers]:
    """What a page shows of a range at a place."""
    selection = Selection(asked, **dict(zip(DIMENSIONS, place[1:], strict=True)))
    figures = selectors.figures(Scope(region=True), run, selection, MEASURES, [asked.label], details=True)
    for figure in figures:
        expected = Fraction(figure.numerator or 0, figure.denominator) if figure.denominator else figure.numerator
        assert figure.value == pytest.approx(float(expected or 0))
    return {(figure.measure, figure.detail): (figure.numerator, figure.denominator) for figure in figures}


def test_the_cases_of_a_range_add_up_to_its_total() -> None:
    """So that a total can be explained as any figure can."""
    seed, release = REGIONS[0]
    run = computed(seed, release)
    state, asked = actions.state_on(run.as_of), ranges(REFERENCE_DAYS[seed])[0]
    found = shown(run, asked, ("region", *("" for _ in DIMENSIONS)))
    for (measure, detail), (top, bottom) in found.items():
        cases = cases_behind(state, measure, asked, {}, detail)
        assert cases is not None
        assert (cases["numerator"].sum(), cases["denominator"].sum()) == (top, bottom or 0), (measure, detail)
    assert len(found) > len(PER_PERIOD)


def test_the_list_of_providers_is_the_naive_count_of_the_months_and_the_stock_at_their_end() -> None:
    seed, release = REGIONS[0]
    run = computed(seed, release)
    view = view_of(Scope(region=True), run, now=run.as_of)
    for asked in ranges(REFERENCE_DAYS[seed]):
        total, last = (naive_all(seed, release, period) for period in (asked, months_in(asked)[-1]))
        found = provider_list.lines(view, Selection(asked))
        cells = {(line.code, cell.measure): cell.figure for line in found for cell in line.cells if cell}
        assert {line.code for line in found} == {place[3] for place in total if place[0] == "provider"}
        for (code, measure), figure in cells.items():
            if not measure.yearly_only:
                expected = (last if measure.over_time == OverTime.STOCK else total)[place_of(code)][measure.code, ""]
                assert (figure.numerator, figure.denominator) == expected, (asked.label, code, measure.code)
        assert {measure.code for _, measure in cells} > {"clienten_in_zorg", "gefactureerd", "uitval_pct"}


@pytest.mark.parametrize(("seed", "release"), REGIONS)
def test_a_range_is_what_it_would_be_as_one_period(seed: int, release: str) -> None:
    run = computed(seed, release)
    reached: set[str] = set()
    for asked in ranges(REFERENCE_DAYS[seed]):
        expected = naive(seed, release, asked)
        for place, numbers in expected.items():
            assert shown(run, asked, place) == numbers, (asked.label, place)
        reached |= {measure for numbers in expected.values() for measure, _ in numbers}
    assert PER_PERIOD - reached == OTHER_RELEASE[release]
