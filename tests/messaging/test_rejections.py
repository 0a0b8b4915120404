"""Files that cannot be taken in: each gets a Dutch sentence with where and what to do, and harms no neighbour."""

import os
import re
from dataclasses import replace

import pytest

from messaging import batches, claims, large, pieces
from messaging import sources as source_module
from messaging import xml as xml_module
from messaging.batches import parse_batch
from messaging.sources import Source, sources
from messaging.xml import parse
from tests.support.records import PSEUDONYM
from tests.support.xmlmessages import ANNA, MARK, Line, allocation, bsn, claim_answer, message, start

DAY = "2025-01-06"
MESSAGE = message("305", start(1, "2025-01-05"), day=DAY)
XML = MESSAGE.xml()
TEXT = XML.decode()
REPAIR = "Laat de afzender het bericht herstellen"
OTHER_FILE = "Controleer of het goede bestand is gekozen."
AGAIN = "Exporteer het bericht opnieuw"


def changed(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


def with_doctype(declarations, reference=""):
    return changed("?>", f"?><!DOCTYPE Bericht [{declarations}]>").replace(MARK.encode(), reference.encode() or b"x")


def reason(data):
    (outcome,) = parse_batch([Source("a.xml", data)], PSEUDONYM)
    assert outcome.parsed is None
    return outcome.reason


FAULTS = {
    "empty": (b"", "Het bestand is leeg", AGAIN),
    "only white space": (b" \n\t", "Het bestand is leeg", AGAIN),
    "not xml": (b"Beste collega, hierbij de export", "is geen XML", "Lever het bericht aan"),
    "an Excel file": (b"PK\x03\x04" + b"x" * 100, "Excel", "op als CSV"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "Excel", "op als CSV"),
    "truncated": (XML[:-40], "onvolledig of beschadigd", "(regel 2)"),
    "two messages in one file": (XML + XML, "onvolledig of beschadigd", "(regel 3)"),
    "bytes of another encoding": (
        TEXT.replace(MARK, "Andr\xe9").encode("latin-1"),
        "De tekens passen niet bij de codering",
        "opnieuw als UTF-8 (regel 2)",
    ),
    "an unknown encoding": (changed("UTF-8", "onzin-99"), "De tekens passen niet", "opnieuw als UTF-8"),
    "an external entity": (
        with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        "bevat een DOCTYPE",
        "zoals de standaard het voorschrijft",
    ),
    "an external parameter entity": (
        with_doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;'),
        "bevat een DOCTYPE",
        "zoals de standaard het voorschrijft",
    ),
    "billion laughs": (
        with_doctype(
            '<!ENTITY a "'
            + "ha" * 50
            + '">'
            + "".join(f'<!ENTITY {new} "{f"&{old};" * 100}">' for old, new in ("ab", "bc", "cd", "de")),
            "&e;",
        ),
        "langere teksten dan een bericht kan hebben",
        AGAIN,
    ),
    "an entity that is not declared": (changed(MARK, "&eacute;"), "onvolledig of beschadigd", AGAIN),
    "deep nesting": (b"<a>" * 5000 + b"</a>" * 5000, "meer lagen", AGAIN),
    "deep nesting inside": (changed("<Client>", "<x>" * 400 + "</x>" * 400 + "<Client>"), "meer lagen", AGAIN),
    "endless text": (changed(MARK, "x" * 11_000_000), "langere teksten", AGAIN),
    "an unknown root": (b"<html><body>404</body></html>", "geen iJw- of iWmo-bericht", OTHER_FILE),
    "no namespace": (re.sub(rb' xmlns="[^"]+"', b"", XML), "geen iJw- of iWmo-bericht", OTHER_FILE),
    "an unknown type": (changed("/jw305/", "/jw399/"), "geen iJw- of iWmo-bericht", OTHER_FILE),
    "the type of the other law": (changed("/jw305/", "/wmo305/"), "geen iJw- of iWmo-bericht", OTHER_FILE),
    "a release without end": (changed("/3_2/", f"/3_{'2' * 5000}/"), "geen iJw- of iWmo-bericht", OTHER_FILE),
    "an envelope with letters that no base64 has": (
        b"<Di01><xmlBestand>\xc3\xa9</xmlBestand></Di01>",
        "envelop",
        AGAIN,
    ),
    "an envelope with half a message": (b"<Di01><xmlBestand>PEJlcg</xmlBestand></Di01>", "envelop", AGAIN),
    "half of a large envelope": (
        b"<Di01><xmlBestand>" + b"A" * 11_000_000,
        "onvolledig of beschadigd",
        AGAIN,
    ),
    "a byte order mark and no more": (b"\xef\xbb\xbf \n", "Het bestand is leeg", AGAIN),
    "a byte order mark of UTF-16 and no more": (b"\xff\xfe", "Het bestand is leeg", AGAIN),
    "an old release": (changed("/3_2/", "/2_0/"), "Release 2.0 is te oud", "Vraag de afzender om release 2.2"),
    "a type that the release does not have": (
        message("317", day=DAY, release="2.3").xml(),
        "Bericht 317 bestaat niet in release 2.3",
        "Vraag de afzender dit te herstellen",
    ),
    "another release in the header": (changed("<BerichtSubversie>2", "<BerichtSubversie>1"), "De versie", REPAIR),
    "another type in the header": (changed("<BerichtCode>438", "<BerichtCode>436"), "De BerichtCode", REPAIR),
    "no release in the header": (
        changed("<BerichtVersie>3</BerichtVersie>", ""),
        "Een verplicht gegeven ontbreekt",
        REPAIR,
    ),
    "two providers": (changed("<Ontvanger>0080<", "<Ontvanger>42420002<"), "één gemeente en één aanbieder", REPAIR),
    "a short municipality": (
        changed("<Ontvanger>0080<", "<Ontvanger>80<"),
        "De code bestaat niet uit 4 of 8 cijfers",
        "element Header/Ontvanger",
    ),
    "no date": (changed(f"<Dagtekening>{DAY}</Dagtekening>", ""), "Een verplicht gegeven ontbreekt", "(dagtekening)"),
    "a BSN that fails the 11-check": (
        changed(ANNA, "999900001"),
        "Een BSN is ongeldig",
        f"{REPAIR} (regel 2, element Bsn)",
    ),
    "a BSN of eight digits": (changed(ANNA, ANNA[1:]), "Een BSN is ongeldig", REPAIR),
    "a BSN of zeros": (changed(ANNA, "000000000"), "Een BSN is ongeldig", REPAIR),
    "no BSN": (changed(f"<Bsn>{ANNA}</Bsn>", ""), "Het BSN ontbreekt", "(regel 2, element Bsn)"),
    "a day that does not exist": (changed("2025-01-05", "2025-02-30"), "De datum bestaat niet", "element Begindatum"),
    "a Dutch date": (changed("2025-01-05", "05-01-2025"), "niet de vorm jjjj-mm-dd", "element Begindatum"),
    "a date long ago": (changed("2025-01-05", "0001-01-01"), "buiten 1900 tot en met 2199", "element Begindatum"),
    "a date far away": (changed("2025-01-05", "9999-12-31"), "buiten 1900 tot en met 2199", "element Begindatum"),
    "digits of another script": (changed("2025-01-05", "٢٠٢٥-01-05"), "niet de vorm jjjj-mm-dd", "Begindatum"),
    "a time after the end of the day": (
        message("301", allocation(1, time="24:00:00.5"), day=DAY).xml(),
        "niet de vorm uu:mm:ss",
        "element Toewijzingstijd",
    ),
    "two signs": (changed("Nummer>1<", "Nummer>++1<"), "geen heel getal", "element ToewijzingNummer"),
    "a sign and no number": (changed("Nummer>1<", "Nummer>+<"), "geen heel getal", "element ToewijzingNummer"),
    "a negative number": (changed("Nummer>1<", "Nummer>-1<"), "geen heel getal", "element ToewijzingNummer"),
    "a number without end": (changed("Nummer>1<", f"Nummer>{'1' * 10}<"), "hoogstens 9 cijfers", "ToewijzingNummer"),
    "a code that is too long": (changed("<Code>45A04", "<Code>45A045"), "langer dan 5 tekens", "element Product/Code"),
    "a missing field": (
        changed("<Begindatum>2025-01-05</Begindatum>", ""),
        "Een verplicht gegeven ontbreekt",
        f"{REPAIR} (regel 2, element Begindatum)",
    ),
    "an empty field": (
        changed("<StatusAanlevering>1<", "<StatusAanlevering><"),
        "Een verplicht gegeven ontbreekt",
        "element StatusAanlevering",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_gets_a_sentence_with_where_and_what_to_do(fault):
    data, what, advice = FAULTS[fault]
    sentence = reason(data)
    assert what in sentence
    assert advice in sentence
    assert sentence.endswith(".")
    assert len(sentence) <= 200


@pytest.mark.parametrize("fault", FAULTS)
def test_the_neighbours_of_a_faulty_file_survive(fault):
    data, _, _ = FAULTS[fault]
    outcomes = parse_batch([Source("a.xml", XML), Source("b.xml", data), Source("c.xml", XML)], PSEUDONYM)
    assert [outcome.parsed is not None for outcome in outcomes] == [True, False, True]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sentence_never_repeats_a_value_of_the_message(fault):
    sentence = reason(FAULTS[fault][0])
    for value in (
        ANNA,
        ANNA[1:],
        "999900001",
        MARK,
        "2025-02-30",
        "05-01-2025",
        "42420001",
        "45A045",
        "onzin",
        "passwd",
    ):
        assert value not in sentence


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + XML,
        b"\n  " + XML.partition(b"?>")[2],
        TEXT.replace("UTF-8", "UTF-16").encode("utf-16"),
        TEXT.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        TEXT.replace("UTF-8", "ISO-8859-1").replace(MARK, "Andr\xe9").encode("latin-1"),
        TEXT.replace("UTF-8", "windows-1252").replace(MARK, "\u20ac").encode("cp1252"),
    ],
    ids=["utf-8 with BOM", "no declaration", "utf-16 with BOM", "utf-16 without BOM", "latin-1", "windows-1252"],
)
def test_every_sound_encoding_is_read(data):
    outcomes = parse_batch([Source("a.xml", XML), Source("b.xml", data)], PSEUDONYM)
    assert len({outcome.parsed.content for outcome in outcomes}) == 1


def test_a_fault_of_the_portal_costs_one_message(monkeypatch):
    def broken(data):
        if data == b"b":
            raise ZeroDivisionError(ANNA)
        return parse(data)

    monkeypatch.setattr(claims, "parse", broken)
    outcomes = parse_batch([Source("a.xml", XML), Source("b.xml", b"b"), Source("c.xml", XML)], PSEUDONYM)
    assert [outcome.reason for outcome in outcomes] == ["", f"{batches.OWN_FAULT} (ZeroDivisionError).", ""]


def test_thousands_of_leading_zeros_are_just_a_number():
    outcomes = parse_batch(
        [Source("a.xml", changed("Nummer>1<", f"Nummer>{'0' * 5000}1<")), Source("b.xml", XML)], PSEUDONYM
    )
    assert outcomes[0].parsed.content == outcomes[1].parsed.content


def test_a_message_may_carry_more_codes_than_a_column_holds():
    line = Line("R1", 100)
    many = tuple(f"9{number:03d}" for number in range(900))
    claim = message("323", line, day=DAY)
    back = claim_answer(claim, "2025-01-20", header=many, whole=many, listed=((line, "8004"),), client=many)
    (outcome,) = parse_batch([Source("a.xml", back.xml())], PSEUDONYM)
    values = outcome.parsed.row.split("\t") + outcome.parsed.records["antwoord_regel"][0].split("\t")
    assert max(map(len, values)) <= 200


def test_the_label_of_a_file_hides_what_may_be_a_bsn(tmp_path):
    (tmp_path / f"305_{ANNA}_1.xml").write_bytes(b"")
    (tmp_path / "305_123456789.xml").write_bytes(b"")
    assert [found.label for found in sources(tmp_path)] == ["305_123456789.xml", "305_*********_1.xml"]


def test_a_name_that_is_no_text_can_still_be_shown(tmp_path):
    (tmp_path / os.fsdecode(b"a\xff.xml")).write_bytes(b"")
    (found,) = sources(tmp_path)
    assert found.label == "a?.xml"


@pytest.fixture
def small_memory(monkeypatch):
    """Everything above 100 bytes is too large for memory."""
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)


