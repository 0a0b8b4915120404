"""7. Bedrag per traject: what was granted on trajectories, per trajectory and year."""

from tests.support.care import CATALOGUE, LASTING, care, claim, person
from tests.support.facts import values
from tests.support.records import state
from tests.support.xmlmessages import Line, claim_answer


def line(reference, who, number, amount, begin="2025-02-01", product=("45", "45A04")):
    return Line(reference, amount, begin=begin, end=begin, number=number, product=product, bsn=person(who))


def granted(*lines, spells):
    sent = claim(*lines)
    parts = [message for spell in spells for message in spell]
    return state(*parts, sent, claim_answer(sent, "2025-12-10"), products=CATALOGUE)


def test_the_example():
    found = granted(
        line("R1", 1, 1, 100_000),
        line("R2", 2, 2, 150_000),
        line("R3", 2, 2, 50_000, "2025-03-01"),
        spells=[care(1, 1, "2025-01-01"), care(2, 2, "2025-01-01")],
    )
    assert values(found, "kosten_per_traject") == {"": (300_000, 2), "ingediend": (300_000, 2)}


def test_two_spells_of_one_trajectory_are_one():
    found = granted(
        line("R1", 1, 1, 100_000, "2025-01-01"),
        line("R2", 1, 2, 100_000, "2025-03-01"),
        spells=[care(1, 1, "2025-01-01", "2025-01-31"), care(1, 2, "2025-02-01")],
    )
    assert values(found, "kosten_per_traject")[""] == (200_000, 1)


def test_lasting_care_and_other_years_are_left_out():
    found = granted(
        line("R1", 1, 1, 100_000, product=LASTING),
        line("R2", 2, 2, 100_000, "2024-12-31"),
        spells=[care(1, 1, "2025-01-01", product=LASTING), care(2, 2, "2024-12-01")],
    )
    assert values(found, "kosten_per_traject") == {}


def test_an_unanswered_claim_is_claimed_and_not_granted():
    found = state(*care(1, 1, "2025-01-01"), claim(line("R1", 1, 1, 100_000)), products=CATALOGUE)
    assert values(found, "kosten_per_traject") == {"": (0, 1), "ingediend": (100_000, 1)}
