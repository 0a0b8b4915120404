"""13. Uitstroom cliënten, ook naar welke gemeente."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, grouped, rows, totals
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.indicators.recidive import later
from kpi.calc.intervals import coded_spells, in_care
from kpi.calc.state import State

DEFINITION = Definition(
    number=13,
    code="uitstroom",
    name="Uitstroom",
    measures=(
        Measure("uitstroom", "Cliënten die uit zorg gingen", Unit.COUNT, None, headline=True),
        Measure("uitstroom_verhuisd", "Waarvan verhuisd, naar gemeente", Unit.COUNT, None),
    ),
    definition="Uitstroom van cliënten per maand, ook per gemeente en naar welke gemeente.",
    policy_goal="Hulp eindigt als de doelen zijn bereikt; geen achterblijvende uitstroom.",
    how_measured="Via het stopbericht (307): het einde van aaneengesloten zorg.",
    level="Per aanbieder, gemeente, profiel, pakket, intensiteit, leveringsvorm en verwijzer.",
    information="Maandelijks de uitstroom.",
    when_to_act="Als de uitstroom achterblijft bij de instroom.",
    how_to_steer="Belemmeringen voor uitstroom bespreken, bijvoorbeeld wonen na verblijf.",
    responsible="Aanbieder en gemeente",
    formula="cliënten wier aaneengesloten zorg in de periode eindigt",
    example="Een product stopt op 10 mei, het andere op 20 mei: uitstroom 1, op 20 mei.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases of its own: intervals are merged per scope."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Merged intervals that end in the period; for municipalities also where movers went."""
    spells = coded_spells(state, grid)
    result = []
    for scope in grid.scopes:
        found = in_care(state, grid, scope)
        closed = found.end != OPEN
        period = np.where(closed, grid.period_of(np.where(closed, found.end, 0)), -1)
        inside = period >= 0
        number, group_period, group_key = grouped(period[inside], found.key[inside])
        amount = totals(number, np.ones(inside.sum(), dtype=np.int64), len(group_key))
        result.append(rows(grid, scope, "uitstroom", group_period, group_key, amount, NO_NUMBER))
        if scope == "municipality":
            result += _moved(state, grid, spells, found.key[inside], period[inside], found.last[inside])
    return result


def _moved(
    state: State, grid: Grid, spells: pd.DataFrame, key: np.ndarray, period: np.ndarray, last: np.ndarray
) -> list[pd.DataFrame]:  # noqa: E501
    final = spells.iloc[last].assign(key=key, period=period).reset_index(drop=True)
    table = final.assign(detail=destinations(state, final))
    table = table[table["detail"] != ""]
    result = []
    for detail, part in table.groupby("detail", observed=True):
        number, group_period, group_key = grouped(part["period"].to_numpy(), part["key"].to_numpy())
        amount = totals(number, np.ones(len(part), dtype=np.int64), len(group_key))
        result.append(
            rows(
                grid,
                "municipality",
                "uitstroom_verhuisd",
                group_period,
                group_key,
                amount,
                NO_NUMBER,
                detail=str(detail),
            )
        )
    return result


def destinations(state: State, final: pd.DataFrame) -> pd.Series:
    """Where each went who left by a last spell in ``final`` (index 0…n-1): a municipality, "onbekend", or "" for who
    did not move."""
    destination = _next_elsewhere(state, final)
    youth = (final["wet"] == "jeugdwet") & (final["reason"] == "35")
    moved = (youth & ((final["reden_wijziging"] == "07") | (destination != ""))) | (
        (final["wet"] == "wmo") & (final["reason"] == "31")
    )
    return destination.replace("", "onbekend").where(moved, "").astype("str")


def _next_elsewhere(state: State, final: pd.DataFrame) -> pd.Series:
    """The municipality of the client's earliest spell in another one that begins within TERUG_MAANDEN; "" without."""
    limit = later(final["end"].astype("int64"), state.parameters.return_months)
    left = final[["client", "municipality", "end"]].assign(limit=limit).reset_index(names="case")
    right = state.spells[["client", "municipality", "begin", "toewijzing_nummer"]].rename(
        columns={"municipality": "to"}
    )
    pairs = left.merge(right, on="client")
    pairs = pairs[
        (pairs["to"] != pairs["municipality"]) & (pairs["begin"] >= pairs["end"]) & (pairs["begin"] <= pairs["limit"])
    ]
    pairs = pairs.sort_values(["case", "begin", "toewijzing_nummer", "to"], kind="stable").drop_duplicates("case")
    return pairs.set_index("case")["to"].reindex(final.index).fillna("").astype("str")
