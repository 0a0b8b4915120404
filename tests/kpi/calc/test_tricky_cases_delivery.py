"""Tricky cases 25 to 42: the state of delivery."""

import pytest

from tests.support.facts import iso, number, spells, starts, stops, values
from tests.support.records import day, state
from tests.support.xmlmessages import allocation, answer, message, start, stop

GIVEN = message("301", allocation(1), day="2025-01-02")


def m305(*parts, day="2025-03-11", **header):
    return message("305", *parts, day=day, **header)


def m307(*parts, day="2025-07-01", **header):
    return message("307", *parts, day=day, **header)


def test_case_25_a_corrected_begin_is_one_start():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10")),
        m305(start(1, "2025-03-10", "3"), start(1, "2025-03-21"), day="2025-03-22"),
    )
    assert starts(found) == ["2025-03-21"]
    assert spells(found) == [("2025-03-21", "open", "")]


def test_case_26_a_start_taken_back_and_sent_again_lives():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10"), day="2025-03-11"),
        m305(start(1, "2025-03-10", "3"), day="2025-03-14"),
        m305(start(1, "2025-03-10"), day="2025-03-20"),
    )
    assert starts(found) == ["2025-03-10"]
    assert [iso(when) for when in found.starts["dagtekening"]] == ["2025-03-20"]


def test_case_27_a_start_with_a_stop_cannot_be_taken_back():
    back = m305(start(1, "2025-03-10", "3"), day="2025-07-05")
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10")),
        m307(stop(1, "2025-03-10", "2025-06-30")),
        back,
        answer(back, "2025-07-07", records=((back.parts[0], "9071"),)),
    )
    assert spells(found) == [("2025-03-10", "2025-06-30", "31")]


PAUSED = (
    message("301", allocation(1), day="2025-01-02"),
    m305(start(1, "2025-05-15"), day="2025-05-16"),
    m307(stop(1, "2025-05-15", "2025-06-20", "20"), day="2025-06-21"),
)


def test_case_28_a_restart_after_a_pause_goes_on_with_the_same_care():
    found = state(*PAUSED, m305(start(1, "2025-07-05"), day="2025-07-06"))
    assert spells(found) == [("2025-05-15", "open", "")]
    assert values(found, "wachttijd_start")[""] == ((day("2025-05-15") - day("2025-01-01")), 1)
    assert (number(found, "instroom"), number(found, "uitstroom"), number(found, "clienten_in_zorg")) == (1, 0, 1)


def test_case_29_a_definitive_stop_on_the_day_of_the_temporary_one_ends_the_care():
    found = state(*PAUSED, m307(stop(1, "2025-05-15", "2025-06-20", "32"), day="2025-07-01"))
    assert stops(found) == [("2025-06-20", "20"), ("2025-06-20", "32")]
    assert spells(found) == [("2025-05-15", "2025-06-20", "32")]


def test_case_30_a_definitive_stop_after_a_temporary_one_is_the_formal_end():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-31"), day="2025-04-01"),
        m307(stop(1, "2025-03-31", "2025-06-07", "20"), day="2025-06-10"),
        m307(stop(1, "2025-03-31", "2025-06-27", "32"), day="2025-06-30"),
    )
    assert stops(found) == [("2025-06-07", "20"), ("2025-06-27", "32")]
    assert spells(found) == [("2025-03-31", "2025-06-27", "32")]


def test_case_31_a_second_temporary_stop_is_refused():
    second = m307(stop(1, "2025-05-15", "2025-06-25", "20"), day="2025-06-26")
    found = state(*PAUSED, second, answer(second, "2025-06-27", records=((second.parts[0], "9413"),)))
    assert stops(found) == [("2025-06-20", "20")]
    assert spells(found) == [("2025-05-15", "open", "")]


def test_case_32_a_corrected_reason_is_one_stop():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10")),
        m307(stop(1, "2025-03-10", "2025-06-17", "33"), day="2025-06-18"),
        m307(
            stop(1, "2025-03-10", "2025-06-17", "33", "3"), stop(1, "2025-03-10", "2025-06-17", "31"), day="2025-06-20"
        ),
    )
    assert stops(found) == [("2025-06-17", "31")]
    assert spells(found) == [("2025-03-10", "2025-06-17", "31")]
    assert values(found, "uitval_pct")[""] == (0, 1)


def test_case_33_a_stop_taken_back_opens_the_delivery_again():
    end = m307(stop(1, "2025-03-10", "2025-06-30"))
    back = m307(stop(1, "2025-03-10", "2025-06-30", status="3"), day="2025-07-03")
    assert spells(state(GIVEN, m305(start(1, "2025-03-10")), end, back)) == [("2025-03-10", "open", "")]


def test_case_33_a_pause_that_was_there_before_is_back():
    end = m307(stop(1, "2025-05-15", "2025-06-30", "31"))
    back = m307(stop(1, "2025-05-15", "2025-06-30", "31", "3"), day="2025-07-03")
    found = state(*PAUSED, end, back)
    assert stops(found) == [("2025-06-20", "20")]
    assert spells(found) == [("2025-05-15", "open", "")]


