"""Files that somebody sends by mistake or with bad intent, each marked with persons that must be found nowhere.

Each has what the portal says of it; None: it is read, and what was hostile in it does nothing.
"""

import base64
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable

from tests.support.large_files import bomb
from tests.support.xmlmessages import ANNA, BIRTH, MARK, message, start

XML = message("305", start(1, "2025-01-05"), day="2025-01-06").xml()
TEXT = XML.decode()
HEAD = "Gemeente;Wet;AGB-code;BSN;Berichtdatum;Toewijzingnummer;Productcode;Begindatum"
ROW = f"80;Jeugdwet;42420001;{ANNA};05-01-2025;101;45A04;06-01-2025"
INCLUDE = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
NO_XML = "Dit bestand is geen XML en geen CSV met kolomnamen. Lever "
BROKEN = "De XML is onvolledig of beschadigd. Exporteer het bericht opnieuw (regel "
TOO_MUCH = "Het bericht heeft meer lagen of langere teksten dan een bericht kan hebben. Exporteer "
DTD = "Het bericht bevat een DOCTYPE; dat is niet toegestaan. Lever "
ENCODING = "De tekens passen niet bij de codering die het bericht noemt. Exporteer "
ENVELOPE = "De envelop bevat geen leesbaar bericht. Exporteer "
PACKED = "Dit is een ingepakt bestand, maar geen ZIP (maar bijvoorbeeld 7z, gz of rar). Pak het uit en "
OFFICE = "Dit is een Excel- of Word-bestand. Sla "
DAMAGED = "Dit bestand in de ZIP is beschadigd. Maak de ZIP opnieuw."
SUSPECT = "Het bestand is verdacht sterk ingepakt en is niet geopend. Lever het uitgepakt aan."
NO_NAMES = "De eerste regel van het bestand heeft geen kolomnamen. Exporteer "
NAMES_TOO_LONG = "De regel is langer dan 100.000 tekens, en dat is de regel met de kolomnamen. Exporteer "


def changed(old: str, new: str, text: str = TEXT) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode()


def with_dtd(declarations: str, old: str, new: str) -> str:
    return TEXT.replace("?>", f"?><!DOCTYPE Bericht [{declarations}]>", 1).replace(old, new, 1)


def laughs() -> str:
    steps = zip("abcdefgh", "bcdefghi", strict=True)
    return '<!ENTITY a "hahahahaha">' + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in steps)


def enclosed(data: bytes) -> bytes:
    return b"<Di01><xmlBestand>" + base64.b64encode(data) + b"</xmlBestand></Di01>"


