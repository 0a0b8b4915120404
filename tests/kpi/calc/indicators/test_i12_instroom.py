"""12. Instroom: clients who come into care, new in the domain or again."""

import pytest

from tests.support.care import CATALOGUE, LASTING, care
from tests.support.facts import number
from tests.support.records import state

MEASURES = ("instroom", "instroom_nieuw", "instroom_herindicatie", "herindicaties")


def inflow(*spells, period="2025-03"):
    found = state(*(message for spell in spells for message in spell), products=CATALOGUE)
    return tuple(number(found, measure, period) for measure in MEASURES)


def test_the_example():
    assert inflow(care(1, 1, "2025-03-03"), care(1, 2, "2025-03-10", product=LASTING)) == (1, 1, 0, 0)


def test_who_comes_back_in_the_domain_is_not_new():
    assert inflow(care(1, 1, "2025-01-01", "2025-01-31"), care(1, 2, "2025-03-03")) == (1, 0, 1, 0)


def test_who_comes_in_another_domain_is_new():
    assert inflow(care(1, 1, "2025-01-01", "2025-01-31", product=LASTING), care(1, 2, "2025-03-03")) == (1, 1, 0, 0)


@pytest.mark.parametrize(("begin", "expected"), [("2025-03-01", (0, 0, 0, 1)), ("2025-03-02", (1, 0, 1, 0))])
def test_following_care_is_a_reindication_and_no_inflow(begin, expected):
    assert inflow(care(1, 1, "2025-01-01", "2025-02-28"), care(1, 2, begin)) == expected


def test_nobody_came():
    assert inflow(care(1, 1, "2025-01-01")) == (0, 0, 0, 0)
