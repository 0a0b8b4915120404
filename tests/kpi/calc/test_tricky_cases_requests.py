"""Tricky cases 43 to 48: the state of a request."""

import numpy as np

from kpi.calc import workdays
from messaging.berichten.columns import COLUMNS
from tests.support.facts import allocations, values
from tests.support.records import columns_of, day, parsed, state
from tests.support.xmlmessages import (
    allocation,
    answer,
    change_request,
    changed,
    message,
    question_answer,
    request,
    unchanged,
)


def antwoorden(*messages):
    """Reference, answer and reason of the 319s among messages."""
    names = ("regel", *COLUMNS["antwoord"])
    lines = [line for item in parsed(*messages) for line in item.records.get("antwoord", ())]
    rows = [dict(zip(names, columns_of(line), strict=True)) for line in lines]
    return [(row["referentie_aanbieder"], row["verzoek_antwoord"], row["reden_afwijzing"]) for row in rows]


def workdays_between(first, last):
    days = (np.array([day(moment)], dtype=np.int32) for moment in (first, last))
    return int(workdays.between(*days)[0])


def test_case_43_each_product_of_a_request_has_an_answer_of_its_own():
    asked = message("315", request("X"), request("Y", referrer="04"), day="2025-01-06")
    given = message("301", allocation(1, reference="X"), day="2025-01-08")
    refused = message("319", question_answer("Y", "1", "1"), day="2025-01-10")
    found = state(asked, given, refused)
    assert values(found, "doorlooptijd_315_301")[""] == (2, 1)
    assert found.allocations["referrer"].tolist() == ["huisarts"]
    assert antwoorden(asked, given, refused) == [("Y", "1", "1")]


def test_case_44_under_investigation_within_five_working_days_and_granted_within_eight_weeks():
    asked = message("315", request("X"), day="2026-03-02")
    wait = message("319", question_answer("X", "2"), day="2026-03-05")
    given = message("301", allocation(1, reference="X"), day="2026-04-20")
    assert antwoorden(wait) == [("X", "2", "")]
    assert workdays_between("2026-03-02", "2026-03-05") == 3
    assert day("2026-04-20") - day("2026-03-02") <= 56
    working_days = 35 - 2  # seven weeks, less Good Friday and Easter Monday
    assert values(state(asked, wait, given), "doorlooptijd_315_301", "2026")[""] == (working_days, 1)


def test_case_45_the_residence_principle_sends_the_question_to_another_municipality():
    first = message("315", request("X"), day="2025-01-06", town="0080")
    refused = message("319", question_answer("X", "1", "8"), day="2025-01-10", town="0080")
    second = message("315", request("Z"), day="2025-01-13", town="0059")
    given = message("301", allocation(1, reference="Z"), day="2025-01-15", town="0059")
    found = state(first, refused, second, given)
    assert values(found, "doorlooptijd_315_301", scope="municipality")[""] == (2, 1)
    assert set(found.allocations["gemeente"]) == {"0059"}
    assert antwoorden(first, refused, second, given) == [("X", "1", "8")]


def test_case_46_a_rejected_change_leaves_all_allocations_as_they_were():
    given = message("301", allocation(1), allocation(2), day="2025-01-02")
    parts = change_request("V1", unchanged(1), changed(2, "2025-05-01", "2025-06-30"))
    asked = message("317", *parts, day="2025-04-01")
    refused = message("319", question_answer("V1", "1", "3"), day="2025-04-04")
    assert allocations(state(given, asked, refused)) == dict.fromkeys((1, 2), ("2025-01-01", "2025-12-31"))


def test_case_47_a_request_is_granted_by_its_reference_whatever_was_given():
    asked = message("315", request("X", referrer="02", size=(4, "04", "2")), day="2025-01-06")
    given = message("301", allocation(1, product=("50", "50B01"), size=(2, "04", "2"), reference="X"), day="2025-01-08")
    found = state(asked, given)
    assert found.allocations["referrer"].tolist() == ["huisarts"]
    assert values(found, "doorlooptijd_315_301")[""] == (2, 1)


def test_case_48_a_319_finds_its_client_only_through_the_request():
    (found,) = parsed(message("319", question_answer("X", "1", "1"), day="2025-01-10"))
    assert "client" not in COLUMNS["antwoord"]
    assert columns_of(found.records["antwoord"][0]) == ["1", "X", "1", "1"]


def test_a_referrer_is_unknown_when_the_request_is_not_loaded_or_was_rejected():
    asked = message("315", request("X"), day="2025-01-06")
    given = message("301", allocation(1, reference="X"), day="2025-01-08")
    assert state(given).allocations["referrer"].tolist() == ["onbekend"]
    refused = answer(asked, "2025-01-07", header=("0001",))
    assert state(asked, refused, given).allocations["referrer"].tolist() == ["onbekend"]


def test_a_referrer_is_assumed_without_a_request():
    given = message("301", allocation(1), day="2025-01-08")
    assert state(given).allocations["referrer"].tolist() == ["gemeente"]


def test_an_allocation_from_a_change_request_has_an_unknown_referrer():
    asked = message("317", *change_request("V1", unchanged(1)), day="2025-01-06")
    given = message("301", allocation(2, reference="V1"), day="2025-01-08")
    assert state(asked, given).allocations["referrer"].tolist() == ["onbekend"]
