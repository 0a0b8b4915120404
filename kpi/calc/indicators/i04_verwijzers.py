"""4. Verwijzers jeugd: wijk- en gebiedsteam, huisarts, GI."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, merged, rows, stock
from kpi.calc.cases import WHOLE
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.state import State

DEFINITION = Definition(
    number=4,
    code="verwijzers",
    name="Verwijzers jeugd",
    measures=(
        Measure("verwijzers", "Jeugdigen in zorg via", Unit.PERCENT, None, headline=True, headline_detail="huisarts"),
    ),
    definition="Jeugdigen in zorg naar wie hen verwees: wijk- en gebiedsteam, huisarts of gecertificeerde instelling.",
    policy_goal="Zicht op de toegang: welke verwijzer zet welke hulp in.",
    how_measured="Via het verzoek om toewijzing (315). Zonder verzoek wordt de gemeente aangenomen.",
    level="Per gemeente en per zorgdomein, in procenten en absoluut.",
    information="Per kwartaal de verdeling per gemeente. Dit is een signaal aan gemeenten.",
    when_to_act="Niet richting aanbieders; wel als een gemeente een onverwachte verschuiving ziet.",
    how_to_steer="Gesprek van de gemeente met haar toegang en verwijzers.",
    responsible="Gemeente",
    formula="jeugdigen in zorg met deze verwijzer / alle jeugdigen in zorg",
    example="Van vier jeugdigen in zorg verwees de huisarts er één: 1 / 4 = 25%.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases of its own: it counts distinct clients in care."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Clients in care per referrer group over all clients in care, Jeugdwet only."""
    spells = coded(state.spells[state.spells["wet"] == "jeugdwet"].reset_index(drop=True), grid.values)
    result = []
    for scope in grid.scopes:
        if "referrer" in scope:
            continue
        parts = {WHOLE: spells} | {str(name): own for name, own in spells.groupby("referrer", observed=True)}
        for detail, part in parts.items():
            intervals = merged(grid, part.reset_index(drop=True), scope, state.parameters.adjoin_days)
            period, key, level = stock(grid, intervals.key, intervals.begin, intervals.end)
            none = np.zeros_like(level)
            pair = (none, level) if detail == WHOLE else (level, none)
            result.append(rows(grid, scope, "verwijzers", period, key, *pair, detail=detail))
    return result
