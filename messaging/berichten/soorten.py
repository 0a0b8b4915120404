"""The message types: which classes hold records, and which fields they have, declared once as data.

One declaration serves iJw and iWmo and every release: a path that a release does not know simply never
occurs. Source: the iJw and iWmo schemas of 2.3 and 3.2.
"""

from dataclasses import dataclass

from messaging.berichten.fields import Field, code, date, debet_credit, digits, integer, last_day, text, time


@dataclass(frozen=True, slots=True)
class Klasse:
    """A class of a message that becomes one record per occurrence.

    ``paths`` are relative to Bericht (2.x and 3.x may differ); ``record`` names the table;
    ``fixed`` are columns that follow from the class itself.
    """

    record: str
    paths: tuple[str, ...]
    fields: tuple[Field, ...]
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Soort:
    """A message type. ``answers`` is the type it returns, empty for a heen message.

    ``codes`` are the BerichtCodes of (jeugdwet, wmo); ``sender`` says who sends the heen message.
    ``other_codes`` are the classes whose return codes are no record's: a code there concerns the whole message.
    """

    soort: str
    codes: tuple[tuple[str, ...], tuple[str, ...]]
    sender: str  # gemeente | aanbieder
    classes: tuple[Klasse, ...] = ()
    answers: str = ""
    other_codes: tuple[str, ...] = ()
    claim_header: bool = False
    majors: tuple[int, ...] = (2, 3)


HEADER = (
    Field("Header/BerichtCode", "bericht_code", digits(3), required=True),
    Field("Header/BerichtVersie", "versie", integer(2), required=True),
    Field("Header/BerichtSubversie", "subversie", integer(2), required=True),
    Field("Header/Afzender", "afzender", digits(4, 8)),
    Field("Header/Ontvanger", "ontvanger", digits(4, 8)),
    Field("Header/BerichtIdentificatie/Identificatie", "identificatie", code(40)),
    Field("Header/BerichtIdentificatie/Dagtekening", "dagtekening", date),
    Field("Header/IdentificatieRetour", "retour_identificatie", code(40)),
    Field("Header/DagtekeningRetour", "retour_dagtekening", date),
    Field("Header/DeclaratieIdentificatie/Identificatie", "declaratie_identificatie", code(40)),
    Field("Header/DeclaratieIdentificatie/Dagtekening", "declaratie_dagtekening", date),
    Field("Header/Gemeente", "gemeente", digits(4)),
    Field("Header/Aanbieder", "aanbieder", digits(8)),
    Field("Header/DeclaratieFactuurIdentificatie/DeclarantFactuurNummer", "factuurnummer", code(40)),
    Field("Header/DeclaratieFactuurIdentificatie/FactuurDagtekening", "factuur_dagtekening", date),
    Field("Header/RetourHeader/GemeenteReferentieNummer", "gemeente_referentie", code(40)),
    Field("Header/RetourHeader/RetourDagtekening", "factuur_retour_dagtekening", date),
)
NUMBER, AMOUNT = integer(9), integer(8)  # the limits of the schemas
NUMMER = Field("ToewijzingNummer", "toewijzing_nummer", NUMBER)
PRODUCT = (Field("Product/Categorie", "categorie", code(2)), Field("Product/Code", "code", code(5)))
REFERENTIE = Field("ReferentieAanbieder", "referentie_aanbieder", code(36), required=True)