def tar(mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        member = tarfile.TarInfo("a.xml")
        member.size = len(XML)
        archive.addfile(member, io.BytesIO(XML))
    return buffer.getvalue()


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def table(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _attributes(count: int) -> str:
    return " ".join(f'a{number}="1"' for number in range(count))


Case = tuple[bytes | Callable[[], bytes], str | None]
XML_FILES: dict[str, Case] = {
    "an entity in an attribute": (with_dtd('<!ENTITY x "y">', "<Client>", '<Client a="&x;">').encode(), DTD),
    "billion laughs in UTF-16": (
        with_dtd(laughs(), MARK, "&i;").replace("UTF-8", "UTF-16").encode("utf-16"),
        TOO_MUCH,
    ),
    "billion laughs in an attribute": (with_dtd(laughs(), "<Client>", '<Client a="&i;">').encode(), TOO_MUCH),
    "one long entity many times": (with_dtd(f'<!ENTITY a "{"x" * 100_000}">', MARK, "&a;" * 9000).encode(), TOO_MUCH),
    "entities that name each other": (with_dtd('<!ENTITY a "&b;"><!ENTITY b "&a;">', MARK, "&a;").encode(), BROKEN),
    "a DTD from elsewhere": (changed("?>", '?><!DOCTYPE Bericht SYSTEM "file:///etc/passwd">'), DTD),
    "a web page": (f"<!DOCTYPE html><html><body>{MARK}</body></html>".encode(), DTD),
    "an include": (changed("<Client>", f"<Client>{INCLUDE}"), None),
    "an include for a BSN": (changed(ANNA, INCLUDE), "Het BSN ontbreekt. Laat "),
    "a style sheet from elsewhere": (changed("?>", '?><?xml-stylesheet href="http://127.0.0.1:1/x"?>'), None),
    "a schema from elsewhere": (
        changed(
            "<Bericht ",
            '<Bericht xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="a http://127.0.0.1:1/x" ',
        ),
        None,
    ),
    "an attribute without end": (lambda: changed("<Client>", f'<Client a="{"x" * 11_000_000}">'), TOO_MUCH),
    "a million attributes": (lambda: changed("<Client>", f"<Client {_attributes(10**6)}>"), TOO_MUCH),
    "millions of empty elements": (lambda: changed("<Client>", f"{'<x/>' * 3_100_000}<Client>"), TOO_MUCH),
    "the same attribute twice": (changed("<Client>", '<Client a="1" a="2">'), BROKEN),
    "a hundred thousand layers": (changed("<Client>", f"{'<x>' * 10**5}{'</x>' * 10**5}<Client>"), TOO_MUCH),
    "NUL in a text": (changed(MARK, f"{MARK}\0"), BROKEN),
    "NUL after the end": (XML + bytes(3), BROKEN),
    "nothing but NUL": (bytes(1000), NO_XML),
    "overlong UTF-8": (XML.replace(MARK.encode(), b"\xc0\xbc"), ENCODING),
    "half a surrogate": (XML.replace(MARK.encode(), b"\xed\xa0\x80"), ENCODING),
    "character zero": (changed(MARK, "&#0;"), BROKEN),
    "UTF-16 declared, UTF-8 written": (changed("UTF-8", "UTF-16"), ENCODING),
    "UTF-8 declared, UTF-16 written": (TEXT.encode("utf-16"), None),
    "a comment in a BSN": (changed(ANNA, f"{ANNA[:4]}<!-- {MARK} -->{ANNA[4:]}"), None),
    "only a comment": (f"<!-- {ANNA} -->".encode(), BROKEN),
    "one sign": (b"<", BROKEN),
    "an envelope in an envelope": (enclosed(enclosed(XML)), "Dit is geen iJw- of iWmo-bericht"),
    "a ZIP in an envelope": (enclosed(zipped(("a.xml", XML))), ENVELOPE),
    "a bomb in an envelope": (enclosed(with_dtd(laughs(), MARK, "&i;").encode()), TOO_MUCH),
    "an empty envelope": (b"<Di01><xmlBestand/></Di01>", ENVELOPE),
    "a sheet of Excel 2003": (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "Dit is geen iJw-"),
}
OTHER_FILES: dict[str, Case] = {
    "gzip": (gzip.compress(XML), PACKED),
    "bzip2": (bz2.compress(XML), PACKED),
    "xz": (lzma.compress(XML), PACKED),
    "tar": (tar("w"), PACKED),
    "tar.gz": (tar("w:gz"), PACKED),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(256)), PACKED),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(range(256)), PACKED),
    "pdf": (f"%PDF-1.7\n% {ANNA}".encode(), NO_XML),
    "eml": (f"From: a@example.org\r\nSubject: export; zie {MARK}, {ANNA}\r\n\r\nBijlage".encode(), NO_XML),
    "json": (f'{{"bsn": "{ANNA}", "naam": "{MARK}", "x": 1}}'.encode(), NO_NAMES),
    "a mark of UTF-16 and no more": (b"\xff\xfe", "Het bestand is leeg. Exporteer "),
    "a letter": (f"Beste {MARK}, zie {ANNA}".encode(), NO_XML),
    "a workbook": (zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>")), OFFICE),
    "an OpenDocument sheet": (zipped(("mimetype", b"x"), ("content.xml", b"<x/>")), OFFICE),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), OFFICE),
}
CSV_FILES: dict[str, Case] = {
    "a million columns": (lambda: table(";".join(["kolom"] * 10**6), ";" * 10**6), NAMES_TOO_LONG),
    "301 columns": (
        table(";".join(f"k{'abcdefghijklmnopqrstuvwxyz'[n % 26] * (n // 26)}" for n in range(301))),
        "Het b",
    ),
    "a first line without end": (lambda: table(f"Gemeente;Wet;{'x' * 5_000_000}", ROW), NAMES_TOO_LONG),
    "NUL among the names": (table(f"{HEAD}\0", ROW), NO_XML),
    "an open quote among the names": (
        table(f'Gemeente;"Wet;{HEAD}', ROW),
        "Een aanhalingsteken is niet gesloten, en dat",
    ),
    "line ends of an old Mac": (f"{HEAD}\r{ROW}\r".encode(), "Het bestand heeft regeleinden van een oude Mac. Sla "),
    "no names": (table(ROW, ROW), NO_NAMES),
    "a person instead of names": (table(f"{MARK};{ANNA};{BIRTH}"), NO_NAMES),
    "a BSN as a name": (table(f"{HEAD};{ANNA}", f"{ROW};1"), NO_NAMES),
    "UTF-16": (table(HEAD, ROW).decode().encode("utf-16"), "Het bestand is opgeslagen als UTF-16. Sla "),
    "the same name twice": (table(f"{HEAD};BSN", f"{ROW};{ANNA}"), "Kolom “BSN” komt twee keer voor. Geef "),
    "a quote as the delimiter": (table('sep="', HEAD, ROW), NO_XML),
}
CSV_ROWS = {
    "NUL": (f"{ROW}\0", "De regel bevat tekens die geen tekst zijn. "),
    "an open quote": (f'"{ROW}', "Een aanhalingsteken is niet gesloten. "),
    "a line without end": (f"{ROW}{'x' * 300_000}", "De regel is langer dan 100.000 tekens. "),
    "a loose carriage return": (f"{ROW}\r{MARK}", "In de regel staat een los regeleinde. "),
    "too few cells": ("80;Jeugdwet", "De rij heeft 2 cellen en de kopregel 8. "),
    "too many cells": (f"{ROW};{MARK}", "De rij heeft 9 cellen en de kopregel 8. "),
    "a formula": (ROW.replace("45A04", "=cmd|A0"), "De code bestaat niet uit hoogstens 5 letters of cijfers. "),
    "a BSN that is none": (ROW.replace(ANNA, "999900001"), "Het BSN is ongeldig. "),
}


