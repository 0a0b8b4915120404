"""14. Totaal bedrag facturaties."""

import pandas as pd

from kpi.calc.cases import count_cases
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.state import State

DEFINITION = Definition(
    number=14,
    code="facturaties",
    name="Facturaties",
    measures=(
        Measure("gefactureerd", "Ingediend bedrag", Unit.EURO, None, headline=True),
        Measure("toegekend", "Toegekend bedrag", Unit.EURO, None),
    ),
    definition="Het totale bedrag aan facturaties: ingediend en toegekend.",
    policy_goal="Zicht op de uitgaven, op tijd en per onderdeel.",
    how_measured="Via de berichten 303 en 304 of 323 en 325, naar de maand van de geleverde zorg.",
    level="Per aanbieder, gemeente, zorgdomein, profiel, pakket, intensiteit, leveringsvorm en verwijzer.",
    information="Maandelijks de bedragen.",
    when_to_act="Als de uitgaven afwijken van de begroting of van de toewijzingen.",
    how_to_steer="Verschil splitsen in hoeveelheid en prijs, en beide bespreken.",
    responsible="Aanbieder en gemeente",
    formula="som van debet min credit, naar het begin van de productperiode",
    example="Debet € 100, credit € 100 en nieuw debet € 80: € 80.",
)


def cases(state: State) -> pd.DataFrame:
    """Counted claim lines, signed."""
    lines = state.lines
    return pd.concat(
        [
            count_cases(lines, "gefactureerd", lines["begindatum"], lines["ingediend"]),
            count_cases(lines, "toegekend", lines["begindatum"], lines["toegekend"]),
        ]
    )