TOEWIJZING_PATHS = (
    "Client/ToegewezenProducten/ToegewezenProduct",
    "Client/Beschikking/ToegewezenProducten/ToegewezenProduct",
)
TOEWIJZING = Klasse(
    "toewijzing",
    TOEWIJZING_PATHS,
    (
        NUMMER,
        Field("ReferentieAanbieder", "referentie_aanbieder", code(36)),
        *PRODUCT,
        Field("Toewijzingsdatum", "toewijzingsdatum", date, required=True),
        Field("Toewijzingstijd", "toewijzingstijd", time),
        Field("Ingangsdatum", "ingangsdatum", date, required=True),
        Field("Einddatum", "einddatum", last_day),
        Field("RedenWijziging", "reden_wijziging", code(2)),
        Field("Omvang/Volume", "volume", AMOUNT),
        Field("Omvang/Eenheid", "eenheid", code(2)),
        Field("Omvang/Frequentie", "frequentie", code(1)),
        Field("Budget", "budget", AMOUNT),
    ),
)
START = Klasse(
    "start",
    ("Client/StartProducten/StartProduct",),
    (
        NUMMER,
        *PRODUCT,
        Field("Begindatum", "begindatum", date, required=True),
        Field("StatusAanlevering", "status_aanlevering", code(1), required=True),
    ),
)
STOP = Klasse(
    "stop",
    ("Client/StopProducten/StopProduct",),
    (
        *START.fields,
        Field("RedenBeeindiging", "reden_beeindiging", code(2), required=True),
        Field("Einddatum", "einddatum", date, required=True),
    ),
)
REGEL_PATHS = ("Clienten/Client/Prestaties/Prestatie", "Declaratie/Clienten/Client/Prestaties/Prestatie")
PRESTATIE = Klasse(
    "prestatie",
    REGEL_PATHS,
    (
        Field("ProductReferentie/ReferentieNummer", "referentie_nummer", code(20), required=True),
        Field("ProductReferentie/VorigReferentieNummer", "vorig_referentie_nummer", code(20)),
        NUMMER,
        Field("ProductCategorie", "categorie", code(2), required=True),
        Field("ProductCode", "code", code(5)),
        Field("ProductPeriode/Begindatum", "begindatum", date, required=True),
        Field("ProductPeriode/Einddatum", "einddatum", date, required=True),
        Field("GeleverdVolume", "volume", AMOUNT, vital=False),
        Field("Eenheid", "eenheid", code(2), vital=False),
        Field("ProductTarief", "tarief", AMOUNT, vital=False),
        Field("IngediendBedrag/Bedrag", "bedrag", AMOUNT, required=True),
        Field("IngediendBedrag/DebetCredit", "debet_credit", debet_credit, required=True),
        Field("IngediendeBedragPrestatie/GeleverdVolume", "volume", AMOUNT, vital=False),
        Field("IngediendeBedragPrestatie/Eenheid", "eenheid", code(2), vital=False),
        Field("IngediendeBedragPrestatie/ProductTarief", "tarief", AMOUNT, vital=False),
        Field("IngediendeBedragPrestatie/DeclaratieFactuurBedrag/Bedrag", "bedrag", AMOUNT, required=True),
        Field(
            "IngediendeBedragPrestatie/DeclaratieFactuurBedrag/DebetCredit", "debet_credit", debet_credit, required=True
        ),
    ),
)
AANGEVRAAGD = Klasse(
    "verzoek",
    ("Client/AangevraagdeProducten/AangevraagdProduct",),
    (
        REFERENTIE,
        *PRODUCT,
        Field("ToewijzingIngangsdatum", "ingangsdatum", date, vital=False),
        Field("ToewijzingEinddatum", "einddatum", last_day, vital=False),
        Field("Verwijzer/Type", "verwijzer_type", code(2)),
    ),
)


def _wijziging(deel: str, path: str, *fields: Field) -> Klasse:
    return Klasse("verzoek", (f"Client/Verzoek/{path}",), fields, (("deel", deel),))


WIJZIGING_DATES = (
    Field("GewensteIngangsdatum", "ingangsdatum", date, vital=False),
    Field("Einddatum", "einddatum", last_day, vital=False),
)
WIJZIGINGEN = (
    _wijziging("ongewijzigd", "OngewijzigdeProducten/OngewijzigdProduct", NUMMER),
    _wijziging("te_wijzigen", "TeWijzigenProducten/TeWijzigenProduct", NUMMER, *WIJZIGING_DATES),
    _wijziging("nieuw", "NieuweProducten/NieuwProduct", *PRODUCT, *WIJZIGING_DATES),
)
ANTWOORD = Klasse(
    "antwoord",
    ("Antwoord",),
    (
        REFERENTIE,
        Field("VerzoekAntwoord", "verzoek_antwoord", code(1), required=True),
        Field("RedenAfwijzingVerzoek", "reden_afwijzing", code(2)),
    ),
)
ANTWOORD_REGEL = Klasse(
    "antwoord_regel",
    ("Clienten/Client/Prestaties/Prestatie", "DeclaratieAntwoord/Clienten/Client/Prestaties/Prestatie"),
    (
        Field("ProductReferentie/ReferentieNummer", "referentie_nummer", code(20), required=True),
        Field("ToegekendeBedragPrestatie/ToegekendBedrag/Bedrag", "toegekend_bedrag", AMOUNT),
        Field("ToegekendeBedragPrestatie/ToegekendBedrag/DebetCredit", "toegekend_debet_credit", debet_credit),
    ),
)


