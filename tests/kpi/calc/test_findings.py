"""The data-quality checks: per check a few messages, and what is wrong with them."""

import pytest

from kpi.calc.checks import BY_CODE, CHECKS
from kpi.calc.checks.frame import MUNICIPALITY, PROVIDER, SOUND
from kpi.calc.findings import counts, findings
from kpi.calc.frames import to_date
from kpi.calc.periods import periods
from tests.support.records import state
from tests.support.xmlmessages import BRAM, Line, allocation, answer, claim_answer, message, start, stop

WEEKLY = {"categorie": "41", "code": "41A01", "kind": "duurzaam", "unit": "04", "tariff": 5000}
GIVEN = message("301", allocation(1), day="2025-01-02")


def m301(*parts, day="2025-01-02", **header):
    return message("301", *parts, day=day, **header)


def m305(*parts, day="2025-03-11", **header):
    return message("305", *parts, day=day, **header)


def m307(*parts, day="2025-07-01", **header):
    return message("307", *parts, day=day, **header)


def m323(*lines, day="2025-04-10", **header):
    return message("323", *lines, day=day, **header)


def found(kind, *messages, **options):
    """(day, who can repair it) of each finding of one kind."""
    table = findings(state(*messages, **options), [BY_CODE[kind]])
    return sorted((to_date(when).isoformat(), party) for when, party in zip(table["day"], table["party"], strict=True))


def examined(kind, *messages, **options):
    return len(BY_CODE[kind].examine(state(*messages, **options)))


STARTED = (GIVEN, m305(start(1, "2025-03-10")))


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((*STARTED, m307(stop(1, "2025-03-10", "2025-06-30"))), []),
        ((*STARTED, m307(stop(1, "2025-03-11", "2025-06-30"))), [("2025-07-01", PROVIDER)]),
        ((GIVEN, m307(stop(1, "2025-03-10", "2025-06-30"))), [("2025-07-01", PROVIDER)]),
        ((m307(stop(1, "2025-03-10", "2025-06-30")),), []),  # without an allocation, which is another check
        ((GIVEN, m307(stop(1, "2025-03-11", "2025-06-30"), stop(1, "2025-03-11", "2025-06-30", status="3"))), []),
    ],
)
def test_a_stop_without_a_start(messages, expected):
    assert found("stop_zonder_start", *messages) == expected


def test_a_rejected_stop_is_no_finding():
    wrong = m307(stop(1, "2025-03-11", "2025-06-30"))
    assert found("stop_zonder_start", *STARTED, wrong, answer(wrong, "2025-07-02", header=("0001",))) == []


TAKEN_BACK = m301(allocation(1, decided="2025-02-01", reason="13"), day="2025-02-01")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((GIVEN,), []),
        ((), [MUNICIPALITY]),  # the 301 was never delivered
        ((GIVEN, TAKEN_BACK), [PROVIDER]),
        ((m301(allocation(1), person=BRAM),), [PROVIDER]),  # of another client
        ((m301(allocation(1), town="0090"),), [MUNICIPALITY]),  # numbers are the municipality's own
    ],
)
@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("start_zonder_toewijzing", m305(start(1, "2025-03-10"))),
        ("stop_zonder_toewijzing", m307(stop(1, "2025-03-10", "2025-06-30"))),
        ("declaratie_zonder_toewijzing", m323(Line("A", 100))),
    ],
)
def test_a_record_without_an_allocation(kind, about, messages, expected):
    assert [party for _, party in found(kind, *messages, about)] == expected
    assert examined(kind, *messages, about) == 1


def test_a_start_on_an_allocation_that_the_provider_refused_waits_for_a_better_one():
    refused = answer(GIVEN, "2025-01-03", header=("0001",))
    assert [who for _, who in found("start_zonder_toewijzing", GIVEN, refused, m305(start(1, "2025-03-10")))] == [
        MUNICIPALITY
    ]


def test_a_record_without_a_number_is_the_providers():
    about = m305(start(None, "2025-03-10"), release="2.3")
    assert found("start_zonder_toewijzing", GIVEN, about) == [("2025-03-11", PROVIDER)]


def test_a_claim_rejected_as_a_whole_and_a_credit_are_not_examined():
    claim = m323(Line("A", 100, number=7))
    rejected = claim_answer(claim, "2025-04-20", header=("0001",))
    assert examined("declaratie_zonder_toewijzing", claim, rejected) == 0
    assert examined("declaratie_zonder_toewijzing", m323(Line("B", 100, number=7, sign="C", previous="A"))) == 0


def test_a_product_that_the_catalogue_does_not_have():
    elsewhere = [{"code": "45A05"}]
    messages = (GIVEN, m323(Line("A", 100)))
    assert found("product_onbekend", *messages) == []
    assert found("product_onbekend", *messages, products=elsewhere) == [
        ("2025-01-02", MUNICIPALITY),
        ("2025-04-10", PROVIDER),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"size": (2, "04", "2")}, 0),
        ({"size": (120, "01", "2")}, 0),  # minutes convert to hours
        ({"size": (2, "14", "2")}, 1),  # days do not
        ({"size": None}, 1),
        ({"size": None, "budget": 100000}, 0),
    ],
)
def test_an_allocation_of_which_no_amount_can_be_expected(given, expected):
    part = allocation(1, product=("41", "41A01"), **given)
    assert found("bedrag_onbekend", m301(part), products=[WEEKLY]) == [("2025-01-02", MUNICIPALITY)] * expected


