"""The region beside one municipality: what may be shown, and in which band chance puts a municipality."""

import datetime as dt
from fractions import Fraction

import pytest

from accounts.scope import Scope
from kpi import region_band
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import parse
from kpi.filters import period_of
from kpi.models import Run, Value
from kpi.selection import Selection
from kpi.selectors import Figure, figures
from tests.support.figures import HERE, publish_figures

pytestmark = pytest.mark.django_db
UITVAL = MEASURES["uitval_pct"]
PERIOD = parse("quarter", "2026-Q3")
SELECTION = Selection(PERIOD, municipality=HERE)
MINE = Scope(municipality=HERE)


@pytest.fixture
def run() -> Run:
    return publish_figures()


def shares(run: Run, scope: Scope, selection: Selection = SELECTION):
    own = figures(scope, run, selection, ["uitval_pct"], ["2026-Q3"])
    return region_band.region_shares(scope, run, selection, [UITVAL], own)


def set_region(run: Run, numerator: int, denominator: int) -> None:
    rows = Value.objects.filter(run=run, scope="region", measure="uitval_pct")
    rows.update(numerator=numerator, denominator=denominator, value=numerator / denominator)


def test_a_municipality_sees_a_share_of_rounded_counts_and_the_region_the_exact_one(run):
    set_region(run, 43, 161)
    assert shares(run, MINE) == {("uitval_pct", ""): Fraction(45, 160)}
    assert shares(run, Scope(region=True)) == {("uitval_pct", ""): Fraction(43, 161)}


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (20, 160, False),  # the others have 9: 20 less the own 11
        (21, 160, True),
        (11, 160, True),  # the others have none, which tells of nobody
        (11, 49, False),  # the others are 9 cases
        (9, 160, False),
    ],
)
def test_what_is_left_without_the_own_municipality_must_be_fit_to_show(run, numerator, denominator, shown):
    set_region(run, numerator, denominator)
    assert bool(shares(run, MINE)) is shown


MONTHS = ("2026-07", "2026-08", "2026-09")


def set_rest(run: Run, period: str, numerator: int) -> None:
    """So many of the cases of others, 100 in each period; own are 11 of 40."""
    rows = Value.objects.filter(run=run, scope="region", measure="uitval_pct", period=period)
    rows.update(numerator=11 + numerator, denominator=140, value=(11 + numerator) / 140)


def told(run: Run, scope: Scope, *periods: str) -> list[str]:
    """The periods in which the region's share stands beside the municipality's."""
    found = []
    for period in periods:
        selection = SELECTION.at(period=period_of(period))
        own = figures(scope, run, selection, ["uitval_pct"], [period])
        if region_band.region_shares(scope, run, selection, [UITVAL], own):
            found.append(period)
    return found


@pytest.mark.parametrize("parts", [(1, 13, 13), (9, 12, 12), (1, 1, 10)])
def test_months_of_which_one_would_follow_from_the_quarter_and_the_others_are_not_shown(run, parts):
    """27 is shown as 25, which is at most 27; twice 13 as 15, which is at least 13: the month between is 1."""
    for period, part in zip((*MONTHS, "2026-Q3"), (*parts, sum(parts)), strict=True):
        set_rest(run, period, part)
    assert told(run, MINE, *MONTHS, "2026-Q3") == ["2026-Q3"]
    assert told(run, Scope(region=True), *MONTHS, "2026-Q3") == [*MONTHS, "2026-Q3"]


def test_months_that_are_all_fit_to_show_stand_beside_their_quarter(run):
    for period, part in zip((*MONTHS, "2026-Q3"), (10, 0, 13, 23), strict=True):
        set_rest(run, period, part)
    assert told(run, MINE, *MONTHS, "2026-Q3") == [*MONTHS, "2026-Q3"]


def test_of_a_year_that_still_runs_the_quarters_are_shown_and_not_the_year(run):
    for period, part in (("2026-Q2", 3), ("2026-Q3", 30), ("2026", 33)):
        set_rest(run, period, part)
    assert told(run, MINE, "2026-Q2", "2026-Q3", "2026") == ["2026-Q3"]
    run.as_of = dt.date(2027, 1, 15)
    assert told(run, MINE, "2026-Q2", "2026-Q3", "2026") == ["2026"]


def test_where_distinct_clients_are_counted_months_are_not_parts_of_a_quarter(run):
    for period, part in zip((*MONTHS, "2026-Q3"), (1, 13, 13, 20), strict=True):
        set_rest(run, period, part)
    Value.objects.filter(measure="uitval_pct").update(measure="mutaties_per_client")
    selection, measure = SELECTION.at(period=period_of("2026-08")), MEASURES["mutaties_per_client"]
    own = figures(MINE, run, selection, [measure.code], ["2026-08"])
    assert region_band.region_shares(MINE, run, selection, [measure], own)


def test_nothing_is_shown_beside_a_provider(run):
    assert shares(run, MINE, SELECTION.at(provider="11111111")) == {}


def test_amounts_are_never_compared():
    assert not region_band.fit(MEASURES["declaratiegraad"])
    assert not region_band.fit(MEASURES["kosten_per_client"])
    assert region_band.fit(UITVAL)


def test_the_band_is_where_chance_puts_a_municipality_of_this_size():
    small, large = (
        region_band.band(UITVAL, Figure("uitval_pct", "2026-Q3", "", n // 4, n, 0.25), Fraction(1, 4))
        for n in (40, 400)
    )
    assert small.low < large.low < 0.25 < large.high < small.high
    assert region_band.band(UITVAL, Figure("uitval_pct", "2026-Q3", "", None, 0, 0.0), Fraction(1, 4)) is None
