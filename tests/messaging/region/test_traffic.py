"""The messages of a region hold together: identities, numbers, returns, amounts."""

from collections import Counter, defaultdict
from random import Random

from messaging.region.build import Region
from messaging.region.days import iso
from messaging.region.model import Line, Message, Version
from messaging.region.outcomes import WITHDRAWN
from messaging.region.products import EUROCENT, HOUR, MINUTE
from messaging.region.traffic import RETURNS
from messaging.region.xml_claims import signed

CLAIMS = {"303": "304", "323": "325"}


def of(region: Region, *soorten: str) -> list[Message]:
    return [message for message in region.messages if message.soort in soorten]


def test_identities_are_unique_and_short(region: Region) -> None:
    identities = [
        (message.soort, message.municipality if message.from_municipality else message.provider, message.identification)
        for message in region.messages
    ]
    assert len(set(identities)) == len(identities)
    assert max(len(identity[2]) for identity in identities) <= 12


def test_no_message_comes_after_the_last_day_or_on_a_weekend(region: Region) -> None:
    days = {message.day for message in region.messages}
    assert max(days) <= region.world.until
    assert min(days) >= region.world.start
    assert not {day for day in days if day % 7 in (6, 0)}  # ordinal 1 was a Monday


def test_allocation_numbers_are_unique_per_municipality_and_law(region: Region) -> None:
    owners = defaultdict(set)
    for message in of(region, "301"):
        for version in message.records:
            owners[message.wet, message.municipality, version.care.number].add(version.care.person.bsn)
    assert {len(bsns) for bsns in owners.values()} == {1}


def test_line_references_are_unique_per_provider(region: Region) -> None:
    references = [(message.provider, line.reference) for message in of(region, *CLAIMS) for line in message.records]
    assert len(set(references)) == len(references)


def test_a_return_comes_after_what_it_answers_and_most_messages_get_one(region: Region) -> None:
    answered = Counter[int]()
    for message in region.messages:
        if message.answers is not None:
            assert message.day >= message.answers.day
            assert message.soort == (RETURNS | CLAIMS)[message.answers.soort]
            answered[id(message.answers)] += 1
    assert set(answered.values()) == {1}
    heen = [message for message in region.messages if message.answers is None]
    assert 0.9 < len(answered) / len(heen) < 0.999


def test_some_messages_are_refused_and_sent_again(region: Region) -> None:
    refused = [message for message in region.messages if message.code and message.soort in RETURNS.values()]
    levels = {message.level for message in refused}
    assert levels == {"header", "record"}
    sent = Counter((message.soort, message.records) for message in of(region, *RETURNS))
    again = [message.answers for message in refused if sent[message.answers.soort, message.answers.records] == 2]
    assert len(again) > 0.8 * len(refused)


def test_a_start_follows_its_allocation(region: Region) -> None:
    first = {}
    for message in of(region, "301"):
        for version in message.records:
            first.setdefault(id(version.care), message.day)
    starts = [(message, start) for message in of(region, "305") for start in message.records]
    assert starts
    assert [message for message, start in starts if message.day < first[id(start.care)]] == []


def test_every_stop_but_a_few_names_a_start(region: Region) -> None:
    starts = {(id(s.care), s.begin) for message in of(region, "305") for s in message.records if s.status == "1"}
    stops = [stop for message in of(region, "307") for stop in message.records]
    orphans = [stop for stop in stops if (id(stop.care), stop.begin) not in starts]
    assert len(orphans) < 0.03 * len(stops)


def test_a_withdrawn_allocation_says_so_in_the_words_of_its_release(region: Region) -> None:
    modern = region.world.modern
    withdrawn = [
        version
        for message in of(region, "301")
        for version in message.records
        if version.care.change == WITHDRAWN and version.reason in ("13", "01") and version.last == version.care.first
    ]
    assert withdrawn
    assert {version.reason for version in withdrawn} == {"13" if modern else "01"}
    assert not [version for version in withdrawn if version.care.begin is not None]


