"""Tricky cases 1 to 8: was a message accepted?"""

from kpi.calc.leadtimes import answered
from tests.support.facts import allocations, starts, values
from tests.support.records import parsed, records, state
from tests.support.xmlmessages import allocation, answer, message, request, start, stop

GIVEN = message("301", allocation(1), day="2025-01-02")


def test_case_01_a_302_answers_the_301_whose_header_it_copies():
    one = message("301", allocation(1), day="2025-01-02", town="0384", provider="42420001", identification="A")
    other = message("301", allocation(2), day="2025-01-02", town="0384", provider="42420001", identification="R")
    rejected = answer(one, "2025-01-03", header=("0001",), identification="R")
    assert list(allocations(state(one, other, rejected))) == [2]
    found = records(one, rejected).messages
    assert set(found["gemeente"]) == {"0384"}
    assert set(found["aanbieder"]) == {"42420001"}


def test_case_02_one_number_for_a_301_and_a_305_the_306_answers_the_305_only():
    given = message("301", allocation(1), day="2025-01-02", identification="123")
    begun = message("305", start(1, "2025-01-05"), day="2025-01-02", identification="123")
    rejected = answer(begun, "2025-01-08", header=("0001",))
    found = state(given, begun, rejected)
    assert list(allocations(found)) == [1]
    assert starts(found) == []


def test_case_03_a_302_without_codes_approves():
    found = state(GIVEN, answer(GIVEN, "2025-01-03"))
    assert list(allocations(found)) == [1]
    assert values(found, "bericht_uitval")["301"] == (0, 1)


def test_case_04_a_rejected_new_version_leaves_the_old_one_standing():
    shorter = message("301", allocation(1, last="2025-05-31", decided="2025-03-01", reason="05"), day="2025-03-02")
    found = state(GIVEN, answer(GIVEN, "2025-01-03"), shorter, answer(shorter, "2025-03-03", header=("0001",)))
    assert allocations(found) == {1: ("2025-01-01", "2025-12-31")}


def test_case_05_a_0200_on_one_start_does_not_save_it_from_a_9074_on_the_other():
    given = message("301", allocation(1), allocation(2), day="2025-01-02")
    parts = start(1, "2025-01-05"), start(2, "2025-01-06")
    begun = message("305", *parts, day="2025-01-07")
    refused = answer(begun, "2025-01-08", records=((parts[0], "0200"), (parts[1], "9074")))
    assert starts(state(given, begun, refused)) == []


def test_case_05_in_release_2_the_0200_does_save_it():
    given = message("301", allocation(1), allocation(2), day="2025-01-02", release="2.3")
    parts = start(1, "2025-01-05"), start(2, "2025-01-06")
    begun = message("305", *parts, day="2025-01-07", release="2.3")
    refused = answer(begun, "2025-01-08", records=((parts[0], "0200"), (parts[1], "9074")))
    assert starts(state(given, begun, refused)) == ["2025-01-05"]


def test_case_06_a_rejected_class_keeps_the_earlier_versions_of_both_allocations():
    first = message("301", allocation(1), allocation(2), day="2025-01-02")
    later = [allocation(nummer, last="2025-05-31", decided="2025-03-01", reason="05") for nummer in (1, 2)]
    second = message("301", *later, day="2025-03-02")
    refused = answer(second, "2025-03-03", records=((later[0], "9332"), (later[1], "0200")))
    assert allocations(state(first, second, refused)) == dict.fromkeys((1, 2), ("2025-01-01", "2025-12-31"))


def test_case_07_a_request_sent_again_after_a_rejection_is_one_request_from_the_second():
    first = message("315", request("REF1"), day="2025-01-06")
    again = message("315", request("REF1"), day="2025-01-13")
    given = message("301", allocation(1, reference="REF1"), day="2025-01-15")
    found = state(first, answer(first, "2025-01-08", client=("9374",)), again, given)
    assert values(found, "doorlooptijd_315_301")[""] == (2, 1)


def test_case_08_a_305_without_any_return_is_neither_accepted_nor_rejected():
    begun = message("305", start(1, "2025-01-05"), day="2025-01-06")
    found = state(GIVEN, begun)
    assert answered(found).empty
    assert "305" not in values(found, "bericht_uitval")
    assert starts(found) == ["2025-01-05"]


def test_of_several_returns_the_latest_counts_whatever_arrived_first():
    rejected = answer(GIVEN, "2025-01-03", header=("0001",))
    approved = answer(GIVEN, "2025-01-04")
    for order in ((rejected, approved), (approved, rejected)):
        assert list(allocations(state(GIVEN, *order))) == [1]


def test_of_two_returns_on_one_day_the_same_one_counts_whatever_arrived_first():
    rejected = answer(GIVEN, "2025-01-03", header=("0001",), identification="R1")
    approved = answer(GIVEN, "2025-01-03", identification="R2")
    found = [list(allocations(state(GIVEN, *order))) for order in ((rejected, approved), (approved, rejected))]
    assert found[0] == found[1]


def test_a_return_that_is_not_known_yet_does_not_count():
    rejected = answer(GIVEN, "2025-01-10", header=("0001",))
    assert list(allocations(state(GIVEN, rejected, as_of="2025-01-09"))) == [1]
    assert list(allocations(state(GIVEN, rejected, as_of="2025-01-10"))) == []


def test_a_rejected_message_that_never_came_itself_harms_nobody():
    gone = message("307", stop(1, "2025-01-05", "2025-03-01"), day="2025-03-02")
    assert list(allocations(state(GIVEN, answer(gone, "2025-03-03", header=("0001",))))) == [1]


def test_a_message_that_comes_twice_is_read_as_one():
    first, second = parsed(GIVEN, GIVEN)
    assert (first.identity, first.content) == (second.identity, second.content)
