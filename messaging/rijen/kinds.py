"""Which columns an export may have per kind of record, with the names that back offices give them, as data.

``names`` are compared without capitals, accents, spaces and signs. A column in no declaration is never read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from messaging.berichten.fields import time
from messaging.rijen import values


@dataclass(frozen=True)
class Column:
    """A field of a record: the name it is stored under, how a person calls it, how a cell is read.

    ``required``: an export without it cannot be read. A cell of a required column must be filled; an unreadable cell
    that is not ``vital`` is left empty with a remark. ``own``: what the row itself is about, so part of its identity.
    """

    field: str
    label: str
    read: Callable[[str], str | int]
    names: tuple[str, ...]
    required: bool = False
    vital: bool = True


@dataclass(frozen=True)
class RecordKind:
    """A kind of rows. ``key``: the fields that tell one record from another; ``record``: the table it fills.

    ``dated_by``: what stands for the date of the message where the export does not have it.
    """

    soort: str
    label: str
    record: str
    sender: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dated_by: str = ""

    @cached_property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}

    @cached_property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)


def _optional(field: str, label: str, read: Callable[[str], str | int], *names: str, vital: bool = True) -> Column:
    return Column(field, label, read, names, vital=vital)


def _required(field: str, label: str, read: Callable[[str], str | int], *names: str) -> Column:
    return Column(field, label, read, names, required=True)


WET = _required("wet", "Wet", values.law, "wet", "domein", "wettelijkkader", "regeling", "jwwmo", "wmojw")
GEMEENTE = _required(
    *("gemeente", "Gemeente (CBS-code)", values.municipality),
    *("gemeente", "gemeentecode", "cbscode", "cbsgemeentecode", "codegemeente", "gemeentenummer"),
)
AANBIEDER = (
    *("aanbieder", "Aanbieder (AGB-code)", values.agb),
    *("aanbieder", "aanbiedercode", "agb", "agbcode", "agbcodeaanbieder", "agbaanbieder", "aanbiederagb"),
    *("aanbiederagbcode", "zorgaanbiederagb", "zorgaanbiedercode", "leverancierscode", "agbcodezorgaanbieder"),
)
BSN = _required(
    *("bsn", "BSN", values.bsn),
    *("bsn", "burgerservicenummer", "bsnnummer", "bsnclient", "clientbsn", "bsnnr", "sofinummer"),
)
DAGTEKENING = (
    *("dagtekening", "Datum van het bericht", values.date),
    *("dagtekening", "berichtdatum", "datumbericht", "berichtdagtekening", "dagtekeningbericht", "verzenddatum"),
    *("datumverzonden", "aanmaakdatum", "aanmaakdatumbericht", "datumontvangst", "ontvangstdatum"),
)
IDENTIFICATIE = _optional(
    *("identificatie", "Nummer van het bericht", values.reference(40)),
    *("berichtidentificatie", "identificatie", "berichtnummer", "berichtid", "idbericht", "berichtkenmerk"),
)
RELEASE = _optional(
    *("release", "Release", values.release),
    *("release", "berichtversie", "standaardversie", "versiestandaard", "standaard"),
)
NUMMER = (
    *("toewijzing_nummer", "Toewijzingnummer", values.number),
    *("toewijzingnummer", "toewijzingsnummer", "nummertoewijzing", "toewijzingnr", "toewijzingsnr", "toewijzingid"),
    *("toewijzing", "toewijzingidentificatie"),
)
PRODUCT = (
    _optional(
        *("categorie", "Productcategorie", values.code(2, digits=True)),
        *("productcategorie", "categorie", "productcategoriecode", "categoriecode", "productgroep"),
    ),
    _optional(
        *("code", "Productcode", values.code(5)),
        *("productcode", "code", "product", "codeproduct", "voorzieningcode", "voorzieningscode"),
    ),
)
STATUS = _optional(
    *("status_aanlevering", "Status van aanlevering", values.status),
    *("statusaanlevering", "status", "aanleverstatus", "statusvanaanlevering"),
)
HEAD = (WET, GEMEENTE, _required(*AANBIEDER), BSN, IDENTIFICATIE, RELEASE)
INGANG = ("ingangsdatum", "Ingangsdatum", values.date)
INGANG_NAMES = ("ingangsdatum", "toewijzingingangsdatum", "ingangsdatumtoewijzing", "begindatumtoewijzing", "ingang")
EINDE_NAMES = ("einddatum", "toewijzingeinddatum", "einddatumtoewijzing", "datumeinde", "datumtot", "tot", "geldigtot")
BEGIN_NAMES = ("begindatum", "startdatum", "datumstart", "datumbegin", "startdatumzorg", "begindatumzorg")
SIZE = (
    _optional("volume", "Volume", values.whole, "volume", "omvangvolume", "aantal", "omvang", vital=False),
    _optional(
        *("eenheid", "Eenheid", values.code(2, digits=True), "eenheid", "omvangeenheid", "eenheidcode", "tijdseenheid"),
        vital=False,
    ),
)

TOEWIJZING = RecordKind(
    *("301", "Toewijzingen (301)", "toewijzing", "gemeente"),
    columns=(
        *HEAD,
        _optional(*DAGTEKENING),
        _required(*NUMMER),
        *PRODUCT,
        _required(
            *("toewijzingsdatum", "Toewijzingsdatum", values.date),
            *("toewijzingsdatum", "toewijzingdatum", "datumtoewijzing", "besluitdatum", "beschikkingsdatum"),
            *("datumbesluit", "datumbeschikking", "beschikkingdatum"),
        ),
        _optional("toewijzingstijd", "Toewijzingstijd", time, "toewijzingstijd", "toewijzingtijd", "tijdtoewijzing"),
        _required(*INGANG, *INGANG_NAMES, *BEGIN_NAMES),
        _optional("einddatum", "Einddatum", values.last_day, *EINDE_NAMES),
        _optional(
            *("reden_wijziging", "Reden wijziging", values.code(2, digits=True)),
            *("redenwijziging", "wijzigingsreden", "redenwijzigingtoewijzing", "redenwijzigingcode"),
        ),
        *SIZE,
        _optional(
            *("frequentie", "Frequentie", values.code(1, digits=True), "frequentie", "omvangfrequentie", "per"),
            vital=False,
        ),
        _optional("budget", "Budget", values.positive, "budget", "toegewezenbudget", "maximumbudget", vital=False),
        _optional(
            *("referentie_aanbieder", "Referentie van de aanbieder", values.reference(36)),
            *("referentieaanbieder", "referentie", "kenmerkaanbieder"),
        ),
        _optional(
            "leveringsvorm", "Leveringsvorm (ZIN of PGB)", values.form, "leveringsvorm", "vorm", "zinpgb", "pgbzin"
        ),
    ),
    key=("toewijzing_nummer", "toewijzingsdatum", "toewijzingstijd"),
    dated_by="toewijzingsdatum",
)
START = RecordKind(
    *("305", "Starts van zorg (305)", "start", "aanbieder"),
    columns=(
        *HEAD,
        _required(*DAGTEKENING),
        _optional(*NUMMER),
        *PRODUCT,
        _required("begindatum", "Begindatum", values.date, *BEGIN_NAMES),
        STATUS,
    ),
    key=("client", "toewijzing_nummer", "categorie", "code", "begindatum", "status_aanlevering"),
)
STOP = RecordKind(
    *("307", "Stops van zorg (307)", "stop", "aanbieder"),
    columns=(
        *START.columns,
        _required(
            *("einddatum", "Einddatum", values.date, "einddatum", "stopdatum", "datumstop", "datumeinde"),
            *("einddatumzorg", "beeindigingsdatum", "datumbeeindiging"),
        ),
        _required(
            *("reden_beeindiging", "Reden van beëindiging", values.code(2, digits=True)),
            *("redenbeeindiging", "beeindigingsreden", "redenstop", "stopreden", "redeneinde", "redenbeeindigingcode"),
        ),
    ),
    key=(*START.key, "reden_beeindiging", "einddatum"),
)
PRESTATIE = RecordKind(
    *("323", "Declaratieregels (303 of 323)", "prestatie", "aanbieder"),
    columns=(
        *HEAD,
        _required(
            *DAGTEKENING,
            *("declaratiedatum", "factuurdatum", "factuurdagtekening", "declaratiedagtekening", "datumdeclaratie"),
            "datumfactuur",
        ),
        _optional(*NUMMER),
        *PRODUCT,
        _optional(
            *("referentie_nummer", "Nummer van de regel", values.reference(20)),
            *("referentienummer", "regelnummer", "declaratieregelnummer", "prestatienummer", "regelid", "prestatieid"),
        ),
        _optional(
            *("vorig_referentie_nummer", "Nummer van de regel die wordt gecrediteerd", values.reference(20)),
            *("vorigreferentienummer", "vorigregelnummer", "crediteertregel", "gecrediteerderegel"),
        ),
        _required(
            *("begindatum", "Eerste dag van de productperiode", values.date, *BEGIN_NAMES),
            *("productperiodebegindatum", "begindatumproductperiode", "periodevan", "datumvan", "van", "periodestart"),
            "beginperiode",
        ),
        _required(
            *("einddatum", "Laatste dag van de productperiode", values.date, *EINDE_NAMES),
            *("productperiodeeinddatum", "einddatumproductperiode", "periodetot", "periodeeinde", "eindeperiode"),
            *("totenmet", "periodetotenmet", "datumtotenmet"),
        ),
        *SIZE,
        _optional("tarief", "Tarief", values.positive, "tarief", "producttarief", "prijs", "stukprijs", vital=False),
        _required(
            *("bedrag", "Ingediend bedrag", values.euros),
            *(
                "bedrag",
                "ingediendbedrag",
                "declaratiebedrag",
                "gedeclareerdbedrag",
                "factuurbedrag",
                "bedragdeclaratie",
            ),
            "regelbedrag",
        ),
        _optional("debet_credit", "Debet of credit", values.sign, "debetcredit", "dc", "debetcreditindicatie"),
        _optional("berichtsoort", "Soort bericht (303 of 323)", values.claim_type, "berichtsoort", "soortbericht"),
    ),
    key=("referentie_nummer",),
)
BESLUIT = RecordKind(
    *("pgb", "PGB-besluiten", "besluit", "gemeente"),
    columns=(
        WET,
        GEMEENTE,
        BSN,
        _required(
            *("besluit_nummer", "Nummer van het PGB-besluit", values.reference(36)),
            *("besluitnummer", "pgbbesluitnummer", "pgbnummer", "beschikkingnummer", "beschikkingsnummer"),
            "toekenningsnummer",
        ),
        *PRODUCT,
        _required(
            *("besluitdatum", "Datum van het besluit", values.date),
            *("besluitdatum", "datumbesluit", "beschikkingsdatum", "datumbeschikking", "beschikkingdatum"),
            "toekenningsdatum",
        ),
        _required(*INGANG, "ingangsdatum", "ingangsdatumpgb", "pgbingangsdatum", "ingang", *BEGIN_NAMES),
        _optional("einddatum", "Einddatum", values.last_day, "einddatumpgb", "pgbeinddatum", *EINDE_NAMES),
        _required(
            *("budget", "PGB-budget", values.positive, "pgbbudget", "budgetpgb", "pgbbedrag", "bedragpgb", "pgb"),
            *("toegekendpgb", "toegekendbudget", "budget"),
        ),
    ),
    key=("besluit_nummer", "besluitdatum"),
    dated_by="besluitdatum",
)
KINDS = {kind.soort: kind for kind in (TOEWIJZING, START, STOP, PRESTATIE, BESLUIT)}
CONSTANTS = ("wet", "gemeente", "aanbieder")  # what one value may stand for in a whole export

# Persons, addresses and free text: known, and never read.
DROPPED = frozenset(
    (
        *(
            "naam",
            "achternaam",
            "geslachtsnaam",
            "voornaam",
            "voornamen",
            "voorletters",
            "tussenvoegsel",
            "voorvoegsel",
        ),
        *("roepnaam", "clientnaam", "naamclient", "client", "geboortedatum", "datumgeboorte", "geslacht"),
        *("straat", "straatnaam", "huisnummer", "huisletter", "toevoeging", "huisnummertoevoeging", "postcode"),
        *("woonplaats", "plaats", "adres", "telefoon", "telefoonnummer", "email", "emailadres", "land"),
        *("opmerking", "opmerkingen", "commentaar", "toelichting", "omschrijving", "productomschrijving", "memo"),
        *("aanbiedernaam", "naamaanbieder", "zorgaanbieder", "gemeentenaam", "naamgemeente", "productnaam"),
        *("clientnummer", "clientid", "partnernaam", "leeftijd"),
    )
)