def test_releases_before_3_know_no_later_codes() -> None:
    from tests.messaging.region.conftest import made

    region = made("2.3")
    assert not {stop.reason for m in of(region, "307") for stop in m.records} & {"36", "37", "38", "39"}
    assert not {version.reason for m in of(region, "301") for version in m.records} & {"12", "13", "14"}


def lines(region: Region) -> list[tuple[Message, Line]]:
    return [(message, line) for message in of(region, *CLAIMS) for line in message.records]


def test_amounts_follow_from_volume_and_tariff(region: Region) -> None:
    for _, line in lines(region):
        product, day = line.care.product, line.period[0]
        if line.unit == EUROCENT:
            assert (line.amount, line.tariff) == (line.volume, None)
        elif line.unit == MINUTE:
            assert product.unit == HOUR
            assert line.amount == (product.tariff_on(day) * line.volume + 30) // 60
        else:
            assert line.amount == product.tariff_on(day) * line.volume == (line.tariff or 0) * line.volume


def test_a_product_period_is_a_month_cut_off_by_the_allocation(region: Region) -> None:
    for message, line in lines(region):
        first, last = line.period
        assert iso(first)[:7] == iso(last)[:7]
        assert line.care.first <= first <= last
        assert last < message.day


def test_a_period_has_one_debit_unless_credited_or_refused(region: Region) -> None:
    void = {id(answer.answers) for answer in of(region, *CLAIMS.values()) if answer.level in ("header", "answer")}
    open_debits = Counter[tuple[int, tuple[int, int]]]()
    for message, line in lines(region):
        if id(message) in void or (line.code and line.granted == 0):
            continue
        open_debits[id(line.care), line.period] += 1 if line.sign == "D" else -1
    assert set(open_debits.values()) <= {0, 1}


def test_a_credit_mirrors_a_granted_debit_that_was_answered_before(region: Region) -> None:
    answered = {id(answer.answers): answer.day for answer in of(region, *CLAIMS.values())}
    sent = {id(line): message for message, line in lines(region)}
    credits = [(message, line) for message, line in lines(region) if line.sign == "C"]
    assert credits
    for message, line in credits:
        debit = line.previous
        assert (debit.sign, debit.amount, debit.period, debit.code) == ("D", line.amount, line.period, "")
        assert answered[id(sent[id(debit)])] < message.day


def test_arrangements_never_cost_more_than_their_price(region: Region) -> None:
    claimed = defaultdict(list)
    for _, line in lines(region):
        if line.unit == EUROCENT and not line.code:
            claimed[id(line.care)].append(line)
    for own in claimed.values():
        largest = {line.period: line.amount for line in own if line.sign == "D"}
        assert sum(largest.values()) <= own[0].care.volume


def test_a_claim_totals_its_lines() -> None:
    debit = Line(None, (1, 2), 1, "04", 500, 500)
    credit = Line(None, (1, 2), 1, "04", 200, 200, sign="C", previous=debit)
    assert signed([debit, credit]) == 300


def test_no_client_is_in_more_than_a_hundred_messages_a_year(region: Region) -> None:
    counts = Counter[tuple[str, str]]()
    for message in region.messages:
        if message.soort in CLAIMS:
            bsns = {line.care.person.bsn for line in message.records}
        else:
            bsns = {message.person.bsn} if message.person else set()
        counts.update((bsn, iso(message.day)[:4]) for bsn in bsns)
    assert max(counts.values()) <= 100


def test_a_changed_allocation_keeps_its_number_and_gets_a_later_decision(region: Region) -> None:
    versions = defaultdict(set[Version])
    for message in of(region, "301"):
        for version in message.records:
            versions[id(version.care)].add((version.decided, version.time, version.last))
    changed = [decisions for decisions in versions.values() if len(decisions) > 1]
    assert changed
    assert all(len({(day, time) for day, time, _ in decisions}) == len(decisions) for decisions in changed)


def test_streams_do_not_depend_on_hash_seeds() -> None:
    from messaging.region.streams import stream

    assert isinstance(stream(1, "life", 2), Random)
    assert stream(1, "life", 2).random() == Random("1/life/2").random() != stream(1, "life", 3).random()
