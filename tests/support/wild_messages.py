"""Strategies for messages that are almost right: official ones of every type with parts dropped, doubled, moved,
renamed or filled with what no sender should write."""

import re

from hypothesis import strategies as st
from lxml import etree

from tests.support.xmlmessages import (
    ANNA,
    BIRTH,
    BRAM,
    MARK,
    Line,
    allocation,
    answer,
    bsn,
    change_request,
    changed,
    claim_answer,
    message,
    new,
    question_answer,
    request,
    start,
    stop,
    unchanged,
)

DAY, LATER = "2025-01-06", "2025-01-09"
WRONG_BSN = "999900001"
SECRETS = (ANNA, BRAM, WRONG_BSN, MARK, BIRTH)
VALUES = (
    *("", " ", "0", "-1", "1.5", "1e9", "99999999", "100000000", "9" * 20, "0" * 5000 + "1", "9" * 5000, "٣", "１２"),
    *("2027-06-31", "2025-02-30", "2024-02-29", "1900-01-01", "1899-12-31", "2199-12-31", "9999-12-31", "0000-00-00"),
    *("2025-01-06T00:00:00", "2025-01-06Z", "06-01-2025", "20250106", "24:00:00", "09:00", "09:00:00.1234567+01:00"),
    *("XX", "99", "ZZZZZ", "D", "C", "d", "0001", "9999", "80", "00800080", "42420001", "jeugd", "\t\n", "\\N", "\\."),
    *("'; DROP TABLE x; --", "%s", "{0}", "\u202e", "\U0001f600" * 50, "e\u0301", "x" * 3000, "|" * 40),
    *(ANNA, BRAM, WRONG_BSN, MARK, "000000000", "111111110", ANNA[1:], f" {ANNA} ", f"{ANNA}{ANNA}"),
)
NAMES = (
    *("Client", "Clienten", "Header", "Bsn", "RetourCode", "RetourCodes", "Prestatie", "ToegewezenProduct", "Onzin"),
    *("DatumGebruik", "Declaratie", "DeclaratieAntwoord", "Beschikking", "StartProduct", "Datum", "xmlBestand"),
)
NAMESPACES = (
    *(
        "",
        "urn:x",
        "http://www.istandaarden.nl/ijw/3_2/jw305/schema",
        "http://www.istandaarden.nl/ijw/9_9/jw323/schema",
    ),
    *(
        "http://www.istandaarden.nl/iwmo/2_3/wmo303/schema",
        f"http://www.istandaarden.nl/ijw/3_{'2' * 5000}/jw305/schema",
    ),
)


def _heen(wet: str) -> list:
    lines = Line("R1", 100), Line("R2", 200, bsn=BRAM, previous="R1", sign="C")
    return [
        message("301", allocation(1, reference="V1", size=(2, "46", "2"), budget=900), allocation(2), day=DAY, wet=wet),
        message("305", start(1, DAY), day=DAY, wet=wet),
        message("307", stop(1, DAY, "2025-03-01"), day=DAY, wet=wet),
        message("315", request("V1", size=(2, "46", "2")), day=DAY, wet=wet),
        message("317", *change_request("V1", unchanged(1), changed(2, DAY), new(DAY)), day=DAY, wet=wet),
        message("319", question_answer("V1", "1", "1"), day=DAY, wet=wet),
        message("323", *lines, day=DAY, wet=wet),
        message("303", *lines, day=DAY, wet=wet, release="2.3"),
        message("301", allocation(3), day=DAY, wet=wet, release="2.2"),
    ]


def _returns(heen: list) -> list:
    plain = [item for item in heen if item.soort in ("301", "305", "307", "315")]
    listed = (Line("R1", 100), "8004"), (Line("R2", 200, bsn=BRAM), "8001")
    return [
        *(answer(item, LATER, client=("9009",), records=((item.parts[0], "0233"),)) for item in plain),
        *(
            claim_answer(item, LATER, whole=("0200",), listed=listed, granted=(1, 2), client=("8187",))
            for item in heen
            if item.soort in ("303", "323")
        ),
    ]


def official() -> list[bytes]:
    """A message of every type and law, as it should be."""
    heen = [item for wet in ("jeugdwet", "wmo") for item in _heen(wet)]
    return [item.xml() for item in (*heen, *_returns(heen))]


OFFICIAL = official()
CLAIMS = [data for data in OFFICIAL if b"Prestatie>" in data]