def test_case_34_taking_back_a_stop_that_was_never_sent_does_nothing():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10")),
        m307(stop(1, "2025-03-10", "2025-06-30")),
        m307(stop(1, "2025-03-10", "2025-06-15", status="3"), day="2025-07-03"),
    )
    assert spells(found) == [("2025-03-10", "2025-06-30", "31")]


def test_case_35_a_new_start_after_a_definitive_stop_is_new_care():
    found = state(
        GIVEN,
        m305(start(1, "2025-03-10")),
        m307(stop(1, "2025-03-10", "2025-06-30")),
        m305(start(1, "2025-09-01"), day="2025-09-02"),
    )
    assert spells(found) == [("2025-03-10", "2025-06-30", "31"), ("2025-09-01", "open", "")]


@pytest.mark.parametrize(("begin", "count"), [("2025-06-29", 1), ("2025-06-30", 2), ("2025-07-01", 2)])
def test_case_35_the_border_is_a_start_on_the_last_day(begin, count):
    end = m307(stop(1, "2025-03-10", "2025-06-30"))
    found = state(GIVEN, m305(start(1, "2025-03-10")), end, m305(start(1, begin), day="2025-07-02"))
    assert len(found.spells) == count


def test_case_36_the_end_of_an_allocation_does_not_end_the_delivery():
    given = message("301", allocation(1, last="2025-06-30"), day="2025-01-02")
    found = state(given, m305(start(1, "2025-03-10")))
    assert spells(found) == [("2025-03-10", "open", "")]
    assert number(found, "uitstroom") == 0


def test_case_37_a_stop_without_its_start_does_not_count():
    found = state(GIVEN, m305(start(1, "2025-03-10")), m307(stop(1, "2025-03-11", "2025-06-30")))
    assert stops(found) == []
    assert spells(found) == [("2025-03-10", "open", "")]
    assert values(found, "beeindigingscodes") == {}


def test_case_38_a_stop_after_a_restart_must_name_the_latest_start():
    wrong = m307(stop(1, "2025-05-15", "2025-08-31", "31"), day="2025-09-01")
    again = m305(start(1, "2025-07-05"), day="2025-07-06")
    found = state(*PAUSED, again, wrong, answer(wrong, "2025-09-02", records=((wrong.parts[0], "9069"),)))
    assert spells(found) == [("2025-05-15", "open", "")]


@pytest.mark.parametrize(
    ("wet", "code", "dropped", "planned"), [("jeugdwet", "31", 0, 1), ("wmo", "31", 0, 0), ("wmo", "19", 0, 1)]
)
def test_case_39_code_31_means_something_else_per_law(wet, code, dropped, planned):
    found = state(
        message("301", allocation(1), day="2025-01-02", wet=wet),
        m305(start(1, "2025-03-10"), wet=wet),
        m307(stop(1, "2025-03-10", "2025-06-30", code), wet=wet),
    )
    assert values(found, "uitval_pct")[""] == (dropped, 1)
    assert (found.spells["outcome"] == "succes").sum() == planned
    assert list(values(found, "uitval_code")) == [f"{wet}:{code}"]


@pytest.mark.parametrize(("wet", "code"), [("jeugdwet", "32"), ("jeugdwet", "33"), ("jeugdwet", "34"), ("wmo", "22")])
def test_case_39_dropping_out_has_codes_per_law(wet, code):
    found = state(
        message("301", allocation(1), day="2025-01-02", wet=wet),
        m305(start(1, "2025-03-10"), wet=wet),
        m307(stop(1, "2025-03-10", "2025-06-30", code), wet=wet),
    )
    assert values(found, "uitval_pct")[""] == (1, 1)


@pytest.mark.parametrize("code", ["36", "37"])
def test_case_40_administrative_stops_are_no_outcome_of_care(code):
    found = state(GIVEN, m305(start(1, "2025-03-10")), m307(stop(1, "2025-03-10", "2025-06-30", code)))
    assert found.spells["outcome"].tolist() == ["overig"]


def test_case_41_a_start_without_a_number_is_never_forced_onto_an_allocation():
    found = state(GIVEN, m305(start(None, "2025-03-10")))
    assert (starts(found), spells(found)) == ([], [])


def test_case_42_in_release_2_the_status_of_the_product_decides():
    given = message("301", allocation(1), day="2025-01-02", release="2.3")
    back = m305(start(1, "2025-03-10", "3"), day="2025-03-20", release="2.3").xml()
    unchanged = back.replace(b"</Bsn>", b"</Bsn><StatusAanlevering>9</StatusAanlevering>")
    assert starts(state(given, m305(start(1, "2025-03-10"), release="2.3"), unchanged)) == []


@pytest.mark.parametrize("status", ["2", "9"])
def test_a_status_that_is_not_allowed_does_nothing(status):
    found = state(GIVEN, m305(start(1, "2025-03-10")), m305(start(1, "2025-03-12", status), day="2025-03-20"))
    assert starts(found) == ["2025-03-10"]


def test_a_stop_dated_before_its_start_never_makes_less_than_nobody():
    found = state(GIVEN, m305(start(1, "2025-04-07")), m307(stop(1, "2025-04-07", "2025-02-28")))
    for month in ("2025-02", "2025-03", "2025-04"):
        assert number(found, "clienten_in_zorg", month) == 0
