"""From the values of a message to what is stored: which message it is, whom it is about, its records."""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from messaging.berichten.errors import MISSING, REPAIR, MessageError
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Raw, Row
from messaging.berichten.records import hide_persons, line, some_of
from messaging.berichten.soorten import SOORTEN, Soort

NAMESPACE = re.compile(r"/(ijw|iwmo)/(\d{1,2})_(\d{1,2})/(jw|wmo)(\d{3})/schema", re.ASCII)
WETTEN = {"ijw": "jeugdwet", "iwmo": "wmo"}
READ_RELEASES = {(2, 2), (2, 3), (2, 4), (3, 0), (3, 1), (3, 2)}
NEWEST = (3, 2)
CODE_LEVELS = "header", "answer", "other"
NEWER = " is nieuwer dan het portaal kent; wat past is gelezen"
NEW_AND_UNFIT = " is nieuwer dan het portaal kent en past niet. Vraag de beheerder of het portaal is bij te werken"
NO_RECORDS = "Er staat geen enkele regel in die het portaal herkent"
UNKNOWN = "Dit is geen iJw- of iWmo-bericht dat het portaal kent. Controleer of het goede bestand is gekozen"

# What a sender fills in as it likes, in the header.
HEADER_REFERENCES = (
    *("identificatie", "retour_identificatie", "declaratie_identificatie", "factuurnummer", "gemeente_referentie"),
)


@dataclass(slots=True)
class Bericht:
    """A message ready to store, as COPY text.

    ``row`` holds MESSAGE_COLUMNS, ``records`` per table its rows, which still miss the message's id.
    """

    soort: str
    row: str
    identity: str
    content: str
    records: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    sent: tuple[str, int, int] | None = None  # records that went ahead: their table, the number they go by, how many


@dataclass(frozen=True, slots=True)
class Kind:
    """What the root element says a message is."""

    wet: str
    soort: Soort
    major: int
    minor: int
    release: str
    release_is_known: bool


@lru_cache(maxsize=256)
def kind_of(tag: str) -> Kind:
    """Law, type and release from the root's namespace; raises MessageError for what the portal cannot read."""
    match = NAMESPACE.search(tag)
    if not match or not tag.endswith("}Bericht"):
        raise MessageError(UNKNOWN)
    standard, major, minor, prefix, number = match[1], int(match[2]), int(match[3]), match[4], match[5]
    soort = SOORTEN.get(number)
    if soort is None or (standard == "ijw") != (prefix == "jw"):
        raise MessageError(UNKNOWN)
    if (major, minor) < (2, 2):
        raise MessageError(
            f"Release {major}.{minor} is te oud om te lezen. Vraag de afzender om release 2.2 of nieuwer"
        )
    if major not in soort.majors and (major, minor) <= NEWEST:
        raise MessageError(
            f"Bericht {number} bestaat niet in release {major}.{minor}. Vraag de afzender dit te herstellen"
        )
    release = f"{major}.{minor}"
    return Kind(WETTEN[standard], soort, major, minor, release, (major, minor) in READ_RELEASES)


def unfit(kind: Kind, error: MessageError) -> MessageError:
    """The error, which of a release that the portal does not know need not be the fault of the sender."""
    if kind.release_is_known:
        return error
    return MessageError(f"Release {kind.release}{NEW_AND_UNFIT}. Wat niet past: {error}")


def interpret(kind: Kind, raw: Raw, records: dict[str, list[str]], pseudonym: Pseudonymiser) -> Bericht:
    """What a message's values mean; raises MessageError when it contradicts itself or misses what identifies it."""
    if not records:
        expect_records(kind)
    rows = pseudonym.digest("\n".join([row for rows in records.values() for row in rows]))
    hide_in_header(raw, pseudonym)
    found = interpreted(kind, raw, {pseudonym(bsn) for bsn in raw.bsns}, pseudonym, rows)
    found.records = records
    return found


def expect_records(kind: Kind) -> None:
    """A message without records is odd, but of an unknown release a sign that they are called otherwise."""
    if not kind.release_is_known and not kind.soort.answers:
        raise MessageError(NO_RECORDS)