PEOPLE = [Line(f"R{number}", 100 * number, bsn=person) for number, person in enumerate([ANNA, ANNA, bsn(3)])]


@pytest.mark.parametrize(("soort", "release"), [("303", "2.3"), ("323", "3.2")])
def test_a_large_claim_and_its_answer_are_read_like_small_ones(tmp_path, small_memory, soort, release):
    claim = message(soort, *PEOPLE, day=DAY, release=release)
    back = claim_answer(
        claim,
        "2025-01-20",
        whole=("0200",),
        listed=tuple((line, "8004") for line in PEOPLE),
        granted=(1, 2, 3),
        client=("8187",),
    )
    for item in (claim, back):
        (tmp_path / "a.xml").write_bytes(item.xml())
        (large,) = sources(tmp_path)
        assert large.large
        first, second = parse_batch([large, Source("a.xml", item.xml())], PSEUDONYM)
        assert first.reason == ""
        assert first.parsed == second.parsed


@pytest.mark.parametrize("rows", [1, 2, 3, 1000])
@pytest.mark.parametrize("release", ["2.3", "3.2"])
def test_the_codes_of_a_client_reach_its_lines_wherever_reading_pauses(tmp_path, monkeypatch, rows, release):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
    monkeypatch.setattr(large, "ROWS", rows)
    monkeypatch.setattr(large, "HELD", 60)  # so that what waits goes to disk
    monkeypatch.setattr(large, "_of_pieces", large._of_lines)
    lines = [Line(f"R{number}", number, bsn=bsn(1 + number // 3)) for number in range(10)]
    claim = message("303" if release == "2.3" else "323", *lines, day=DAY, release=release)
    back = claim_answer(claim, "2025-01-20", listed=tuple((line, "8004") for line in lines), granted=(1,) * 10)
    answered = back.xml().decode()
    for number, code in enumerate(("8187</RetourCode><RetourCode>0400", "9010", "8187")):  # the last client has none
        parts = answered.split("</Prestaties>")
        parts[number + 1] = f"<RetourCodes><RetourCode>{code}</RetourCode></RetourCodes>{parts[number + 1]}"
        answered = "</Prestaties>".join(parts)
    (tmp_path / "a.xml").write_text(answered)
    (source,) = sources(tmp_path)
    assert source.large
    source = source._replace(large=replace(source.large, spool=tmp_path / "spool"))
    first, second = parse_batch([source, Source("a.xml", answered.encode())], PSEUDONYM)
    assert first.parsed == second.parsed
    assert list(tmp_path.glob("spool/*")) == []
    assert (tmp_path / "spool").exists() == (rows < 1000)  # then nothing waits


@pytest.mark.parametrize("release", ["2.3", "3.2"])
def test_codes_before_the_bsn_are_of_the_client_that_it_names(tmp_path, monkeypatch, release):
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 100)
    monkeypatch.setattr(large, "_of_pieces", large._of_lines)
    lines = [Line(f"R{number}", number, bsn=bsn(number)) for number in range(1, 5)]
    claim = message("303" if release == "2.3" else "323", *lines, day=DAY, release=release)
    back = claim_answer(claim, "2025-01-20", listed=tuple((line, "8004") for line in lines), granted=(1,) * 4)
    answered = back.xml().decode().split("<Bsn>")
    codes = "<RetourCodes><RetourCode>8187</RetourCode></RetourCodes>"
    answered[1] += codes  # of the second client; the fourth has its own after its lines
    answered[-1] = answered[-1].replace("</Prestaties>", f"</Prestaties>{codes}")
    text = "<Bsn>".join(answered)
    (tmp_path / "a.xml").write_text(text)
    first, second = parse_batch([*sources(tmp_path), Source("b.xml", text.encode())], PSEUDONYM)
    assert first.parsed == second.parsed
    assert [row.split("\t")[-1] for row in first.parsed.records["antwoord_regel"]] == ["", "8187", "", "8187"]


def test_a_part_that_memory_cannot_hold_is_refused(tmp_path, monkeypatch):
    inside = "<Onzin/>"
    monkeypatch.setattr(source_module, "MAX_BYTES_IN_MEMORY", 200_000)
    monkeypatch.setattr(xml_module, "MAX_PART", 200_000)
    monkeypatch.setattr(pieces, "MAX_PART", 200_000)
    monkeypatch.setattr(pieces, "SIZE", 10_000)
    data = message("323", *PEOPLE, day=DAY).xml().decode()
    (tmp_path / "a.xml").write_text(data.replace("<Prestaties>", f"<Prestaties>{inside * 30_000}", 1))
    (tmp_path / "b.xml").write_text(data.replace("<Client>", f"{inside * 30_000}<Client>"))
    many = [Line(f"R{number}", 1) for number in range(800)]  # of one client
    (tmp_path / "c.xml").write_bytes(message("323", *many, day=DAY).xml())
    assert (tmp_path / "c.xml").stat().st_size > 300_000
    first, second, third = parse_batch(list(sources(tmp_path)), PSEUDONYM)
    assert first.reason == second.reason
    assert first.reason == "Eén onderdeel van het bericht is groter dan 4 MB. Laat de afzender het bericht herstellen."
    assert len(third.parsed.records["prestatie"]) == 800


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (message("301", *[allocation(1)] * 9, day=DAY).xml(), "Het bericht is groter dan 32 MB"),
        (message("323", *PEOPLE, day=DAY).xml()[:-90], "onvolledig of beschadigd"),
        (b"geen XML " * 50, "is geen XML"),
        (b"<Bericht/>" + b" " * 200, "geen iJw- of iWmo-bericht"),
        (
            b"<Di01><a/><xmlBestand>" + b"A" * 200 + b"</xmlBestand></Di01>",
            "De envelop om het bericht is groter dan 32 MB",
        ),
        (with_doctype('<!ENTITY x "y">', "&x;").replace(b"jw305", b"jw323").replace(b">438<", b">490<"), "een DOCTYPE"),
    ],
)
def test_a_large_file_is_refused_with_the_same_care(tmp_path, small_memory, data, sentence):
    (tmp_path / "a.xml").write_bytes(data)
    (outcome,) = parse_batch(list(sources(tmp_path)), PSEUDONYM)
    assert outcome.parsed is None
    assert sentence in outcome.reason
