"""Tricky cases 49 to 64: claims and money, in eurocents."""

from kpi.calc.expected import expected_totals
from tests.support.facts import claimed, granted, number, values
from tests.support.records import state
from tests.support.xmlmessages import Line, allocation, claim_answer, credit, message

R1 = Line("R1", 10_000)


def m323(*lines, day="2025-02-03", **header):
    return message("323", *lines, day=day, **header)


def m303(*lines, day="2025-02-03", **header):
    return message("303", *lines, day=day, release="2.3", **header)


def refused(claim, *lines, code="8004", day="2025-02-10"):
    return claim_answer(claim, day, whole=("0200",), listed=tuple((line, code) for line in lines))


def approved(claim, day="2025-02-10"):
    return claim_answer(claim, day)


def test_case_49_a_credit_takes_its_debit_back():
    first, second = m323(R1), m323(credit(R1, "R2"), day="2025-03-03")
    found = state(first, approved(first), second, approved(second, "2025-03-10"))
    assert granted(found) == {"R1": 10_000, "R2": -10_000}
    assert (number(found, "toegekend"), number(found, "gefactureerd")) == (0, 0)


def test_case_50_a_credit_and_a_new_debit_in_one_claim():
    first, second = m323(R1), m323(credit(R1, "R2"), Line("R3", 8_000), day="2025-03-03")
    found = state(first, approved(first), second, approved(second, "2025-03-10"))
    assert (number(found, "toegekend"), number(found, "gefactureerd")) == (8_000, 8_000)


def test_case_51_a_rejected_line_claimed_anew_counts_once():
    first, second = m323(R1), m323(Line("R4", 10_000), day="2025-03-03")
    found = state(first, refused(first, R1), second, approved(second, "2025-03-10"))
    assert granted(found) == {"R1": 0, "R4": 10_000}
    assert number(found, "toegekend") == 10_000


def test_case_52_a_credit_on_a_rejected_line_changes_nothing():
    first, second = m323(R1), m323(credit(R1, "R2"), day="2025-03-03")
    found = state(first, refused(first, R1), second, approved(second, "2025-03-10"))
    assert number(found, "toegekend") == 0


def test_case_52_a_credit_on_a_line_that_was_never_seen_is_refused():
    lonely = credit(R1, "R2")
    claim = m323(lonely)
    assert granted(state(claim, refused(claim, lonely, code="8017"))) == {"R2": 0}


def test_case_52_a_second_credit_is_refused():
    once, twice = credit(R1, "R2"), credit(R1, "R3")
    first, second, third = m323(R1), m323(once, day="2025-03-03"), m323(twice, day="2025-04-03")
    given = [first, approved(first), second, approved(second, "2025-03-10"), third]
    assert number(state(*given, refused(third, twice, code="9390", day="2025-04-10")), "toegekend") == 0
    assert number(state(*given, approved(third, "2025-04-10")), "toegekend") == 0


def test_case_53_an_answer_without_lines_grants_every_line():
    claim = m323(R1, Line("R2", 5_000))
    assert granted(state(claim, approved(claim))) == {"R1": 10_000, "R2": 5_000}


def test_case_54_a_claim_rejected_as_a_whole_was_never_sent_and_its_numbers_may_come_back():
    first = m323(R1)
    rejected = claim_answer(first, "2025-02-10", whole=("9333",))
    assert granted(state(first, rejected)) == {}
    again = m323(R1, day="2025-03-03")
    found = state(first, rejected, again, approved(again, "2025-03-10"))
    assert granted(found) == {"R1": 10_000}
    assert number(found, "gefactureerd") == 10_000


def test_case_55_an_answer_with_only_a_header_is_linked_by_it_and_grants_nothing():
    first, other = m323(R1), m323(Line("R2", 5_000))
    rejected = claim_answer(first, "2025-02-10", header=("0001",), whole=())
    found = state(first, other, rejected)
    assert claimed(found) == {"R2": 5_000}


def test_case_56_lines_of_a_client_that_was_refused_are_not_granted():
    claim = m323(R1)
    back = claim_answer(claim, "2025-02-10", whole=("0200",), listed=((R1, "0233"),), client=("8187",))
    assert granted(state(claim, back)) == {"R1": 0}


def test_case_57_a_304_grants_what_it_says_not_what_was_calculated():
    other = Line("R2", 5_000)
    claim = m303(R1, other)
    back = claim_answer(claim, "2025-02-10", header=("0200",), listed=((R1, "8004"),), granted=(0,))
    assert granted(state(claim, back)) == {"R1": 0, "R2": 5_000}
    partly = claim_answer(claim, "2025-02-10", header=("0200",), listed=((R1, "8004"),), granted=(9_000,))
    assert granted(state(claim, partly)) == {"R1": 9_000, "R2": 5_000}


def test_case_58_in_unit_83_the_volume_is_the_amount():
    given = message("301", allocation(1, size=(20_000, "83", "6")), day="2025-01-02")
    claim = m323(Line("R1", 20_000, size=(20_000, "83", None)))
    found = state(given, claim, products=[{"unit": "82", "tariff": 5_000}])
    assert claimed(found) == {"R1": 20_000}
    assert expected_totals(found).tolist() == [20_000]


