"""7. Totaal bedrag per aansluitend traject gericht op herstel."""

import pandas as pd

from kpi.calc.aggregate import Grid
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.indicators.kosten import per_distinct
from kpi.calc.state import State

DEFINITION = Definition(
    number=7,
    code="kosten-per-traject",
    name="Bedrag per traject",
    measures=(
        Measure(
            "kosten_per_traject",
            "Toegekend bedrag per traject",
            Unit.EURO,
            True,
            headline=True,
            yearly_only=True,
            over_time=OverTime.DISTINCT,
        ),
    ),
    definition="Het totale bedrag per cliënt per aansluitend traject gericht op herstel, per jaar.",
    policy_goal="Beheersbare kosten per traject, vergelijkbaar tussen aanbieders en gemeenten.",
    how_measured="Via de berichten 303 en 304 of 323 en 325, op trajecten uit 301, 305 en 307.",
    level="Per profiel, intensiteit en perceel, per aanbieder en per gemeente.",
    information="Jaarlijks het bedrag per traject.",
    when_to_act="Als het bedrag duidelijk hoger is dan bij vergelijkbare aanbieders.",
    how_to_steer="Intensiteit, duur en stapeling van het traject bespreken.",
    responsible="Aanbieder",
    formula="toegekend bedrag op trajecten / trajecten met minstens één declaratieregel",
    example="Twee trajecten met samen € 3.000 toegekend: € 1.500 per traject.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases of its own: it counts distinct trajectories."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Amounts over distinct trajectories; the detail ``ingediend`` gives the claimed amount."""
    return per_distinct(
        grid, on_trajectories(state), "kosten_per_traject", "trajectory", {"": "toegekend", "ingediend": "ingediend"}
    )


def on_trajectories(state: State) -> pd.DataFrame:
    """Lines on an allocation of a trajectory: that of its last ``herstel`` spell begun on or before the end of the
    product period, else of its first."""
    spells = state.herstel[["wet", "municipality", "toewijzing_nummer", "client", "begin", "trajectory"]]
    spells = spells.assign(begin=spells["begin"].astype("int64")).sort_values("begin", kind="stable")
    key = ["wet", "municipality", "toewijzing_nummer", "client"]
    lines = state.lines.assign(until=state.lines["einddatum"].astype("int64")).sort_values("until", kind="stable")
    found = pd.merge_asof(lines, spells, left_on="until", right_on="begin", by=key, direction="backward")
    first = spells.drop_duplicates(key)[[*key, "trajectory"]].rename(columns={"trajectory": "first"})
    found = found.merge(first, on=key, how="left")
    found["trajectory"] = found["trajectory"].fillna(found["first"])
    return found[found["trajectory"].notna()]