def _retour(klasse: Klasse, *renamed: Field) -> Klasse:
    """The class of a return that repeats ``klasse``: only the fields that say which record it is."""
    kept = {
        "toewijzing_nummer",
        "referentie_aanbieder",
        "categorie",
        "code",
        "begindatum",
        "einddatum",
        "reden_beeindiging",
        "status_aanlevering",
    }
    fields = tuple(
        Field(field.path, field.column, field.read, vital=False)
        for field in (*klasse.fields, *renamed)
        if field.column in kept or field in renamed
    )
    return Klasse("retour_regel", klasse.paths, fields)


RETOUR_TOEWIJZING = Klasse(
    "retour_regel",
    TOEWIJZING_PATHS,
    (
        Field("ToewijzingNummer", "toewijzing_nummer", NUMBER, vital=False),
        Field("ReferentieAanbieder", "referentie_aanbieder", code(36), vital=False),
        Field("Product/Categorie", "categorie", code(2), vital=False),
        Field("Product/Code", "code", code(5), vital=False),
        Field("Toewijzingsdatum", "begindatum", date, vital=False),
        Field("Toewijzingstijd", "sleutel", time, vital=False),
    ),
)
RETOUR_AANGEVRAAGD = _retour(Klasse("verzoek", AANGEVRAAGD.paths, (REFERENTIE, *PRODUCT)))
RETOUR_WIJZIGINGEN = tuple(_retour(Klasse("verzoek", klasse.paths, (NUMMER,))) for klasse in WIJZIGINGEN)
RETOUR_ANTWOORD = _retour(Klasse("antwoord", ANTWOORD.paths, (REFERENTIE,)))

CLIENT_CLASSES = (
    *("Client", "Client/Contactgegevens/Contact", "Client/Relaties/Relatie", "Client/Relaties/Relatie/Contact"),
    *("Client/Beschikking", "Client/Beschikking/Beperkingen/Beperking"),
    "Client/Beschikking/Beperkingen/Beperking/BeperkingScores/BeperkingScore",
)

SOORTEN = {
    soort.soort: soort
    for soort in (
        Soort("301", (("436",), ("414",)), "gemeente", (TOEWIJZING,)),
        Soort("302", (("437",), ("415",)), "gemeente", (RETOUR_TOEWIJZING,), "301", CLIENT_CLASSES),
        Soort("303", (("432", "450"), ("416", "448")), "aanbieder", (PRESTATIE,), claim_header=True, majors=(2,)),
        Soort(
            "304",
            (("433", "451"), ("417", "449")),
            "aanbieder",
            (ANTWOORD_REGEL,),
            "303",
            claim_header=True,
            majors=(2,),
        ),
        Soort("305", (("438",), ("418",)), "aanbieder", (START,)),
        Soort("306", (("439",), ("419",)), "aanbieder", (_retour(START),), "305", CLIENT_CLASSES),
        Soort("307", (("440",), ("420",)), "aanbieder", (STOP,)),
        Soort("308", (("441",), ("421",)), "aanbieder", (_retour(STOP),), "307", CLIENT_CLASSES),
        Soort("315", (("446",), ("444",)), "aanbieder", (AANGEVRAAGD,)),
        Soort("316", (("447",), ("445",)), "aanbieder", (RETOUR_AANGEVRAAGD,), "315", CLIENT_CLASSES),
        Soort("317", (("486",), ("480",)), "aanbieder", WIJZIGINGEN, majors=(3,)),
        Soort(
            "318",
            (("487",), ("481",)),
            "aanbieder",
            RETOUR_WIJZIGINGEN,
            "317",
            (*CLIENT_CLASSES, "Client/Verzoek"),
            majors=(3,),
        ),
        Soort("319", (("488",), ("482",)), "gemeente", (ANTWOORD,), majors=(3,)),
        Soort(
            "320",
            (("489",), ("483",)),
            "gemeente",
            (RETOUR_ANTWOORD,),
            "319",
            ("Antwoord/Woonplaatsbeginsel",),
            majors=(3,),
        ),
        Soort("323", (("490",), ("484",)), "aanbieder", (PRESTATIE,), majors=(3,)),
        Soort("325", (("491",), ("485",)), "aanbieder", (ANTWOORD_REGEL,), "323", majors=(3,)),
    )
}
VERZOEK_REFERENTIE = Field("Client/Verzoek/ReferentieAanbieder", "referentie_aanbieder", code(36), required=True)
VERZOEK_REDEN = Field("Client/Verzoek/RedenVerzoek", "reden_verzoek", code(2))
BSN = Field("Bsn", "bsn", text, required=True)