def _link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr, link.create_system = 0o120777 << 16, 3
    return link


def _method(number: int) -> bytes:
    data = bytearray(zipped(("a.xml", XML)))
    place = data.index(b"PK\1\2")
    data[8:10] = data[place + 10 : place + 12] = struct.pack("<H", number)
    return bytes(data)


def _locked() -> bytes:
    data = bytearray(zipped(("a.xml", XML)))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def _deep(layers: int) -> bytes:
    data = zipped(("a.xml", XML))
    for _ in range(layers - 1):
        data = zipped(("in.zip", data))
    return data


def nameless() -> bytes:
    """A ZIP with a file without a name, which zipfile reads but does not write."""
    data = zipped(("x", XML))
    listed, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    size, place = struct.unpack("<LL", data[end + 12 : end + 20])
    return b"".join(
        (
            *(data[:26], b"\0\0", data[28:30], data[31:listed]),
            *(data[listed : listed + 28], b"\0\0", data[listed + 30 : listed + 46], data[listed + 47 : end]),
            *(data[end : end + 12], struct.pack("<LL", size - 1, place - 1), data[end + 20 :]),
        )
    )


def _told_end(place: int, told: bytes) -> bytes:
    """A ZIP of which the end says something else than what is there."""
    data = zipped(("a.xml", XML))
    at = data.rindex(b"PK\5\6") + place
    return data[:at] + told + data[at + len(told) :]


THREE = struct.pack("<Q", 3 * 1024 * 1024)
ZIP_FILES: dict[str, Case] = {
    "a link": (zipped((_link(), b"/etc/passwd")), NO_XML),
    "names that lead elsewhere": (zipped(("/etc/passwd.xml", XML), ("..\\..\\a.xml", XML), ("C:\\a.xml", XML)), None),
    "a name that steers the screen": (zipped(("a\n\x1b[31m\u202elmx.xml", b"x")), NO_XML),
    "a name without end": (zipped((f"{'x' * 60_000}.xml", b"x")), NO_XML),
    "no name": (nameless(), None),
    "a BSN as a name": (zipped((f"{ANNA}.xml", b"x")), NO_XML),
    "a wrong checksum": (zipped(("a.xml", XML), method=zipfile.ZIP_STORED).replace(b"Zzy", b"Zzz"), DAMAGED),
    "a password": (_locked(), "Het bestand is versleuteld. Maak een ZIP zonder wachtwoord."),
    "an unknown method": (_method(99), DAMAGED),
    "four layers": (_deep(4), "ZIP in ZIP in ZIP gaat te diep. Pak "),
    "ten gigabytes": (bomb("bom.xml", 10 * 1024), SUSPECT),
    "ten gigabytes in a ZIP": (zipped(("in.zip", bomb("bom.xml", 10 * 1024))), SUSPECT),
    "exabytes by its own account": (bomb("a.xml", 3).replace(THREE, struct.pack("<Q", 2**63 - 1)), SUSPECT),
    "a place that is not there": (_told_end(16, b"\xff\xff\xff\xf0"), DAMAGED),
    "more files than there are": (_told_end(8, struct.pack("<HH", 60_000, 60_000)), None),
    "half": (zipped(("a.xml", XML))[:-30], "De ZIP is beschadigd of onvolledig. Maak "),
    "a program before it": (b"MZ" + zipped(("a.xml", XML)), None),
    "what systems leave behind": (
        zipped(("a/Thumbs.db", b"\xd0\xcf\x11\xe0"), (".DS_Store", b"x"), ("a.xml", XML)),
        None,
    ),
}
FILES: dict[str, Case] = {
    f"{name} ({kind})": case
    for kind, cases in (("XML", XML_FILES), ("other", OTHER_FILES), ("CSV", CSV_FILES), ("ZIP", ZIP_FILES))
    for name, case in cases.items()
}


def data_of(name: str) -> bytes:
    """The bytes of one of FILES."""
    data, _ = FILES[name]
    return data() if callable(data) else data
