"""4. Verwijzers: through whom youth in care came."""

import pytest

from tests.support.care import care, delivered, person
from tests.support.facts import values
from tests.support.xmlmessages import message, request


def asked(who, reference, referrer):
    return [message("315", request(reference, referrer=referrer), day="2025-01-01", person=person(who))]


def test_the_example():
    found = delivered(
        asked(1, "R1", "02"),
        care(1, 1, "2025-02-01", reference="R1"),
        *(care(who, who, "2025-02-01") for who in (2, 3, 4)),
    )
    assert values(found, "verwijzers", "2025-Q1") == {"huisarts": (1, 4), "gemeente": (3, 4)}


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("01", "gemeente"),
        ("03", "huisarts"),
        ("04", "gi"),
        ("05", "overig"),
        ("06", "overig"),
        ("08", "overig"),
        ("07", "onbekend"),
    ],
)
def test_the_groups(code, group):
    found = delivered(asked(1, "R1", code), care(1, 1, "2025-02-01", reference="R1"))
    assert values(found, "verwijzers", "2025-Q1") == {group: (1, 1)}


def test_a_reference_without_a_request_is_unknown():
    found = delivered(care(1, 1, "2025-02-01", reference="R9"))
    assert values(found, "verwijzers", "2025-Q1") == {"onbekend": (1, 1)}


def test_a_client_can_be_in_two_groups():
    found = delivered(asked(1, "R1", "02"), care(1, 1, "2025-02-01", reference="R1"), care(1, 2, "2025-02-01"))
    assert values(found, "verwijzers", "2025-Q1") == {"huisarts": (1, 1), "gemeente": (1, 1)}
