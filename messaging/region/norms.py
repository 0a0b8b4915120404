"""Believable norms for the region: the deadlines of the source and what policy could have chosen."""

from messaging.region.products import DOMAINS, WMO

POLICY, CONTRACT = "Beleidsoverleg (voorbeeld)", "Contract (voorbeeld)"

# maat, richting, groen, rood, door, toelichting
REGION = (
    ("uitval_pct", "lager", "0,20", "0,25", POLICY, "Aandeel voortijdig beëindigde zorg"),
    ("recidive_succes_0_4", "lager", "0,08", "0,14", POLICY, "Terugkeer binnen vier maanden na succes"),
    ("recidive_succes_4_8", "lager", "0,08", "0,12", POLICY, "Terugkeer na vier tot acht maanden"),
    ("recidive_uitval_0_4", "lager", "0,20", "0,30", POLICY, "Terugkeer binnen vier maanden na uitval"),
    ("recidive_uitval_4_8", "lager", "0,14", "0,20", POLICY, "Terugkeer na vier tot acht maanden na uitval"),
    ("mutaties_pct", "lager", "0,20", "0,32", POLICY, "Vervolg direct na een hersteltraject"),
    ("mutaties_per_client", "lager", "0,22", "0,34", POLICY, "Cliënten met een direct vervolg"),
    ("startdeclaratie_hoog", "lager", "0,04", "0,10", CONTRACT, "Meer dan 70% bij de start gedeclareerd"),
    ("wachttijd_start", "lager", "21", "28", CONTRACT, "Start binnen drie weken"),
    ("meldtijd_305", "lager", "5", "7", CONTRACT, "Startbericht binnen vijf werkdagen"),
    ("meldtijd_307", "lager", "5", "7", CONTRACT, "Stopbericht binnen vijf werkdagen"),
    ("doorlooptijd_315_301", "lager", "10", "14", CONTRACT, "Toewijzing binnen tien werkdagen na het verzoek"),
    ("bericht_uitval", "lager", "0,03", "0,07", CONTRACT, "Afgekeurde berichten"),
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


# What holds for one domain only: maat, zorgdomein, groen, rood, toelichting.
DOMAIN = (
    ("uitval_pct", "eed", "0,10", "0,15", "Dyslexiezorg wordt zelden voortijdig beëindigd"),
    ("uitval_pct", "hulp-bij-huishouden", "0,15", "0,20", "Huishoudelijke hulp wordt zelden voortijdig beëindigd"),
    *(
        ("wachttijd_start", domain.code, "14", "21", "Start binnen twee weken")
        for domain in DOMAINS.values()
        if domain.wet == WMO
    ),
)
# A norm that has been tightened: the first limits, until the rows above start to hold.
EARLIER = ("uitval_pct", "lager", "0,23", "0,28")


def norms(first_day: str, tightened_on: str) -> list[tuple[str, ...]]:
    """Rows of ``normen.csv``, valid from ``first_day``, but for the one that was tightened later.

    Both dates are ISO; a short region begins after the tightening and has the later limits only.
    """
    measure, direction, green, red = EARLIER
    earlier = (measure, "", "", direction, green, red, "absoluut", first_day, POLICY, "Eerste norm, later aangescherpt")
    rows: list[tuple[str, ...]] = [earlier] if first_day < tightened_on else []
    for measure, direction, green, red, who, why in REGION:
        since = max(tightened_on, first_day) if measure == EARLIER[0] else first_day
        rows.append((measure, "", "", direction, green, red, "absoluut", since, who, why))
    for measure, domain, green, red, why in DOMAIN:
        rows.append((measure, domain, "", "lager", green, red, "absoluut", first_day, POLICY, why))
    return rows
