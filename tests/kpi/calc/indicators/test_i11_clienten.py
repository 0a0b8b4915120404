"""11. Clienten in zorg: everybody once, at the end of the period."""

import pytest

from tests.support.care import care, delivered
from tests.support.facts import number


def test_the_example():
    before = [care(who, who, "2025-01-01", "2025-05-15" if who <= 2 else None) for who in range(1, 11)]
    found = delivered(*before, *(care(who, who, "2025-05-10") for who in (11, 12, 13)))
    assert number(found, "clienten_in_zorg", "2025-04") == 10
    assert (number(found, "instroom", "2025-05"), number(found, "uitstroom", "2025-05")) == (3, 2)
    assert number(found, "clienten_in_zorg", "2025-05") == 11


def test_two_products_of_one_client_count_once():
    assert number(delivered(care(1, 1, "2025-01-01"), care(1, 2, "2025-02-01")), "clienten_in_zorg", "2025-03") == 1


@pytest.mark.parametrize(("end", "clients"), [("2025-03-30", 0), ("2025-03-31", 0), ("2025-04-01", 1)])
def test_the_last_day_of_care_is_no_longer_in_care_at_its_end(end, clients):
    assert number(delivered(care(1, 1, "2025-01-01", end)), "clienten_in_zorg", "2025-03") == clients


def test_a_running_period_looks_at_the_reference_date():
    found = delivered(care(1, 1, "2025-03-01"), care(2, 2, "2025-03-20"), as_of="2025-03-10")
    assert number(found, "clienten_in_zorg", "2025-03") == 1
