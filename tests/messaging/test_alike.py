"""A message that is like one that was parsed says what it says when it is parsed; any other is parsed."""

import re

import pytest

from messaging.batches import parse_batch
from messaging.berichten import alike
from messaging.sources import Source
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet
from tests.support.wild_messages import OFFICIAL
from tests.support.xmlmessages import ANNA, BRAM, MARK, Line, allocation, answer, message, start, stop

DAY = "2025-01-06"


def xml(*parts, soort="305", **options):
    return message(soort, *parts, day=DAY, **options).xml().decode()


STARTED = xml(start(41, DAY))
ALLOCATED = xml(allocation(41, reference="V1", size=(2, "46", "2"), budget=900), allocation(42), soort="301")


@pytest.fixture(autouse=True)
def nothing_met(monkeypatch):
    monkeypatch.setattr(alike, "_plans", {})


@pytest.fixture
def read(monkeypatch):
    """What came of a message, and whether it was read without being parsed."""

    def outcome(text):
        data = text if isinstance(text, bytes) else text.encode()
        parsed = []
        learn = alike.learn
        monkeypatch.setattr(alike, "learn", lambda *args: (parsed.append(args), learn(*args)))
        (found,) = parse_batch([Source("a.xml", data)], PSEUDONYM)
        monkeypatch.setattr(alike, "learn", learn)
        return found, found.parsed is not None and not parsed and alike.split(data) is not None

    return outcome


def parsed_whole(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "LARGEST", 0)
        (found,) = parse_batch([Source("a.xml", text if isinstance(text, bytes) else text.encode())], PSEUDONYM)
    return found


def changed(text, old, new):
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize("data", OFFICIAL)
def test_of_every_type_the_third_is_read_without_a_parse(read, data):
    found = [read(data) for _ in range(3)]
    assert [by_likeness for _, by_likeness in found] == [False, False, True]
    assert {outcome == parsed_whole(data) for outcome, _ in found} == {True}


LIKE = {
    "other values": (
        STARTED,
        xml(start(7, "2024-12-31", product=("41", "41A04")), person=BRAM, identification="ANDER"),
    ),
    "another sender and receiver": (STARTED, xml(start(41, DAY), town="0090", provider="42420002")),
    "a name with signs of its own": (
        changed(STARTED, "</Bsn>", "</Bsn><Naam>Jansen</Naam>"),
        changed(STARTED, "</Bsn>", "</Bsn><Naam>Zoë d'Ébène ]] 🙂\x85</Naam>"),
    ),
    "blank for a value": (ALLOCATED, re.sub("<ReferentieAanbieder>.*?<", "<ReferentieAanbieder>\xa0 <", ALLOCATED)),
    "spaces around values": (STARTED, changed(STARTED, ">41<", "> 41\n<")),
    "other room between elements": tuple(STARTED.replace("></", f">{room}</") for room in ("\n", "\r\n\t")),
    "lines that end as in Windows": tuple(xml(start(n, DAY)).replace("><", ">\r\n <") for n in (1, 2)),
    "prefixes and a byte order mark": tuple(
        "\ufeff" + re.sub(r"<(/?)(?=\w+[> ])", r"<\1a:", xml(start(n, DAY)).replace("xmlns=", "xmlns:a="))
        for n in (1, 2)
    ),
    "no declaration": tuple(xml(start(n, DAY)).partition("?>")[2] for n in (1, 2)),
    "a reference in an attribute": tuple(
        changed(xml(start(n, DAY)), "<Header>", "<Header><a b='&#38;>c'/></Header><Header>") for n in (1, 2)
    ),
    "an element that nobody knows": tuple(
        changed(xml(start(n, DAY)), "</Header>", "<Onzin><ToewijzingNummer>9</ToewijzingNummer></Onzin></Header>")
        for n in (1, 2)
    ),
    "a reference with the client": (
        ALLOCATED,
        xml(allocation(41, reference=f"x{ANNA}", size=(2, "46", "2"), budget=900), allocation(42), soort="301"),
    ),
    "an allocation that is the client": (STARTED, changed(STARTED, ">41<", f">{ANNA}<")),
    "return codes at every level": tuple(
        answer(
            message("305", start(41, DAY), start(42, DAY), day=DAY),
            "2025-01-09",
            header=tuple(codes[:2]),
            client=tuple(codes[2:4]),
            records=((start(41, DAY), codes[4]), (start(42, DAY), codes[5])),
        )
        .xml()
        .decode()
        for codes in (
            ("0200", "0001", "9009", "8187", "0233", "8004"),
            ("0001", "0200", "8187", "0200", "8004", "0001"),
        )
    ),
}


@pytest.mark.parametrize("name", LIKE)
def test_what_differs_in_texts_only_is_read_without_a_parse(read, name):
    first, second = LIKE[name]
    read(first)
    read(first)
    found, by_likeness = read(second)
    assert by_likeness
    assert found == parsed_whole(second)


