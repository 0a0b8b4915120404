"""Believable norms for the region: the deadlines of the source and what policy could have chosen."""

from messaging.region.products import DOMAINS, WMO

POLICY, CONTRACT = "Beleidsoverleg (voorbeeld)", "Contract (voorbeeld)"
Row = tuple[str, str, str, str, str, str, str, str]

# maat, richting, groen, rood, door, toelichting
REGION = (
    ("uitval_pct", "lager", "0,20", "0,25", POLICY, "Aandeel voortijdig beëindigde zorg"),
    ("recidive_succes_0_4", "lager", "0,10", "0,15", POLICY, "Terugkeer binnen vier maanden na succes"),
    ("recidive_succes_4_8", "lager", "0,08", "0,12", POLICY, "Terugkeer na vier tot acht maanden"),
    ("recidive_uitval_0_4", "lager", "0,20", "0,30", POLICY, "Terugkeer binnen vier maanden na uitval"),
    ("recidive_uitval_4_8", "lager", "0,14", "0,20", POLICY, "Terugkeer na vier tot acht maanden na uitval"),
    ("mutaties_pct", "lager", "0,30", "0,40", POLICY, "Vervolg direct na een hersteltraject"),
    ("mutaties_per_client", "lager", "0,30", "0,40", POLICY, "Cliënten met een direct vervolg"),
    ("startdeclaratie_hoog", "lager", "0,05", "0,10", CONTRACT, "Meer dan 70% bij de start gedeclareerd"),
    ("wachttijd_start", "lager", "21", "28", CONTRACT, "Start binnen drie weken"),
    ("meldtijd_305", "lager", "5", "7", CONTRACT, "Startbericht binnen vijf werkdagen"),
    ("meldtijd_307", "lager", "5", "7", CONTRACT, "Stopbericht binnen vijf werkdagen"),
    ("doorlooptijd_315_301", "lager", "10", "14", CONTRACT, "Toewijzing binnen tien werkdagen na het verzoek"),
    ("bericht_uitval", "lager", "0,05", "0,08", CONTRACT, "Afgekeurde berichten"),
    ("declaratiegraad", "hoger", "0,70", "0,50", POLICY, "Gedeclareerd ten opzichte van de verwachting"),
    ("duur_uitschieters", "lager", "0,06", "0,10", POLICY, "Trajecten die veel langer duren dan gebruikelijk"),
    *(
        (f"reactietijd_{soort}", "lager", "5", "8", CONTRACT, "Retourbericht binnen vijf werkdagen")
        for soort in ("306", "308", "316", "318", "320")
    ),
    *(
        (f"reactietijd_{soort}", "lager", "20", "25", CONTRACT, "Antwoord op de declaratie binnen twintig werkdagen")
        for soort in ("304", "325")
    ),
)


def norms(first_day: str) -> list[tuple[str, ...]]:
    """Rows of ``normen.csv``, valid from ``first_day``; Wmo care starts within two weeks."""
    rows = [
        (measure, "", "", direction, green, red, "absoluut", first_day, who, why)
        for measure, direction, green, red, who, why in REGION
    ]
    rows += [
        ("wachttijd_start", code, "", "lager", "14", "21", "absoluut", first_day, CONTRACT, "Start binnen twee weken")
        for code, domain in DOMAINS.items()
        if domain.wet == WMO
    ]
    return rows
