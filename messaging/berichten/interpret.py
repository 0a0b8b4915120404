"""From the values of a message to what is stored: which message it is, whom it is about, its records."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from messaging.berichten.errors import MISSING, REPAIR, MessageError
from messaging.berichten.persons import Pseudonymiser
from messaging.berichten.reading import Raw, Row, read
from messaging.berichten.soorten import SOORTEN, Soort

NAMESPACE = re.compile(r"/(ijw|iwmo)/(\d{1,2})_(\d{1,2})/(jw|wmo)(\d{3})/schema", re.ASCII)
WETTEN = {"ijw": "jeugdwet", "iwmo": "wmo"}
READ_RELEASES = {(2, 2), (2, 3), (2, 4), (3, 0), (3, 1), (3, 2)}
NEWEST = (3, 2)
MAX_CODES = 40  # what a column of codes holds
UNKNOWN = "Dit is geen iJw- of iWmo-bericht dat het portaal kent. Controleer of het goede bestand is gekozen"

# The columns of each record table after (message_id, regel), in the order in which they are copied.
COLUMNS: dict[str, tuple[str, ...]] = {
    "toewijzing": (
        *("client", "toewijzing_nummer", "referentie_aanbieder", "categorie", "code", "toewijzingsdatum"),
        *("toewijzingstijd", "ingangsdatum", "einddatum", "reden_wijziging", "volume", "eenheid", "frequentie"),
        "budget",
    ),
    "start": ("client", "toewijzing_nummer", "categorie", "code", "begindatum", "status_aanlevering"),
    "stop": (
        *("client", "toewijzing_nummer", "categorie", "code", "begindatum", "reden_beeindiging", "einddatum"),
        "status_aanlevering",
    ),
    "prestatie": (
        *("client", "referentie_nummer", "vorig_referentie_nummer", "toewijzing_nummer", "categorie", "code"),
        *("begindatum", "einddatum", "volume", "eenheid", "tarief", "bedrag", "debet_credit"),
    ),
    "verzoek": (
        *("client", "deel", "referentie_aanbieder", "toewijzing_nummer", "categorie", "code", "ingangsdatum"),
        *("einddatum", "verwijzer_type", "reden_verzoek"),
    ),
    "antwoord": ("referentie_aanbieder", "verzoek_antwoord", "reden_afwijzing"),
    "retour_regel": (
        *("toewijzing_nummer", "referentie_aanbieder", "categorie", "code", "begindatum", "einddatum"),
        *("reden_beeindiging", "status_aanlevering", "sleutel", "retourcodes"),
    ),
    "antwoord_regel": (
        *("client", "referentie_nummer", "toegekend_bedrag", "toegekend_debet_credit", "retourcodes"),
        "retourcodes_client",
    ),
}
NULLABLE = {
    *("toewijzing_nummer", "einddatum", "volume", "budget", "tarief", "ingangsdatum", "begindatum"),
    *("toegekend_bedrag", "client"),
}


@dataclass(slots=True)
class Bericht:
    """A message ready to store. ``message`` are the columns of MESSAGE_COLUMNS, ``records`` rows per table."""

    soort: str
    message: tuple[Any, ...]
    identity: str
    content: str
    records: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


MESSAGE_COLUMNS = (
    *("wet", "soort", "release", "afzender", "gemeente", "aanbieder", "identificatie", "dagtekening"),
    *("retour_identificatie", "datum", "link", "client", "retourcodes_header", "retourcodes_antwoord"),
    *("retourcodes_overig", "identity", "content"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the root element says a message is."""

    wet: str
    soort: Soort
    major: int
    minor: int

    @property
    def release(self) -> str:
        return f"{self.major}.{self.minor}"


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
    return Kind(WETTEN[standard], soort, major, minor)


def bericht(root: etree._Element, pseudonym: Pseudonymiser) -> Bericht:
    """The message of a parsed document; raises MessageError."""
    kind = kind_of(root.tag)
    return interpret(kind, read(root, kind.soort.soort), pseudonym)