@pytest.mark.parametrize(("reported", "late"), [("2025-03-17", []), ("2025-03-18", [("2025-03-18", PROVIDER)])])
def test_a_start_is_late_after_five_working_days(reported, late):
    assert found("start_te_laat", GIVEN, m305(start(1, "2025-03-10"), day=reported)) == late


def test_a_start_before_its_allocation_counts_from_the_allocation():
    later = m301(allocation(1), day="2025-03-20")
    assert found("start_te_laat", later, m305(start(1, "2025-03-03"), day="2025-03-27")) == []


@pytest.mark.parametrize(("reported", "late"), [("2025-07-07", []), ("2025-07-08", [("2025-07-08", PROVIDER)])])
def test_a_stop_is_late_after_five_working_days(reported, late):
    assert found("stop_te_laat", *STARTED, m307(stop(1, "2025-03-10", "2025-06-30"), day=reported)) == late


@pytest.mark.parametrize(("as_of", "missing"), [("2025-07-07", []), ("2025-07-08", [("2025-06-30", PROVIDER)])])
def test_case_36_a_stop_is_missing_five_working_days_after_the_allocation(as_of, missing):
    ended = m301(allocation(1, last="2025-06-30"))
    assert found("stop_ontbreekt", ended, m305(start(1, "2025-03-10")), as_of=as_of) == missing


def test_a_stop_that_came_is_not_missing_and_one_before_its_time_is_not_asked_for():
    ended = (m301(allocation(1, last="2025-06-30")), m305(start(1, "2025-03-10")))
    came = m307(stop(1, "2025-03-10", "2025-06-30"))
    assert found("stop_ontbreekt", *ended, came, as_of="2025-12-31") == []
    assert examined("stop_ontbreekt", *ended, came, as_of="2025-12-31") == 1
    assert examined("stop_ontbreekt", *ended, came, as_of="2025-07-02") == 0


def test_an_allocation_shortened_afterwards_gives_time_from_then():
    shortened = m301(allocation(1, last="2025-06-30", decided="2025-08-01", reason="02"), day="2025-08-01")
    messages = (*STARTED, shortened)
    assert found("stop_ontbreekt", *messages, as_of="2025-08-08") == []
    assert found("stop_ontbreekt", *messages, as_of="2025-08-11") == [("2025-06-30", PROVIDER)]


START = m305(start(1, "2025-03-10"))


@pytest.mark.parametrize(("as_of", "missing"), [("2025-03-18", []), ("2025-03-19", [("2025-03-11", MUNICIPALITY)])])
def test_a_return_is_missing_after_its_term(as_of, missing):
    assert found("retour_ontbreekt", START, as_of=as_of) == missing


@pytest.mark.parametrize(
    ("sent", "party"),
    [(GIVEN, PROVIDER), (START, MUNICIPALITY), (m323(Line("A", 100)), MUNICIPALITY)],
)
def test_the_receiver_of_a_message_answers(sent, party):
    assert [who for _, who in found("retour_ontbreekt", sent)] == [party]


def test_an_answer_however_late_is_no_missing_answer():
    assert found("retour_ontbreekt", START, answer(START, "2025-12-01")) == []
    claim = m323(Line("A", 100))
    assert found("retour_ontbreekt", claim, claim_answer(claim, "2025-12-01")) == []


@pytest.mark.parametrize(("status", "expected"), [("1", 0), ("2", 1), ("3", 0), ("9", 1)])
def test_a_status_that_delivers_nothing(status, expected):
    assert found("status_2_9", m305(start(1, "2025-03-10", status))) == [("2025-03-11", PROVIDER)] * expected
    stopped = m307(stop(1, "2025-03-10", "2025-06-30", status=status))
    assert found("status_2_9", stopped) == [("2025-07-01", PROVIDER)] * expected


HOURS = ("41", "41A01")
CARE = (
    m301(allocation(1, product=HOURS, last="2026-12-31")),
    m305(start(1, "2025-03-10", product=HOURS)),
)


def claimed(reference, begin, end):
    return m323(Line(reference, 100, begin=begin, end=end, product=HOURS))


OTHER = m323(Line("other", 100, begin="2025-01-01", end="2025-01-31", number=9, product=HOURS, bsn=BRAM))


def gaps(*messages, as_of="2025-08-31", products=(WEEKLY,)):
    """The months without a claim, in a municipality that delivers claims from January on."""
    messages = (*messages, OTHER)
    return [when for when, _ in found("declaratiemaand_ontbreekt", *messages, as_of=as_of, products=products)]