TO_PARSE = {
    "a sign by its number": changed(STARTED, ">41<", ">4&#49;<"),
    "a reference in a name": changed(STARTED, ">41<", ">&amp;<"),
    "a line end in a value": xml(start(41, DAY), identification="A\r\nB"),
    "another tag": changed(STARTED, "</Bsn>", "</Bsn><Geslacht>1</Geslacht>"),
    "a tag with other spaces": changed(STARTED, "</Bsn>", "</Bsn >"),
    "a comment before a value": changed(STARTED, ">41<", "><!-- x -->41<"),
    "a value in CDATA": changed(STARTED, ">41<", "><![CDATA[41]]><"),
    "an empty value": changed(STARTED, ">41<", "><"),
    "a value that is a tag": changed(STARTED, ">41<", "><a/><"),
    "a stop": xml(stop(41, DAY, "2025-03-01"), soort="307"),
    "another release": STARTED.replace("3_2", "3_1").replace("ubversie>2<", "ubversie>1<"),
}
REFUSED = {
    "a number that is none": changed(STARTED, ">41<", ">veel<"),
    "a date that does not exist": changed(STARTED, DAY, "2025-02-30"),
    "a BSN that is none": changed(STARTED, ANNA, "123456789"),
    "no BSN": changed(STARTED, ANNA, " "),
    "a required value left blank": changed(STARTED, ">1</Status", "> </Status"),
    "a sign that XML forbids": changed(STARTED, ">41<", ">4\x011<"),
    "a sign that is none": changed(STARTED, ">41<", ">4\uffff<"),
    "a sign that XML forbids in a name": changed(STARTED, MARK, "\x01"),
    "a sign that is none in a name": changed(STARTED, MARK, "\ufffe"),
    "a reference to nothing in a name": changed(STARTED, MARK, "&x;"),
    "a nul": changed(STARTED, ">41<", ">4\0<"),
    "a nul where a text was": changed(STARTED, ">\n</Bericht", "\0Bericht"),
    "half of a pair": changed(STARTED, ">41<", ">4X1<").encode().replace(b"4X1", b"\xed\xa0\x80"),
    "no UTF-8": changed(STARTED, ">41<", ">4X1<").encode().replace(b"4X1", b"\xff"),
    "an end of CDATA": changed(STARTED, ">41<", ">41]]><"),
    "a header of another type": changed(STARTED, ">438<", ">414<"),
}


@pytest.mark.parametrize("text", TO_PARSE.values(), ids=TO_PARSE)
def test_what_differs_in_more_is_parsed(read, text):
    read(STARTED)
    read(STARTED)
    found, by_likeness = read(text)
    assert not by_likeness
    assert found == parsed_whole(text)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_fault_is_told_as_of_any_message(read, text):
    read(STARTED)
    read(STARTED)
    found, _ = read(text)
    assert found == parsed_whole(text)
    assert found.parsed is None
    assert_discreet(found.reason, ANNA, BRAM, MARK)


NEVER = {
    "a comment": changed(STARTED, "<Header>", "<!-- <Bsn>1</Bsn> --><Header>"),
    "an instruction": changed(STARTED, "<Header>", "<?a b?><Header>"),
    "a value in CDATA": changed(STARTED, ">41<", "><![CDATA[41]]><"),
    "a text in a comment and a value in CDATA": changed(STARTED, ">41<", "><!-- >41</ --><![CDATA[41]]><"),
    "a value before an element": changed(STARTED, ">41<", ">41<a/><"),
    "a value after a sign that closes": changed(STARTED, "</Bsn>", "</Bsn><Naam>a>b</Naam>"),
    "another coding": changed(STARTED, "UTF-8", "ISO-8859-1"),
    "another XML": changed(STARTED, '"1.0"', '"1.1"'),
    "a value that cannot be read": changed(ALLOCATED, "<Budget>900<", "<Budget>-1<"),
}


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_what_may_have_its_texts_elsewhere_is_never_learned(read, text):
    found = [read(text) for _ in range(4)]
    assert not any(by_likeness for _, by_likeness in found)
    assert {outcome == parsed_whole(text) for outcome, _ in found} == {True}


def test_a_bsn_that_is_none_is_told_where_nothing_is_said_of_the_client(read):
    text = answer(message("305", start(41, DAY), day=DAY), DAY, client=("0200",)).xml().decode()
    assert [read(text)[1] for _ in range(3)] == [False, False, True]
    wrong = changed(text, ANNA, "123456789")
    assert read(wrong)[0] == parsed_whole(wrong)


def test_what_is_remembered_is_bounded(read, monkeypatch):
    monkeypatch.setattr(alike, "REMEMBERED", 3)
    for count in (1, 2, 3, 4, 5):
        text = xml(*(start(number, DAY) for number in range(count)))
        assert [read(text)[1] for _ in range(3)] == [False, False, True]
        assert len(alike._plans) <= 3


def test_a_message_that_is_not_small_is_parsed(read):
    text = xml(*(Line(f"R{number}", 10) for number in range(60)), soort="323")
    assert len(text) > alike.LARGEST
    assert not any(read(text)[1] for _ in range(4))
    assert alike._plans == {}
