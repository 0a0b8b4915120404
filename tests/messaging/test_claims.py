"""A claim read by the shapes of its lines says what it says when it is parsed whole; what is not regular is parsed."""

import re

import pytest

from messaging import claims, shapes
from messaging.batches import parse_batch
from messaging.sources import Source
from tests.support.records import PSEUDONYM
from tests.support.sentences import assert_discreet
from tests.support.xmlmessages import ANNA, BRAM, Line, bsn, message

DAY = "2025-01-06"
LINES = [
    Line(f"R{number}", 10 + number, bsn=bsn(1 + number // 2), previous=f"R{number}" if number % 3 else None, sign=sign)
    for number, sign in enumerate("DDDC" * 5)
]
CLAIM = message("323", *LINES, day=DAY).xml().decode()
CLAIMS = {
    "323": CLAIM,
    "303": message("303", *LINES, day=DAY, release="2.3").xml().decode(),
    "Wmo": message("323", *LINES, day=DAY, wet="wmo").xml().decode(),
    "one client": message("323", *(Line(f"R{number}", 10) for number in range(9)), day=DAY).xml().decode(),
    "one line": message("323", Line("R1", 10), day=DAY).xml().decode(),
}
LAST = CLAIM.rindex("<Client>")
SECOND = [found.end() for found in re.finditer("<Prestatie>", CLAIM)][-2]


@pytest.fixture
def both(monkeypatch):
    """The outcomes of bytes, by shape if that can be and parsed whole, and whether it could."""

    def read(data):
        found = []
        for size in (0, 10**9):
            monkeypatch.setattr(claims, "FROM_BYTES", size)
            found += parse_batch([Source("a.xml", data)], PSEUDONYM)
        try:
            claims._by_shape(data, PSEUDONYM, 0)
        except (shapes.IrregularError, claims.FieldError, claims.MessageError):
            return *found, False
        return *found, True

    return read


def changed(old, new, text=CLAIM):
    """The last of something in the claim is another."""
    head, met, tail = text.rpartition(old)
    assert met
    return f"{head}{new}{tail}"


REGULAR = {
    **CLAIMS,
    "on lines of its own": CLAIM.replace("><", ">\n\t<"),
    "on lines that end as in Windows": CLAIM.replace("><", ">\r\n<"),
    "prefixes": re.sub(r"<(/?)(?=\w+[> ])", r"<\1a:", CLAIM.replace("xmlns=", "xmlns:a=")).replace("a:?xml", "?xml"),
    "a byte order mark": f"\ufeff{CLAIM}",
    "no declaration": CLAIM[CLAIM.index("?>") + 2 :],
    "names": CLAIM.replace("</Bsn>", "</Bsn><Naam><Achternaam>Ge&amp;rt d'É &gt; \x80 ]] 🙂</Achternaam></Naam>"),
    "elements that nobody knows": CLAIM.replace("</Prestatie>", "<Onzin><Bedrag>7</Bedrag><Leeg/></Onzin></Prestatie>"),
    "spaces around values": CLAIM.replace("<Bedrag>", "<Bedrag> ").replace("</Bsn>", "\xa0</Bsn>"),
    "an element without value": changed("</Prestatie>", "<VorigReferentieNummer/></Prestatie>"),
    "a reference with every sign": changed("R19", "a\\N&amp;&lt;&quot;&apos;|"),
    "a reference with the client": changed("R19", f"x{LINES[-1].bsn}"),
    "a reference with somebody": changed("R19", ANNA),
    "an allocation that is a client": changed("Nummer>1<", f"Nummer>{LINES[-1].bsn}<"),
    "no allocation": re.sub(r"<ToewijzingNummer>\d+</ToewijzingNummer>", "", CLAIM),
    "leading zeros": changed("<Bedrag>29", f"<Bedrag>{'0' * 500}29"),
    "a comment in the header": CLAIM.replace("<Header>", "<Header><!-- <Bsn>1</Bsn> -->"),
    "return codes in the header": CLAIM.replace(
        "</Header>", "<RetourCodes><RetourCode>0001</RetourCode></RetourCodes></Header>"
    ),
}


@pytest.mark.parametrize("name", REGULAR)
def test_by_shape_a_claim_says_what_it_says_whole(both, name):
    first, second, by_shape = both(REGULAR[name].encode())
    assert by_shape
    assert first == second
    assert second.reason == ""
    (rows,) = second.parsed.records.values()
    assert len(rows) == len(re.findall("</(?:a:)?Prestatie>", REGULAR[name]))


@pytest.mark.parametrize("own", [True, False])
def test_the_number_of_an_allocation_is_hidden_when_it_is_its_own_client_and_no_other(both, own):
    """By chance it is somebody else of a large claim; hidden, it would no longer be the allocation of a small one."""
    number = LINES[-1 if own else 0].bsn
    first, second, by_shape = both(changed("Nummer>1<", f"Nummer>{number}<").encode())
    assert by_shape
    assert first == second
    (rows,) = first.parsed.records.values()
    assert (number.lstrip("0") in rows[-1].split("\t")) is not own
    assert rows[-1].split("\t")[4] != "1"


IRREGULAR = {
    "a comment in a line": changed("<Bedrag>", "<!-- 1 --><Bedrag>"),
    "a comment in a value": changed("<Bedrag>29", "<Bedrag>2<!-- 1 -->9"),
    "a value in CDATA": changed("<Bedrag>29", "<Bedrag><![CDATA[29]]>"),
    "an instruction": changed("<Bedrag>", "<?a b?><Bedrag>"),
    "a sign by its number": changed("R19", "R&#49;9"),
    "a line end in a reference": changed("R19", "R\n19"),
    "an attribute": changed("<Bedrag>", "<Bedrag soort='1'>"),
    "a namespace of its own": changed("<Bedrag>", "<Bedrag xmlns='urn:x'>"),
    "another end tag": changed("</Prestatie>", "</Prestatie >"),
    "a field that comes twice": changed("</Prestatie>", "<ProductCode>45A05</ProductCode></Prestatie>"),
    "a container that comes twice": changed(
        "<Eenheid>", "<ProductPeriode><Einddatum>2025-01-30</Einddatum></ProductPeriode><Eenheid>"
    ),
    "an element in a value": changed("<Bedrag>29", "<Bedrag>2<b/>9"),
    "text between elements": changed("<Bedrag>", "en <Bedrag>"),
    "the BSN after the lines": changed(f"<Bsn>{LINES[-1].bsn}</Bsn>", "").replace(
        "</Client></Clienten>", f"<Bsn>{LINES[-1].bsn}</Bsn></Client></Clienten>"
    ),
    "two BSN": changed("<Prestaties>", f"<Bsn>{BRAM}</Bsn><Prestaties>"),
    "a client without lines": f"{CLAIM[:LAST]}<Client><Bsn>{BRAM}</Bsn></Client>{CLAIM[LAST:]}",
    "a last client without lines": changed("</Clienten>", f"<Client><Bsn>{BRAM}</Bsn></Client></Clienten>"),
    "a comment with a client": CLAIM.replace("<Header>", f"<Header><!-- <Client><Bsn>{BRAM}</Bsn></Client> -->"),
    "two lists of clients": f"{CLAIM[:LAST]}</Clienten><Clienten>{CLAIM[LAST:]}",
    "a tariff that is none": changed("</Eenheid>", "</Eenheid><ProductTarief>duur</ProductTarief>"),
    "UTF-16": CLAIM.replace("UTF-8", "UTF-16"),
    "a claim of which lines are called otherwise": re.sub(
        "<(/?)Prestatie>", r"<\1q:Prestatie>", CLAIM.replace("xmlns=", "xmlns:q='urn:q' xmlns=")
    ),
}
CODINGS = {"UTF-16": "utf-16"}


@pytest.mark.parametrize("name", IRREGULAR)
def test_what_is_not_regular_is_parsed_whole(both, name):
    first, second, by_shape = both(IRREGULAR[name].encode(CODINGS.get(name, "utf-8")))
    assert not by_shape
    assert first == second
    assert second.reason == ""


REFUSED = {
    "a client without BSN": changed(f"<Bsn>{LINES[-1].bsn}</Bsn>", ""),
    "a client with an empty BSN": changed(f"<Bsn>{LINES[-1].bsn}</Bsn>", "<Bsn></Bsn>"),
    "a BSN that is none": changed(f"<Bsn>{LINES[-1].bsn}</Bsn>", "<Bsn>123456789</Bsn>"),
    "a line without amount": changed("<Bedrag>29</Bedrag>", ""),
    "a line with an empty amount": changed("<Bedrag>29</Bedrag>", "<Bedrag> </Bedrag>"),
    "an amount that is none": changed("<Bedrag>29", "<Bedrag>2,9"),
    "a day that does not exist": changed("2025-01-31", "2025-02-31"),
    "a line that has no end": CLAIM[:SECOND] + CLAIM[SECOND:].replace("</Prestatie>", "", 1),
    "a tag that has no end": changed("<Bedrag>", "<Bedrag"),
    "the end of what is not open": changed("</Eenheid>", "</Eenheid></Eenheid>"),
    "ends crosswise": changed("</Bedrag><DebetCredit>", "<DebetCredit></Bedrag>"),
    "an unknown prefix": changed("<Bedrag>29</Bedrag>", "<q:Bedrag>29</q:Bedrag>"),
    "the end of a CDATA": changed("R19", "R]]>19"),
    "a sign that XML does not have": changed("R19", "R\uffff19"),
    "an unknown entity": changed("R19", "R&x;19"),
    "what stands after the end": f"{CLAIM}<Bericht/>",
    "bytes that are no UTF-8": CLAIM,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_fault_is_told_as_of_any_message(both, name):
    data = REFUSED[name].encode()
    first, second, by_shape = both(data.replace(b"R19", b"R\xff19") if "UTF-8" in name else data)
    assert not by_shape
    assert first == second
    assert second.parsed is None
    assert_discreet(second.reason, ANNA, BRAM)


def test_lines_of_too_many_shapes_are_parsed_whole(both, monkeypatch):
    first, second, by_shape = both(CLAIMS["323"].encode())
    assert by_shape
    monkeypatch.setattr(shapes, "MOST_SHAPES", 2)
    assert both(CLAIMS["323"].encode()) == (first, second, False)


def test_lines_are_counted_from_those_that_came_before(both):
    (record,) = both(CLAIM.encode())[0].parsed.records
    _, _, records = claims._by_shape(CLAIM.encode(), PSEUDONYM, 100)
    assert [row.split("\t")[0] for row in records[record]] == [str(number) for number in range(101, 121)]


def test_a_small_claim_is_not_worth_it(monkeypatch):
    asked = []
    monkeypatch.setattr(claims, "_by_shape", lambda *args: asked.append(args))
    parse_batch([Source("a.xml", CLAIM.encode())], PSEUDONYM)
    assert asked == []
