"""The region beside one municipality: what may be shown, and in which band chance puts a municipality."""

from fractions import Fraction

import pytest

from accounts.scope import Scope
from kpi import region_band
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import parse
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
