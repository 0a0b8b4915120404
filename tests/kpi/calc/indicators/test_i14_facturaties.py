"""14. Facturaties: claimed and granted, in the month of the care."""

from tests.support.care import claim, person
from tests.support.facts import number
from tests.support.records import state
from tests.support.xmlmessages import Line, claim_answer, credit


def test_the_example():
    first = Line("R1", 10_000, begin="2025-03-01", end="2025-03-31", bsn=person(1))
    again = Line("R3", 8_000, begin="2025-03-01", end="2025-03-31", bsn=person(1))
    sent = [claim(first), claim(credit(first, "R2"), again, day="2025-12-20")]
    found = state(*sent, *(claim_answer(item, "2026-01-10") for item in sent))
    assert (number(found, "gefactureerd", "2025-03"), number(found, "toegekend", "2025-03")) == (8_000, 8_000)


def test_the_month_is_that_of_the_care_and_not_of_the_claim():
    line = Line("R1", 10_000, begin="2025-03-31", end="2025-04-30", bsn=person(1))
    found = state(claim(line))
    assert number(found, "gefactureerd", "2025-03") == 10_000
    assert number(found, "gefactureerd", "2025-04") == number(found, "gefactureerd", "2025-12") == 0


def test_a_refused_line_is_claimed_and_not_granted():
    line = Line("R1", 10_000, begin="2025-03-01", bsn=person(1))
    sent = claim(line)
    answer = claim_answer(sent, "2025-12-10", whole=("0200",), listed=((line, "8004"),))
    found = state(sent, answer)
    assert (number(found, "gefactureerd", "2025-03"), number(found, "toegekend", "2025-03")) == (10_000, 0)
