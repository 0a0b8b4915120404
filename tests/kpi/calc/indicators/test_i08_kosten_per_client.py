"""8. Bedrag per client: what was granted, per client with a claim line in the year."""

from tests.support.care import claim, person
from tests.support.facts import values
from tests.support.records import state
from tests.support.xmlmessages import Line, claim_answer


def line(reference, who, amount, begin="2025-02-01", number=None):
    return Line(reference, amount, begin=begin, end=begin, number=number, bsn=person(who))


def granted(*lines):
    sent = claim(*lines)
    return state(sent, claim_answer(sent, "2025-12-10"))


def test_the_example():
    found = granted(line("R1", 1, 100_000), line("R2", 2, 200_000), line("R3", 3, 300_000))
    assert values(found, "kosten_per_client")[""] == (600_000, 3)


def test_a_client_with_two_lines_counts_once_also_without_an_allocation():
    found = granted(line("R1", 1, 100_000), line("R2", 1, 50_000, "2025-03-01"))
    assert values(found, "kosten_per_client")[""] == (150_000, 1)


def test_the_year_is_that_of_the_care():
    found = granted(line("R1", 1, 100_000, "2024-12-31"), line("R2", 2, 50_000, "2025-01-01"))
    assert values(found, "kosten_per_client", "2024")[""] == (100_000, 1)
    assert values(found, "kosten_per_client", "2025")[""] == (50_000, 1)


def test_no_claims_no_value():
    assert values(state(), "kosten_per_client") == {}
