"""10. Zwaarte zorg: gemiddelde intensiteit, profiel of pakket, en de duur daarvan."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, rows
from kpi.calc.definition import Definition, Measure, OverTime, Unit
from kpi.calc.frames import NO_NUMBER
from kpi.calc.intervals import coded_spells, running_totals
from kpi.calc.state import State

DEFINITION = Definition(
    number=10,
    code="zwaarte",
    name="Zwaarte van de zorg",
    measures=(
        Measure("zwaarte_gemiddeld", "Gemiddelde zwaarte", Unit.WEIGHT, True, headline=True, over_time=OverTime.STOCK),
        Measure("zwaarte_duur", "Gemiddelde duur tot nu toe", Unit.DAYS, True, over_time=OverTime.STOCK),
    ),
    definition="De gemiddelde intensiteit, het profiel of pakket van lopende zorg, en de gemiddelde duur daarvan.",
    policy_goal="Afschalen waar het kan: lichtere hulp, en van intramuraal naar ThuisPlus.",
    how_measured="Via lopende zorgperioden (301, 305, 307) en de zwaarte van het product in de catalogus.",
    level="Per profiel, pakket en intensiteit, per aanbieder, gemeente en verwijzer.",
    information="Per kwartaal de gemiddelde zwaarte.",
    when_to_act="Als de zwaarte oploopt zonder verklaring.",
    how_to_steer="Inzet van te hoge intensiteiten bespreken; afschalingsafspraken.",
    responsible="Aanbieder",
    formula="som van de zwaarte / lopende zorgperioden met een bekende zwaarte",
    example="Drie lopende zorgperioden met zwaarte 1, 2 en 3: gemiddeld 2.",
)


def cases(state: State) -> pd.DataFrame | None:
    """No cases by day: it looks at what runs at the end of a period."""
    return None


def grid_rows(state: State, grid: Grid) -> list[pd.DataFrame]:
    """Weight and days so far of the spells running at the end of each period (or on the reference date)."""
    spells = coded_spells(state, grid)
    begin, end = spells["begin"].to_numpy(np.int64), spells["end"].to_numpy(np.int64)
    known = (spells["weight"] != NO_NUMBER).to_numpy(np.int64)
    amounts = [known * spells["weight"].to_numpy(), known, begin]
    days = np.array([min(period.last, state.as_of) for period in grid.periods if period.first <= state.as_of])
    result = []
    for scope in grid.scopes:
        period, key, sums = running_totals(days.astype(np.int64), grid.key(spells, scope), begin, end, amounts)
        running, weight, weighed, begun = sums
        so_far = running * (days[period] + 1) - begun
        heavy = weighed > 0
        weights = (period[heavy], key[heavy], weight[heavy], weighed[heavy])
        result.append(rows(grid, scope, "zwaarte_gemiddeld", *weights))
        result.append(rows(grid, scope, "zwaarte_duur", period, key, so_far, running))
    return result