def interpret(kind: Kind, raw: Raw, pseudonym: Pseudonymiser) -> Bericht:
    """What a message's values mean; raises MessageError when it contradicts itself or misses what identifies it."""
    header, soort = raw.header, kind.soort
    _agree(kind, header)
    gemeente, aanbieder = _parties(header, soort)
    afzender = gemeente if soort.sender == "gemeente" else aanbieder
    identificatie, dagtekening, retour, datum = _identification(header, soort)
    clients = [pseudonym(bsn) for bsn in dict.fromkeys(raw.bsns)]
    heen = "|".join((kind.wet, soort.answers or soort.soort, afzender, identificatie, dagtekening))
    identity = f"{heen}|{soort.soort}|{retour}|{datum}" if soort.answers else heen
    records = _records(raw, pseudonym)
    codes = [_some_of(raw.codes[level]) for level in ("header", "answer", "other")]
    message = (
        *(kind.wet, soort.soort, kind.release, afzender, gemeente, aanbieder, identificatie, dagtekening, retour),
        *(datum, _signed(heen), clients[0] if len(clients) == 1 else None, *codes),
    )
    content = pseudonym.digest(repr((message, records)))
    found = Bericht(soort.soort, message, _hex(identity), content, records, raw.remarks)
    if (kind.major, kind.minor) not in READ_RELEASES:
        found.remarks.append(f"Release {kind.release} is nieuwer dan het portaal kent; het bericht past en is gelezen")
    return found


def _agree(kind: Kind, header: Row) -> None:
    law = 0 if kind.wet == "jeugdwet" else 1
    for name in ("bericht_code", "versie", "subversie"):
        if name not in header:
            raise MessageError(MISSING, element=f"Header ({name})")
    if header["bericht_code"] not in kind.soort.codes[law]:
        raise MessageError(f"De BerichtCode hoort niet bij dit bericht. {REPAIR}", element="Header/BerichtCode")
    if (header["versie"], header["subversie"]) != (kind.major, kind.minor):
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


def _identification(header: Row, soort: Soort) -> tuple[str, str, str, str]:
    """Identificatie and dagtekening of the heen message, id of the return, the message's own date."""
    names = ["identificatie", "dagtekening", "", "dagtekening"]
    if soort.claim_header:
        names = ["factuurnummer", "factuur_dagtekening", "", "factuur_dagtekening"]
        if soort.answers:
            names[2:] = ["gemeente_referentie", "factuur_retour_dagtekening"]
    elif soort.soort == "325":
        names = ["declaratie_identificatie", "declaratie_dagtekening", "identificatie", "dagtekening"]
    elif soort.answers:
        names[2:] = ["retour_identificatie", "retour_dagtekening"]
    values = [header.get(name, "") if name else "" for name in names]
    for name, value in zip(names, values, strict=True):
        if name and not value:
            raise MessageError(MISSING, element=f"Header ({name})")
    return values[0], values[1], values[2], values[3]


def _records(raw: Raw, pseudonym: Pseudonymiser) -> dict[str, list[tuple[Any, ...]]]:
    records: dict[str, list[tuple[Any, ...]]] = {}
    for number, (klasse, row) in enumerate(raw.rows, start=1):
        person = row.pop("client", {})
        values = dict(row)
        if "bsn" in person:
            values["client"] = pseudonym(person["bsn"])
        if raw.soort == "317":
            values.update(_of_request(person))
        for name, codes in (
            ("retourcodes", row.get("retourcodes", [])),
            ("retourcodes_client", person.get("codes", [])),
        ):
            values[name] = _some_of(codes)
        columns = COLUMNS[klasse.record]
        records.setdefault(klasse.record, []).append(
            (number, *(values.get(column, None if column in NULLABLE else "") for column in columns))
        )
    return records


def _some_of(codes: list[str]) -> str:
    """At most MAX_CODES different codes, in order; only three do not reject, so the verdict never changes."""
    return " ".join(list(dict.fromkeys(codes))[:MAX_CODES])


def _of_request(person: Row) -> Row:
    """What a 317 says once for all its products; it stands under the client."""
    if "referentie_aanbieder" not in person:
        raise MessageError(MISSING, element="Verzoek/ReferentieAanbieder")
    return {name: person[name] for name in ("referentie_aanbieder", "reden_verzoek") if name in person}


def _signed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
