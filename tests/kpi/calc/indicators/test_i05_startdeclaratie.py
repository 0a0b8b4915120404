"""5. Startdeclaratie hoger dan 70%: the first claim against the price of the arrangement."""

import pytest

from tests.support.care import care, claim, person
from tests.support.facts import values
from tests.support.records import state
from tests.support.xmlmessages import Line, claim_answer, credit

PRICE = ({"arrangement_price": 100_000},)


def first_claim(amount, *more, end=None, reason="31"):
    line = Line("R1", amount, begin="2025-02-01", end="2025-02-28", bsn=person(1))
    return state(*care(1, 1, "2025-02-01", end, reason), claim(line), *more, products=PRICE)


@pytest.mark.parametrize(("amount", "flagged"), [(70_000, 0), (70_001, 1), (70_100, 1)])
def test_the_example_and_the_border(amount, flagged):
    assert values(first_claim(amount), "startdeclaratie_hoog", "2025-Q1")[""] == (flagged, 1)


def test_a_flagged_one_that_ended_in_drop_out():
    found = first_claim(80_000, end="2025-06-30", reason="32")
    assert values(found, "startdeclaratie_hoog_uitval", "2025-Q1")[""] == (1, 1)
    assert values(first_claim(60_000), "startdeclaratie_hoog_uitval", "2025-Q1") == {}


def test_a_line_that_a_credit_took_back_is_not_the_first():
    line = Line("R1", 90_000, begin="2025-02-01", end="2025-02-28", bsn=person(1))
    later = Line("R3", 10_000, begin="2025-04-01", end="2025-04-30", bsn=person(1))
    found = first_claim(90_000, claim(credit(line, "R2"), later, day="2025-12-02"))
    assert values(found, "startdeclaratie_hoog", "2025-Q1") == {}
    assert values(found, "startdeclaratie_hoog", "2025-Q2")[""] == (0, 1)


def test_a_refused_line_is_not_the_first():
    line = Line("R1", 90_000, begin="2025-02-01", end="2025-02-28", bsn=person(1))
    sent = claim(line)
    refused = claim_answer(sent, "2025-12-10", whole=("0200",), listed=((line, "8004"),))
    found = state(*care(1, 1, "2025-02-01"), sent, refused, products=PRICE)
    assert values(found, "startdeclaratie_hoog", "2025-Q1") == {}


def test_without_a_price_there_is_no_case():
    line = Line("R1", 90_000, begin="2025-02-01", bsn=person(1))
    assert values(state(*care(1, 1, "2025-02-01"), claim(line)), "startdeclaratie_hoog", "2025-Q1") == {}
