"""Tricky cases 9 to 24: the state of an allocation."""

import pytest

from kpi.calc.expected import expected_totals
from kpi.calc.frames import NO_NUMBER
from tests.support.facts import allocations, claimed, number, spells, starts, values
from tests.support.records import state
from tests.support.xmlmessages import Line, allocation, answer, message, request, start, stop

YEAR = ("2025-01-01", "2025-12-31")


def m301(*parts, day="2025-01-02", **header):
    return message("301", *parts, day=day, **header)


def test_case_09_an_extended_allocation_is_one_with_one_delivery():
    found = state(
        m301(allocation(667899, last="2025-06-30")),
        message("305", start(667899, "2025-01-05"), day="2025-01-06"),
        m301(allocation(667899, decided="2025-05-10", reason="04"), day="2025-05-11"),
    )
    assert allocations(found) == {667899: YEAR}
    assert spells(found) == [("2025-01-05", "open", "")]


def test_case_10_the_latest_decision_counts_whatever_arrived_first():
    late = m301(allocation(1, last="2025-10-31", decided="2025-05-10", time="14:00:00"), day="2025-05-11")
    early = m301(allocation(1, last="2025-06-30", decided="2025-05-10", time="09:00:00"), day="2025-05-11")
    assert allocations(state(late, early)) == allocations(state(early, late)) == {1: ("2025-01-01", "2025-10-31")}


def test_case_11_a_repeated_allocation_counts_once():
    found = state(m301(allocation(1)), m301(allocation(1), allocation(2), day="2025-01-03"))
    assert allocations(found) == {1: YEAR, 2: YEAR}


def test_case_12_an_allocation_that_is_not_listed_is_not_withdrawn():
    found = state(m301(allocation(1), allocation(2)), m301(allocation(2), day="2025-02-03"))
    assert allocations(found) == {1: YEAR, 2: YEAR}


def test_case_13_a_shortened_allocation_is_valid_to_its_new_end():
    shorter = m301(allocation(1, last="2025-05-31", decided="2025-05-01", reason="05"), day="2025-05-02")
    assert allocations(state(m301(allocation(1)), shorter)) == {1: ("2025-01-01", "2025-05-31")}


DELETED = m301(allocation(1, last="2025-01-01", decided="2025-01-20", reason="13"), day="2025-01-21")


def test_case_14_a_deleted_allocation_never_existed():
    found = state(
        m301(allocation(1, reference="REF1")),
        message("315", request("REF1"), day="2025-01-01"),
        message("305", start(1, "2025-01-05"), day="2025-01-06"),
        DELETED,
    )
    assert allocations(found) == {}
    assert (starts(found), spells(found)) == ([], [])
    for measure in ("clienten_in_zorg", "wachttijd_start", "doorlooptijd_315_301", "meldtijd_305"):
        assert values(found, measure) == {}


def test_case_15_a_refused_deletion_leaves_the_allocation_standing():
    refused = answer(DELETED, "2025-01-22", records=((DELETED.parts[0], "9385"),))
    assert allocations(state(m301(allocation(1)), DELETED, refused)) == {1: YEAR}


def test_case_16_equal_dates_alone_are_a_one_day_allocation():
    assert allocations(state(m301(allocation(1, last="2025-01-01")))) == {1: ("2025-01-01", "2025-01-01")}


@pytest.mark.parametrize("release", ["2.3", "3.0"])
def test_case_17_up_to_3_0_reason_01_deletes_only_with_equal_dates(release):
    first = m301(allocation(1), release=release)
    gone = allocation(1, last="2025-01-01", decided="2025-01-20", reason="01")
    correction = allocation(1, last="2025-10-31", decided="2025-01-20", reason="01")
    assert allocations(state(first, m301(gone, day="2025-01-21", release=release))) == {}
    found = state(first, m301(correction, day="2025-01-21", release=release))
    assert allocations(found) == {1: ("2025-01-01", "2025-10-31")}


def test_case_18_a_change_of_size_is_two_allocations_and_care_that_goes_on():
    found = state(
        m301(allocation(1, size=(3, "04", "2"))),
        message("305", start(1, "2025-01-05"), day="2025-01-06"),
        m301(
            allocation(1, last="2025-06-11", decided="2025-06-05", reason="12", size=(3, "04", "2")),
            allocation(2, first="2025-06-12", decided="2025-06-05", size=(6, "04", "2")),
            day="2025-06-05",
        ),
        message("307", stop(1, "2025-01-05", "2025-06-11", "37"), day="2025-06-12"),
        message("305", start(2, "2025-06-12"), day="2025-06-12"),
    )
    assert list(allocations(found)) == [1, 2]
    assert (number(found, "instroom"), number(found, "uitstroom")) == (1, 0)
    assert number(found, "clienten_in_zorg") == 1
    assert values(found, "uitval_pct")[""] == (0, 1)


