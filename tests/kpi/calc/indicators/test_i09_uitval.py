"""9. Uitval: spells that ended in drop-out."""

import pytest

from tests.support.care import care, delivered
from tests.support.facts import values


def test_the_example():
    found = delivered(*(care(who, who, "2025-01-01", "2025-03-31", "32" if who == 1 else "31") for who in range(1, 5)))
    assert values(found, "uitval_pct", "2025-Q1")[""] == (1, 4)
    assert values(found, "uitval_code", "2025-Q1") == {"jeugdwet:31": (3, 4), "jeugdwet:32": (1, 4)}


@pytest.mark.parametrize(
    ("code", "dropped", "ended"),
    [("31", 0, 1), ("32", 1, 1), ("33", 1, 1), ("34", 1, 1), ("35", 0, 1), ("36", 0, 1), ("02", 0, 1), ("20", 0, 0)],
)
def test_the_classes_of_the_jeugdwet(code, dropped, ended):
    found = delivered(care(1, 1, "2025-01-01", "2025-03-31", code))
    assert values(found, "uitval_pct").get("", (0, 0)) == (dropped, ended)


def test_an_admin_can_give_a_code_another_class():
    found = delivered(care(1, 1, "2025-01-01", "2025-03-31", "36"), outcomes={("jeugdwet", "36"): "uitval"})
    assert values(found, "uitval_pct")[""] == (1, 1)


@pytest.mark.parametrize(("end", "label"), [("2025-03-31", "2025-Q1"), ("2025-04-01", "2025-Q2")])
def test_the_period_is_that_of_the_end(end, label):
    found = delivered(care(1, 1, "2025-01-01", end, "32"))
    assert values(found, "uitval_pct", label)[""] == (1, 1)


def test_nothing_ended_has_no_value():
    assert values(delivered(care(1, 1, "2025-01-01")), "uitval_pct") == {}
