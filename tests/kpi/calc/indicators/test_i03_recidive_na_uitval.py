"""3. Recidive na uitval: care that comes back after a trajectory that ended in uitval."""

import pytest

from tests.support.care import CATALOGUE, care
from tests.support.facts import values
from tests.support.records import state

CODE = "32"


def of(*spells, as_of="2026-12-31"):
    return state(*(message for spell in spells for message in spell), products=CATALOGUE, as_of=as_of)


def ended(who, number, end="2025-03-31", reason=CODE):
    return care(who, number, "2025-01-01", end, reason)


def band(found, name):
    return values(found, f"recidive_uitval_{name}", "2025-Q1")


def test_the_example():
    found = of(ended(1, 1), ended(2, 2), care(1, 3, "2025-06-01"))
    assert band(found, "0_4")[""] == (1, 2)


@pytest.mark.parametrize(
    ("begin", "bands"),
    [
        ("2025-04-01", (0, 0, 0)),  # adjoins: the same trajectory, that has not ended
        ("2025-04-02", (1, 0, 0)),
        ("2025-07-31", (1, 0, 0)),  # four months after 31 March
        ("2025-08-01", (0, 1, 0)),
        ("2025-11-30", (0, 1, 0)),  # eight months: November has no 31st
        ("2025-12-01", (0, 0, 1)),
    ],
)
def test_the_borders_of_the_bands(begin, bands):
    found = of(ended(1, 1), ended(2, 2), care(1, 3, begin))
    assert tuple(band(found, name)[""][0] for name in ("0_4", "4_8", "8_plus")) == bands


@pytest.mark.parametrize(("as_of", "ripe"), [("2025-07-30", 0), ("2025-07-31", 1)])
def test_who_cannot_be_judged_yet_is_told_apart(as_of, ripe):
    found = of(ended(1, 1), as_of=as_of)
    expected = {"": (0, 1)} if ripe else {"nog_niet_rijp": (1, 1)}
    assert band(found, "0_4") == expected


def test_other_ends_are_no_cohort():
    assert band(of(ended(1, 1, reason="36")), "0_4") == {}