def test_case_59_the_claimed_amount_counts_not_minutes_times_a_rounded_rate():
    given = message("301", allocation(1, size=(95, "01", "6")), day="2025-01-02")
    claim = m323(Line("R1", 8_392, size=(95, "01", 88)))
    found = state(given, claim, products=[{"unit": "04", "tariff": 5_300}])
    assert claimed(found) == {"R1": 8_392}
    assert expected_totals(found).tolist() == [8_392]


def test_case_60_a_late_line_is_a_cost_of_its_own_month():
    late = Line("R1", 10_000, begin="2025-04-01", end="2025-04-30")
    claim = m323(late, day="2025-07-02")
    found = state(claim, approved(claim, "2025-07-10"))
    assert number(found, "toegekend", "2025-04") == 10_000
    assert number(found, "toegekend", "2025-07") == number(found, "toegekend", "2025-06") == 0


def test_case_61_two_codes_in_one_month_are_two_lines():
    given = message("301", allocation(1, product=("45", None)), day="2025-01-02")
    claim = m323(Line("R1", 10_000, product=("45", "45A03")), Line("R2", 10_000, product=("45", "45A04")))
    found = state(given, claim, approved(claim))
    assert number(found, "toegekend") == 20_000
    assert number(found, "gefactureerd") == 20_000


def test_case_62_a_line_before_any_start_is_payable():
    given = message("301", allocation(1), day="2025-01-02")
    claim = m323(R1)
    found = state(given, claim, approved(claim))
    assert number(found, "toegekend") == 10_000
    assert found.lines["referrer"].tolist() == ["gemeente"]


def test_case_63_a_credit_is_negative():
    lonely = credit(Line("R1", 5_000), "R2")
    claim = m323(lonely)
    found = state(claim, approved(claim))
    assert claimed(found) == {"R2": -5_000}
    assert values(found, "gefactureerd")[""][0] == -5_000


def test_case_64_what_exceeds_the_weeks_of_the_whole_allocation_is_refused():
    given = message("301", allocation(1, "2025-07-07", "2025-09-07", size=(3, "04", "2")), day="2025-07-01")
    parts = (("2025-07-07", "2025-07-31", 12), ("2025-08-01", "2025-08-31", 15), ("2025-09-01", "2025-09-07", 3))
    lines = [
        Line(f"R{hours}", hours * 5_000, begin=first, end=last, size=(hours, "04", 5_000))
        for first, last, hours in parts
    ]
    claims = [m323(line, day=f"2025-{8 + month:02d}-03") for month, line in enumerate(lines)]
    answers = [approved(claims[0], "2025-08-10"), approved(claims[1], "2025-09-10")]
    answers.append(refused(claims[2], lines[2], code="9322", day="2025-10-10"))
    found = state(given, *claims, *answers, products=[{"unit": "04", "tariff": 5_000}])
    assert number(found, "toegekend") == 27 * 5_000
    assert expected_totals(found).tolist() == [27 * 5_000]


def test_an_unanswered_claim_is_claimed_and_not_granted():
    found = state(m323(R1))
    assert (claimed(found), granted(found)) == ({"R1": 10_000}, {"R1": 0})


def test_of_two_answers_on_one_day_the_same_one_counts_whatever_arrived_first():
    claim = m323(R1)
    first = claim_answer(claim, "2025-02-10", identification="A1")
    second = claim_answer(claim, "2025-02-10", whole=("0200",), listed=((R1, "8004"),), identification="A2")
    assert granted(state(claim, first, second)) == granted(state(claim, second, first))


def test_a_listed_line_is_granted_only_with_nothing_but_approving_codes():
    claim = m323(R1)
    for code, amount in (("0200", 10_000), ("8001", 10_000), ("0233", 0), ("8004", 0)):
        assert granted(state(claim, refused(claim, R1, code=code))) == {"R1": amount}


def test_a_credit_on_a_debit_of_a_claim_rejected_as_a_whole_takes_nothing_back():
    first, second = m323(R1), m323(credit(R1, "R2"), day="2025-03-03")
    rejected = claim_answer(first, "2025-02-10", whole=("9333",))
    assert granted(state(first, rejected, second, approved(second, "2025-03-10"))) == {"R2": 0}


def test_credits_together_take_back_no_more_than_was_granted():
    claim = m303(R1)
    partly = claim_answer(claim, "2025-02-10", header=("0200",), listed=((R1, "8004"),), granted=(6_000,))
    part = credit(Line("R1", 4_000), "R2")
    second = m303(part, credit(Line("R1", 4_000), "R3"), day="2025-03-03")
    found = state(claim, partly, second, claim_answer(second, "2025-03-10", header=("0200",)))
    assert granted(found) == {"R1": 6_000, "R2": -4_000, "R3": -2_000}


def test_a_credit_on_a_debit_that_was_never_seen_counts_in_full():
    second = m323(credit(R1, "R2"), day="2025-03-03")
    assert granted(state(second, approved(second, "2025-03-10"))) == {"R2": -10_000}