def interpreted(kind: Kind, raw: Raw, clients: set[int], pseudonym: Pseudonymiser, rows: str) -> Bericht:
    """``interpret`` of all but the records, of which ``rows`` is the digest, and the persons, who are pseudonyms."""
    header, soort = raw.header, kind.soort
    _agree(kind, header)
    gemeente, aanbieder = _parties(header, soort)
    afzender = gemeente if soort.sender == "gemeente" else aanbieder
    identificatie, dagtekening, retour, datum = _identification(header, soort)
    heen = "|".join((kind.wet, soort.answers or soort.soort, afzender, identificatie, dagtekening))
    link, identity = digests(heen)
    if soort.answers:
        _, identity = digests(f"{heen}|{soort.soort}|{retour}|{datum}")
    codes = [some_of(raw.codes.get(level, [])) for level in CODE_LEVELS]
    message = (
        *(kind.wet, soort.soort, kind.release, afzender, gemeente, aanbieder, identificatie, dagtekening, retour),
        *(datum, link, clients.pop() if len(clients) == 1 else None, *codes),
    )
    said = line(message)
    content = pseudonym.digest(f"{said}\n{rows}")
    found = Bericht(soort.soort, f"{said}\t{identity}\t{content}\tf", identity, content, remarks=raw.remarks)
    if not kind.release_is_known:
        found.remarks.append(f"Release {kind.release}{NEWER}")
    return found


def _agree(kind: Kind, header: Row) -> None:
    try:
        code, major, minor = header["bericht_code"], header["versie"], header["subversie"]
    except KeyError as missing:
        raise MessageError(MISSING, element=f"Header ({missing.args[0]})") from None
    if code not in kind.soort.codes[0 if kind.wet == "jeugdwet" else 1]:
        raise MessageError(f"De BerichtCode hoort niet bij dit bericht. {REPAIR}", element="Header/BerichtCode")
    if major != kind.major or minor != kind.minor:
        raise MessageError(f"De versie in de kop is niet die van het bericht. {REPAIR}", element="Header/BerichtVersie")


def _parties(header: Row, soort: Soort) -> tuple[str, str]:
    """Municipality (4 digits) and provider (8 digits) of a message."""
    if soort.claim_header:
        found = {4: header.get("gemeente"), 8: header.get("aanbieder")}
    else:
        found = {len(header.get(name, "")): header.get(name) for name in ("afzender", "ontvanger")}
    gemeente, aanbieder = found.get(4), found.get(8)
    if not gemeente or not aanbieder:
        sentence = f"De afzender en ontvanger zijn niet één gemeente en één aanbieder. {REPAIR}"
        raise MessageError(sentence, element="Header")
    return gemeente, aanbieder


@cache
def _identifying(soort: str) -> tuple[str, str, str, str]:
    """The header values that hold the identificatie and dagtekening of the heen message, the id and date of its own."""
    kind = SOORTEN[soort]
    heen, retour = ("identificatie", "dagtekening"), ("", "dagtekening")
    if kind.claim_header:
        heen, retour = ("factuurnummer", "factuur_dagtekening"), ("", "factuur_dagtekening")
        if kind.answers:
            retour = ("gemeente_referentie", "factuur_retour_dagtekening")
    elif soort == "325":
        heen, retour = ("declaratie_identificatie", "declaratie_dagtekening"), heen
    elif kind.answers:
        retour = ("retour_identificatie", "retour_dagtekening")
    return *heen, *retour


def _identification(header: Row, soort: Soort) -> tuple[str, str, str, str]:
    """Identificatie and dagtekening of the heen message, id of the return, the message's own date."""
    identificatie, dagtekening, retour, datum = names = _identifying(soort.soort)
    for name in names:
        if name and name not in header:
            raise MessageError(MISSING, element=f"Header ({name})")
    return header[identificatie], header[dagtekening], header[retour] if retour else "", header[datum]


def hide_in_header(raw: Raw, pseudonym: Pseudonymiser) -> None:
    """Take the BSN of whomever a message names out of the references in its header."""
    hide_persons(raw.header, HEADER_REFERENCES, set(raw.bsns), pseudonym)


def digests(text: str) -> tuple[int, str]:
    """Of a text that says nothing about persons: a signed 64-bit digest, and a 128-bit one as 32 hex digits."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True), digest[:16].hex()
