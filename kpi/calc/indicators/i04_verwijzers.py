"""4. Verwijzers jeugd: wijk- en gebiedsteam, huisarts, GI."""

import pandas as pd

from kpi.calc.aggregate import Grid, coded, merged, rows, stock
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
        everyone = _stock(grid, spells, scope, state.parameters.adjoin_days)
        for referrer, own in spells.groupby("referrer", observed=True):
            part = _stock(grid, own.reset_index(drop=True), scope, state.parameters.adjoin_days)
            both = part.merge(everyone, on=["period", "key"], suffixes=("", "_all"))
            period, key, level, everyone_level = (
                both[name].to_numpy() for name in ("period", "key", "level", "level_all")
            )
            result.append(rows(grid, scope, "verwijzers", period, key, level, everyone_level, detail=str(referrer)))
    return result


def _stock(grid: Grid, spells: pd.DataFrame, scope: str, adjoin: int) -> pd.DataFrame:
    intervals = merged(grid, spells, scope, adjoin)
    period, key, level = stock(grid, intervals.key, intervals.begin, intervals.end)
    return pd.DataFrame({"period": period, "key": key, "level": level})