def long_claims() -> list[bytes]:
    """Claims of which lines are alike, of clients with one to three of them."""
    lines = [
        Line(f"R{number}", 10, previous=f"R{number}" if number % 3 else None, bsn=bsn(1 + number // (1 + number % 3)))
        for number in range(12)
    ]
    return [message("323", *lines, day=DAY).xml(), message("303", *lines, day=DAY, release="2.3").xml()]


LONG_CLAIMS = long_claims()


def _filled(element: etree._Element, value: str) -> None:
    element.text = value


def _renamed(element: etree._Element, name: str) -> None:
    namespace = etree.QName(element).namespace
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def _in_namespace(element: etree._Element, namespace: str) -> None:
    for item in element.iter():
        name = etree.QName(item).localname
        item.tag = f"{{{namespace}}}{name}" if namespace else name


def _dropped(element: etree._Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _doubled(element: etree._Element, times: int) -> None:
    for _ in range(times):
        if element.getparent() is not None:
            element.addnext(etree.fromstring(etree.tostring(element)))


def _moved(element: etree._Element, target: etree._Element) -> None:
    if element is not target and element not in target.iterancestors():
        target.append(element)


def _wrapped(element: etree._Element, name: str) -> None:
    inner = list(element)
    _renamed(outer := etree.SubElement(element, "x"), name)
    outer.extend(inner)


def _change(draw: st.DrawFn, root: etree._Element) -> None:
    elements = list(root.iter())
    element = draw(st.sampled_from(elements))
    leaf = draw(st.sampled_from([item for item in elements if not len(item)] or elements))
    kind = draw(st.integers(0, 7))
    if kind <= 1:
        _filled(leaf, draw(st.sampled_from(VALUES)))
    elif kind == 2:
        _dropped(element)
    elif kind == 3:
        _doubled(element, draw(st.sampled_from([1, 2, 60])))
    elif kind == 4:
        _moved(element, draw(st.sampled_from(elements)))
    elif kind == 5:
        _renamed(element, draw(st.sampled_from(NAMES)))
    elif kind == 6:
        _wrapped(element, draw(st.sampled_from(NAMES)))
    else:
        _in_namespace(element, draw(st.sampled_from(NAMESPACES)))


@st.composite
def wild(draw: st.DrawFn, sound: list[bytes] = OFFICIAL) -> bytes:
    """A message with one to four changes of structure or content."""
    root = etree.fromstring(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 4))):
        _change(draw, root)
    return etree.tostring(root, xml_declaration=True, encoding=draw(st.sampled_from(["UTF-8", "UTF-16", "ASCII"])))


@st.composite
def bent(draw: st.DrawFn, sound: list[bytes] = OFFICIAL) -> bytes:
    """Bytes that were once right: flipped, cut, doubled, filled in."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            data[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
        elif kind == 1:
            data[place:place] = draw(st.binary(max_size=12))
        elif kind == 2:
            del data[place : place + draw(st.integers(1, 40))]
        elif kind == 3:
            data[place:place] = data[place : place + draw(st.integers(1, 400))]
        else:
            data[place:place] = draw(st.sampled_from(TOKENS))
    return bytes(data)


@st.composite
def reshuffled(draw: st.DrawFn, sound: list[bytes] = OFFICIAL) -> bytes:
    """A message of which some tags and texts are dropped, doubled, moved, or others."""
    parts = PART.findall(draw(st.sampled_from(sound)).decode())
    for _ in range(draw(st.integers(1, 3))):
        place, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        end = place + draw(st.integers(1, 12))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            del parts[place:end]
        elif kind == 1:
            parts[place:place] = parts[place:end]
        elif kind == 2:
            parts[place], parts[other] = parts[other], parts[place]
        elif kind == 3:
            parts[place] = draw(st.sampled_from(PARTS))
        else:
            parts.insert(place, draw(st.sampled_from(PARTS)))
        parts = parts or [""]
    return "".join(parts).encode()


@st.composite
def refilled(draw: st.DrawFn, sound: list[bytes] = OFFICIAL) -> tuple[bytes, bytes]:
    """A message, perhaps with other markup than is usual, and the same with some texts that are others."""
    text = draw(st.sampled_from(sound)).decode()
    for _ in range(draw(st.integers(0, 2))):
        tags = list(re.finditer("<[^>]*>", text))
        place = draw(st.sampled_from(tags))
        text = text[: place.end()] + draw(st.sampled_from(PARTS)) + text[place.end() :]
    parts = PART.findall(text)
    for place in draw(st.lists(st.integers(0, len(parts) - 1), min_size=1, max_size=6)):
        if not parts[place].startswith("<"):
            parts[place] = draw(st.sampled_from(TEXTS))
    return text.encode(), "".join(parts).encode()


PART = re.compile(r"<[^>]*>|[^<]+")
PARTS = (
    *(
        "<!-- x -->",
        "<![CDATA[1]]>",
        "<?pi x?>",
        "]]>",
        "&amp;",
        "&#49;",
        "&x;",
        " ",
        "\n",
        "x",
        "1",
        "é",
        "\x80",
        "\uffff",
    ),
    *(
        "<x/>",
        "<x>1</x>",
        "<x a='1'/>",
        "<Prestatie/>",
        "<Client/>",
        "<Client>",
        "</Client>",
        "</Prestatie>",
        "<Prestatie>",
    ),
    *(f"<Bsn>{BRAM}</Bsn>", f"<Client><Bsn>{BRAM}</Bsn></Client>", f"<Client><Bsn>{BRAM}</Bsn><Prestaties>"),
    "</Prestaties><Prestaties>",
    "<RetourCodes><RetourCode>0001</RetourCode></RetourCodes>",
    *VALUES,
)
TEXTS = [part for part in PARTS if not part.startswith("<")]
TOKENS = (
    *(b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"&#0;", b"&#xD800;", b"<![CDATA[", b"]]>", b"<?x ?>", b"<!--"),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x00",
        b"<?xml version='1.1'?>",
        b"encoding='utf-7'",
        b"PK\x03\x04",
        b"<a>" * 300,
    ),
)