def test_case_19_a_changed_volume_holds_for_the_whole_validity():
    found = state(
        m301(allocation(1, size=(80, "82", "6"))),
        m301(allocation(1, size=(120, "82", "6"), decided="2025-06-01", reason="12"), day="2025-06-02"),
        products=[{"unit": "82", "tariff": 100}],
    )
    assert expected_totals(found).tolist() == [12_000]


def test_case_20_a_granted_change_keeps_the_origin_of_what_was_there():
    found = state(
        message("315", request("FIRST", referrer="02"), day="2025-01-01"),
        m301(allocation(1, reference="FIRST"), allocation(2)),
        m301(
            allocation(1, reference="667788"),
            allocation(2, last="2026-12-31", decided="2025-06-01", reason="12", reference="667788"),
            allocation(3, first="2025-06-15", decided="2025-06-01", reference="667788"),
            day="2025-06-02",
        ),
    )
    origin = found.allocations.set_index("toewijzing_nummer")[["referentie_aanbieder", "referrer"]]
    assert origin.loc[1].tolist() == ["FIRST", "huisarts"]
    assert set(origin["referentie_aanbieder"]) == {"FIRST", "667788"}
    first_seen = found.allocations.set_index("toewijzing_nummer")["first_301"]
    assert first_seen[1] == first_seen[2] < first_seen[3]


def test_case_21_a_later_change_by_the_municipality_keeps_the_origin():
    found = state(
        message("315", request("X", referrer="04"), day="2025-01-01"),
        m301(allocation(5, reference="X")),
        m301(allocation(5, last="2025-09-30", decided="2025-03-01", reason="05"), day="2025-03-02"),
    )
    assert found.allocations["referrer"].tolist() == ["gi"]


def test_case_22_a_number_means_something_only_with_its_municipality_and_law():
    three = state(
        m301(allocation(101), town="0384"),
        m301(allocation(101), town="0384", wet="wmo"),
        m301(allocation(101), town="0392"),
    )
    assert len(three.allocations) == 3
    one = state(m301(allocation("000101")), m301(allocation("101"), day="2025-01-03"))
    assert len(one.allocations) == 1


def test_case_23_a_merger_of_municipalities_is_the_same_care():
    found = state(
        m301(allocation(1), town="0079"),
        message("305", start(1, "2025-01-05"), day="2025-01-06", town="0079"),
        m301(allocation(1, last="2025-06-30", decided="2025-06-20", reason="11"), day="2025-06-21", town="0079"),
        m301(allocation(9, first="2025-07-01", decided="2025-06-20"), day="2025-06-21", town="1969"),
        message("307", stop(1, "2025-01-05", "2025-06-30", "36"), day="2025-07-02", town="0079"),
        message("305", start(9, "2025-07-01"), day="2025-07-02", town="1969"),
    )
    assert (number(found, "instroom"), number(found, "uitstroom")) == (1, 0)
    assert number(found, "clienten_in_zorg") == 1
    assert values(found, "uitval_pct")[""] == (0, 1)


def test_case_24_a_generic_allocation_has_a_budget_and_costs_per_claimed_code():
    lines = Line("R1", 10_000, product=("45", "45A03")), Line("R2", 5_000, product=("50", "50B01"))
    found = state(
        m301(allocation(1, product=None, budget=500_000)),
        message("305", start(1, "2025-01-05", product=None), day="2025-01-06"),
        message("323", *lines, day="2025-02-02"),
    )
    assert spells(found) == [("2025-01-05", "open", "")]
    assert expected_totals(found).tolist() == [500_000]
    assert claimed(found) == {"R1": 10_000, "R2": 5_000}
    assert found.lines["product"].tolist() == ["jeugdwet:45:45A03", "jeugdwet:50:50B01"]
    assert found.spells["product"].tolist() == ["jeugdwet::"]


def test_a_deleted_allocation_comes_back_with_a_later_version():
    again = m301(allocation(1, last="2025-08-31", decided="2025-02-01"), day="2025-02-02")
    assert allocations(state(m301(allocation(1)), DELETED, again)) == {1: ("2025-01-01", "2025-08-31")}


def test_an_absurd_volume_has_no_expected_amount_and_spoils_no_other():
    absurd = allocation(1, "1900-01-01", "2199-12-31", size=(99_999_999, "82", "1"))
    found = state(m301(absurd, allocation(2, size=(2, "82", "6"))), products=[{"unit": "82", "tariff": 99_999_999}])
    assert expected_totals(found).tolist() == [NO_NUMBER, 199_999_998]
    assert number(found, "verwachte_kosten") == 199_999_998
