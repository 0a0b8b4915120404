"""What each measure needs of the data."""

import datetime as dt
from fractions import Fraction

import pytest

from kpi.calc.checks import BY_CODE
from kpi.calc.frames import to_day
from kpi.calc.indicators import MEASURES
from kpi.calc.needs import CLAIM, NEEDS, STOP, followed, months_to_follow
from kpi.calc.parameters import Parameters
from kpi.calc.periods import parse


def test_every_measure_has_needs_and_every_check_exists():
    assert NEEDS.keys() == MEASURES.keys()
    assert {check for needs in NEEDS.values() for check in needs.checks} <= BY_CODE.keys()


@pytest.mark.parametrize(
    ("measure", "check", "matters"),
    [
        ("uitval_pct", "stop_zonder_start", True),
        ("duur_gemiddeld", "stop_ontbreekt", True),
        ("uitval_pct", "declaratiemaand_ontbreekt", False),
        ("kosten_per_client", "declaratiemaand_ontbreekt", True),
        ("kosten_per_client", "stop_zonder_start", False),
        ("kosten_per_traject", "declaratiemaand_ontbreekt", False),  # an arrangement is not claimed every month
        ("declaratiegraad", "bedrag_onbekend", True),
        ("instroom", "stop_ontbreekt", False),
        ("clienten_in_zorg", "stop_ontbreekt", True),
        ("meldtijd_305", "start_te_laat", False),  # that is what it measures
        ("reactietijd_306", "retour_ontbreekt", True),
    ],
)
def test_a_finding_matters_only_to_what_it_makes_wrong(measure, check, matters):
    assert (check in NEEDS[measure].checks) is matters


def test_the_most_telling_name_counts():
    followed_up = [NEEDS[code] for code in ("recidive_succes_0_4", "recidive_uitval_4_8", "uitval_pct")]
    assert [months_to_follow(needs, Parameters()) for needs in followed_up] == [4, 8, 0]
    assert [months_to_follow(needs, Parameters(relapse_months=(3, 6))) for needs in followed_up] == [3, 6, 0]
    assert [NEEDS[code].whole for code in ("mutaties_aantal", "mutaties_pct", "uitstroom")] == [True, False, True]
    assert [NEEDS[code].amounts for code in ("gefactureerd", "kosten_per_traject", "startdeclaratie_hoog")] == [
        True,
        True,
        False,
    ]
    assert (STOP,) in NEEDS["uitval_pct"].types
    assert CLAIM not in NEEDS["verwachte_kosten"].types


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        ((2027, 1, 31), Fraction(1)),
        ((2027, 1, 30), Fraction(1)),  # 30 September + 4 months
        ((2027, 1, 29), Fraction(91, 92)),
        ((2026, 11, 1), Fraction(1, 92)),
        ((2026, 10, 31), Fraction(0)),
    ],
)
def test_how_much_of_a_quarter_was_followed_four_months(as_of, share):
    assert followed(parse("quarter", "2026-Q3"), 4, to_day(dt.date(*as_of))) == share
