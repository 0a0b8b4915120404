"""The spread of durations and costs: quantiles, outliers, and no group small enough to tell of one client."""

from fractions import Fraction

from kpi.calc.periods import parse
from kpi.calc.spread import spreads
from tests.support.care import care, claim, delivered, person
from tests.support.records import state
from tests.support.xmlmessages import PROVIDER, TOWN, Line, claim_answer

YEAR = parse("year", "2025")


def lasting(*days: int):
    """One trajectory per number of days, each of another client."""
    return delivered(*(care(who, who, "2025-01-01", end(length)) for who, length in enumerate(days, start=1)))


def end(days: int) -> str:
    return f"2025-01-{days:02d}" if days <= 31 else f"2025-02-{days - 31:02d}"


def spread_of(found, indicator="duur", chosen=None, smallest=10, key=PROVIDER, period=YEAR):
    return spreads(found, indicator, period, chosen or {}, "provider", smallest).get(key)


def test_quantiles_and_outliers_of_a_provider():
    found = spread_of(lasting(*range(1, 12), 31))  # 1 to 11 and one of 31 days
    assert (found.cases, found.beyond) == (12, 1)
    assert (found.q1, found.median, found.q3) == (Fraction(15, 4), Fraction(13, 2), Fraction(37, 4))
    assert (found.p10, found.p90) == (Fraction(21, 10), Fraction(109, 10))


def test_an_outlier_lies_beyond_the_limit_and_not_on_it():
    base = [*range(1, 11)]  # with one more: Q1 = 3.5, Q3 = 8.5, limit = 16
    assert spread_of(lasting(*base, 16)).beyond == 0
    assert spread_of(lasting(*base, 17)).beyond == 1


def test_a_small_group_is_not_there():
    assert spread_of(lasting(*range(1, 10))) is None
    assert spread_of(lasting(*range(1, 11))).cases == 10
    assert spread_of(lasting()) is None


def test_all_together_stand_under_the_empty_key():
    assert spread_of(lasting(*range(1, 11)), key="").cases == 10


def test_only_the_chosen_places_and_the_period_count():
    found = lasting(*range(1, 12))
    assert spread_of(found, chosen={"municipality": TOWN}).cases == 11
    assert spread_of(found, chosen={"municipality": "9999"}) is None
    assert spread_of(found, period=parse("year", "2024")) is None


def test_costs_are_per_client_and_per_trajectory():
    lines = [Line(f"R{who}", who * 100, begin="2025-02-01", end="2025-02-01", bsn=person(who)) for who in range(1, 11)]
    again = Line("R11", 900, begin="2025-03-01", end="2025-03-01", bsn=person(1))  # client 1: 1000 in all
    sent = claim(*lines, again)
    found = spread_of(state(sent, claim_answer(sent, "2025-12-10")), "kosten-per-client")
    assert (found.cases, found.p90) == (10, 1000)
    assert spread_of(state(sent, claim_answer(sent, "2025-12-10")), "kosten-per-traject") is None  # no allocations
