"""16. Berichtenmonitor: who answers and reports how fast, and what was rejected."""

import pytest

from kpi.calc.frames import NO_NUMBER
from tests.support.care import care, person
from tests.support.facts import values
from tests.support.records import state
from tests.support.xmlmessages import allocation, answer, message


def reported(begin, day):
    return state(*care(1, 1, begin, reported=day))


def test_the_example():
    found = reported("2025-03-03", "2025-03-11")  # Monday to Tuesday a week later
    assert values(found, "meldtijd_305", "2025-03") == {
        "": (6, 1),
        "mediaan": (NO_NUMBER, 1),
        "binnen_norm": (0, 1),
    }


@pytest.mark.parametrize(("day", "days", "within"), [("2025-03-10", 5, 1), ("2025-03-11", 6, 0), ("2025-03-01", 0, 1)])
def test_the_norm_is_five_working_days_and_early_is_nought(day, days, within):
    found = values(reported("2025-03-03", day), "meldtijd_305", "2025-03")
    assert (found[""], found["binnen_norm"]) == ((days, 1), (within, 1))


def test_holidays_do_not_count():
    # From Thursday 17 April 2025: Good Friday, the weekend and Easter Monday fall out; Tuesday is the first day.
    assert values(reported("2025-04-17", "2025-04-22"), "meldtijd_305", "2025-04")[""] == (1, 1)


def test_waiting_is_from_the_first_day_allocated():
    found = state(*care(1, 1, "2025-03-10", first="2025-03-01"))
    assert values(found, "wachttijd_start", "2025-03")[""] == (9, 1)


def test_rejected_messages_of_those_answered():
    sent = [message("301", allocation(number), day="2025-03-03", person=person(number)) for number in (1, 2, 3)]
    found = state(*sent, answer(sent[0], "2025-03-05"), answer(sent[1], "2025-03-07", header=("0001",)))
    rejected = values(found, "bericht_uitval", "2025-03")
    assert (rejected[""], rejected["301"]) == ((1, 2), (1, 2))
    assert values(found, "reactietijd_302", "2025-03")[""] == (2 + 4, 2)
