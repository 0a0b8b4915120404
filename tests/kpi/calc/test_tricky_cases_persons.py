"""Tricky cases 65 to 67: persons."""

from tests.support.facts import number, spells
from tests.support.records import parsed, state
from tests.support.xmlmessages import ANNA, BRAM, allocation, message, start, stop


def test_case_65_a_birth_date_is_never_read_so_no_age_can_be_wrong():
    text = message("305", start(1, "2025-01-05"), day="2025-01-06").xml()
    unknown = text.replace(b"<Datum>2011-11-11</Datum>", b"<Datum>1900-01-01</Datum><DatumGebruik>3</DatumGebruik>")
    assert unknown != text
    first, second = parsed(text, unknown)
    assert first == second


def test_case_66_another_name_is_the_same_client():
    found = state(
        message("301", allocation(1), day="2025-01-02"),
        message("305", start(1, "2025-01-05"), day="2025-01-06", name="Jansen"),
        message("307", stop(1, "2025-01-05", "2025-03-01"), day="2025-03-02", name="de Vries-Jansen"),
    )
    assert spells(found) == [("2025-01-05", "2025-03-01", "31")]
    assert found.spells["client"].nunique() == 1


def test_case_66_another_bsn_is_another_client():
    found = state(
        message("301", allocation(1), day="2025-01-02", person=ANNA),
        message("305", start(1, "2025-01-05"), day="2025-01-06", person=BRAM),
    )
    assert spells(found) == []


def test_case_67_care_outside_the_messages_is_not_counted_so_counts_are_a_lower_bound():
    found = state(
        message("301", allocation(1), day="2025-01-02", person=ANNA),
        message("305", start(1, "2025-01-05"), day="2025-01-06", person=ANNA),
        message("305", start(None, "2025-01-05"), day="2025-01-06", person=BRAM),
    )
    assert number(found, "clienten_in_zorg") == 1
