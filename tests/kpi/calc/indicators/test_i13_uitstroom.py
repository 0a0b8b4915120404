"""13. Uitstroom: clients who leave care, and where movers go."""

import pytest

from tests.support.care import LASTING, care, delivered
from tests.support.facts import number, values


def test_the_example():
    found = delivered(care(1, 1, "2025-01-01", "2025-05-10"), care(1, 2, "2025-01-01", "2025-05-20", product=LASTING))
    assert number(found, "uitstroom", "2025-05") == 1
    assert number(found, "uitstroom", "2025-04") == 0


@pytest.mark.parametrize(("begin", "left"), [("2025-05-21", 0), ("2025-05-22", 1)])
def test_care_that_follows_at_once_is_no_outflow(begin, left):
    found = delivered(care(1, 1, "2025-01-01", "2025-05-20"), care(1, 2, begin))
    assert number(found, "uitstroom", "2025-05") == left


def test_a_mover_is_followed_to_the_next_municipality():
    found = delivered(care(1, 1, "2025-01-01", "2025-05-20", "35"), care(1, 2, "2025-07-01", town="0090"))
    assert values(found, "uitstroom_verhuisd", "2025-05", "municipality")["0090"][0] == 1


def test_a_mover_without_care_elsewhere_needs_the_reason_of_the_allocation():
    assert (
        values(delivered(care(1, 1, "2025-01-01", "2025-05-20", "35")), "uitstroom_verhuisd", "2025-05", "municipality")
        == {}
    )
    known = delivered(care(1, 1, "2025-01-01", "2025-05-20", "35", reason_of_change="07"))
    assert values(known, "uitstroom_verhuisd", "2025-05", "municipality")["onbekend"][0] == 1
