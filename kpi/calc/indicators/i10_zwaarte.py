"""10. Zwaarte zorg: gemiddelde intensiteit, profiel of pakket, en de duur daarvan."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, rows
from kpi.calc.definition import Definition, Measure, Unit
from kpi.calc.frames import NO_NUMBER
from kpi.calc.state import State

DEFINITION = Definition(
    number=10,
    code="zwaarte",
    name="Zwaarte van de zorg",
    measures=(
        Measure("zwaarte_gemiddeld", "Gemiddelde zwaarte", Unit.WEIGHT, True, headline=True),
        Measure("zwaarte_duur", "Gemiddelde duur tot nu toe", Unit.DAYS, True),
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
    spells = coded(state.spells, grid.values)
    begin, end = spells["begin"].to_numpy(np.int64), spells["end"].to_numpy(np.int64)
    known = spells["weight"].to_numpy() != NO_NUMBER
    weight = np.where(known, spells["weight"].to_numpy(), 0)
    result = []
    for number, period in enumerate(grid.periods):
        if period.first > state.as_of:
            continue
        day = min(period.last, state.as_of)
        running = (begin <= day) & (end > day)
        for scope in grid.scopes:
            result += _at(
                grid, spells[running], scope, number, weight[running], known[running], day - begin[running] + 1
            )
    return result


def _at(
    grid: Grid, running: pd.DataFrame, scope: str, number: int, weight: np.ndarray, known: np.ndarray, days: np.ndarray
) -> list[pd.DataFrame]:  # noqa: E501
    keys, group = np.unique(grid.key(running, scope), return_inverse=True)
    sums = [np.bincount(group, part, len(keys)).astype(np.int64) for part in (weight, known, days, np.ones(len(group)))]
    period = np.full(len(keys), number, dtype=np.int64)
    heavy = sums[1] > 0
    weights = rows(grid, scope, "zwaarte_gemiddeld", period[heavy], keys[heavy], sums[0][heavy], sums[1][heavy])
    return [weights, rows(grid, scope, "zwaarte_duur", period, keys, sums[2], sums[3])]
