"""The columns of the tables of messages and records, in the order in which they are copied."""

from typing import Any

MESSAGE_COLUMNS = (
    *("wet", "soort", "release", "afzender", "gemeente", "aanbieder", "identificatie", "dagtekening"),
    *("retour_identificatie", "datum", "link", "client", "retourcodes_header", "retourcodes_antwoord"),
    *("retourcodes_overig", "identity", "content", "rij"),
)

# Of each record table after (message_id, regel).
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
    "besluit": ("client", "besluit_nummer", "categorie", "code", "besluitdatum", "ingangsdatum", "einddatum", "budget"),
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
# A row of each record table without any value, in that order.
BLANK: dict[str, dict[str, Any]] = {
    record: {column: None if column in NULLABLE else "" for column in columns} for record, columns in COLUMNS.items()
}