def test_a_month_of_care_without_a_claim():
    """Care from 10 March; at the end of August the months up to May are over two months old."""
    assert gaps(*CARE) == ["2025-04-01", "2025-05-01"]
    assert gaps(*CARE, as_of="2025-09-01") == ["2025-04-01", "2025-05-01", "2025-06-01"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("2025-04-01", "2025-04-30")], ["2025-05-01"]),
        ([("2025-04-07", "2025-05-04")], []),  # four weeks that reach into the next month
        ([("2025-01-01", "2025-03-31"), ("2025-06-01", "2025-06-30")], ["2025-04-01", "2025-05-01"]),
        ([("1900-01-01", "2199-12-31")], []),
    ],
)
def test_a_line_covers_the_months_that_it_reaches_into(lines, expected):
    assert gaps(*CARE, *(claimed(f"L{number}", *line) for number, line in enumerate(lines))) == expected


def test_only_whole_months_of_care_count():
    ended = m307(stop(1, "2025-03-10", "2025-05-30", product=HOURS))
    assert gaps(*CARE, ended) == ["2025-04-01"]
    assert gaps(*CARE, m307(stop(1, "2025-03-10", "2025-05-31", product=HOURS))) == ["2025-04-01", "2025-05-01"]
    from_the_first = m305(start(1, "2025-04-01", product=HOURS))
    assert gaps(CARE[0], from_the_first) == ["2025-04-01", "2025-05-01"]


def test_a_pause_needs_no_claims():
    paused = m307(stop(1, "2025-03-10", "2025-04-15", "20", product=HOURS))
    assert gaps(*CARE, paused, as_of="2025-10-31") == ["2025-04-01"]
    resumed = m305(start(1, "2025-06-10", product=HOURS), day="2025-06-11")
    assert gaps(*CARE, paused, resumed, as_of="2025-10-31") == ["2025-04-01", "2025-06-01", "2025-07-01"]


def test_an_arrangement_is_not_claimed_by_the_month():
    assert gaps(*CARE, products=[{**WEEKLY, "kind": "herstel"}]) == []


@pytest.mark.parametrize(
    ("first", "expected"), [("2025-03-31", 2), ("2025-04-30", 2), ("2025-05-01", 1), ("2025-06-01", 0), (None, 0)]
)
def test_nothing_is_missing_before_a_municipality_began_to_deliver_claims(first, expected):
    other = [m323(Line("B", 100, begin=first, end="2025-06-30", number=9, product=HOURS, bsn=BRAM))] if first else []
    missing = found("declaratiemaand_ontbreekt", *CARE, *other, as_of="2025-08-31", products=[WEEKLY])
    assert len(missing) == expected


def test_a_municipality_without_any_claim_of_a_month_must_deliver_them():
    other = m323(Line("B", 100, begin="2025-04-01", end="2025-04-30", number=9, product=HOURS, bsn=BRAM))
    assert found("declaratiemaand_ontbreekt", *CARE, other, as_of="2025-08-31", products=[WEEKLY]) == [
        ("2025-04-01", PROVIDER),
        ("2025-05-01", MUNICIPALITY),
    ]


def test_counts_add_up_to_what_was_examined_and_to_the_findings():
    known = state(*CARE, m307(stop(1, "2025-03-11", "2025-06-30")), m323(Line("A", 100, number=7)), products=[WEEKLY])
    table = counts(known, periods("month", "2025-01", "2026-06"))
    wrong = findings(known)
    assert set(table["kind"]) <= set(BY_CODE)
    for check in CHECKS:
        rows, own = table[table["kind"] == check.code], wrong[wrong["kind"] == check.code]
        assert rows["by_municipality"].sum() == (own["party"] == MUNICIPALITY).sum()
        assert rows["by_provider"].sum() == (own["party"] == PROVIDER).sum()
        assert rows["examined"].sum() == len(check.examine(known))
    assert len(wrong) > 0


def test_counts_are_of_the_months_asked_for():
    known = state(GIVEN, m305(start(1, "2025-03-10"), day="2025-03-31"), m305(start(1, "2025-04-01"), day="2025-04-01"))
    table = counts(known, periods("month", "2025-02", "2025-03"))
    late = table[table["kind"] == "start_te_laat"]
    assert late[["month", "municipality", "provider", "examined", "by_provider"]].to_numpy().tolist() == [
        ["2025-03", "0080", "42420001", 1, 1]
    ]
    assert counts(known, []).empty


def test_without_messages_nothing_is_examined():
    nothing = state()
    assert findings(nothing).empty
    assert counts(nothing, periods("month", "2025-01", "2025-12")).empty


def test_a_reference_date_before_a_message_does_not_know_it():
    late = m305(start(1, "2025-03-10"), day="2025-04-30")
    assert found("start_te_laat", GIVEN, late, as_of="2025-04-29") == []
    assert found("start_te_laat", GIVEN, late, as_of="2025-04-30") == [("2025-04-30", PROVIDER)]


def test_every_party_that_can_be_to_blame_is_told_what_to_do():
    known = state(*CARE, START, m307(stop(1, "2025-03-11", "2025-06-30")), m323(Line("A", 100, number=7)))
    for check in CHECKS:
        assert set(check.examine(known)["party"]) - {SOUND} <= set(check.repair)
        assert check.repair
