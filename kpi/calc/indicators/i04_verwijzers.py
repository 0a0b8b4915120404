"""4. Verwijzers jeugd: wijk- en gebiedsteam, huisarts, GI."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, Ints, Order, merged_by, named, rows, stock
from kpi.calc.cases import WHOLE
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.intervals import coded_spells
from kpi.calc.state import State

VIA = {
    "gemeente": "het wijk- en gebiedsteam (gemeente)",
    "huisarts": "de huisarts of medisch specialist",
    "gi": "een gecertificeerde instelling (GI)",
    "overig": "een andere verwijzer",
    "onbekend": "een onbekende verwijzer",
}
DEFINITION = Definition(
    number=4,
    code="verwijzers",
    name="Verwijzers jeugd",
    measures=(
        Measure(
            "verwijzers",
            "Jeugdigen in zorg per verwijzer",
            Unit.PERCENT,
            None,
            headline=True,
            headline_detail="huisarts",
            over_time=OverTime.STOCK,
            part_names=tuple((code, f"Jeugdigen in zorg via {who}") for code, who in VIA.items()),
        ),
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
    spells = coded_spells(state, grid)
    spells = spells[spells["wet"] == "jeugdwet"].reset_index(drop=True)
    order, names = Order.of(spells), grid.values["referrer"]
    result = []
    for scope in grid.scopes:
        if "referrer" in scope:
            continue
        everyone = grid.key(spells, scope)
        per_group = everyone * max(len(names), 1) + spells["referrer_code"].to_numpy()
        period, key, level = _running(grid, everyone, order, state.parameters.adjoin_days)
        result.append(rows(grid, scope, "verwijzers", period, key, np.zeros_like(level), level, detail=WHOLE))
        period, both, level = _running(grid, per_group, order, state.parameters.adjoin_days)
        key, group = np.divmod(both, max(len(names), 1))
        part = rows(grid, scope, "verwijzers", period, key, level, np.zeros_like(level))
        result.append(part.assign(detail=named(group, names)))
    return result


def _running(grid: Grid, key: Ints, order: Order, adjoin: int) -> tuple[Ints, Ints, Ints]:
    """Clients in care at the end of each period: period, key and number."""
    found = merged_by(key, order, adjoin)
    return stock(grid, found.key, found.begin, found.end)
