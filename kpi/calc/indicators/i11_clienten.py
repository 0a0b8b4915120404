"""11. Aantal cliënten Jeugd, Beschermd Wonen en ThuisPlus."""

import pandas as pd

from kpi.calc.aggregate import Grid, rows, stock
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.frames import NO_NUMBER
from kpi.calc.intervals import in_care
from kpi.calc.state import State

DEFINITION = Definition(
    number=11,
    code="clienten",
    name="Cliënten in zorg",
    measures=(
        Measure(
            "clienten_in_zorg",
            "Cliënten in zorg aan het einde",
            Unit.COUNT,
            None,
            headline=True,
            over_time=OverTime.STOCK,
        ),
    ),
    definition="Het aantal cliënten dat aan het einde van de periode zorg ontvangt.",
    policy_goal="Zicht op de omvang van de zorg en op verschuivingen daarin.",
    how_measured="Via de berichten 301, 305 en 307: cliënten met een lopende zorgperiode, elk één keer geteld.",
    level="Per aanbieder, gemeente, product en verwijzer.",
    information="Maandelijks het aantal cliënten.",
    when_to_act="Als het aantal sterk verandert zonder bekende oorzaak.",
    how_to_steer="Met gemeenten de oorzaak van groei of krimp onderzoeken.",
    responsible="Gemeente en contractmanager",
    formula="cliënten met zorg die begonnen is en niet geëindigd",
    example="Aan het begin 10 in zorg, 3 erbij en 2 eruit: 11.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases by day: it looks at what runs at the end of a period."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Clients in care at the end of each period, in every scope."""
    result = []
    for scope in grid.scopes:
        found = in_care(state, grid, scope)
        period, key, level = stock(grid, found.key, found.begin, found.end)
        result.append(rows(grid, scope, "clienten_in_zorg", period, key, level, NO_NUMBER))
    return result
