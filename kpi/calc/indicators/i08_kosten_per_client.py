"""8. Totaal bedrag per cliënt per jaar."""

import pandas as pd

from kpi.calc.aggregate import Grid
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.indicators.kosten import per_distinct
from kpi.calc.state import State

DEFINITION = Definition(
    number=8,
    code="kosten-per-client",
    name="Bedrag per cliënt",
    measures=(
        Measure(
            "kosten_per_client",
            "Toegekend bedrag per cliënt",
            Unit.EURO,
            True,
            headline=True,
            yearly_only=True,
            over_time=OverTime.DISTINCT,
        ),
    ),
    definition="Het totale bedrag per cliënt per jaar.",
    policy_goal="Beheersbare kosten per cliënt.",
    how_measured="Via de berichten 303 en 304 of 323 en 325.",
    level="Gemiddeld per cliënt per jaar, per aanbieder en per gemeente.",
    information="Jaarlijks het gemiddelde bedrag per cliënt.",
    when_to_act="Als het bedrag duidelijk hoger is dan bij vergelijkbare aanbieders of sterk stijgt.",
    how_to_steer="Mix van producten en intensiteiten bespreken; afschalen waar het kan.",
    responsible="Aanbieder en gemeente",
    formula="toegekend bedrag / verschillende cliënten met een getelde declaratieregel",
    example="Drie cliënten met samen € 6.000 toegekend: € 2.000 per cliënt.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases of its own: it counts distinct clients."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Granted amount over distinct clients with a counted line."""
    return per_distinct(grid, state.lines, "kosten_per_client", "client", {"": "toegekend"})
